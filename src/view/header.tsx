import * as React from 'react';
import { historyIcon, newConversationIcon, settingsIcon } from './icons';
import type { ConversationModel } from '../model/conversation';
import { ConversationMenu } from './archivemenu';
import { usePanel, useSignals } from './context';
import { IconButton, TextButton } from './controls';
import { costText, costTitle } from './format';

/** What the conversation cost so far; the way to all that was spent. */
function ConversationCost(props: {
  conversation: ConversationModel;
}): JSX.Element | null {
  const { openUsage, trans } = usePanel();
  const { cost } = props.conversation;
  if (cost === null) {
    return null;
  }
  const text = costText(trans, cost);
  const unknown = text === trans.__('price unknown');
  const className =
    'jp-gpt-Header-cost' + (unknown ? ' jp-gpt-mod-unknown' : '');
  const exact = { 'data-conversation-cost-usd': cost.usd ?? undefined };
  if (openUsage === null) {
    return (
      <span {...exact} className={className} title={costTitle(trans, cost)}>
        {text}
      </span>
    );
  }
  return (
    <span {...exact} className={className}>
      <TextButton
        look="quiet"
        small
        name={trans.__('Cost of this conversation: %1. Show GPT usage', text)}
        title={costTitle(trans, cost)}
        onClick={openUsage}
      >
        {text}
      </TextButton>
    </span>
  );
}

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
    <div className="jp-gpt-Header">
      <h2 className="jp-gpt-Header-title" dir="auto" title={title}>
        {title}
      </h2>
      <ConversationCost conversation={conversation} />
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
      <ConversationMenu conversation={conversation} />
      {openSettings && (
        <IconButton
          name={trans.__('Settings')}
          icon={settingsIcon}
          onClick={openSettings}
        />
      )}
    </div>
  );
}
