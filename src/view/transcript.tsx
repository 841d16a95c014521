import * as React from 'react';
import { downIcon } from './icons';
import type { ConversationModel } from '../model/conversation';
import { usePanel, useSignals } from './context';
import { Dots, TextButton } from './controls';
import { EmptyState } from './empty';
import { useFollow } from './follow';
import { Answer } from './message';
import { ErrorCard } from './notice';
import { Onboarding } from './onboarding';
import { useKeptPlace, useShownMessage } from './place';
import { Question } from './question';
import { useSettled } from './settle';
import { useTail } from './tail';

/** What stands where a conversation has no messages yet. */
function Nothing(props: { conversation: ConversationModel }): JSX.Element {
  const { conversations, setup, trans } = usePanel();
  useSignals(setup.changed);
  React.useEffect(() => {
    // A panel that opened before its server was there asks again when it is.
    const ask = (): void => {
      if (conversations.connection === 'open' && setup.status === null) {
        void setup.refresh();
      }
    };
    conversations.connectionChanged.connect(ask);
    return () => {
      conversations.connectionChanged.disconnect(ask);
    };
  }, [conversations, setup]);
  if (!props.conversation.loading && setup.needsSetup !== null) {
    return setup.needsSetup ? <Onboarding /> : <EmptyState />;
  }
  return (
    <div className="jp-gpt-Loading">
      {setup.error && setup.needsSetup === null ? (
        <ErrorCard
          error={setup.error}
          retryLabel={trans.__('Try again')}
          onRetry={() => void setup.refresh()}
        />
      ) : (
        <Dots label={trans.__('Loading')} />
      )}
    </div>
  );
}

/**
 * The conversation: its questions and answers, the newest at the end.
 *
 * It is a log whose live region is off: the status region of the panel says sentences instead.
 */
export function Transcript(props: {
  conversation: ConversationModel;
}): JSX.Element {
  const { conversation } = props;
  const { state, trans } = usePanel();
  useSignals(conversation.messagesChanged, conversation.changed);
  const messages = conversation.messages;
  const follow = useFollow(messages.length > 0);
  const { scrollRef, contentRef, away, toEnd, onScroll } = follow;

  React.useEffect(() => {
    state.endRequested.connect(toEnd);
    return () => {
      state.endRequested.disconnect(toEnd);
    };
  }, [state, toEnd]);

  const { first, edgeRef, more, reveal } = useTail(
    conversation,
    messages,
    scrollRef
  );
  const drawn = messages.slice(first);
  useSettled(contentRef);
  useShownMessage(state, follow, reveal);
  useKeptPlace(state, follow);

  return (
    <div className="jp-gpt-Transcript">
      <div
        className="jp-gpt-Transcript-scroll"
        ref={scrollRef}
        onScroll={onScroll}
        role="log"
        aria-label={trans.__('Conversation')}
        aria-live="off"
        aria-busy={conversation.running !== null}
        tabIndex={0}
      >
        <div className="jp-gpt-Transcript-content" ref={contentRef}>
          {messages.length === 0 && <Nothing conversation={conversation} />}
          {first > 0 && (
            <div className="jp-gpt-Transcript-edge" ref={edgeRef}>
              <TextButton small look="quiet" onClick={more}>
                {trans.__('Show earlier messages')}
              </TextButton>
            </div>
          )}
          {drawn.map(message =>
            message.role === 'user' ? (
              <Question
                key={message.id}
                message={message}
                conversation={conversation}
              />
            ) : (
              <Answer
                key={message.id}
                message={message}
                conversation={conversation}
              />
            )
          )}
        </div>
      </div>
      {away && (
        <div className="jp-gpt-Transcript-jump">
          <TextButton small icon={downIcon} onClick={toEnd}>
            {trans.__('Jump to latest')}
          </TextButton>
        </div>
      )}
    </div>
  );
}
