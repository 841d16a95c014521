import { removeMath } from '@jupyterlab/rendermime';
import type { Token, Tokens } from 'marked';
import { Lexer } from 'marked';
import { cellText } from './celltext';

/**
 * The tags that may stay: they can neither load, link nor style anything.
 */
const ALLOWED_TAG = /^<(?:br ?\/?|\/?su[bp]|\/?span)>$/i;

/** A fence's language that JupyterLab runs, or that ends the attribute it is written into. */
const BAD_LANGUAGE = /mermaid|["<]/i;

/** What JupyterLab puts in a formula's place while it parses. */
const PLACEHOLDER = /@@(\d+)@@/g;

/**
 * Make Markdown harmless for JupyterLab's own renderer.
 *
 * A Markdown cell is rendered as soon as it is inserted, by the stock renderer, whose sanitizer
 * lets an image be fetched from anywhere and which runs Mermaid; `cellText` leaves neither. The
 * result is then read by the parser that the renderer uses; should that still see
 * something that acts, a coarser rewriting takes over, which leaves no way to write it at all.
 */
export function makeHarmless(markdown: string): string {
  const gentle = cellText(markdown);
  return isHarmless(gentle) ? gentle : coarse(markdown);
}

/**
 * Whether JupyterLab's Markdown parser finds nothing in the text that could load or run.
 *
 * It takes the formulas out before it parses; both readings must be clean, since where a formula
 * ends is a matter of guessing.
 */
export function isHarmless(markdown: string): boolean {
  const { text, math } = removeMath(markdown);
  return (
    allHarmless(Lexer.lex(text, { gfm: true }), math) &&
    allHarmless(Lexer.lex(markdown, { gfm: true }), [])
  );
}

function allHarmless(
  tokens: readonly Token[],
  math: readonly string[]
): boolean {
  return tokens.every(token => {
    if (token.type === 'image' || isEnded(token, math)) {
      return false;
    }
    if (token.type === 'html') {
      return ALLOWED_TAG.test(token.raw.trim());
    }
    if (token.type === 'code' && BAD_LANGUAGE.test(token.lang ?? '')) {
      return false;
    }
    return children(token).every(list => allHarmless(list, math));
  });
}

/** The lists of tokens within a token, a table's cells included. */
function children(token: Token): Token[][] {
  const lists: Token[][] = [];
  if ('tokens' in token && token.tokens) {
    lists.push(token.tokens);
  }
  if (token.type === 'list') {
    lists.push((token as Tokens.List).items);
  }
  if (token.type === 'table') {
    const table = token as Tokens.Table;
    for (const cell of [table.header, ...table.rows].flat()) {
      lists.push(cell.tokens);
    }
  }
  return lists;
}

/** Whether a formula with a quote would be put back into one of the token's attributes. */
function isEnded(token: Token, math: readonly string[]): boolean {
  const { href, title } = token as Partial<Tokens.Link>;
  const { lang } = token as Partial<Tokens.Code>;
  return [href, title, lang].some(text =>
    [...(text ?? '').matchAll(PLACEHOLDER)].some(([, index]) =>
      math[Number(index)]?.includes('"')
    )
  );
}

/**
 * Leave no `<`, no `![`, no Mermaid fence and no `"` anywhere, in code neither.
 */
export function coarse(markdown: string): string {
  return markdown
    .replace(/</g, '&lt;')
    .replace(/!+\[/g, '[')
    .replace(/"/g, '”')
    .split('\n')
    .map(line =>
      /`{3}|~{3}/.test(line) ? line.replace(/mermaid/gi, 'text') : line
    )
    .join('\n');
}
