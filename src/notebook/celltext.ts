import { disarm } from './attributes';
import { fenceLanguage } from './fences';
import { formulaAt } from './formula';
import { withoutCode } from './unmasked';

/** A fence's first or last line, in whatever list or quote. */
const FENCE = /^[ \t>*+\d.)-]*?(`{3,}|~{3,})(.*)$/;

/** In lists, quotes and formulas readers differ: what is a fence for one is prose for another. */
const UNCERTAIN = /^[ \t>*+\d.)-]+(?:```|~~~)|\$|\\[[(]|\\begin/m;

/**
 * The start of a fence's line, and what may follow: a language's name. JupyterLab's parser writes
 * all of it into an attribute, unescaped, and runs Mermaid.
 */
const OPENING =
  /^([ \t>*+\d.)-]*(?:`{3,}(?=[^`\n]*$)|~{3,}(?!~))[ \t]*)(\S.*)$/gm;
const NAME = /^[\w+#.-]*/;

/**
 * What matters in a line of prose, the first that matches wins: a span of code (of a length that
 * real ones have), an escaped dollar, another escaped character, the start of a formula.
 */
const INLINE =
  /(?<!`)(?<ticks>`+)(?!`)[^]{1,1000}?(?<!`)\k<ticks>(?!`)|(?<dollar>\\\$)|\\[!-'*-/:-@\\\]-`{-~]|(?<formula>\$\$?|\\[([])/g;

/** `<` that could begin a tag: links, and the tags that load nothing, stay. */
const TAG =
  /<(?!https?:\/\/[^\s<>]*>|\/?(?:br|sub|sup)\s*\/?>)(?=[A-Za-z/!?])/g;
const IMAGE = /!+(?=\[)/g;

/** A dollar that no typesetter takes for a formula's: it does not look across tags. */
const DOLLAR = '<span>&#36;</span>';

/**
 * Markdown as a Markdown cell needs it: the stock renderer shows what the panel showed.
 *
 * The panel sets `$x$`, `$$x$$`, `\(x\)` and `\[x\]`, and leaves amounts alone. JupyterLab sets the
 * first two only, and takes any two dollars in a cell for a formula. Tags become text and images
 * links. Code stays as it was written, but only where every reader sees that it is code.
 *
 * The export to a notebook writes the same (`celltext.py`; both are held by `tests/celltext.json`).
 */
export function cellText(text: string): string {
  const cell = new CellText(!UNCERTAIN.test(withoutCode(text)));
  let mark = '';
  let prose: string[] = [];
  const endProse = () => {
    if (prose.length) {
      cell.read(prose.join('\n'));
      prose = [];
    }
  };
  for (const line of text.split('\n')) {
    const fence = FENCE.exec(line);
    if (mark) {
      if (fence && fence[1].startsWith(mark) && !fence[2].trim()) {
        mark = '';
      }
      cell.keep(line);
    } else if (fence && (fence[1][0] === '~' || !fence[2].includes('`'))) {
      endProse();
      mark = fence[1];
      cell.keep(line.replace(OPENING, named));
    } else if (/[^ \t>]/.test(line)) {
      prose.push(line);
    } else {
      endProse();
      cell.keep(line);
    }
  }
  endProse();
  return disarm(cell.text);
}

/** What was written so far: lines of pieces, of which null is a dollar. */
class CellText {
  /**
   * @param _certain - Whether every reader sees the same code in it.
   */
  constructor(private readonly _certain: boolean) {}

  /** All of it; a dollar that has no other beside it can stay what it is. */
  get text(): string {
    const dollars = this._lines.flat().filter(piece => piece === null).length;
    const dollar = !this._hasFormulas && dollars < 2 ? '$' : DOLLAR;
    return this._lines
      .map(line => line.map(piece => piece ?? dollar).join(''))
      .join('\n');
  }

  /** Take a line of code, or a blank one. */
  keep(line: string): void {
    this._lines.push([this._certain ? line : spaced(line)]);
  }

  /** Take a paragraph. */
  read(text: string): void {
    const pieces: (string | null)[] = [];
    let at = 0;
    for (;;) {
      INLINE.lastIndex = at;
      const found = INLINE.exec(text);
      if (!found) {
        break;
      }
      pieces.push(asText(text.slice(at, found.index)));
      at = found.index + found[0].length;
      if (found.groups?.dollar) {
        pieces.push(null);
      } else if (!found.groups?.formula) {
        pieces.push(found.groups?.ticks ? this._code(found[0]) : found[0]);
      } else {
        at = this._formula(text, found.index, pieces);
      }
    }
    pieces.push(asText(text.slice(at)));
    this._lines.push(pieces);
  }

  /** Take the formula that may begin at a place. */
  private _formula(
    text: string,
    at: number,
    pieces: (string | null)[]
  ): number {
    const raw = formulaAt(text, at);
    if (raw === null) {
      pieces.push(text[at] === '$' ? null : '\\');
      return at + 1;
    }
    pieces.push(withDollars(raw));
    this._hasFormulas = true;
    return at + raw.length;
  }

  private _code(span: string): string {
    // A span over two lines, or over the cells of a table, may be none.
    return this._certain && !/[\n|]/.test(span) ? span : spaced(span);
  }

  private _hasFormulas = false;
  private readonly _lines: (string | null)[][] = [];
}

function asText(prose: string): string {
  return prose.replace(TAG, '&lt;').replace(IMAGE, '');
}

/** Part what could be a tag or an image, where an entity would be seen as such. */
function spaced(code: string): string {
  return code.replace(OPENING, named).replace(TAG, '< ').replace(IMAGE, '! ');
}

/** Leave a fence the name of its language, which its reader highlights by, and no more. */
function named(_: string, start: string, rest: string): string {
  let info = rest.trimEnd();
  if (/mermaid/i.test(info)) {
    return `${start}text`;
  }
  if (NAME.exec(info)?.[0] !== info) {
    info = NAME.exec(fenceLanguage(info))?.[0] ?? '';
  }
  return `${start}${info}`.trimEnd();
}

function withDollars(raw: string): string {
  const sign = { '\\(': '$', '\\[': '$$' }[raw.slice(0, 2)];
  return spaced(
    sign === undefined ? raw : `${sign}${raw.slice(2, -2).trim()}${sign}`
  );
}
