import * as React from 'react';
import { errorSentence } from '../model/errors';
import type { IConversationItem } from '../protocol/frames';
import { usePanel } from './context';
import { errorOf } from './failure';

/** How long after a keystroke the search is made: a word is typed without a request a letter. */
const TYPING_MS = 200;

/** Rows read at once: some screens of the panel. */
const PAGE = 50;

/** The list of conversations as it was read. */
export interface IHistory {
  readonly items: readonly IConversationItem[];
  readonly loading: boolean;
  /** Translated: why it could not be read; empty when it could. */
  readonly sentence: string;
  /** Read the next page; null at the end. */
  readonly more: (() => void) | null;
  readonly reload: () => void;
}

interface IPageState {
  readonly items: readonly IConversationItem[];
  readonly next: string | null;
  readonly loading: boolean;
  readonly sentence: string;
}

/**
 * Read the conversations that hold `query`, and again whenever one has changed.
 */
export function useHistory(query: string): IHistory {
  const { conversations, trans } = usePanel();
  const [page, setPage] = React.useState<IPageState>({
    items: [],
    next: null,
    loading: true,
    sentence: ''
  });
  // Answers may come in another order than they were asked for: the last question counts.
  const asked = React.useRef(0);

  const read = React.useCallback(
    async (before: string | null) => {
      const turn = ++asked.current;
      setPage(old => ({ ...old, loading: true }));
      try {
        const list = await conversations.list({
          q: query.trim() || undefined,
          limit: PAGE,
          before: before ?? undefined
        });
        if (turn === asked.current) {
          setPage(old => ({
            items: before ? [...old.items, ...list.items] : list.items,
            next: list.next,
            loading: false,
            sentence: ''
          }));
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
    const refresh = (): void => void read(null);
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
    loading,
    sentence,
    more: next ? () => void read(next) : null,
    reload: () => void read(null)
  };
}
