import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IOffer } from '../model/completer';
import type { ICompletion } from './completion';
import { usePanel, useSignals } from './context';
import { Dots, Icon } from './controls';
import {
  cellIcon,
  fileIcon,
  notebookIcon,
  sparkIcon,
  variableIcon
} from './icons';

const ICONS: Record<IOffer['kind'], LabIcon> = {
  prompt: sparkIcon,
  cell: cellIcon,
  notebook: notebookIcon,
  variable: variableIcon,
  file: fileIcon
};

/** The id of an offer's row, for the box's `aria-activedescendant`. */
export function rowId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

/** One offer. */
function Row(props: {
  id: string;
  offer: IOffer;
  active: boolean;
  onTake: () => void;
}): JSX.Element {
  const { offer, active } = props;
  const node = React.useRef<HTMLDivElement>(null);
  React.useLayoutEffect(() => {
    if (active) {
      node.current?.scrollIntoView?.({ block: 'nearest' });
    }
  }, [active]);
  return (
    <div
      ref={node}
      id={props.id}
      role="option"
      aria-selected={active}
      title={offer.detail}
      className={'jp-gpt-Offer' + (active ? ' jp-gpt-mod-active' : '')}
      // Else the box loses the focus, and the list closes before the click.
      onPointerDown={event => event.preventDefault()}
      onMouseDown={event => event.preventDefault()}
      onClick={props.onTake}
    >
      <Icon icon={ICONS[offer.kind]} />
      <span className="jp-gpt-Offer-label">
        {offer.kind === 'prompt' ? `/${offer.label}` : offer.label}
      </span>
      {offer.detail && (
        <span className="jp-gpt-Offer-detail">{offer.detail}</span>
      )}
    </div>
  );
}

/** Say once for each list how much it offers; the rows say themselves. */
function useAnnouncement({ model }: ICompletion): void {
  const { state, trans } = usePanel();
  const { isOpen, loading, offers, notes, trigger } = model;
  const count = offers.length;
  const ready = isOpen && !loading;
  const said = notes.join(' ');
  React.useEffect(() => {
    if (ready) {
      const sentence = trans._n(
        '%1 suggestion.',
        '%1 suggestions.',
        count,
        count
      );
      state.announce(count ? `${sentence} ${said}`.trim() : said);
    }
  }, [ready, count, said, trigger?.kind, trigger?.start, state, trans]);
}

/**
 * What the prompt box offers while something is named in it.
 */
export function CompletionList(props: {
  completion: ICompletion;
}): JSX.Element | null {
  const { model, listId, take } = props.completion;
  const { trans } = usePanel();
  useSignals(model.changed);
  useAnnouncement(props.completion);
  if (!model.isOpen) {
    return null;
  }
  const { offers, index, loading, notes, trigger } = model;
  return (
    <div className="jp-gpt-Offers">
      <div
        className="jp-gpt-Offers-list"
        role="listbox"
        id={listId}
        aria-label={
          trigger?.kind === 'prompt' ? trans.__('Prompts') : trans.__('Context')
        }
        aria-busy={loading}
      >
        {offers.map((offer, at) => (
          <Row
            key={offer.id}
            id={rowId(listId, at)}
            offer={offer}
            active={at === index}
            onTake={() => take(offer)}
          />
        ))}
      </div>
      {loading && offers.length === 0 && (
        <div className="jp-gpt-Offers-note">
          <Dots label={trans.__('Searching')} />
        </div>
      )}
      {notes.map(note => (
        <div key={note} className="jp-gpt-Offers-note">
          {note}
        </div>
      ))}
    </div>
  );
}
