import * as React from 'react';
import { createPortal } from 'react-dom';
import { sparkIcon } from './icons';
import type { ConversationModel } from '../model/conversation';
import type { MessageModel } from '../model/message';
import { AnswerView } from './answer';
import { BranchSwitch } from './branchbar';
import { CodeBar } from './codeblock';
import { usePanel, useSignals } from './context';
import { Icon } from './controls';
import { AnswerFooter } from './footer';
import { AnswerNotice, SignOfLife } from './notice';
import { useInsert } from './target';

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
        <>
          <SignOfLife
            message={message}
            begun={view !== null && !view.isEmpty}
          />
          <BranchSwitch message={message} conversation={conversation} />
        </>
      ) : (
        <>
          <AnswerNotice message={message} conversation={conversation} />
          <AnswerFooter
            message={message}
            conversation={conversation}
            action={action}
          />
        </>
      )}
    </article>
  );
});
