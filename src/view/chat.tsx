import * as React from 'react';
import { Banners } from './banners';
import { Composer } from './composer';
import { usePanel, useSignals } from './context';
import { Header } from './header';
import { History } from './history';
import { LiveRegion } from './live';
import { Transcript } from './transcript';

/**
 * The whole panel: a conversation with its prompt box, or the list of conversations.
 */
export function Chat(): JSX.Element {
  const { conversations, state } = usePanel();
  useSignals(conversations.currentChanged, state.pageChanged);
  const conversation = conversations.current;
  return (
    <>
      {state.page === 'conversations' ? (
        <History />
      ) : (
        <>
          <Header conversation={conversation} />
          <Banners conversation={conversation} />
          <Transcript key={conversation.id} conversation={conversation} />
          <Composer />
        </>
      )}
      <LiveRegion conversation={conversation} />
    </>
  );
}
