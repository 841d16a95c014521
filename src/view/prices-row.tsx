import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { IconButton, TextButton } from './controls';
import { deleteIcon, downIcon } from './icons';
import type { IPriceRow, PriceField, Problems } from './prices-text';
import { freeOf } from './prices-text';
import { upIcon } from './usage-icons';

interface IPriceFieldsProps {
  readonly row: IPriceRow;
  readonly place: number;
  /** The place of the last price. */
  readonly last: number;
  readonly problems: Problems;
  readonly onChange: (row: IPriceRow) => void;
  readonly onMove: (by: number) => void;
  readonly onRemove: () => void;
  readonly trans: TranslationBundle;
}

/**
 * One price: for which models at which address, and how much.
 */
export function PriceFields(props: IPriceFieldsProps): JSX.Element {
  const { place, row, trans } = props;
  const field = (
    name: PriceField,
    label: string,
    placeholder: string
  ): JSX.Element => (
    <PriceInput
      name={name}
      label={label}
      placeholder={placeholder}
      value={row[name]}
      problem={props.problems[`${place}.${name}`] ?? ''}
      onChange={text => props.onChange({ ...row, [name]: text })}
    />
  );
  const asInput = trans.__('as input');
  return (
    <fieldset className="jp-gpt-Price">
      <legend>
        {row.pattern
          ? trans.__('Price %1: %2', place + 1, row.pattern)
          : trans.__('Price %1', place + 1)}
      </legend>
      <div className="jp-gpt-Price-where">
        {field('pattern', trans.__('Model'), trans.__('gpt-6*, or * for all'))}
        {field('base_url', trans.__('Base URL'), trans.__('all addresses'))}
      </div>
      <div className="jp-gpt-Price-amounts">
        {field('input', trans.__('Input'), '0.10')}
        {field('output', trans.__('Output'), '0.50')}
        {field('cached_input', trans.__('Cached input'), asInput)}
        {field('cache_write', trans.__('Cache write'), asInput)}
      </div>
      <Actions {...props} />
    </fieldset>
  );
}

function Actions(props: IPriceFieldsProps): JSX.Element {
  const { last, onMove, place, row, trans } = props;
  return (
    <div className="jp-gpt-Fields-buttons">
      <TextButton
        title={trans.__('Fill in zeros: a model on a machine of your own')}
        onClick={() => props.onChange(freeOf(row))}
      >
        {trans.__('Local, no charge')}
      </TextButton>
      <IconButton
        name={trans.__('Move up')}
        icon={upIcon}
        off={place === 0 ? trans.__('This is the first price.') : null}
        onClick={() => onMove(-1)}
      />
      <IconButton
        name={trans.__('Move down')}
        icon={downIcon}
        off={place === last ? trans.__('This is the last price.') : null}
        onClick={() => onMove(1)}
      />
      <IconButton
        name={trans.__('Remove price')}
        icon={deleteIcon}
        onClick={props.onRemove}
      />
    </div>
  );
}

function PriceInput(props: {
  readonly name: PriceField;
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly problem: string;
  readonly onChange: (text: string) => void;
}): JSX.Element {
  const { label, name, placeholder, problem, value } = props;
  const id = React.useId();
  const isAmount = name !== 'pattern' && name !== 'base_url';
  return (
    <div className="jp-gpt-Price-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="jp-mod-styled"
        type="text"
        inputMode={isAmount ? 'decimal' : name === 'base_url' ? 'url' : 'text'}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        value={value}
        aria-invalid={problem !== ''}
        aria-describedby={problem ? `${id}-problem` : undefined}
        onChange={event => props.onChange(event.target.value)}
      />
      {problem && (
        <p id={`${id}-problem`} className="jp-gpt-Field-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
