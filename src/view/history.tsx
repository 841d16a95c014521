import * as React from 'react';
import { backIcon, newConversationIcon, searchIcon } from './icons';
import type { IConversationItem } from '../protocol/frames';
import { usePanel } from './context';
import { Dots, Icon, IconButton, TextButton } from './controls';
import * as format from './format';
import { HistoryRow } from './historyrow';
import { useHistory } from './historylist';

/** The heading under which a conversation stands. */
function useHeading(): (item: IConversationItem) => string {
  const { trans } = usePanel();
  return item => {
    if (item.pinned) {
      return trans.__('Pinned');
    }
    const days = format.daysAgo(new Date(item.updated), new Date());
    if (days <= 0) {
      return trans.__('Today');
    }
    if (days === 1) {
      return trans.__('Yesterday');
    }
    return days <= 7 ? trans.__('Last 7 days') : trans.__('Older');
  };
}

/** The rows, under their headings. */
function Rows(props: {
  items: readonly IConversationItem[];
  onRemoved: (item: IConversationItem) => void;
}): JSX.Element {
  const heading = useHeading();
  const groups = new Map<string, IConversationItem[]>();
  for (const item of props.items) {
    const title = heading(item);
    groups.set(title, [...(groups.get(title) ?? []), item]);
  }
  return (
    <>
      {[...groups].map(([title, items]) => (
        <section
          key={title}
          className="jp-gpt-History-group"
          aria-label={title}
        >
          <h3>{title}</h3>
          <ul>
            {items.map(item => (
              <HistoryRow
                key={item.id}
                item={item}
                onRemoved={props.onRemoved}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

/** The conversation that was deleted last can be brought back. */
function Undo(props: {
  item: IConversationItem;
  onDone: () => void;
}): JSX.Element {
  const { conversations, trans } = usePanel();
  return (
    <div className="jp-gpt-History-undo" role="status">
      <span>{trans.__('Deleted “%1”', props.item.title)}</span>
      <TextButton
        look="link"
        onClick={async () => {
          await conversations.restore(props.item.id);
          props.onDone();
        }}
      >
        {trans.__('Undo')}
      </TextButton>
    </div>
  );
}

/** The head of the page: back, its title, a new conversation. */
function HistoryHeader(): JSX.Element {
  const { conversations, state, trans } = usePanel();
  return (
    <header className="jp-gpt-Header jp-gpt-mod-back">
      <IconButton
        name={trans.__('Back to the conversation')}
        icon={backIcon}
        onClick={() => state.focusPrompt()}
      />
      <h2 className="jp-gpt-Header-title">{trans.__('Conversations')}</h2>
      <IconButton
        name={trans.__('New conversation')}
        icon={newConversationIcon}
        onClick={() => {
          conversations.newConversation();
          state.focusPrompt();
        }}
      />
    </header>
  );
}

/**
 * The list of conversations, the latest first.
 */
export function History(): JSX.Element {
  const { state, trans } = usePanel();
  const [query, setQuery] = React.useState('');
  const [removed, setRemoved] = React.useState<IConversationItem | null>(null);
  const { items, loading, sentence, more, reload } = useHistory(query);
  const search = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => search.current?.focus(), []);

  return (
    <div
      className="jp-gpt-History"
      onKeyDown={event => {
        if (event.key === 'Escape' && !event.defaultPrevented) {
          event.preventDefault();
          state.focusPrompt();
        }
      }}
    >
      <HistoryHeader />
      <div className="jp-gpt-History-search">
        <Icon icon={searchIcon} />
        <input
          ref={search}
          type="search"
          className="jp-gpt-Input"
          aria-label={trans.__('Search conversations')}
          placeholder={trans.__('Search conversations')}
          value={query}
          onChange={event => setQuery(event.target.value)}
        />
      </div>
      <div className="jp-gpt-History-list" tabIndex={-1}>
        <Rows items={items} onRemoved={setRemoved} />
        {sentence && (
          <div className="jp-gpt-History-state">
            <p>{sentence}</p>
            <TextButton small onClick={reload}>
              {trans.__('Try again')}
            </TextButton>
          </div>
        )}
        {!sentence && !loading && items.length === 0 && (
          <div className="jp-gpt-History-state">
            {query
              ? trans.__('No conversation has these words.')
              : trans.__(
                  'No conversations yet. They appear here by themselves.'
                )}
          </div>
        )}
        {loading && items.length === 0 && (
          <div className="jp-gpt-History-state">
            <Dots label={trans.__('Loading')} />
          </div>
        )}
        {more && (
          <TextButton look="quiet" onClick={more}>
            {trans.__('Show more')}
          </TextButton>
        )}
      </div>
      {removed && <Undo item={removed} onDone={() => setRemoved(null)} />}
    </div>
  );
}
