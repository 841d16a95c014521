import * as React from 'react';

/** Height of a list that is not laid out yet: more than any panel shows of it is not drawn. */
const UNKNOWN_PX = 1200;

/** Drawn above and below what is seen, so that a quick scroll does not show empty rows. */
const MARGIN_PX = 400;

/** What of a long list is drawn. */
export interface IWindow {
  readonly first: number;
  /** The one after the last. */
  readonly end: number;
  /** The height of what is above, in pixels. */
  readonly above: number;
  /** The height of what is below, in pixels. */
  readonly below: number;
}

/** The first index whose entry ends below a height. */
function indexAt(ends: readonly number[], height: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle] > height) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/**
 * What of a list is to be drawn.
 *
 * @param ends - For each entry, where it ends: the heights up to it together.
 * @param top - How far the list is scrolled.
 * @param height - How much of it is seen.
 */
export function windowOf(
  ends: readonly number[],
  top: number,
  height: number
): IWindow {
  const total = ends[ends.length - 1] ?? 0;
  const first = indexAt(ends, top - MARGIN_PX);
  const end = Math.min(
    ends.length,
    indexAt(ends, top + height + MARGIN_PX) + 1
  );
  const start = Math.min(first, Math.max(0, end - 1));
  return {
    first: start,
    end,
    above: start > 0 ? ends[start - 1] : 0,
    below: total - (end > 0 ? ends[end - 1] : 0)
  };
}

/**
 * Draw only what is seen of a long list, whose entries have known heights.
 *
 * @param box - The element that scrolls.
 */
export function useWindow(
  box: React.RefObject<HTMLElement>,
  heights: readonly number[]
): IWindow {
  const ends = React.useMemo(() => {
    let sum = 0;
    return heights.map(height => (sum += height));
  }, [heights]);
  const read = React.useCallback(
    () =>
      windowOf(
        ends,
        box.current?.scrollTop ?? 0,
        box.current?.clientHeight || UNKNOWN_PX
      ),
    [box, ends]
  );
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  const shown = read();
  const key = `${shown.first} ${shown.end}`;
  React.useEffect(() => {
    const node = box.current;
    const onScroll = (): void => {
      const now = read();
      if (`${now.first} ${now.end}` !== key) {
        redraw();
      }
    };
    const observer = new ResizeObserver(onScroll);
    node?.addEventListener('scroll', onScroll, { passive: true });
    if (node) {
      observer.observe(node);
    }
    return () => {
      node?.removeEventListener('scroll', onScroll);
      observer.disconnect();
    };
  }, [box, key, read]);
  return shown;
}
