/**
 * What a line can begin: the block rules of CommonMark and GFM, as pure functions.
 */

/** A marker of a list's item. */
export interface IMarker {
  readonly ordered: boolean;
  /** `-`, `+`, `*`, `.` or `)`: another one begins another list. */
  readonly delimiter: string;
  readonly start: number;
  /** Columns of the marker itself. */
  readonly width: number;
}

/** The opening line of a fenced code block. */
export interface IFence {
  readonly mark: string;
  readonly length: number;
  readonly info: string;
}

/**
 * A partial line longer than this is text, whatever it might have become. A displayed formula on one
 * line is the longest thing that needs its end to be known.
 */
export const LINE_CAP = 8192;

export const BLANK = /^[ \t]*$/;
const RULE = /^(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$/;
const HEADING = /^(#{1,6})(?:[ \t]+|$)/;
const FENCE = /^(`{3,}|~{3,})(.*)$/;
const MARKER = /^(?:([-+*])|(\d{1,9})([.)]))(?=[ \t]|$)/;
const SETEXT = /^(?:(=+)|-+)[ \t]*$/;
const DELIMITERS = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** The elements that begin a block of raw HTML (CommonMark's conditions 1 and 6), and comments. */
const RAW =
  /^<(?:!--|\?|!\[CDATA\[|![a-z]|\/?(?:address|article|aside|audio|base|basefont|blockquote|body|button|canvas|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|embed|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|math|menu|menuitem|meta|nav|noframes|object|ol|optgroup|option|p|param|pre|script|search|section|select|style|summary|svg|table|tbody|td|template|textarea|tfoot|th|thead|title|tr|track|ul|video)(?:[\s/>]|$))/i;

export function isRule(rest: string): boolean {
  return RULE.test(rest);
}

export function isRaw(rest: string): boolean {
  return RAW.test(rest);
}

/** The level of an ATX heading and where its text begins. */
export function headingOf(
  rest: string
): { level: number; offset: number } | null {
  const match = HEADING.exec(rest);
  return match ? { level: match[1].length, offset: match[0].length } : null;
}

/** The level of a setext heading's underline. */
export function setextOf(rest: string): number {
  const match = SETEXT.exec(rest);
  return match ? (match[1] ? 1 : 2) : 0;
}

export function fenceOf(rest: string): IFence | null {
  const match = FENCE.exec(rest);
  if (!match || (match[1][0] === '`' && match[2].includes('`'))) {
    return null;
  }
  return {
    mark: match[1][0],
    length: match[1].length,
    info: match[2].trim().replace(/\\([!-/:-@[-`{-~])/g, '$1')
  };
}

/** Whether the line closes the fence. */
export function closesFence(rest: string, fence: IFence): boolean {
  const match = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(rest);
  return (
    match !== null &&
    match[1][0] === fence.mark &&
    match[1].length >= fence.length
  );
}

export function markerOf(rest: string): IMarker | null {
  const match = MARKER.exec(rest);
  if (!match) {
    return null;
  }
  return {
    ordered: !match[1],
    delimiter: match[1] ?? match[3],
    start: match[2] ? Number(match[2]) : 1,
    width: match[0].length
  };
}

/** The opening of a displayed formula: what closes it. */
export function mathOf(rest: string): '$$' | '\\]' | null {
  if (rest.startsWith('$$')) {
    return '$$';
  }
  return rest.startsWith('\\[') ? '\\]' : null;
}

/** Alignments of a table's delimiter row, or null when the line is none. */
export function delimitersOf(rest: string): string[] | null {
  if (!DELIMITERS.test(rest) || !/[|:]/.test(rest)) {
    return null;
  }
  return cellsOf(rest).map(cell => {
    const left = cell.startsWith(':');
    const right = cell.endsWith(':');
    return left && right ? 'center' : right ? 'right' : left ? 'left' : '';
  });
}

/** A row's cells: `\|` is a bar within a cell, also in code (as GFM has it). */
export function cellsOf(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  const text = line.trim();
  for (let at = text[0] === '|' ? 1 : 0; at < text.length; at++) {
    if (text[at] === '\\' && at + 1 < text.length) {
      cell += text[at + 1] === '|' ? '|' : text.slice(at, at + 2);
      at++;
    } else if (text[at] === '|') {
      cells.push(cell.trim());
      cell = '';
    } else {
      cell += text[at];
    }
  }
  if (cell.trim() !== '') {
    cells.push(cell.trim());
  }
  return cells;
}

const PREFIX = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*/;
const OPEN = [
  // rule, underline, delimiter row, bullet, `**`
  /^[-+*_=|: \t]*$/,
  // heading: the blanks before its text are not its own
  /^#{1,6}[ \t]*$/,
  /^\d{1,9}[.)]?$/,
  // fences: the info string, or a second backtick that makes it inline code
  /^(?:`{1,2}|`{3,}[^`]*|~{1,2}|~{3,}.*)$/,
  // formulas: whether they close on this line
  /^(?:\$|\\)$/,
  /^(?:\$\$|\\\[)/,
  // the name of an element
  /^<[/!?]?[a-z0-9[-]*$/i
];

/**
 * Whether the end of a line can still change which block it belongs to.
 *
 * While true the line is held back, so that what is shown never has to be taken back.
 */
export function undecided(line: string): boolean {
  const rest = line.replace(PREFIX, '');
  return OPEN.some(pattern => pattern.test(rest));
}

/** The same within a fenced block, where only the closing fence matters. */
export function undecidedInFence(line: string): boolean {
  return /^[ \t]*(?:`*|~*)[ \t]*$/.test(line);
}

/** A line whose blanks are counted in columns, tabs being stops of four. */
export class Cursor {
  constructor(readonly line: string) {
    this.rest = line;
  }

  /** What is not consumed yet. */
  rest: string;

  get blank(): boolean {
    return BLANK.test(this.rest);
  }

  /** Columns of leading blanks. */
  get indent(): number {
    let width = 0;
    for (const char of this.rest) {
      if (char === ' ') {
        width++;
      } else if (char === '\t') {
        width += 4 - ((this._column + width) % 4);
      } else {
        break;
      }
    }
    return width;
  }

  /** Consume up to so many columns of blanks; a tab may be consumed in part. */
  skip(columns: number): void {
    let left = columns;
    while (left > 0) {
      const char = this.rest[0];
      if (char === ' ') {
        this.rest = this.rest.slice(1);
        this._column++;
        left--;
      } else if (char === '\t') {
        const width = 4 - (this._column % 4);
        this.rest = ' '.repeat(width) + this.rest.slice(1);
      } else {
        return;
      }
    }
  }

  /** Consume characters that are no blanks. */
  take(count: number): void {
    this.rest = this.rest.slice(count);
    this._column += count;
  }

  private _column = 0;
}
