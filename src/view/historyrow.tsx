import * as React from 'react';
import { deleteIcon, pinIcon, renameIcon } from './icons';
import { errorSentence } from '../model/errors';
import type { IConversationItem } from '../protocol/frames';
import { usePanel } from './context';
import { Dots, IconButton } from './controls';
import { errorOf } from './failure';
import * as format from './format';

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
      defaultValue={props.title}
      onBlur={event => props.onDone(event.target.value)}
      onKeyDown={event => {
        if (event.nativeEvent.isComposing) {
          return;
        }
        if (event.key === 'Enter') {
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
  return (
    <span className="jp-gpt-History-note">
      {item.streaming && <Dots label={trans.__('Being answered')} />}
      {notes.join(' · ')}
    </span>
  );
}

/**
 * A row of the list: opens its conversation; renames, pins and deletes it.
 */
export function HistoryRow(props: {
  item: IConversationItem;
  onRemoved: (item: IConversationItem) => void;
}): JSX.Element {
  const { item, onRemoved } = props;
  const { conversations, state, trans } = usePanel();
  const [renaming, setRenaming] = React.useState(false);
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
      state.focusPrompt();
    });
  const rename = (next: string | null): void => {
    setRenaming(false);
    const trimmed = next?.trim();
    if (trimmed && trimmed !== item.title) {
      void attempt(() => conversations.rename(item.id, trimmed));
    }
  };

  return (
    <li
      className={
        'jp-gpt-History-row' +
        (item.id === conversations.current.id ? ' jp-gpt-mod-current' : '')
      }
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
          <span className="jp-gpt-History-title" title={title}>
            {title}
          </span>
          <RowNote item={item} />
        </button>
      )}
      {!renaming && (
        <div className="jp-gpt-History-actions">
          <IconButton
            small
            name={trans.__('Rename')}
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
            onClick={() =>
              void attempt(async () => {
                await conversations.remove(item.id);
                onRemoved(item);
              })
            }
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
