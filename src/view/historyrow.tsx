import * as React from 'react';
import { deleteIcon, pinIcon, renameIcon } from './icons';
import { errorSentence } from '../model/errors';
import type { IConversationItem, ISearchHit } from '../protocol/frames';
import { usePanel } from './context';
import { Dots, IconButton } from './controls';
import { errorOf } from './failure';
import * as format from './format';
import { Marked, hitRanges, wordRanges } from './hit';

/** The title while it is being changed. */
function TitleField(props: {
  title: string;
  onDone: (title: string | null) => void;
}): JSX.Element {
  const { trans } = usePanel();
  const field = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => field.current?.select(), []);
  return (
    <input
      ref={field}
      className="jp-gpt-Input"
      aria-label={trans.__('Title')}
      dir="auto"
      defaultValue={props.title}
      onBlur={event => props.onDone(event.target.value)}
      onKeyDown={event => {
        if (event.nativeEvent.isComposing) {
          return;
        }
        if (event.key === 'Enter') {
          // Else it would press the row's button, which has the focus next.
          event.preventDefault();
          props.onDone(event.currentTarget.value);
        } else if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          props.onDone(null);
        }
      }}
    />
  );
}

/** A row that has the focus again when its title was changed, unless that has gone on. */
function useFocusAfter(renaming: boolean): React.RefObject<HTMLLIElement> {
  const node = React.useRef<HTMLLIElement>(null);
  const was = React.useRef(false);
  React.useEffect(() => {
    if (was.current && !renaming && document.activeElement === document.body) {
      node.current?.querySelector('button')?.focus();
    }
    was.current = renaming;
  }, [renaming]);
  return node;
}

/** When, by which model, for how much. */
function RowNote(props: { item: IConversationItem }): JSX.Element {
  const { item } = props;
  const { trans } = usePanel();
  const notes = [format.moment(new Date(item.updated), new Date())];
  if (item.model) {
    notes.push(item.model);
  }
  if (item.cost) {
    notes.push(format.costText(trans, item.cost));
  }
  if (item.notebook) {
    notes.push(item.notebook.slice(item.notebook.lastIndexOf('/') + 1));
  }
  return (
    <span className="jp-gpt-History-note">
      {item.streaming && <Dots label={trans.__('Being answered')} />}
      <span className="jp-gpt-History-facts">{notes.join(' · ')}</span>
    </span>
  );
}

/** Where the words were found. */
function Hit(props: { hit: ISearchHit }): JSX.Element {
  const { text, ranges } = props.hit;
  return (
    <span className="jp-gpt-History-hit">
      <Marked short text={text} ranges={hitRanges(text, ranges)} />
    </span>
  );
}

/**
 * A row of the list: opens its conversation; renames, pins and deletes it.
 */
export function HistoryRow(props: {
  item: IConversationItem;
  /** What was searched for. */
  query: string;
  /** Its number in the list. */
  place: number;
  /** How many there are; -1 where nobody knows. */
  size: number;
  onRemoved: (item: IConversationItem) => void;
}): JSX.Element {
  const { item, query, onRemoved } = props;
  const { conversations, state, trans } = usePanel();
  const [renaming, setRenaming] = React.useState(false);
  const node = useFocusAfter(renaming);
  const [sentence, setSentence] = React.useState('');
  const title = item.title || trans.__('Untitled');

  /** Do something, and say under the row why it failed. */
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      setSentence('');
    } catch (reason) {
      setSentence(errorSentence(trans, errorOf(reason)).sentence);
    }
  };
  const open = (): Promise<void> =>
    attempt(async () => {
      await conversations.open(item.id);
      const hit = item.hit?.message_id;
      if (hit && conversations.current.has(hit)) {
        // Perhaps on another branch; that it could not be stored changes nothing here.
        conversations.current.showBranch(hit).catch(() => undefined);
        state.showMessage(hit);
      } else {
        state.focusPrompt();
      }
    });
  const rename = (next: string | null): void => {
    setRenaming(false);
    const trimmed = next?.trim();
    if (trimmed && trimmed !== item.title) {
      void attempt(() => conversations.rename(item.id, trimmed));
    }
  };

  const remove = (): Promise<void> =>
    attempt(async () => {
      await conversations.remove(item.id);
      onRemoved(item);
    });
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (!renaming && event.key === 'F2') {
      event.preventDefault();
      setRenaming(true);
    } else if (!renaming && event.key === 'Delete') {
      event.preventDefault();
      void remove();
    }
  };

  return (
    <li
      ref={node}
      onKeyDown={onKeyDown}
      data-conversation={item.id}
      className={
        'jp-gpt-History-row' +
        (item.id === conversations.current.id ? ' jp-gpt-mod-current' : '') +
        (item.hit ? ' jp-gpt-mod-hit' : '')
      }
      aria-posinset={props.place}
      aria-setsize={props.size}
    >
      {renaming ? (
        <TitleField title={item.title} onDone={rename} />
      ) : (
        <button
          type="button"
          className="jp-gpt-History-open"
          aria-current={item.id === conversations.current.id || undefined}
          onClick={() => void open()}
        >
          <span className="jp-gpt-History-title" dir="auto" title={title}>
            <Marked text={title} ranges={wordRanges(title, query)} />
          </span>
          <RowNote item={item} />
          {item.hit && <Hit hit={item.hit} />}
        </button>
      )}
      {!renaming && (
        <div className="jp-gpt-History-actions">
          <IconButton
            small
            name={trans.__('Rename')}
            title={trans.__('Rename (F2)')}
            aria={{ 'aria-keyshortcuts': 'F2' }}
            icon={renameIcon}
            onClick={() => setRenaming(true)}
          />
          <IconButton
            small
            name={trans.__('Pin')}
            title={item.pinned ? trans.__('Unpin') : trans.__('Pin')}
            aria={{ 'aria-pressed': item.pinned }}
            icon={pinIcon}
            onClick={() =>
              void attempt(() => conversations.pin(item.id, !item.pinned))
            }
          />
          <IconButton
            small
            name={trans.__('Delete')}
            icon={deleteIcon}
            title={trans.__('Delete (Delete key)')}
            aria={{ 'aria-keyshortcuts': 'Delete' }}
            onClick={() => void remove()}
          />
        </div>
      )}
      {sentence && (
        <p className="jp-gpt-History-error" role="alert">
          {sentence}
        </p>
      )}
    </li>
  );
}
