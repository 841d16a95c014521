import * as React from 'react';
import {
  chevronIcon,
  deleteIcon,
  goOnIcon,
  leftIcon,
  retryIcon,
  rightIcon
} from './icons';
import type { ConversationModel } from '../model/conversation';
import { errorSentence } from '../model/errors';
import type { MessageModel } from '../model/message';
import { usePanel, useSignals } from './context';
import { IconButton, TextButton } from './controls';
import { modelLabel } from './costwords';
import { errorOf } from './failure';
import type { IMenuEntry } from './menu';
import { MenuButton } from './menu';
import { facts } from './modellist';
import { picksFor } from './picks';

interface IProps {
  readonly message: MessageModel;
  readonly conversation: ConversationModel;
}

/** Why nothing can be asked in this conversation now; null when it can. */
function useBusy(conversation: ConversationModel): string | null {
  const { trans } = usePanel();
  useSignals(conversation.changed);
  return conversation.running ? trans.__('An answer is being written') : null;
}

/**
 * `‹ 2/3 ›`: which of the branches at a message is shown, and the way to the others. Nothing where
 * there is only one.
 */
export function BranchSwitch(props: IProps): JSX.Element | null {
  const { message, conversation } = props;
  const { state, trans } = usePanel();
  useSignals(conversation.messagesChanged);
  const siblings = conversation.siblings(message);
  const at = siblings.indexOf(message);
  if (siblings.length < 2) {
    return null;
  }
  const { running } = conversation;
  const waits =
    running && !running.stored ? trans.__('The question is on its way') : null;
  const go = async (step: -1 | 1, node: HTMLElement): Promise<void> => {
    const next = siblings[at + step];
    state.keepInPlace(next.id, node);
    state.announce(trans.__('Branch %1 of %2', at + step + 1, siblings.length));
    try {
      await conversation.showBranch(next.id);
    } catch (reason) {
      const { sentence } = errorSentence(trans, errorOf(reason));
      state.complain(
        trans.__('Which branch is shown could not be stored. %1', sentence)
      );
    }
  };
  return (
    <div
      className="jp-gpt-Branches"
      role="group"
      aria-label={trans.__('Branch %1 of %2', at + 1, siblings.length)}
    >
      <IconButton
        small
        name={trans.__('Previous branch')}
        icon={leftIcon}
        off={at === 0 ? trans.__('This is the first branch') : waits}
        onClick={event => void go(-1, event.currentTarget)}
      />
      <span className="jp-gpt-Branches-place">{`${at + 1}/${siblings.length}`}</span>
      <IconButton
        small
        name={trans.__('Next branch')}
        icon={rightIcon}
        off={
          at === siblings.length - 1
            ? trans.__('This is the last branch')
            : waits
        }
        onClick={event => void go(1, event.currentTarget)}
      />
    </div>
  );
}

/** The models that could answer in place of the one that did, with their prices. */
function useOtherModels(message: MessageModel): () => IMenuEntry[] {
  const { composer, models, setup, state, trans } = usePanel();
  return () => {
    const provider = message.provider ?? setup.status?.provider ?? 'default';
    return picksFor(models.models, '', provider)
      .filter(pick => pick.id !== message.model || pick.provider !== provider)
      .map(pick => ({
        key: `${pick.provider} ${pick.id}`,
        label: pick.label,
        note: facts(trans, pick),
        run: () => {
          const choice = { provider: pick.provider, model: pick.id };
          composer.branches.regenerate(message.id, choice);
          state.focusPrompt();
        }
      }));
  };
}

/** Another answer to the same question, by the same model or by another one. */
function Regenerate(props: IProps): JSX.Element {
  const { message, conversation } = props;
  const { composer, models, state, trans } = usePanel();
  useSignals(models.changed);
  const busy = useBusy(conversation);
  const others = useOtherModels(message);
  const { provider, model } = message;
  const label = modelLabel(models.models, provider, model);
  const info = models.models.find(
    m => m.id === model && m.provider === provider
  );
  const price = info && facts(trans, { info });
  const by = label && trans.__('Regenerate with %1', label);
  return (
    <>
      <IconButton
        small
        name={trans.__('Regenerate')}
        title={[by ?? trans.__('Regenerate'), price].filter(s => s).join('\n')}
        icon={retryIcon}
        off={busy}
        onClick={() => {
          composer.branches.regenerate(message.id);
          state.focusPrompt();
        }}
      />
      {models.models.length > 0 && (
        <MenuButton
          small
          name={trans.__('Answer with another model')}
          icon={chevronIcon}
          off={busy}
          entries={others}
          stays
        />
      )}
    </>
  );
}

/** Whether an answer ended before its end, so that one can go on with it. */
function isCut({ status, finishReason, text }: MessageModel): boolean {
  const cut = status === 'incomplete' || status === 'cancelled';
  return text !== '' && (cut || finishReason === 'length');
}

/**
 * Go on with an answer that was cut, was stopped or has reached its limit.
 */
export function Continue(props: IProps): JSX.Element | null {
  const { message, conversation } = props;
  const { composer, state, trans } = usePanel();
  const busy = useBusy(conversation);
  if (!message.stored || !isCut(message)) {
    return null;
  }
  return (
    <TextButton
      small
      icon={goOnIcon}
      title={trans.__('Go on where the answer ended; what is there stays')}
      off={busy}
      onClick={() => {
        composer.branches.goOn(message.id);
        state.focusPrompt();
      }}
    >
      {trans.__('Continue')}
    </TextButton>
  );
}

/** The message whose branch an answer is on: itself, or its question if that has others beside. */
function branchOf(
  conversation: ConversationModel,
  message: MessageModel
): MessageModel | null {
  if (conversation.siblings(message).length > 1) {
    return message;
  }
  const question = conversation.questionOf(message.id);
  return question && conversation.siblings(question).length > 1
    ? question
    : null;
}

/** Delete the branch; the panel offers to bring it back. */
function DeleteBranch(props: IProps): JSX.Element | null {
  const { message, conversation } = props;
  const { state, trans } = usePanel();
  const branch = branchOf(conversation, message);
  if (!branch) {
    return null;
  }
  const remove = async (): Promise<void> => {
    const { id, leaf } = conversation;
    try {
      await conversation.deleteBranch(branch.id);
      state.rememberDeleted({ conversation: id, branch: branch.id, leaf });
      state.focusPrompt();
    } catch (reason) {
      state.complain(errorSentence(trans, errorOf(reason)).sentence);
    }
  };
  return (
    <IconButton
      small
      name={trans.__('Delete branch')}
      title={trans.__('Delete this branch and all that follows in it')}
      icon={deleteIcon}
      onClick={() => void remove()}
    />
  );
}

/**
 * What can be done with a stored answer within the tree.
 */
export function BranchActions(props: IProps): JSX.Element | null {
  const { message, conversation } = props;
  useSignals(conversation.messagesChanged);
  if (!message.stored) {
    return null;
  }
  return (
    <>
      <Regenerate message={message} conversation={conversation} />
      <DeleteBranch message={message} conversation={conversation} />
    </>
  );
}
