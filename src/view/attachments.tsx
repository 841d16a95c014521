import * as React from 'react';
import { plusIcon } from './icons';
import type { ICellRef } from '../tokens';
import { Chip } from './chip';
import { usePanel, useSignals } from './context';
import { TextButton } from './controls';

/** The active cell, if it is not a chip already. */
function useSuggestion(): { ref: ICellRef; label: string } | null {
  const { composer, notebook } = usePanel();
  useSignals(composer.attachmentsChanged);
  const [active, setActive] = React.useState<{
    ref: ICellRef;
    label: string;
  } | null>(null);
  React.useEffect(() => {
    const update = (): void => {
      const ref = notebook?.active ?? null;
      const label = ref && notebook ? notebook.target(ref).label : '';
      setActive(old =>
        ref?.cellId === old?.ref.cellId &&
        ref?.path === old?.ref.path &&
        label === (old?.label ?? '')
          ? old
          : ref && { ref, label }
      );
    };
    update();
    notebook?.activeChanged.connect(update);
    return () => {
      notebook?.activeChanged.disconnect(update);
    };
  }, [notebook]);
  const taken =
    active !== null &&
    composer.attachments.some(attachment =>
      attachment.id.includes(active.ref.cellId)
    );
  return taken ? null : active;
}

/** One click adds the active cell. */
function Suggestion(): JSX.Element | null {
  const { composer, notebook, state, trans } = usePanel();
  const suggestion = useSuggestion();
  if (suggestion === null || !suggestion.label) {
    return null;
  }
  const { ref, label } = suggestion;
  return (
    <TextButton
      look="quiet"
      small
      className="jp-gpt-Chip-suggestion"
      icon={plusIcon}
      name={trans.__('Add %1', label)}
      title={trans.__('Add the active cell, %1, to the prompt', label)}
      onClick={() => {
        const attachment = notebook?.attach(ref);
        if (attachment) {
          composer.add(attachment);
        }
        state.focusPrompt();
      }}
    >
      {label}
    </TextButton>
  );
}

/** Where this notebook went along before, one click adds it again: it is cheap by now. */
function NotebookAgain(): JSX.Element | null {
  const { composer, conversations, notebook, state, trans } = usePanel();
  const { current } = conversations;
  useSignals(composer.attachmentsChanged, current.messagesChanged);
  const [path, setPath] = React.useState(notebook?.path ?? null);
  React.useEffect(() => {
    const update = (): void => setPath(notebook?.path ?? null);
    update();
    notebook?.activeChanged.connect(update);
    return () => {
      notebook?.activeChanged.disconnect(update);
    };
  }, [notebook]);
  const sent = current.messages.some(
    ({ role, parts }) =>
      role === 'user' &&
      parts.some(part => part.type === 'notebook' && part.path === path)
  );
  const taken = composer.attachments.some(({ kind }) => kind === 'notebook');
  if (notebook === null || !sent || taken) {
    return null;
  }
  return (
    <TextButton
      look="quiet"
      small
      className="jp-gpt-Chip-suggestion"
      icon={plusIcon}
      name={trans.__('Add the notebook again')}
      title={trans.__(
        'Add the whole notebook again: only the cells that changed are sent'
      )}
      onClick={() => {
        const attachment = notebook.attachNotebook();
        if (attachment) {
          composer.add(attachment);
        }
        state.focusPrompt();
      }}
    >
      {trans.__('notebook')}
    </TextButton>
  );
}

/**
 * The chips over the prompt box.
 */
export function Attachments(): JSX.Element {
  const { composer, conversations } = usePanel();
  useSignals(composer.attachmentsChanged, conversations.currentChanged);
  return (
    <div className="jp-gpt-Chips">
      {composer.attachments.map(attachment => (
        <Chip key={attachment.id} attachment={attachment} />
      ))}
      <Suggestion />
      <NotebookAgain key={conversations.current.id} />
    </div>
  );
}
