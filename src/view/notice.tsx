import * as React from 'react';
import { errorIcon } from './icons';
import type { ConversationModel } from '../model/conversation';
import type { ErrorAction } from '../model/errors';
import { errorSentence } from '../model/errors';
import type { IRetryWait, MessageModel } from '../model/message';
import { Continue } from './branchbar';
import { usePanel, useSignals } from './context';
import { Dots, Icon, TextButton } from './controls';
import { LocalModel } from './localmodel';
import { RefusalActions, isRefusal, offersLess } from './refusal';

/** An error as the models have it. */
export type PanelError = NonNullable<MessageModel['error']>;

/** Seconds until then, counted down once a second. */
function useCountdown(until: number): number {
  const [now, setNow] = React.useState(() => Date.now());
  React.useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, [until]);
  return Math.max(0, Math.ceil((until - now) / 1000));
}

function Countdown(props: { wait: IRetryWait }): JSX.Element {
  const { trans } = usePanel();
  const seconds = useCountdown(props.wait.until);
  return (
    <span>
      {seconds > 0
        ? trans.__('The provider is busy. Trying again in %1 s.', seconds)
        : trans.__('Trying again…')}
    </span>
  );
}

/**
 * That an answer is being written, from the moment of sending until it has ended.
 */
export function SignOfLife(props: {
  message: MessageModel;
  begun: boolean;
}): JSX.Element {
  const { message, begun } = props;
  const { conversations, trans } = usePanel();
  useSignals(conversations.connectionChanged);
  const queued = !message.stored && conversations.connection !== 'open';
  return (
    <div className="jp-gpt-Answer-life">
      <Dots
        label={begun ? trans.__('Writing') : trans.__('Waiting for the answer')}
      />
      {message.stopping ? (
        <span>{trans.__('Stopping…')}</span>
      ) : queued ? (
        <span>{trans.__('Waiting for the connection')}</span>
      ) : (
        message.retrying && <Countdown wait={message.retrying} />
      )}
    </div>
  );
}

/** The button that belongs to an error, if there is one that this place can do. */
function ActionButton(props: {
  action: ErrorAction;
  retryLabel?: string;
  onRetry?: () => void;
  onEdit?: () => void;
}): JSX.Element | null {
  const { conversations, models, openSettings, state, trans } = usePanel();
  const known: {
    [K in ErrorAction]?: { label: string; run: () => void } | null;
  } = {
    settings: openSettings && {
      label: trans.__('Open settings'),
      run: openSettings
    },
    retry: props.onRetry && {
      label: props.retryLabel ?? trans.__('Send again'),
      run: props.onRetry
    },
    edit: props.onEdit && { label: trans.__('Edit'), run: props.onEdit },
    'new-conversation': {
      label: trans.__('New conversation'),
      run: () => {
        conversations.newConversation();
        state.focusPrompt();
      }
    },
    reload: {
      label: trans.__('Reload the page'),
      run: () => window.location.reload()
    },
    'choose-model': {
      label: trans.__('Choose a model'),
      run: () => {
        void models.refresh();
        state.pickModel();
      }
    }
  };
  const entry = known[props.action];
  return entry ? (
    <TextButton small onClick={entry.run}>
      {entry.label}
    </TextButton>
  ) : null;
}

/**
 * What went wrong, in one sentence, and what can be done about it now.
 */
export function ErrorCard(props: {
  error: PanelError;
  /** Stands before the sentence: "Cut off". */
  lead?: string;
  /** "Send again" if none is given. */
  retryLabel?: string;
  onRetry?: () => void;
  onEdit?: () => void;
  /** What is done first, before all other ways out. */
  first?: React.ReactNode;
  children?: React.ReactNode;
}): JSX.Element {
  const { trans } = usePanel();
  const { sentence, action } = errorSentence(trans, props.error);
  const text = props.lead ? `${props.lead} ${sentence}` : sentence;
  return (
    <div className="jp-gpt-ErrorCard" data-code={props.error.code}>
      <div className="jp-gpt-ErrorCard-line">
        <Icon icon={errorIcon} />
        <span>{text}</span>
      </div>
      {action === 'fetch-local' && (
        <div className="jp-gpt-ErrorCard-more">
          <LocalModel />
        </div>
      )}
      <div className="jp-gpt-ErrorCard-actions">
        {props.first}
        {action && action !== 'retry' && action !== 'edit' && (
          <ActionButton action={action} />
        )}
        {props.onRetry && (
          <ActionButton
            action="retry"
            retryLabel={props.retryLabel}
            onRetry={props.onRetry}
          />
        )}
        {props.onEdit && <ActionButton action="edit" onEdit={props.onEdit} />}
        {props.children}
      </div>
    </div>
  );
}

