import * as React from 'react';
import { closeIcon } from './icons';
import type { ConversationModel } from '../model/conversation';
import { errorSentence } from '../model/errors';
import { usePanel, useSignals } from './context';
import { IconButton, TextButton } from './controls';
import { errorOf } from './failure';

/**
 * That something was deleted, and the way back.
 */
export function UndoNotice(props: {
  sentence: string;
  undo: () => Promise<void>;
  /** It was undone, or nobody wants to. */
  onDone: () => void;
  /** Take the focus, which what was deleted had. */
  takesFocus?: boolean;
}): JSX.Element {
  const { sentence, undo, onDone, takesFocus } = props;
  const { trans } = usePanel();
  const [failed, setFailed] = React.useState('');
  const node = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    if (takesFocus) {
      node.current?.querySelector('button')?.focus();
    }
  }, [takesFocus]);
  const run = async (): Promise<void> => {
    try {
      await undo();
      onDone();
    } catch (reason) {
      setFailed(errorSentence(trans, errorOf(reason)).sentence);
    }
  };
  return (
    <div
      className="jp-gpt-Undo"
      role="status"
      ref={node}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          onDone();
        }
      }}
    >
      <span title={sentence}>
        {sentence}
        {failed && <em>{failed}</em>}
      </span>
      <TextButton look="link" onClick={() => void run()}>
        {trans.__('Undo')}
      </TextButton>
      <IconButton
        small
        name={trans.__('Dismiss')}
        icon={closeIcon}
        onClick={onDone}
      />
    </div>
  );
}

/**
 * The branch that was deleted last can be brought back, until something else is asked.
 */
export function BranchUndo(props: {
  conversation: ConversationModel;
}): JSX.Element | null {
  const { conversation } = props;
  const { state, trans } = usePanel();
  useSignals(state.deletedChanged, conversation.changed);
  const { deleted } = state;
  const running = conversation.running !== null;
  React.useEffect(() => {
    if (running) {
      state.forgetDeleted();
    }
  }, [running, state]);
  if (running || deleted?.conversation !== conversation.id) {
    return null;
  }
  const { branch, leaf } = deleted;
  return (
    <UndoNotice
      key={branch}
      sentence={trans.__('The branch is deleted')}
      undo={async () => {
        await conversation.restoreBranch(branch, leaf);
        state.showMessage(branch);
      }}
      onDone={() => {
        const shown = conversation.has(branch);
        state.forgetDeleted();
        if (!shown) {
          state.focusPrompt();
        }
      }}
    />
  );
}
