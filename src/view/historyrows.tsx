import * as React from 'react';
import type { IConversationItem } from '../protocol/frames';
import { usePanel } from './context';
import * as format from './format';
import type { IHistory } from './historylist';
import { HistoryRow } from './historyrow';
import { useWindow } from './windowing';

/** Heights in pixels, as `history.css` has them: a heading, a row, a row with a hit. */
const HEADING_PX = 30;
const ROW_PX = 50;
const HIT_ROW_PX = 86;

/** Rows before the end at which the next page is read: some screens of the panel. */
const READ_AHEAD = 30;

/** What stands in the list, one under the other. */
interface IEntry {
  readonly group: string;
  /** Null: the heading itself. */
  readonly item: IConversationItem | null;
  /** The row's number in the whole list. */
  readonly place: number;
}

/** The heading under which a conversation stands. */
function useHeading(): (item: IConversationItem, now: Date) => string {
  const { trans } = usePanel();
  return React.useCallback(
    (item, now) => {
      if (item.pinned) {
        return trans.__('Pinned');
      }
      const days = format.daysAgo(new Date(item.updated), now);
      if (days <= 0) {
        return trans.__('Today');
      }
      if (days === 1) {
        return trans.__('Yesterday');
      }
      return days <= 7 ? trans.__('Last 7 days') : trans.__('Older');
    },
    [trans]
  );
}

/** The rows with their headings between them. */
function useEntries(items: readonly IConversationItem[]): readonly IEntry[] {
  const heading = useHeading();
  return React.useMemo(() => {
    const now = new Date();
    const entries: IEntry[] = [];
    items.forEach((item, index) => {
      const group = heading(item, now);
      if (entries[entries.length - 1]?.group !== group) {
        entries.push({ group, item: null, place: 0 });
      }
      entries.push({ group, item, place: index + 1 });
    });
    return entries;
  }, [heading, items]);
}

function heightOf({ item }: IEntry): number {
  return item === null ? HEADING_PX : item.hit ? HIT_ROW_PX : ROW_PX;
}

/**
 * The rows, under their headings. Only those that are seen are drawn, and the next page is read
 * before its place is reached.
 */
export function HistoryRows(props: {
  history: IHistory;
  query: string;
  box: React.RefObject<HTMLElement>;
  onRemoved: (item: IConversationItem) => void;
}): JSX.Element {
  const { history, query, box, onRemoved } = props;
  const { items, more, loading, sentence } = history;
  const entries = useEntries(items);
  const heights = React.useMemo(() => entries.map(heightOf), [entries]);
  const { first, end, above, below } = useWindow(box, heights);

  // A page that could not be read is not asked for again by itself.
  const asks = more !== null && !loading && !sentence;
  const near = asks && end >= entries.length - READ_AHEAD;
  React.useEffect(() => {
    if (near) {
      more?.();
    }
  }, [near, items]);

  const groups: IEntry[][] = [];
  for (const entry of entries.slice(first, end)) {
    const group = groups[groups.length - 1];
    if (group?.[0].group === entry.group) {
      group.push(entry);
    } else {
      groups.push([entry]);
    }
  }
  return (
    <div style={{ paddingTop: above, paddingBottom: below }}>
      {groups.map(group => (
        <section
          key={group[0].group}
          className="jp-gpt-History-group"
          aria-label={group[0].group}
        >
          {group[0].item === null && <h3>{group[0].group}</h3>}
          <ul>
            {group.map(
              ({ item, place }) =>
                item && (
                  <HistoryRow
                    key={item.id}
                    item={item}
                    query={query}
                    place={place}
                    // -1: nobody knows yet how many there are.
                    size={more ? -1 : items.length}
                    onRemoved={onRemoved}
                  />
                )
            )}
          </ul>
        </section>
      ))}
    </div>
  );
}
