import * as React from 'react';

/**
 * How far from the end the reader may be and still be "at the end": about two lines, so that a
 * half-scrolled line does not count as reading further up.
 */
const NEAR_PX = 40;

/** What the transcript needs to know of its scrolling. */
export interface IFollow {
  /** For the element that scrolls. */
  readonly scrollRef: React.RefObject<HTMLDivElement>;
  /** For the element that grows within it. */
  readonly contentRef: React.RefObject<HTMLDivElement>;
  /** Whether the reader is somewhere above the end. */
  readonly away: boolean;
  /** Go to the end and follow it again. */
  readonly toEnd: () => void;
  /** Stay here, though the content may grow or shrink; as if the reader had scrolled. */
  readonly stay: () => void;
  /** The handler of the scrolling element. */
  readonly onScroll: () => void;
}

/**
 * Follow the end of something that grows, as long as the reader is there.
 *
 * Positions are read where the browser has just laid the page out: in the scroll event, of which
 * there is one a frame, and in the resize observer. Growth alone never moves the view up, so a
 * smaller `scrollTop` is the reader's doing; that the end is far is not.
 *
 * @param enabled - False where the content is not a conversation, and begins at its beginning.
 */
export function useFollow(enabled: boolean): IFollow {
  const scrollRef = React.useRef<HTMLDivElement>(null);
  const contentRef = React.useRef<HTMLDivElement>(null);
  const following = React.useRef(true);
  const lastTop = React.useRef(0);
  const [away, setAway] = React.useState(false);

  const pin = React.useCallback(() => {
    const box = scrollRef.current;
    if (box && enabled && following.current) {
      box.scrollTop = box.scrollHeight;
    }
  }, [enabled]);

  const toEnd = React.useCallback(() => {
    following.current = true;
    setAway(false);
    pin();
  }, [pin]);

  const onScroll = React.useCallback(() => {
    const box = scrollRef.current;
    // A hidden panel has no height, and its position is nobody's choice.
    if (!box || box.clientHeight === 0) {
      return;
    }
    const top = box.scrollTop;
    const rest = box.scrollHeight - box.clientHeight - top;
    if (rest <= NEAR_PX) {
      following.current = true;
    } else if (top < lastTop.current) {
      following.current = false;
    }
    lastTop.current = top;
    setAway(enabled && !following.current);
  }, [enabled]);

  const stay = React.useCallback(() => {
    following.current = false;
    onScroll();
  }, [onScroll]);

  React.useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      pin();
      const box = scrollRef.current;
      if (box && box.clientHeight > 0 && box.scrollHeight <= box.clientHeight) {
        // A short branch has taken the place of a long one: its end is seen, and nothing scrolls.
        following.current = true;
        setAway(false);
      }
    });
    for (const element of [scrollRef.current, contentRef.current]) {
      if (element) {
        observer.observe(element);
      }
    }
    pin();
    return () => observer.disconnect();
  }, [pin]);

  return { scrollRef, contentRef, away, toEnd, stay, onScroll };
}
