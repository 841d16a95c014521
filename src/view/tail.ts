import * as React from 'react';
import { flushSync } from 'react-dom';
import type { ConversationModel } from '../model/conversation';
import type { MessageModel } from '../model/message';

/** Messages that are drawn when a conversation opens: more than three screens of most. */
const FIRST = 20;

/** Messages that are drawn at a time after that: what is drawn within 50 ms. */
const STEP = 4;

/**
 * Messages that are drawn at a time on the way to one far up that is to be shown: the page takes
 * clicks and keys meanwhile.
 */
const STRIDE = 20;

/** How far above what is seen the next ones are drawn, in pixels: a fast scroll meets them ready. */
const AHEAD_PX = 1500;

/** Which messages of a conversation are drawn: the last ones, and those the reader went up to. */
export interface ITail {
  /** Index of the first that is drawn. */
  readonly first: number;
  /** For the element above it, which draws more when it comes near. */
  readonly edgeRef: React.RefObject<HTMLDivElement>;
  /** Draw more of them. */
  readonly more: () => void;
  /** Draw more on the way to a message, if the conversation has it; to be asked until it is drawn. */
  readonly reveal: (id: string) => void;
}

/**
 * Draw the end of a conversation, and what is before it when the reader goes there.
 *
 * A conversation of 1,000 messages would take seconds to open, for what nobody looks at. What was
 * drawn once stays: it costs nothing but memory.
 *
 * @param scrollRef - The element that scrolls; what is seen in it stays where it is.
 */
export function useTail(
  conversation: ConversationModel,
  messages: readonly MessageModel[],
  scrollRef: React.RefObject<HTMLDivElement>
): ITail {
  const [, draw] = React.useReducer((count: number) => count + 1, 0);
  const edgeRef = React.useRef<HTMLDivElement>(null);
  const pin = React.useRef<{ of: string; id: string } | null>(null);
  // What stands below the edge, and where, while more is put above it. Not its distance from the
  // end: answers further down may grow meanwhile.
  const anchor = React.useRef<{ node: Element; top: number } | null>(null);

  const pinned =
    pin.current?.of === conversation.id
      ? messages.findIndex(({ id }) => id === pin.current?.id)
      : -1;
  const first = pinned >= 0 ? pinned : Math.max(0, messages.length - FIRST);

  const goTo = (index: number): void => {
    if (index < first && messages.length > 0) {
      const node = edgeRef.current?.nextElementSibling;
      anchor.current = node
        ? { node, top: node.getBoundingClientRect().top }
        : null;
      pin.current = {
        of: conversation.id,
        id: messages[Math.max(0, index, first - STRIDE)].id
      };
      draw();
    }
  };
  const latest = React.useRef(goTo);
  latest.current = goTo;

  React.useLayoutEffect(() => {
    // By the message and not by its place: an answer that comes must not let the first one go.
    if (messages.length > 0) {
      pin.current = { of: conversation.id, id: messages[first].id };
    }
    const box = scrollRef.current;
    if (box && anchor.current !== null) {
      const { node, top } = anchor.current;
      box.scrollTop += node.getBoundingClientRect().top - top;
    }
    anchor.current = null;
  }, [conversation, messages, first, scrollRef]);

  const more = React.useCallback(() => latest.current(first - STEP), [first]);
  const reveal = React.useCallback(
    (id: string) => {
      const index = messages.findIndex(message => message.id === id);
      if (index >= 0) {
        latest.current(index);
      }
    },
    [messages]
  );

  React.useEffect(() => {
    const edge = edgeRef.current;
    if (!edge || typeof IntersectionObserver === 'undefined') {
      return;
    }
    const observer = new IntersectionObserver(
      entries => {
        // A hidden panel has no height, and everything is near.
        const seen = (scrollRef.current?.clientHeight ?? 0) > 0;
        if (seen && entries.some(({ isIntersecting }) => isIntersecting)) {
          // At once: a scroll between the measuring and the drawing would be taken back.
          flushSync(more);
        }
      },
      { root: scrollRef.current, rootMargin: `${AHEAD_PX}px 0px 0px 0px` }
    );
    observer.observe(edge);
    return () => observer.disconnect();
  }, [more, scrollRef]);

  return { first, edgeRef, more, reveal };
}
