import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { TextButton } from './controls';

/** Names and new values; null removes a header. */
export type HeadersPatch = Record<string, string | null>;

/**
 * What was done to the headers and is not saved yet.
 */
export interface IHeaderEdits {
  /** Of the saved ones: a new value, or null for one that goes. */
  readonly values: Readonly<HeadersPatch>;
  /** The new one. */
  readonly name: string;
  readonly value: string;
}

/** Nothing was done. */
export const NO_EDITS: IHeaderEdits = { values: {}, name: '', value: '' };

/**
 * The change to send; null where there is none.
 */
export function headersPatch(edits: IHeaderEdits): HeadersPatch | null {
  const patch: HeadersPatch = {};
  for (const [name, value] of Object.entries(edits.values)) {
    if (value === null || value.trim()) {
      patch[name] = value;
    }
  }
  if (edits.name.trim() && edits.value.trim()) {
    patch[edits.name.trim()] = edits.value;
  }
  return Object.keys(patch).length > 0 ? patch : null;
}

interface IHeaderFieldsProps {
  /** Of the saved ones; their values never come back. */
  readonly names: readonly string[];
  readonly edits: IHeaderEdits;
  readonly trans: TranslationBundle;
  readonly onChange: (edits: IHeaderEdits) => void;
}

/**
 * The headers of a provider, folded: few need any.
 */
export function HeaderFields(props: IHeaderFieldsProps): JSX.Element {
  const { edits, names, onChange, trans } = props;
  const id = React.useId();
  return (
    <details className="jp-gpt-Provider-headers">
      <summary>
        {names.length > 0
          ? trans.__('Headers: %1', names.join(', '))
          : trans.__('Headers: none')}
      </summary>
      <p id={id}>
        {trans.__(
          'Sent with each request to this address, as some gateways want it. Like the key, their values never come back to the browser.'
        )}
      </p>
      {names.map(name => (
        <SavedHeader
          key={name}
          name={name}
          value={edits.values[name]}
          trans={trans}
          onChange={value => {
            const values = { ...edits.values };
            if (value === undefined) {
              delete values[name];
            } else {
              values[name] = value;
            }
            onChange({ ...edits, values });
          }}
        />
      ))}
      <div className="jp-gpt-Provider-header">
        <input
          className="jp-mod-styled"
          aria-label={trans.__('Name of a new header')}
          aria-describedby={id}
          placeholder={trans.__('New header')}
          spellCheck={false}
          value={edits.name}
          onChange={event => onChange({ ...edits, name: event.target.value })}
        />
        <Secret
          label={trans.__('Value of the new header')}
          placeholder={trans.__('Value')}
          value={edits.value}
          onChange={value => onChange({ ...edits, value })}
        />
      </div>
    </details>
  );
}

/** A header that is saved: it can get another value, or go. */
function SavedHeader(props: {
  readonly name: string;
  /** Undefined: it stays as it is. */
  readonly value: string | null | undefined;
  readonly trans: TranslationBundle;
  readonly onChange: (value: string | null | undefined) => void;
}): JSX.Element {
  const { name, onChange, trans, value } = props;
  const goes = value === null;
  return (
    <div className="jp-gpt-Provider-header">
      <code>{goes ? <s>{name}</s> : name}</code>
      <Secret
        label={trans.__('Value of %1', name)}
        placeholder={goes ? trans.__('Removed') : trans.__('New value')}
        readOnly={goes}
        value={value ?? ''}
        onChange={text => onChange(text || undefined)}
      />
      <TextButton
        name={goes ? trans.__('Keep %1', name) : trans.__('Remove %1', name)}
        onClick={() => onChange(goes ? undefined : null)}
      >
        {goes ? trans.__('Keep') : trans.__('Remove')}
      </TextButton>
    </div>
  );
}

/** A value that is written and never read: it may be a key. */
function Secret(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly readOnly?: boolean;
  readonly onChange: (value: string) => void;
}): JSX.Element {
  return (
    <input
      className="jp-mod-styled"
      type="password"
      // As for the key: this keeps a browser's manager from filling one in.
      autoComplete="new-password"
      spellCheck={false}
      aria-label={props.label}
      placeholder={props.placeholder}
      readOnly={props.readOnly}
      value={props.value}
      onChange={event => props.onChange(event.target.value)}
    />
  );
}
