import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { checkIcon, chipIcon } from './icons';
import { errorSentence } from '../model/errors';
import { usePanel } from './context';
import { Dots, Icon } from './controls';
import type { IPick } from './picks';

/** What a model costs, or that it costs nothing. */
function price(trans: TranslationBundle, pick: IPick): string {
  const { info } = pick;
  if (info === null) {
    return trans.__('use this name');
  }
  if (info.local) {
    return trans.__('on this computer, free');
  }
  if (info.input_price !== null && info.output_price !== null) {
    return trans.__(
      '$%1 in · $%2 out per million',
      info.input_price,
      info.output_price
    );
  }
  return '';
}

/** One model. */
function Row(props: {
  id: string;
  pick: IPick;
  active: boolean;
  chosen: boolean;
  onChoose: () => void;
}): JSX.Element {
  const { pick, active, chosen } = props;
  const { trans } = usePanel();
  const node = React.useRef<HTMLDivElement>(null);
  React.useLayoutEffect(() => {
    if (active) {
      node.current?.scrollIntoView?.({ block: 'nearest' });
    }
  }, [active]);
  const note = price(trans, pick);
  return (
    <div
      ref={node}
      id={props.id}
      role="option"
      aria-selected={chosen}
      className={'jp-gpt-Picker-row' + (active ? ' jp-gpt-mod-active' : '')}
      // Else the input loses the focus, and the list closes before the click.
      onPointerDown={event => event.preventDefault()}
      onMouseDown={event => event.preventDefault()}
      onClick={props.onChoose}
    >
      <div className="jp-gpt-Picker-names">
        <span className="jp-gpt-Picker-name">{pick.label}</span>
        {note && <span className="jp-gpt-Picker-note">{note}</span>}
      </div>
      {chosen ? (
        <Icon icon={checkIcon} />
      ) : (
        pick.info?.local && <Icon icon={chipIcon} />
      )}
    </div>
  );
}

/**
 * The open list of the model picker.
 */
export function ModelList(props: {
  id: string;
  picks: readonly IPick[];
  index: number;
  onChoose: (pick: IPick) => void;
}): JSX.Element {
  const { id, picks, index, onChoose } = props;
  const { models, trans } = usePanel();
  const errors = Object.entries(models.errors);
  return (
    <div className="jp-gpt-Picker-popup">
      <div
        className="jp-gpt-Picker-list"
        role="listbox"
        id={id}
        aria-label={trans.__('Models')}
      >
        {picks.map((pick, at) => (
          <Row
            key={`${pick.provider} ${pick.id}`}
            id={`${id}-${at}`}
            pick={pick}
            active={at === index}
            chosen={
              models.choice.model === pick.id &&
              models.choice.provider === pick.provider
            }
            onChoose={() => onChoose(pick)}
          />
        ))}
      </div>
      {models.loading && models.models.length === 0 && (
        <div className="jp-gpt-Picker-state">
          <Dots label={trans.__('Reading the models')} />
        </div>
      )}
      {!models.loading && picks.length === 0 && (
        <div className="jp-gpt-Picker-state">
          {trans.__('No models found. Type a name.')}
        </div>
      )}
      {models.error && (
        <div className="jp-gpt-Picker-error">
          {errorSentence(trans, models.error).sentence}
        </div>
      )}
      {errors.map(([provider, error]) => (
        <div key={provider} className="jp-gpt-Picker-error">
          {errorSentence(trans, error).sentence}
        </div>
      ))}
    </div>
  );
}
