import * as React from 'react';
import { closeIcon, checkIcon } from './icons';
import { errorSentence } from '../model/errors';
import { usePanel, useSignals } from './context';
import { Icon, IconButton, TextButton } from './controls';
import { errorOf } from './failure';

/**
 * That an answer ended while nobody watched, and the way to it.
 */
export function AwayNotice(): JSX.Element | null {
  const { away, conversations, state, trans } = usePanel();
  useSignals(away.changed);
  const { latest } = away;
  if (latest === null) {
    return null;
  }
  const show = async (): Promise<void> => {
    away.dismiss();
    try {
      await conversations.open(latest.conversation);
      conversations.current.showBranch(latest.answer).catch(() => undefined);
      state.showMessage(latest.answer);
    } catch (reason) {
      state.complain(errorSentence(trans, errorOf(reason)).sentence);
    }
  };
  const title = latest.title || trans.__('Untitled');
  return (
    <div className="jp-gpt-GoOn" role="status">
      <Icon icon={checkIcon} />
      <TextButton
        look="link"
        title={trans.__('Show the answer')}
        onClick={() => void show()}
      >
        {trans.__('Ended while you were away: “%1”', title)}
      </TextButton>
      <IconButton
        small
        name={trans.__('Dismiss')}
        icon={closeIcon}
        onClick={() => {
          away.dismiss();
          state.focusPrompt();
        }}
      />
    </div>
  );
}
