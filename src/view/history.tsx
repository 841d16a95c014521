import * as React from 'react';
import { backIcon, moreIcon, newConversationIcon, searchIcon } from './icons';
import type { IConversationItem } from '../protocol/frames';
import type { IArchive } from './archivemenu';
import { useArchive } from './archivemenu';
import { usePanel } from './context';
import { Dots, Icon, IconButton, TextButton } from './controls';
import type { IHistory } from './historylist';
import { useHistory } from './historylist';
import { HistoryRows } from './historyrows';
import { MenuButton } from './menu';
import { useRowFocus } from './rowfocus';
import { UndoNotice } from './undo';

/** The head of the page: back, its title, a new conversation. */
function HistoryHeader(props: { archive: IArchive }): JSX.Element {
  const { conversations, state, trans } = usePanel();
  return (
    <div className="jp-gpt-Header jp-gpt-mod-back">
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
      <MenuButton
        name={trans.__('More actions')}
        icon={moreIcon}
        entries={props.archive.entries}
        stays
      />
    </div>
  );
}

/** What stands in the list beside its rows: that it is being read, why it was not, or nothing. */
function ListState(props: {
  history: IHistory;
  onClear: () => void;
}): JSX.Element | null {
  const { trans } = usePanel();
  const { items, loading, sentence, query, reload } = props.history;
  if (sentence) {
    return (
      <div className="jp-gpt-History-state" role="alert">
        <p>{sentence}</p>
        <TextButton small onClick={reload}>
          {trans.__('Try again')}
        </TextButton>
      </div>
    );
  }
  if (loading) {
    return items.length > 0 ? null : (
      <div className="jp-gpt-History-state">
        <Dots label={trans.__('Loading')} />
      </div>
    );
  }
  if (items.length > 0) {
    return null;
  }
  return (
    <div className="jp-gpt-History-state" role="status">
      {query ? (
        <>
          <p>
            {trans.__(
              'No conversation has these words. Try fewer of them, or only the beginning of one.'
            )}
          </p>
          <TextButton small onClick={props.onClear}>
            {trans.__('Show all conversations')}
          </TextButton>
        </>
      ) : (
        trans.__('No conversations yet. They appear here by themselves.')
      )}
    </div>
  );
}

/**
 * The list of conversations, the latest first.
 */
export function History(): JSX.Element {
  const { conversations, state, trans } = usePanel();
  const [query, setQuery] = React.useState('');
  const [removed, setRemoved] = React.useState<IConversationItem | null>(null);
  const history = useHistory(query);
  const archive = useArchive();
  const search = React.useRef<HTMLInputElement>(null);
  const list = React.useRef<HTMLDivElement>(null);
  const focus = useRowFocus(list, search);
  const clear = (): void => {
    setQuery('');
    search.current?.focus();
  };
  React.useLayoutEffect(() => {
    // What was found is another list, and begins at its beginning.
    list.current?.scrollTo?.(0, 0);
  }, [history.query]);
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
      <HistoryHeader archive={archive} />
      {archive.below}
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
          onKeyDown={event => {
            if (event.key === 'ArrowDown' && focus.toFirst()) {
              event.preventDefault();
            }
          }}
        />
      </div>
      <div
        className="jp-gpt-History-list"
        tabIndex={-1}
        ref={list}
        {...focus.handlers}
      >
        <HistoryRows
          history={history}
          query={history.query}
          box={list}
          onRemoved={setRemoved}
        />
        <ListState history={history} onClear={clear} />
      </div>
      {removed && (
        <UndoNotice
          key={removed.id}
          takesFocus
          sentence={trans.__('Deleted “%1”', removed.title)}
          undo={async () => {
            await conversations.restore(removed.id);
            focus.toComing(removed.id);
          }}
          onDone={() => {
            setRemoved(null);
            focus.toLast();
          }}
        />
      )}
    </div>
  );
}
