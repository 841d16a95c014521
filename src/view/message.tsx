import * as React from 'react';
import { createPortal } from 'react-dom';
import { sparkIcon } from './icons';
import type { ConversationModel } from '../model/conversation';
import type { MessageModel } from '../model/message';
import { AnswerView } from './answer';
import { CodeBar } from './codeblock';
import { usePanel, useSignals } from './context';
import { Icon, TextButton } from './controls';
import { AnswerFooter } from './footer';
import { AnswerNotice, SignOfLife } from './notice';
import { SentContext } from './sentcontext';
import { useInsert } from './target';

/**
 * How much of a question is shown before "Show all": what fits a small panel without pushing the
 * answer out of it. The rest is not drawn either: a prompt may be two megabytes long.
 */
const SHORT_CHARS = 700;
const SHORT_LINES = 12;

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

/**
 * What the user asked: a quiet card with what went along.
 */
export const Question = React.memo(function Question(props: {
  message: MessageModel;
}): JSX.Element {
  const { message } = props;
  const { trans } = usePanel();
  const [whole, setWhole] = React.useState(false);
  useSignals(message.changed, message.replaced);
  const text = message.text;
  const short = beginning(text);
  return (
    <article
      className="jp-gpt-Question"
      aria-label={trans.__('You')}
      data-status={message.status}
    >
      <SentContext parts={message.parts} />
      <div className="jp-gpt-Question-text">
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
    </article>
  );
});

/** The answer's view, made once for a message and thrown away with it. */
function useAnswerView(message: MessageModel): {
  view: AnswerView | null;
  slot: React.RefObject<HTMLDivElement>;
} {
  const { createRenderer, trans } = usePanel();
  const slot = React.useRef<HTMLDivElement>(null);
  const [view, setView] = React.useState<AnswerView | null>(null);
  React.useLayoutEffect(() => {
    const made = new AnswerView({ message, trans, createRenderer });
    slot.current?.appendChild(made.node);
    setView(made);
    return () => {
      made.node.remove();
      made.dispose();
    };
  }, [message, trans, createRenderer]);
  return { view, slot };
}

/**
 * What the model answered, full width: its text, what became of it, what can be done with it.
 *
 * Drawn again when its status changes or a code block is complete, never for a piece of text.
 */
export const Answer = React.memo(function Answer(props: {
  message: MessageModel;
  conversation: ConversationModel;
}): JSX.Element {
  const { message, conversation } = props;
  const { trans } = usePanel();
  const { view, slot } = useAnswerView(message);
  useSignals(message.changed, view?.blocksChanged ?? null, view?.begun ?? null);
  const action = useInsert(conversation.askedCell(message.id));
  const streaming = message.status === 'streaming';
  return (
    <article
      className="jp-gpt-Answer"
      aria-label={trans.__('GPT')}
      aria-busy={streaming}
      data-status={message.status}
      data-message={message.id}
    >
      <div className="jp-gpt-Answer-sign" aria-hidden="true">
        <Icon icon={sparkIcon} />
        <span>{trans.__('GPT')}</span>
      </div>
      <div ref={slot} />
      {view?.blocks.map((block, index) =>
        createPortal(
          <CodeBar block={block} action={action} />,
          block.bar,
          index
        )
      )}
      {streaming ? (
        <SignOfLife message={message} begun={view !== null && !view.isEmpty} />
      ) : (
        <>
          <AnswerNotice message={message} conversation={conversation} />
          <AnswerFooter message={message} action={action} />
        </>
      )}
    </article>
  );
});
