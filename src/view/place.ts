import * as React from 'react';
import type { IFollow } from './follow';
import type { PanelState } from './state';

/** How long a message that was looked for stays lit: long enough for the eye to find it. */
const LIT_MS = 2000;

/** The article of a message, if it is drawn. */
function articleOf(box: HTMLElement | null, id: string): HTMLElement | null {
  return (
    box?.querySelector<HTMLElement>(`[data-message="${CSS.escape(id)}"]`) ??
    null
  );
}

/** Scroll to a message, and light it up for a while. */
function lightUp(node: HTMLElement): void {
  node.tabIndex = -1;
  node.focus({ preventScroll: true });
  node.scrollIntoView?.({ block: 'start' });
  node.classList.add('jp-gpt-mod-lit');
  window.setTimeout(() => node.classList.remove('jp-gpt-mod-lit'), LIT_MS);
}

/**
 * Show the message that was asked for, now or as soon as it is among those that are drawn.
 *
 * @param reveal - Draws a message that is further up.
 */
export function useShownMessage(
  state: PanelState,
  { scrollRef, stay }: IFollow,
  reveal: (id: string) => void
): void {
  const show = React.useCallback(() => {
    const box = scrollRef.current;
    const id = state.takeMessage(wanted => {
      const there = articleOf(box, wanted) !== null;
      if (!there) {
        // It is drawn, and this is asked again.
        reveal(wanted);
      }
      return there;
    });
    const node = id === null ? null : articleOf(box, id);
    if (node) {
      lightUp(node);
      stay();
    }
  }, [reveal, scrollRef, state, stay]);
  React.useEffect(() => {
    state.messageRequested.connect(show);
    return () => {
      state.messageRequested.disconnect(show);
    };
  }, [show, state]);
  // After each drawing: which message is drawn is not for the list alone to say.
  React.useEffect(show);
}

/**
 * Let the message of another branch stand where the one before stood, with the focus on the same
 * button.
 */
export function useKeptPlace(
  state: PanelState,
  { scrollRef, stay }: IFollow
): void {
  const kept = React.useRef<PanelState.IPlace | null>(null);
  React.useEffect(() => {
    const keep = (_: PanelState, place: PanelState.IPlace): void => {
      kept.current = place;
    };
    state.placeKept.connect(keep);
    return () => {
      state.placeKept.disconnect(keep);
    };
  }, [state]);
  // After each drawing: which one shows the other branch is React's to say.
  React.useLayoutEffect(() => {
    const box = scrollRef.current;
    const place = kept.current;
    const node = place && articleOf(box, place.id);
    if (box && place && node) {
      kept.current = null;
      const button = [...node.querySelectorAll('button')].find(
        some => some.getAttribute('aria-label') === place.name
      );
      button?.focus({ preventScroll: true });
      box.scrollTop += node.getBoundingClientRect().top - place.top;
      stay();
    }
  });
}
