/**
 * How unfinished inline Markdown is shown while it arrives: what is open is closed, what is only a
 * delimiter is left out, so that the text does not flicker. What is settled never passes here.
 */
export function heal(source: string): string {
  // An address that is still being written: its label is text for now.
  let text = source.replace(
    /!?\[([^[\]\n]*)(?:\](?:\([^()\s]*)?)?$/,
    (raw, label: string) => (raw.endsWith(']') ? raw : label)
  );
  const code = /(?<!`)`(?!`)/g;
  const ticks = text.match(code)?.length ?? 0;
  if (ticks % 2 === 1) {
    return text.endsWith('`') ? text.slice(0, -1) : `${text}\``;
  }
  const bare = text.replace(/`[^`]*`/g, run => 'a'.repeat(run.length));
  for (const mark of ['**', '~~', '*']) {
    const pattern =
      mark === '*' ? /(?<![*\\])\*(?!\*)/g : mark === '**' ? /\*\*/g : /~~/g;
    const found = Array.from(bare.matchAll(pattern)).filter(
      match =>
        !/\s/.test(bare[(match.index ?? 0) + mark.length] ?? 'a') ||
        !/\s/.test(bare[(match.index ?? 0) - 1] ?? ' ')
    );
    if (found.length % 2 === 1) {
      const last = found[found.length - 1].index ?? 0;
      const after = bare.slice(last + mark.length);
      if (after === '') {
        text = text.slice(0, last);
      } else if (!/^\s/.test(after)) {
        text = text.replace(/\s+$/, '') + mark;
      }
      break;
    }
  }
  return text;
}
