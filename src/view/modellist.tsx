import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { checkIcon, chipIcon, starIcon } from './icons';
import { errorSentence } from '../model/errors';
import { usePanel } from './context';
import { Dots, Icon } from './controls';
import * as format from './format';
import type { IPick } from './picks';

/** What a model costs, and how much it can read. */
export function facts(
  trans: TranslationBundle,
  { info }: Pick<IPick, 'info'>
): string {
  if (info === null) {
    return trans.__('use this name');
  }
  const facts: string[] = [];
  if (info.local) {
    facts.push(trans.__('local'), trans.__('free'));
  } else if (info.input_price !== null && info.output_price !== null) {
    facts.push(
      trans.__('%1 in', format.price(info.input_price)),
      trans.__('%1 out', format.price(info.output_price))
    );
  } else {
    facts.push(trans.__('price unknown'));
  }
  if (info.context_length !== null) {
    facts.push(trans.__('%1 context', format.tokens(info.context_length)));
  }
  return facts.join(' · ');
}

/** The same in whole words, for a tooltip. */
function title(trans: TranslationBundle, { info }: IPick): string | undefined {
  if (!info || info.local || info.input_price === null) {
    return undefined;
  }
  const lines = [
    trans.__('Per million tokens'),
    trans.__('Input: $%1', info.input_price)
  ];
  if (info.cached_price !== null) {
    lines.push(trans.__('Cached input: $%1', info.cached_price));
  }
  if (info.output_price !== null) {
    lines.push(trans.__('Output: $%1', info.output_price));
  }
  return lines.join('\n');
}

/** The rows, under their providers if there are several. */
interface IGroup {
  readonly name: string | null;
  readonly rows: { readonly pick: IPick; readonly at: number }[];
}

/** Rows that follow one another: the favourites, then those of one provider each. */
function groupsOf(
  trans: TranslationBundle,
  picks: readonly IPick[],
  nameOf: (provider: string) => string,
  searched: boolean
): IGroup[] {
  // What is searched comes in the order of its words.
  const isOnTop = ({ favourite }: IPick): boolean => favourite && !searched;
  const several = new Set(
    picks.map(pick => (isOnTop(pick) ? null : pick.provider))
  );
  const groups: (IGroup & { readonly key: string | null })[] = [];
  picks.forEach((pick, at) => {
    let group = groups[groups.length - 1];
    const key = isOnTop(pick) ? null : pick.provider;
    if (group?.key !== key) {
      const name =
        key === null
          ? trans.__('Favourites')
          : pick.info?.local
            ? trans.__('local')
            : nameOf(key);
      group = { key, name: several.size > 1 ? name : null, rows: [] };
      groups.push(group);
    }
    group.rows.push({ pick, at });
  });
  return groups;
}

/** What a click on the star does. */
export function favouriteTitle(
  trans: TranslationBundle,
  favourite: boolean
): string {
  return favourite
    ? trans.__('Remove from the favourites')
    : trans.__('Add to the favourites');
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
  const { models, trans } = usePanel();
  const node = React.useRef<HTMLDivElement>(null);
  React.useLayoutEffect(() => {
    if (active) {
      node.current?.scrollIntoView?.({ block: 'nearest' });
    }
  }, [active]);
  const note = facts(trans, pick);
  return (
    <div
      ref={node}
      id={props.id}
      role="option"
      aria-selected={chosen}
      title={title(trans, pick)}
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
      {pick.info && (
        // For the pointer; with the keyboard it is done beside the picker, in the dial's box.
        <span
          className={
            'jp-gpt-Picker-star' + (pick.favourite ? ' jp-gpt-mod-on' : '')
          }
          aria-hidden="true"
          title={favouriteTitle(trans, pick.favourite)}
          onClick={event => {
            event.stopPropagation();
            models.favourites.toggle(pick);
          }}
        >
          <Icon icon={starIcon} />
        </span>
      )}
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
  /** Whether something was typed. */
  searched: boolean;
  index: number;
  onChoose: (pick: IPick) => void;
}): JSX.Element {
  const { id, picks, searched, index, onChoose } = props;
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
        {groupsOf(trans, picks, id => models.nameOf(id), searched).map(
          ({ name, rows }) => (
            <div
              key={rows[0].at}
              role="group"
              aria-label={name ?? trans.__('Models')}
            >
              {name && (
                <div className="jp-gpt-Picker-group" aria-hidden="true">
                  {name}
                </div>
              )}
              {rows.map(({ pick, at }) => (
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
          )
        )}
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
          {trans.__(
            '%1: %2',
            models.nameOf(provider),
            errorSentence(trans, error).sentence
          )}
        </div>
      ))}
    </div>
  );
}
