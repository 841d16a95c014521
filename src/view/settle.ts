import * as React from 'react';

/** On a message that was laid out once: the browser may skip it where it is not seen. */
const SETTLED = 'jp-gpt-mod-settled';

/**
 * Let the browser skip messages that are not seen, once it knows how high they are.
 *
 * Else it walks and paints around all of them for each frame of a scroll: 35 ms where 1,000 are
 * drawn. Not before they were laid out: a height that is guessed would move what is read.
 *
 * @param contentRef - The element whose children are the messages.
 */
export function useSettled(contentRef: React.RefObject<HTMLDivElement>): void {
  // After each drawing: another conversation may have as many messages.
  React.useEffect(() => {
    let timer = 0;
    // Behind the frame, which is when the browser has noted the heights.
    const frame = requestAnimationFrame(() => {
      timer = window.setTimeout(() => {
        contentRef.current
          ?.querySelectorAll(`:scope > article:not(.${SETTLED})`)
          .forEach(article => article.classList.add(SETTLED));
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      window.clearTimeout(timer);
    };
  });
}
