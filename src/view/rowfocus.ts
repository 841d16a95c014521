import * as React from 'react';

/** The focus in a list whose rows come, go and move. */
export interface IRowFocus {
  /** For the list: where the focus is. */
  readonly handlers: Pick<
    React.DOMAttributes<HTMLElement>,
    'onFocus' | 'onBlur' | 'onKeyDown'
  >;
  /** To the first row; false if there is none. */
  readonly toFirst: () => boolean;
  /** To a row that is about to be there (again). */
  readonly toComing: (id: string) => void;
  /** To the row that took the place of the one that had the focus last. */
  readonly toLast: () => void;
}

/** Where the focus was: in which row, at which place, on which of its controls. */
interface IPlace {
  readonly id: string;
  readonly place: number;
  /** Its accessible name; null: what opens the row. */
  readonly control: string | null;
}

const OPEN = '.jp-gpt-History-open';

function rowOf(node: EventTarget | null): HTMLElement | null {
  return node instanceof Element ? node.closest('li') : null;
}

function placeOf(row: HTMLElement | null | undefined): number {
  return Number(row?.getAttribute('aria-posinset') ?? 0);
}

/** Focus a row's control, or what opens it; false if there is no row. */
function focusRow(
  row: HTMLElement | null | undefined,
  control: string | null = null
): boolean {
  const named =
    control === null
      ? null
      : row?.querySelector<HTMLElement>(`[aria-label="${control}"]`);
  (named ?? row?.querySelector<HTMLElement>(OPEN))?.focus();
  return !!row;
}

/**
 * Keep the focus in a list: a row that moves takes it along, one that goes leaves it to the row
 * that takes its place. ArrowUp and ArrowDown go from row to row.
 *
 * @param box - The list.
 * @param before - What stands before it, and has the focus where no row can.
 */
export function useRowFocus(
  box: React.RefObject<HTMLElement>,
  before: React.RefObject<HTMLElement>
): IRowFocus {
  const has = React.useRef<IPlace | null>(null);
  const last = React.useRef(1);
  const coming = React.useRef<string | null>(null);

  const rows = (): HTMLElement[] => [
    ...(box.current?.querySelectorAll<HTMLElement>('li') ?? [])
  ];
  const byId = (id: string): HTMLElement | undefined =>
    rows().find(row => row.dataset.conversation === id);
  const byPlace = (place: number): HTMLElement | undefined =>
    rows().find(row => placeOf(row) === place);

  React.useEffect(() => {
    const active = document.activeElement;
    const lost = active === null || active === document.body;
    const row = coming.current === null ? null : byId(coming.current);
    if (row && (lost || active === before.current)) {
      coming.current = null;
      focusRow(row);
    } else if (lost && has.current) {
      const { id, place, control } = has.current;
      focusRow(byId(id) ?? byPlace(place) ?? rows().pop(), control);
    }
  });

  const onFocus = ({ target }: React.FocusEvent): void => {
    const row = rowOf(target);
    const id = row?.dataset.conversation;
    if (row && id) {
      last.current = placeOf(row);
      const control = target.getAttribute('aria-label');
      has.current = { id, place: last.current, control };
    }
  };
  // Not told of an element that is taken away: then the focus is not gone, but lost.
  const onBlur = (): void => {
    has.current = null;
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = rowOf(event.target);
    if (!step || !row || event.target instanceof HTMLInputElement) {
      return;
    }
    event.preventDefault();
    const next = placeOf(row) + step;
    if (!focusRow(byPlace(next)) && next === 0) {
      before.current?.focus();
    }
  };
  return {
    handlers: { onFocus, onBlur, onKeyDown },
    toFirst: () => focusRow(byPlace(1)),
    toComing: id => {
      coming.current = id;
    },
    toLast: () => {
      if (
        coming.current !== null ||
        !focusRow(byPlace(last.current) ?? rows().pop())
      ) {
        before.current?.focus();
      }
    }
  };
}
