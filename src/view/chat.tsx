import * as React from 'react';
import { AwayNotice } from './awaynotice';
import { Banners } from './banners';
import { Composer } from './composer';
import { usePanel, useSignals } from './context';
import { GoOn } from './goon';
import { Header } from './header';
import { History } from './history';
import { LiveRegion } from './live';
import { PreviewDialog } from './preview';
import { Transcript } from './transcript';
import { BranchUndo } from './undo';

/** What stands under a dialog: seen, and out of reach while the dialog is open. */
function Ground(props: { children: React.ReactNode }): JSX.Element {
  const { preview } = usePanel();
  useSignals(preview.changed);
  const node = React.useRef<HTMLDivElement>(null);
  const { isOpen } = preview;
  React.useLayoutEffect(() => {
    node.current?.toggleAttribute('inert', isOpen);
  }, [isOpen]);
  return (
    <div
      ref={node}
      className="jp-gpt-Ground"
      aria-hidden={isOpen ? true : undefined}
    >
      {props.children}
    </div>
  );
}

/**
 * The whole panel: a conversation with its prompt box, or the list of conversations.
 */
export function Chat(): JSX.Element {
  const { conversations, state } = usePanel();
  useSignals(conversations.currentChanged, state.pageChanged);
  const conversation = conversations.current;
  return (
    <>
      <Ground>
        {state.page === 'conversations' ? (
          <History />
        ) : (
          <>
            <Header conversation={conversation} />
            <Banners conversation={conversation} />
            <Transcript key={conversation.id} conversation={conversation} />
            <AwayNotice />
            <BranchUndo conversation={conversation} />
            <GoOn
              key={`go on ${conversation.id}`}
              conversation={conversation}
            />
            <Composer />
          </>
        )}
      </Ground>
      <PreviewDialog />
      <LiveRegion conversation={conversation} />
    </>
  );
}
