import * as React from 'react';
import type { ConversationModel } from '../model/conversation';
import type { ITextAppended, MessageModel } from '../model/message';
import { SentenceAnnouncer } from './announcer';
import { usePanel } from './context';
import type { PanelState } from './state';

/**
 * What a screen reader hears: whole sentences of the running answer, and what buttons did.
 */
export function LiveRegion(props: {
  conversation: ConversationModel;
}): JSX.Element {
  const { conversation } = props;
  const { state, trans } = usePanel();
  const [text, setText] = React.useState('');

  React.useEffect(() => {
    const say = (_: PanelState, sentence: string): void =>
      // A region that gets the same text twice says it once.
      setText(old => (old === sentence ? `${sentence}\u00a0` : sentence));
    state.announced.connect(say);
    return () => {
      state.announced.disconnect(say);
    };
  }, [state]);

  React.useEffect(() => {
    let message: MessageModel | null = null;
    let voice: SentenceAnnouncer | null = null;
    const onText = (_: MessageModel, piece: ITextAppended): void => {
      if (piece.kind === 'text') {
        voice?.push(piece.text);
      }
    };
    const leave = (): void => {
      message?.textAppended.disconnect(onText);
      message = null;
      voice?.dispose();
      voice = null;
    };
    const follow = (): void => {
      if (conversation.running === message) {
        return;
      }
      voice?.finish();
      leave();
      message = conversation.running;
      if (message !== null) {
        voice = new SentenceAnnouncer(
          sentence => state.announce(sentence),
          trans.__('A block of code.')
        );
        message.textAppended.connect(onText);
      }
    };
    follow();
    conversation.changed.connect(follow);
    return () => {
      conversation.changed.disconnect(follow);
      leave();
    };
  }, [conversation, state, trans]);

  return (
    <div className="jp-gpt-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
