import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { cellsIcon, checkIcon, copyIcon, notebookIcon } from './icons';
import type { ConversationModel } from '../model/conversation';
import type { MessageModel } from '../model/message';
import { splitAnswer } from '../notebook/fences';
import { BranchActions, BranchSwitch } from './branchbar';
import { copyText } from './clipboard';
import { usePanel, useSignals } from './context';
import { IconButton, useFlash } from './controls';
import { modelLabel } from './costwords';
import * as format from './format';
import type { IInsertAction } from './target';

/** The tokens of an answer in few words, and all of them in the tooltip. */
function tokenWords(
  trans: TranslationBundle,
  usage: NonNullable<MessageModel['usage']>
): { short: string[]; long: string } | null {
  if (usage.input === null && usage.output === null) {
    return null;
  }
  const about = usage.estimated ? '≈ ' : '';
  const short: string[] = [];
  const long: string[] = [];
  if (usage.input !== null) {
    short.push(trans.__('%1 in', about + format.tokens(usage.input)));
    long.push(trans.__('Input: %1 tokens', about + format.count(usage.input)));
  }
  if (usage.cached_input) {
    short.push(trans.__('%1 cached', format.tokens(usage.cached_input)));
    long.push(
      trans.__('of it cached: %1 tokens', format.count(usage.cached_input))
    );
  }
  if (usage.output !== null) {
    short.push(trans.__('%1 out', about + format.tokens(usage.output)));
    long.push(
      trans.__('Output: %1 tokens', about + format.count(usage.output))
    );
  }
  if (usage.reasoning) {
    long.push(
      trans.__('of it thinking: %1 tokens', format.count(usage.reasoning))
    );
  }
  return { short, long: long.join('\n') };
}

/** What the answer cost, or that nobody knows. */
function Cost(props: { message: MessageModel }): JSX.Element | null {
  const { trans } = usePanel();
  const { cost } = props.message;
  if (!cost) {
    return null;
  }
  return (
    <span
      className="jp-gpt-Footer-item jp-gpt-Footer-cost"
      data-cost-usd={cost.usd ?? undefined}
      title={format.costTitle(trans, cost)}
    >
      {format.costText(trans, cost)}
    </span>
  );
}

/** Model, tokens, cost and seconds. */
function Facts(props: { message: MessageModel }): JSX.Element {
  const { models, trans } = usePanel();
  const { message } = props;
  const words = message.usage && tokenWords(trans, message.usage);
  const label = modelLabel(models.models, message.provider, message.model);
  return (
    <div className="jp-gpt-Footer-facts">
      {label && (
        <span
          className="jp-gpt-Footer-item jp-gpt-Footer-model"
          title={message.model ?? undefined}
        >
          {label}
        </span>
      )}
      {words?.short.map((word, index) => (
        <span key={index} className="jp-gpt-Footer-item" title={words.long}>
          {word}
        </span>
      ))}
      {/* Together, so that the seconds never stand in a line of their own. */}
      <span className="jp-gpt-Footer-end">
        <Cost message={message} />
        {message.seconds !== null && (
          <span className="jp-gpt-Footer-item">
            {format.duration(trans, message.seconds)}
          </span>
        )}
      </span>
    </div>
  );
}

/** Copy the answer's Markdown. */
function CopyAnswer(props: { message: MessageModel }): JSX.Element {
  const { state, trans } = usePanel();
  const [done, flash] = useFlash();
  return (
    <IconButton
      small
      name={trans.__('Copy answer')}
      icon={done ? checkIcon : copyIcon}
      onClick={async () => {
        await copyText(props.message.text);
        state.announce(trans.__('Copied'));
        flash();
      }}
    />
  );
}

/** Put the whole answer into the notebook. */
function InsertAll(props: {
  message: MessageModel;
  action: IInsertAction;
}): JSX.Element {
  const { trans } = usePanel();
  const { action } = props;
  const { kind, label } = action.target;
  const [done, flash] = useFlash();
  return (
    <IconButton
      small
      name={trans.__('Insert all as cells')}
      title={
        trans.__('Insert all as cells: text as Markdown, code as code') +
        (label ? '\n' + trans.__('below %1', label) : '')
      }
      icon={done ? checkIcon : cellsIcon}
      off={
        action.off ??
        (kind === 'cell' ? null : trans.__('There are no cells in %1', label))
      }
      onPoint={action.point}
      onClick={async () => {
        if (await action.insert('below', splitAnswer(props.message.text))) {
          flash();
        }
      }}
    />
  );
}

/** A notebook of the answer's own. */
function OpenAsNotebook(props: {
  message: MessageModel;
  action: IInsertAction;
}): JSX.Element | null {
  const { trans } = usePanel();
  const open = props.action.openAsNotebook;
  const [done, flash] = useFlash();
  return (
    open && (
      <IconButton
        small
        name={trans.__('Open as new notebook')}
        icon={done ? checkIcon : notebookIcon}
        onClick={async () => {
          if (await open(splitAnswer(props.message.text))) {
            flash();
          }
        }}
      />
    )
  );
}

/** Copy and insert, where there is something to. */
function TextActions(props: {
  message: MessageModel;
  action: IInsertAction;
}): JSX.Element | null {
  const { message, action } = props;
  return message.text === '' ? null : (
    <>
      <CopyAnswer message={message} />
      <InsertAll message={message} action={action} />
      <OpenAsNotebook message={message} action={action} />
    </>
  );
}

/**
 * The end of an answer: which branch it is, what it was made with and what it cost; on hover and
 * focus, what can be done with it as a whole.
 */
export function AnswerFooter(props: {
  message: MessageModel;
  conversation: ConversationModel;
  action: IInsertAction;
}): JSX.Element | null {
  const { message, conversation, action } = props;
  const { trans } = usePanel();
  useSignals(conversation.messagesChanged);
  const nothing = message.text === '' && message.usage === null;
  if (nothing && conversation.siblings(message).length < 2) {
    return null;
  }
  return (
    <footer className="jp-gpt-Footer">
      <BranchSwitch message={message} conversation={conversation} />
      <Facts message={message} />
      <div
        className="jp-gpt-Footer-actions"
        role="group"
        aria-label={trans.__('Answer')}
      >
        <BranchActions message={message} conversation={conversation} />
        <TextActions message={message} action={action} />
      </div>
    </footer>
  );
}