/** The codes that are about a model, and do not always say which. */
const ABOUT_MODEL: readonly PanelError['code'][] = [
  'model_not_found',
  'unpriced',
  'unpriced_refused'
];

/** An error that does not say which model it is about: the answer knows. */
function named(error: PanelError, model: string | null): PanelError {
  return ABOUT_MODEL.includes(error.code) && model
    ? { ...error, detail: { model, ...error.detail } }
    : error;
}

/** A quiet line under an answer, and the way on beside it. */
function Line(props: {
  goOn?: JSX.Element;
  children: React.ReactNode;
}): JSX.Element {
  return (
    <div className="jp-gpt-Answer-end">
      <span className="jp-gpt-Answer-note">{props.children}</span>
      {props.goOn}
    </div>
  );
}

/**
 * How an answer ended, where it did not simply end.
 */
export function AnswerNotice(props: {
  message: MessageModel;
  conversation: ConversationModel;
}): JSX.Element | null {
  const { message, conversation } = props;
  const { composer, models, state, trans } = usePanel();
  const { status, error, finishReason } = message;
  const goOn = <Continue message={message} conversation={conversation} />;
  if (status === 'cancelled') {
    return <Line goOn={goOn}>{trans.__('Stopped')}</Line>;
  }
  if (status === 'failed' || (status === 'incomplete' && error)) {
    const question = conversation.questionOf(message.id);
    const shown: PanelError = error ?? {
      code: 'internal',
      message: '',
      detail: null,
      retryable: true,
      retry_after: null
    };
    return (
      <ErrorCard
        error={named(shown, message.model ?? models.choice.model)}
        first={goOn}
        lead={status === 'incomplete' ? trans.__('Cut off:') : undefined}
        onRetry={
          isRefusal(shown)
            ? undefined
            : () => {
                composer.branches.sendAgain(message.id);
                state.scrollToEnd();
              }
        }
        onEdit={
          question && !offersLess(shown)
            ? () => {
                if (question.stored) {
                  state.editQuestion(question.id);
                } else {
                  composer.edit(question.id);
                  state.focusPrompt();
                }
              }
            : undefined
        }
      >
        {!message.stored && question?.stored && (
          <TextButton
            small
            look="quiet"
            onClick={() => {
              conversation.dropBranch(message.id);
              state.focusPrompt();
            }}
          >
            {trans.__('Dismiss')}
          </TextButton>
        )}
        {isRefusal(shown) && (
          <RefusalActions
            error={shown}
            answerId={message.id}
            questionId={question?.id ?? null}
          />
        )}
      </ErrorCard>
    );
  }
  if (status === 'incomplete') {
    return <Line goOn={goOn}>{trans.__('Cut off before its end')}</Line>;
  }
  if (finishReason === 'length') {
    return (
      <Line goOn={goOn}>
        {trans.__(
          'The answer has reached its length limit. Go on, or raise the limit in the settings.'
        )}
      </Line>
    );
  }
  if (finishReason === 'content_filter') {
    return (
      <Line goOn={goOn}>
        {trans.__('The provider’s content filter ended the answer.')}
      </Line>
    );
  }
  if (finishReason === 'tool_calls') {
    return (
      <Line>
        {trans.__(
          'The model wanted to call a tool. None was offered, so nothing was run.'
        )}
      </Line>
    );
  }
  if (message.dropped.length > 0) {
    return (
      <Line>
        {trans.__(
          'This model does not take the setting %1: it was left out, and will be from now on.',
          message.dropped.join(', ')
        )}
      </Line>
    );
  }
  return null;
}
