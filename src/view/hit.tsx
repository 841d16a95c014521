import * as React from 'react';

/** Text before the first hit that is shown: little, so that the hit is seen in a narrow panel. */
const LEAD = 24;

/** From, and the one after the last; in UTF-16 units. */
type Range = readonly [number, number];

/** The places that the server found, those that are none left out. */
export function hitRanges(
  text: string,
  ranges: readonly (readonly unknown[])[]
): Range[] {
  return ranges
    .map(([from, to]): Range => [Number(from), Number(to)])
    .filter(([from, to]) => from >= 0 && to > from && to <= text.length);
}

/** Where the words of a search stand in a text; the server, too, takes signs for gaps. */
export function wordRanges(text: string, query: string): Range[] {
  const lower = text.toLowerCase();
  const words = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [query.trim()];
  const found: Range[] = [];
  for (const word of words.filter(some => some)) {
    for (
      let at = lower.indexOf(word);
      at >= 0;
      at = lower.indexOf(word, at + word.length)
    ) {
      found.push([at, at + word.length]);
    }
  }
  return found.sort((one, other) => one[0] - other[0]);
}

/**
 * A text with its hits marked.
 */
export function Marked(props: {
  text: string;
  ranges: readonly Range[];
  /** Begin shortly before the first hit. */
  short?: boolean;
}): JSX.Element {
  const { text, ranges } = props;
  const first = ranges[0]?.[0] ?? 0;
  const start = props.short && first > LEAD ? first - LEAD : 0;
  const pieces: React.ReactNode[] = start > 0 ? ['…'] : [];
  let at = start;
  ranges.forEach(([from, to], index) => {
    if (from >= at) {
      pieces.push(text.slice(at, from));
      pieces.push(<mark key={index}>{text.slice(from, to)}</mark>);
      at = to;
    }
  });
  pieces.push(text.slice(at));
  return <>{pieces}</>;
}
