/**
 * Cuts the inline text of one block into segments that are rendered once and never again.
 *
 * Where it cuts depends on the text before the cut (and one character after it) alone, never on the
 * pieces in which the text came: streamed and whole text give the same segments. A cut stands before
 * a single blank with nothing open: no code span, emphasis, link, formula or tag. So a long
 * paragraph costs the lexer each character a bounded number of times.
 */

/** A segment is worth closing from this length: short enough to lex again in each frame (~20 µs). */
const WORTH = 160;
/** Emphasis, links and the like that stay open longer than this many characters are cut through. */
const PATIENCE = 1200;
/** The same for a formula: displayed derivations are longer than emphasis. */
const PATIENCE_MATH = 8192;
/** A text without any blank is cut anyway. */
const HARD = 4096;
/** A `$` that finds no partner within this many characters is a currency sign. */
export const DOLLAR = 500;
/** A line is a table's header only if its first `|` stands within this many characters. */
const HEADER = 200;

const BLANK = /\s/;
const WORD = /[\p{L}\p{N}]/u;

export class InlineSplitter {
  /**
   * @param heading - Whether the text is a heading's, whose closing `#`s are cut off at its end.
   */
  constructor(private readonly _heading = false) {}

  /** The text after the last cut. */
  get tail(): string {
    return this._tail;
  }

  /** Whether nothing was added, or everything was taken back. */
  get empty(): boolean {
    return !this._cut && this._tail === '';
  }

  /**
   * Add text.
   *
   * @returns the segments that are now closed.
   */
  push(text: string): string[] {
    this._tail += text;
    const done: string[] = [];
    let from = 0;
    // The last character waits for the one after it.
    while (this._at < this._tail.length - 1) {
      const at = this._at;
      if (this._mayCut(from, at)) {
        done.push(this._tail.slice(from, at));
        from = at;
        this._reset();
      }
      if (!this._step(at)) {
        break;
      }
    }
    if (from > 0) {
      this._cut = true;
      this._tail = this._tail.slice(from);
      this._at -= from;
      this._lineStart -= from;
      this._dollar -= from;
    }
    return done;
  }

  /** The current line if it may be a table's header: it has a `|` near its start and is not cut. */
  get header(): string | null {
    const line = this._tail.slice(this._tail.lastIndexOf('\n') + 1);
    const bar = line.indexOf('|');
    return this._lineStart < 0 || bar < 0 || bar >= HEADER ? null : line;
  }

  /** Take the current line back: it is a table's header. */
  dropLine(): void {
    const start = this._tail.lastIndexOf('\n');
    this._tail = this._tail.slice(0, Math.max(0, start));
    this._at = Math.min(this._at, this._tail.length);
  }

