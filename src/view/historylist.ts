import * as React from 'react';
import { errorSentence } from '../model/errors';
import type { IConversationItem, IConversationList } from '../protocol/frames';
import { usePanel } from './context';
import { errorOf } from './failure';

/** How long after a keystroke the search is made: a word is typed without a request a letter. */
const TYPING_MS = 200;

/** Rows read at once: some screens of the panel. */
const PAGE = 50;

/** The list of conversations as it was read. */
export interface IHistory {
  readonly items: readonly IConversationItem[];
  /** What the rows were searched for; that of the box is a moment ahead. */
  readonly query: string;
  readonly loading: boolean;
  /** Translated: why it could not be read; empty when it could. */
  readonly sentence: string;
  /** Read the next page; null at the end. */
  readonly more: (() => void) | null;
  readonly reload: () => void;
}

interface IPageState {
  readonly items: readonly IConversationItem[];
  readonly query: string;
  readonly next: string | null;
  readonly loading: boolean;
  readonly sentence: string;
}

/** Whether a row stands below another: pinned ones first, then the last changed. */
function below(one: IConversationItem, other: IConversationItem): boolean {
  if (one.pinned !== other.pinned) {
    return other.pinned;
  }
  return one.updated < other.updated;
}

/**
 * The rows after the first page was read again: what was read further down stays, so that nobody
 * loses their place.
 */
export function refreshed(
  old: readonly IConversationItem[],
  first: readonly IConversationItem[]
): IConversationItem[] {
  const last = first[first.length - 1];
  const ids = new Set(first.map(({ id }) => id));
  const rest = old.filter(item => !ids.has(item.id) && below(item, last));
  return [...first, ...rest];
}

/** What a page makes of the rows that are there. */
function taken(
  old: IPageState,
  list: IConversationList,
  how: { query: string; before: string | null; again: boolean }
): IPageState {
  const { query, before, again } = how;
  const rest = { query, loading: false, sentence: '' };
  if (before) {
    return { ...rest, items: [...old.items, ...list.items], next: list.next };
  }
  // Rows that were found stand in an order of their own.
  const goesOn = again && !query && list.next !== null && old.items.length > 0;
  if (goesOn && old.query === query && old.items.length > list.items.length) {
    const items = refreshed(old.items, list.items);
    return { ...rest, items, next: old.next };
  }
  return { ...rest, items: list.items, next: list.next };
}

/**
 * Read the conversations that hold `query`, and again whenever one has changed.
 */
export function useHistory(query: string): IHistory {
  const { conversations, trans } = usePanel();
  const [page, setPage] = React.useState<IPageState>({
    items: [],
    query: '',
    next: null,
    loading: true,
    sentence: ''
  });
  // Answers may come in another order than they were asked for: the last question counts.
  const asked = React.useRef(0);

  const read = React.useCallback(
    async (before: string | null, again = false) => {
      const q = query.trim();
      const turn = ++asked.current;
      setPage(old => ({ ...old, loading: true }));
      try {
        const list = await conversations.list({
          q: q || undefined,
          limit: PAGE,
          before: before ?? undefined
        });
        if (turn === asked.current) {
          setPage(old => taken(old, list, { query: q, before, again }));
        }
      } catch (reason) {
        if (turn === asked.current) {
          const { sentence } = errorSentence(trans, errorOf(reason));
          setPage(old => ({ ...old, loading: false, sentence }));
        }
      }
    },
    [conversations, query, trans]
  );

  React.useEffect(() => {
    const timer = window.setTimeout(
      () => void read(null),
      query ? TYPING_MS : 0
    );
    const refresh = (): void => void read(null, true);
    conversations.listChanged.connect(refresh);
    return () => {
      window.clearTimeout(timer);
      conversations.listChanged.disconnect(refresh);
      asked.current += 1;
    };
  }, [conversations, read, query]);

  const { items, next, loading, sentence } = page;
  return {
    items,
    query: page.query,
    loading,
    sentence,
    more: next ? () => void read(next) : null,
    reload: () => void read(null)
  };
}
