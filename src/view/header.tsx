import * as React from 'react';
import { historyIcon, newConversationIcon, settingsIcon } from './icons';
import type { ConversationModel } from '../model/conversation';
import { usePanel, useSignals } from './context';
import { IconButton } from './controls';

/**
 * The head of the panel: which conversation this is, and the ways out of it.
 */
export function Header(props: {
  conversation: ConversationModel;
}): JSX.Element {
  const { conversation } = props;
  const { conversations, openSettings, state, trans } = usePanel();
  useSignals(conversation.changed);
  const title = conversation.title || trans.__('New conversation');
  return (
    <header className="jp-gpt-Header">
      <h2 className="jp-gpt-Header-title" title={title}>
        {title}
      </h2>
      <IconButton
        name={trans.__('New conversation')}
        icon={newConversationIcon}
        onClick={() => {
          conversations.newConversation();
          state.focusPrompt();
        }}
      />
      <IconButton
        name={trans.__('Conversations')}
        icon={historyIcon}
        onClick={() => state.show('conversations')}
      />
      {openSettings && (
        <IconButton
          name={trans.__('Settings')}
          icon={settingsIcon}
          onClick={openSettings}
        />
      )}
    </header>
  );
}