  /** Close: the rest, which is the last segment. */
  end(): string {
    let rest = this._tail.replace(/[ \t\n]+$/, '');
    if (this._heading) {
      rest = rest.replace(/(^|[ \t]+)#+$/, '');
    }
    this._tail = '';
    return rest;
  }

  private _mayCut(from: number, at: number): boolean {
    const text = this._tail;
    const length = at - from;
    if (length < WORTH) {
      return false;
    }
    const here = text[at];
    if (this._candidate && length < HARD) {
      return false;
    }
    const before = text[at - 1];
    const next = text[at + 1];
    const blank =
      (here === ' ' || here === '\n') &&
      !BLANK.test(before) &&
      before !== '\\' &&
      !BLANK.test(next);
    if (length >= HARD && !this._math) {
      const surrogate = here >= '\udc00' && here <= '\udfff';
      return blank || (before !== '\\' && !surrogate && !BLANK.test(here));
    }
    if (!blank || (this._heading && next === '#')) {
      return false;
    }
    if (here !== '\n' && at - this._lineStart < HEADER) {
      return false;
    }
    return (
      this._balanced() || length >= (this._math ? PATIENCE_MATH : PATIENCE)
    );
  }

  private _balanced(): boolean {
    return (
      !this._code &&
      !this._math &&
      !this._angle &&
      this._dollar < 0 &&
      this._bracket === 0 &&
      this._paren === 0 &&
      this._stars === 0 &&
      this._lines === 0 &&
      this._tildes === 0
    );
  }

  private _reset(): void {
    this._code = this._bracket = this._paren = 0;
    this._stars = this._lines = this._tildes = 0;
    this._math = '';
    this._angle = false;
    this._dollar = -1;
  }

  /**
   * Take note of the character (or run) at `at` and move on.
   *
   * @returns false when more text is needed to know how long the run is.
   */
  private _step(at: number): boolean {
    const text = this._tail;
    const here = text[at];
    if (here === '\n') {
      this._lineStart = at + 1;
      this._candidate = false;
    } else if (here === '|' && at - this._lineStart < HEADER) {
      this._candidate = true;
    }
    if (this._dollar >= 0 && at - this._dollar > DOLLAR) {
      this._dollar = -1;
    }
    let length = 1;
    if ('`*_~$'.includes(here)) {
      while (text[at + length] === here) {
        length++;
      }
      if (at + length >= text.length) {
        return false;
      }
    }
    if (this._math) {
      if (here === '\\' || here === '$') {
        const mark =
          here === '\\' ? text.slice(at, at + 2) : '$'.repeat(length);
        // A line feed is not swallowed: it begins a line.
        length = mark === '\\\n' ? 1 : mark.length;
        if (mark === this._math) {
          this._math = '';
        }
      }
    } else if (this._code) {
      if (here === '`' && length === this._code) {
        this._code = 0;
      }
    } else {
      length = this._plain(at, here, length);
    }
    this._at = at + length;
    return true;
  }

  private _plain(at: number, here: string, length: number): number {
    const text = this._tail;
    const next = text[at + length];
    const before = at > 0 ? text[at - 1] : ' ';
    switch (here) {
      case '\\':
        if (next === '(' || next === '[') {
          this._math = next === '(' ? '\\)' : '\\]';
        }
        // A line feed is not swallowed: it begins a line.
        return next === '\n' ? 1 : 2;
      case '`':
        this._code = length;
        break;
      case '$':
        if (length === 2) {
          this._math = '$$';
        } else if (this._dollar >= 0) {
          this._dollar = BLANK.test(before) ? this._dollar : -1;
        } else if (!BLANK.test(next) && !WORD.test(before)) {
          this._dollar = at;
        }
        break;
      case '*':
        this._stars = run(this._stars, length, before, next);
        break;
      case '~':
        this._tildes = run(this._tildes, length, before, next);
        break;
      case '_':
        if (!(WORD.test(before) && WORD.test(next))) {
          this._lines = run(this._lines, length, before, next);
        }
        break;
      case '[':
        this._bracket++;
        break;
      case ']':
        this._bracket = Math.max(0, this._bracket - 1);
        this._paren += next === '(' && this._bracket === 0 ? 1 : 0;
        break;
      case ')':
        this._paren = Math.max(0, this._paren - 1);
        break;
      case '<':
        this._angle ||= /[a-z/!?]/i.test(next);
        break;
      case '>':
        this._angle = false;
        break;
    }
    return length;
  }

  private _tail = '';
  private _at = 0;
  private _cut = false;
  private _lineStart = 0;
  private _candidate = false;
  private _code = 0;
  private _math = '';
  private _dollar = -1;
  private _angle = false;
  private _bracket = 0;
  private _paren = 0;
  private _stars = 0;
  private _lines = 0;
  private _tildes = 0;
}

/** How many delimiters are open after a run of them. */
function run(
  open: number,
  length: number,
  before: string,
  next: string
): number {
  if (open > 0 && !BLANK.test(before)) {
    return Math.max(0, open - length);
  }
  return BLANK.test(next) ? open : open + length;
}
