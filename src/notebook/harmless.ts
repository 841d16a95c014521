import { removeMath } from '@jupyterlab/rendermime';
import type { Token, Tokens } from 'marked';
import { Lexer } from 'marked';

/**
 * The tags that may stay: they can neither load, link nor style anything.
 */
const ALLOWED_TAG = /^<(?:br ?\/?|\/?su[bp])>$/i;

/** `<https://example.org>` and `<a@b.c>`: links, which wait for a click. */
const AUTOLINK = /^<(?:https?:\/\/[^\s<>"'`]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>/;

/** A fence, as far as its line shows. */
const FENCE = /^([ \t]*)(`{3,}|~{3,})[ \t]*(.*)$/;

/**
 * Characters of a code span or formula at most: real ones are far shorter, and without a bound
 * a page of lone backticks would be searched to its end for each of them.
 */
const SPAN = 1000;

/**
 * What matters in prose, the first that matches wins: an escaped character, a code span, a
 * formula, the start of an image, something that looks like a tag.
 */
const INLINE = new RegExp(
  [
    '(\\\\[!-/:-@\\[-`{-~])(?<!\\\\[(\\[])',
    `((?<!\`)(\`+)(?!\`)[^]{0,${SPAN}}?[^\`]\\3(?!\`))`,
    `(\\$\\$[^$]{1,${SPAN}}\\$\\$|\\$[^$\\n]{1,${SPAN}}\\$|\\\\\\([^]{1,${SPAN}}?\\\\\\)|\\\\\\[[^]{1,${SPAN}}?\\\\\\])`,
    '(!+(?=\\[))',
    '(<(?=[A-Za-z/!?])[^<>\\s]*>?)'
  ].join('|'),
  'g'
);

/**
 * Make Markdown harmless for JupyterLab's own renderer.
 *
 * A Markdown cell is rendered as soon as it is inserted, by the stock renderer, whose sanitizer
 * lets an image be fetched from anywhere and which runs Mermaid. So raw HTML becomes visible text
 * (`<br>`, `<sub>` and `<sup>` stay), an image becomes the link to it, and a Mermaid fence becomes
 * plain code. The result is then read by the parser that the renderer uses; should that still see
 * something that acts, a coarser rewriting takes over, which leaves no way to write it at all.
 */
export function makeHarmless(markdown: string): string {
  const gentle = rewrite(markdown);
  return isHarmless(gentle) ? gentle : coarse(markdown);
}

/**
 * Whether JupyterLab's Markdown parser finds nothing in the text that could load or run.
 *
 * It takes the formulas out before it parses; both readings must be clean, since where a formula
 * ends is a matter of guessing.
 */
export function isHarmless(markdown: string): boolean {
  return [removeMath(markdown).text, markdown].every(text =>
    allHarmless(Lexer.lex(text, { gfm: true }))
  );
}

function allHarmless(tokens: readonly Token[]): boolean {
  return tokens.every(token => {
    if (token.type === 'image') {
      return false;
    }
    if (token.type === 'html') {
      return ALLOWED_TAG.test(token.raw.trim());
    }
    if (token.type === 'code' && /mermaid/i.test(token.lang ?? '')) {
      return false;
    }
    return children(token).every(list => allHarmless(list));
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

/** Rewrite prose and the first lines of fences; what stands within a fence is left alone. */
function rewrite(markdown: string): string {
  const out: string[] = [];
  let paragraph: string[] = [];
  let fence = '';
  const endParagraph = () => {
    if (paragraph.length) {
      out.push(rewriteProse(paragraph.join('\n')));
      paragraph = [];
    }
  };
  for (const line of markdown.split('\n')) {
    const match = FENCE.exec(line);
    if (fence) {
      out.push(line);
      if (match && !match[3].trim() && match[2].startsWith(fence)) {
        fence = '';
      }
    } else if (match && !match[3].includes('`')) {
      endParagraph();
      fence = match[2];
      out.push(`${match[1]}${match[2]}${harmlessInfo(match[3])}`);
    } else if (line.trim()) {
      paragraph.push(line);
    } else {
      endParagraph();
      out.push(line);
    }
  }
  endParagraph();
  return out.join('\n');
}

/** A fence's language for the highlighter; the names that a renderer would run become text. */
function harmlessInfo(info: string): string {
  const word = /^[\w+#.-]*/.exec(info.trim())?.[0] ?? '';
  return /mermaid/i.test(word) ? 'text' : word;
}

function rewriteProse(text: string): string {
  return text.replace(
    INLINE,
    (
      all: string,
      escaped?: string,
      code?: string,
      _ticks?: string,
      math?: string,
      image?: string
    ) => {
      if (escaped || code) {
        return all;
      }
      if (math) {
        // A space changes nothing in a formula, an entity would.
        return math.replace(/<(?=[A-Za-z/!?])/g, '< ').replace(/!+\[/g, '! [');
      }
      if (image) {
        return '';
      }
      return ALLOWED_TAG.test(all) || AUTOLINK.test(all)
        ? all
        : `&lt;${all.slice(1)}`;
    }
  );
}

/** Leave no `<`, no `![` and no Mermaid fence anywhere, in code neither. */
function coarse(markdown: string): string {
  return markdown
    .replace(/</g, '&lt;')
    .replace(/!+\[/g, '[')
    .split('\n')
    .map(line =>
      /`{3}|~{3}/.test(line) ? line.replace(/mermaid/gi, 'text') : line
    )
    .join('\n');
}
