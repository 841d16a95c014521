import * as React from 'react';
import { directionOf } from '../protocol/language';
import { editIcon } from './icons';
import type { ConversationModel } from '../model/conversation';
import type { MessageModel } from '../model/message';
import { BranchSwitch } from './branchbar';
import { usePanel, useSignals } from './context';
import { IconButton, TextButton } from './controls';
import { SentContext } from './sentcontext';
import type { PanelState } from './state';

/**
 * How much of a question is shown before "Show all": what fits a small panel without pushing the
 * answer out of it. The rest is not drawn either: a prompt may be two megabytes long.
 */
const SHORT_CHARS = 700;
const SHORT_LINES = 12;

/** Lines of the box in which a question is edited: as many as are shown of a long one. */
const EDIT_LINES = 12;

/** The beginning of a long text, or null if it is short enough. */
function beginning(text: string): string | null {
  const lines = text.slice(0, SHORT_CHARS + 1).split('\n');
  if (text.length <= SHORT_CHARS && lines.length <= SHORT_LINES) {
    return null;
  }
  return lines.slice(0, SHORT_LINES).join('\n').slice(0, SHORT_CHARS);
}

/** A prompt too long for a frame lies in a blob, and comes back as its hash. */
function isStoredElsewhere(message: MessageModel): boolean {
  return message.parts.some(
    part => part.type === 'text' && !part.text && Boolean(part.blob)
  );
}

/** The question's text, at first its beginning. */
function QuestionText(props: { message: MessageModel }): JSX.Element {
  const { message } = props;
  const { trans } = usePanel();
  const [whole, setWhole] = React.useState(false);
  const text = message.text;
  const short = beginning(text);
  return (
    <>
      <div className="jp-gpt-Question-text" dir="auto">
        {short === null || whole ? text : `${short}…`}
        {text === '' && isStoredElsewhere(message) && (
          <em>{trans.__('A long prompt, kept on the server')}</em>
        )}
      </div>
      {short !== null && (
        <TextButton
          look="link"
          aria={{ 'aria-expanded': whole }}
          onClick={() => setWhole(!whole)}
        >
          {whole ? trans.__('Show less') : trans.__('Show all')}
        </TextButton>
      )}
    </>
  );
}

/** Keys in the box: Enter sends as in the prompt box, Escape leaves. */
function useEditKeys(
  send: () => void,
  cancel: () => void
): (event: React.KeyboardEvent) => void {
  const { settings } = usePanel();
  const enterSends = settings?.current.enterSends ?? true;
  return event => {
    // Within an input method; Safari says so by the key code alone.
    if (event.nativeEvent.isComposing || event.keyCode === 229) {
      return;
    }
    const command = event.ctrlKey || event.metaKey;
    const enter =
      event.key === 'Enter' &&
      (command || (!event.altKey && event.shiftKey !== enterSends));
    if (enter || event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      (enter ? send : cancel)();
    }
  };
}

/** A question while it is put in other words, in its own place. */
function QuestionEditor(props: {
  message: MessageModel;
  conversation: ConversationModel;
  onDone: () => void;
}): JSX.Element {
  const { message, conversation, onDone } = props;
  const { composer, state, trans } = usePanel();
  useSignals(conversation.changed);
  const box = React.useRef<HTMLTextAreaElement>(null);
  const [empty, setEmpty] = React.useState(false);
  React.useEffect(() => {
    const area = box.current;
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
    // In the frame after the one in which the transcript follows its end: the box has moved that.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() =>
        area?.parentElement?.scrollIntoView?.({ block: 'nearest' })
      );
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  const off = conversation.running
    ? trans.__('An answer is being written')
    : empty
      ? trans.__('Write a prompt first')
      : null;
  const send = (): void => {
    const text = box.current?.value.trim() ?? '';
    if (!off && text && composer.branches.edit(message.id, text)) {
      onDone();
      state.focusPrompt();
    }
  };
  const onKeyDown = useEditKeys(send, onDone);
  const rows = Math.min(EDIT_LINES, message.text.split('\n').length + 1);
  return (
    <div className="jp-gpt-Question-editor">
      <textarea
        ref={box}
        className="jp-gpt-Input"
        dir={directionOf(message.text)}
        rows={rows}
        aria-label={trans.__('Edit question')}
        defaultValue={message.text}
        onInput={event => setEmpty(!event.currentTarget.value.trim())}
        onKeyDown={onKeyDown}
      />
      <div className="jp-gpt-Question-editorRow">
        <span className="jp-gpt-Question-hint">
          {trans.__('The question and its answer stay as another branch.')}
        </span>
        <TextButton small onClick={onDone}>
          {trans.__('Cancel')}
        </TextButton>
        <TextButton small look="primary" off={off} onClick={send}>
          {trans.__('Send')}
        </TextButton>
      </div>
    </div>
  );
}

/** Edit, and the other branches at this question. */
function QuestionActions(props: {
  message: MessageModel;
  conversation: ConversationModel;
  onEdit: () => void;
}): JSX.Element {
  const { message, conversation } = props;
  const { trans } = usePanel();
  const long = isStoredElsewhere(message)
    ? trans.__('This prompt is too long to be edited here')
    : null;
  return (
    <div className="jp-gpt-Question-actions">
      <BranchSwitch message={message} conversation={conversation} />
      {message.stored && (
        <IconButton
          small
          className="jp-gpt-Question-edit"
          name={trans.__('Edit')}
          icon={editIcon}
          off={long}
          onClick={props.onEdit}
        />
      )}
    </div>
  );
}

/**
 * What the user asked: a quiet card with what went along.
 */
export const Question = React.memo(function Question(props: {
  message: MessageModel;
  conversation: ConversationModel;
}): JSX.Element {
  const { message, conversation } = props;
  const { state, trans } = usePanel();
  const [editing, setEditing] = React.useState(false);
  const node = React.useRef<HTMLElement>(null);
  useSignals(message.changed, message.replaced);
  React.useEffect(() => {
    const edit = (_: PanelState, id: string): void => {
      if (id === message.id) {
        setEditing(true);
      }
    };
    state.editRequested.connect(edit);
    return () => {
      state.editRequested.disconnect(edit);
    };
  }, [message, state]);
  const wasEditing = React.useRef(false);
  React.useEffect(() => {
    // Back to where one came from, unless the focus has gone on.
    if (wasEditing.current && !editing) {
      const lost = document.activeElement === document.body;
      const edit = node.current?.querySelector<HTMLElement>(
        '.jp-gpt-Question-edit'
      );
      if (lost) {
        edit?.focus();
      }
    }
    wasEditing.current = editing;
  }, [editing]);
  return (
    <article
      ref={node}
      className="jp-gpt-Question"
      aria-label={trans.__('You')}
      data-status={message.status}
      data-message={message.id}
    >
      <SentContext parts={message.parts} />
      {editing ? (
        <QuestionEditor
          message={message}
          conversation={conversation}
          onDone={() => setEditing(false)}
        />
      ) : (
        <>
          <QuestionText message={message} />
          <QuestionActions
            message={message}
            conversation={conversation}
            onEdit={() => setEditing(true)}
          />
        </>
      )}
    </article>
  );
});
