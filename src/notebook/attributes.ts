import { withoutCode } from './unmasked';

/** No formula passes a blank line. */
const BLANK = /(\n\s*\n)/;
const LINK = /\]\(|\]:|:\/\/|www\./i;
const DELIMITER = /\$|\\(?:begin|end)\{|\\\\[()[\]]/gi;

/**
 * Make the quotes typographic that JupyterLab could put into an attribute.
 *
 * It takes formulas out of a cell before it parses it, and puts them back into the HTML with
 * their quotes unescaped: `[x](http://a/$" style="background: url(...)$)` fetches when the cell is
 * shown. The formulas are those that JupyterLab sees, which need not be those of the panel: it
 * pairs dollars across code that it does not take for code, and over braces. So no quote that
 * could come to stand in such a formula keeps its form where something near it could be a link.
 * The server's export does the same (`attributes.py`).
 */
export function disarm(markdown: string): string {
  if (!markdown.includes('"') || !LINK.test(markdown)) {
    return markdown;
  }
  let at = 0;
  return withoutCode(markdown)
    .split(BLANK)
    .map(seen => {
      const piece = markdown.slice(at, at + seen.length);
      at += seen.length;
      return isRisky(piece, seen) ? piece.replace(/"/g, '”') : piece;
    })
    .join('');
}

function isRisky(piece: string, seen: string): boolean {
  if (!piece.includes('"') || !LINK.test(piece)) {
    return false;
  }
  const delimiters = [...seen.matchAll(DELIMITER)].map(found => found.index);
  return (
    delimiters.length > 1 &&
    piece.slice(delimiters[0], delimiters[delimiters.length - 1]).includes('"')
  );
}
