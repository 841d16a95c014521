import * as React from 'react';
import { closeIcon, historyIcon } from './icons';
import type { ConversationModel } from '../model/conversation';
import type { IConversationItem } from '../protocol/frames';
import { usePanel, useSignals } from './context';
import { Icon, IconButton, TextButton } from './controls';

/**
 * Rows that are looked at for a notebook's conversation: the last ones, one request. What was asked
 * longer ago is found by the search.
 */
const LOOK_AT = 100;

/** The last conversation about the notebook in front; null where there is none. */
function useConversationOf(path: string | null): IConversationItem | null {
  const { conversations } = usePanel();
  const [found, setFound] = React.useState<IConversationItem | null>(null);
  React.useEffect(() => {
    setFound(null);
    if (path === null) {
      return;
    }
    let current = true;
    conversations
      .list({ limit: LOOK_AT })
      .then(({ items }) => {
        if (current) {
          // Pinned ones stand first, whenever they were changed.
          const about = items.filter(({ notebook }) => notebook === path);
          about.sort((a, b) => (a.updated < b.updated ? 1 : -1));
          setFound(about[0] ?? null);
        }
      })
      // Nobody asked for it: then nothing is offered.
      .catch(() => undefined);
    return () => {
      current = false;
    };
  }, [conversations, path]);
  return found;
}

/**
 * The offer to go on with the conversation about the notebook that is in front, where nothing was
 * asked yet, or where another notebook's conversation is open. Who asks on there has declined.
 */
export function GoOn(props: {
  conversation: ConversationModel;
}): JSX.Element | null {
  const { conversation } = props;
  const { conversations, notebook, state, trans } = usePanel();
  useSignals(
    notebook?.activeChanged ?? null,
    conversation.messagesChanged,
    conversation.changed
  );
  const { running } = conversation;
  const empty = conversation.isNew && conversation.messages.length === 0;
  const front = conversation.loading ? null : (notebook?.path ?? null);
  const path = empty || conversation.notebook !== front ? front : null;
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  const item = useConversationOf(path);
  React.useEffect(() => {
    if (running && path !== null) {
      state.dismiss(path);
    }
  }, [path, running, state]);
  if (
    !item ||
    item.id === conversation.id ||
    path === null ||
    running ||
    state.isDismissed(path)
  ) {
    return null;
  }
  const title = item.title || trans.__('Untitled');
  return (
    <div className="jp-gpt-GoOn">
      <Icon icon={historyIcon} />
      <TextButton
        look="link"
        title={trans.__('The last conversation about %1', path)}
        onClick={() => {
          conversations
            .open(item.id)
            .then(() => state.focusPrompt())
            .catch(() => {
              // Deleted meanwhile: the offer was for nothing.
              state.dismiss(path);
              redraw();
            });
        }}
      >
        {trans.__('Go on with “%1”', title)}
      </TextButton>
      <IconButton
        small
        name={trans.__('Dismiss')}
        icon={closeIcon}
        onClick={() => {
          state.dismiss(path);
          redraw();
          state.focusPrompt();
        }}
      />
    </div>
  );
}
