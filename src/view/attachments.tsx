import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import {
  cellIcon,
  closeIcon,
  errorIcon,
  notebookIcon,
  plusIcon
} from './icons';
import type { IAttachment, ICellRef } from '../tokens';
import { usePanel, useSignals } from './context';
import { IconButton, TextButton } from './controls';

/** What a chip stands for, as a picture. */
function chipIcon({ kind }: IAttachment, hasError: boolean): LabIcon {
  if (kind === 'notebook') {
    return notebookIcon;
  }
  return hasError ? errorIcon : cellIcon;
}

/**
 * One chip: something that will go along with the prompt.
 */
function Chip(props: { attachment: IAttachment }): JSX.Element {
  const { attachment } = props;
  const { composer, state, trans } = usePanel();
  useSignals(attachment.changed);
  const { label, note, available, options } = attachment;
  const hasError = options.some(
    option => option.id === 'error' && option.enabled
  );
  return (
    <div
      className={'jp-gpt-Chip' + (available ? '' : ' jp-gpt-mod-gone')}
      role="group"
      aria-label={trans.__('Context: %1', label)}
    >
      <TextButton
        look="quiet"
        small
        className="jp-gpt-Chip-label"
        icon={chipIcon(attachment, hasError)}
        title={trans.__('Show %1', label)}
        off={available ? null : note}
        onClick={() => attachment.reveal()}
      >
        <span className="jp-gpt-Chip-name">{label}</span>
        {note && <span className="jp-gpt-Chip-note">{note}</span>}
      </TextButton>
      {available && options.length > 1 && (
        <span className="jp-gpt-Chip-options">
          {options.map(option => (
            <TextButton
              key={option.id}
              look="quiet"
              small
              className="jp-gpt-Chip-option"
              aria={{ 'aria-pressed': option.enabled }}
              title={
                option.enabled
                  ? trans.__('%1: goes along', option.label)
                  : trans.__('%1: stays here', option.label)
              }
              onClick={() => attachment.setOption(option.id, !option.enabled)}
            >
              {option.label}
            </TextButton>
          ))}
        </span>
      )}
      <IconButton
        small
        className="jp-gpt-Chip-remove"
        name={trans.__('Remove')}
        title={trans.__('Remove %1', label)}
        icon={closeIcon}
        onClick={() => {
          composer.remove(attachment.id);
          state.focusPrompt();
        }}
      />
    </div>
  );
}

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
