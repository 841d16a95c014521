import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { Parser, PartialParse, Tree } from '@lezer/common';
import { TreeFragment } from '@lezer/common';
import { highlightTree } from '@lezer/highlight';
import { style } from './colours';
import { endsInside } from './longtext';
import { element } from './sanitize';

/** How far above the last highlighted line a growing block is looked at again. */
const BACK = 12;

/** A growing block's highlighting takes at most a fifth of the time: it rests four times as long. */
const REST = 4;

/** So many lines are compared or made between two looks at the clock. */
const SLICE = 16;

/** So many lines are laid out together: a new line costs at most these again. */
const CHUNK = 64;

/**
 * A line of code goes on in a new one from this length: laying out one line is one task, which must
 * stay short, and is done again for each piece of it.
 */
const LONGEST = 4096;

/** The parser of a language by any of its names, loaded when it is first needed. */
export async function parserOf(
  languages: IEditorLanguageRegistry | null,
  name: string
): Promise<Parser | null> {
  if (!languages || name === '') {
    return null;
  }
  const known = languages.findByName(name) ?? languages.findByExtension(name);
  if (!known) {
    return null;
  }
  try {
    const language = await languages.getLanguage(known.name);
    return language?.support?.language.parser ?? null;
  } catch {
    return null;
  }
}

/** A line of code: its element and where it begins in the text. */
interface ICodeLine {
  readonly node: HTMLElement;
  readonly start: number;
  /** What is drawn in it: positions and classes. */
  drawn: string;
}

/**
 * The lines of one code block and their colours.
 *
 * Text is there at once, plain. While the block grows, its finished lines are coloured from trees
 * that reuse the one before. When it is closed the whole is parsed once more, in slices of time, and
 * lines that look different by then are drawn again: so the result is that of the whole text.
 */
export class CodeLines {
  constructor(private readonly _node: HTMLElement) {}

  get text(): string {
    return this._text;
  }

  /** Add text at the end. */
  append(text: string): void {
    for (let from = 0; from < text.length;) {
      const feed = text.indexOf('\n', from);
      const open = this._open ?? this._newLine();
      const room = Math.max(1, LONGEST - open.length);
      const end = Math.min(feed < 0 ? text.length : feed + 1, from + room);
      const piece = text.slice(from, end);
      open.appendData(piece);
      this._text += piece;
      const full = open.length >= LONGEST && !endsInside(piece);
      if (full || piece.endsWith('\n')) {
        this._open = null;
        this._whole = this._lines.length;
      }
      from = end;
    }
  }

  private _newLine(): Text {
    if (this._lines.length % CHUNK === 0) {
      this._chunk = element('span', 'jp-gpt-code-chunk');
      this._node.appendChild(this._chunk);
    }
    const node = element('span', 'jp-gpt-code-line');
    this._open = node.appendChild(document.createTextNode(''));
    this._lines.push({ node, start: this._text.length, drawn: '' });
    this._chunk?.appendChild(node);
    return this._open;
  }

  /** The parser is there. */
  set parser(parser: Parser) {
    this._parser = parser;
  }

  /** No more text comes. */
  close(): void {
    this._whole = this._lines.length;
    this._closed = true;
    this._parse = null;
    this._fragments = [];
  }

  /**
   * Colour what can be coloured until the deadline.
   *
   * @returns whether there is more to do.
   */
  step(deadline: number): boolean {
    if (!this._parser || this._final) {
      return false;
    }
    for (;;) {
      const begun = performance.now();
      if (begun >= deadline) {
        return true;
      }
      if (!this._closed && begun < this._rest) {
        return this._whole > this._seen;
      }
      if (this._tree) {
        this._draw(this._tree, deadline);
      } else if (!this._advance(this._parser, deadline)) {
        return false;
      }
      this._cost += performance.now() - begun;
      if (this._final) {
        return false;
      }
    }
  }

  /**
   * Parse on.
   *
   * @returns false when there is nothing to parse.
   */
  private _advance(parser: Parser, deadline: number): boolean {
    if (!this._parse) {
      if (!this._closed && this._whole <= this._seen) {
        return false;
      }
      this._snapshot = this._closed ? this._text : this._settled();
      this._lineEnd = this._whole;
      this._parse = parser.startParse(this._snapshot, this._fragments);
    }
    while (performance.now() < deadline) {
      const tree = this._parse.advance();
      if (tree) {
        this._parse = null;
        this._tree = tree;
        this._next = this._closed ? 0 : Math.max(0, this._seen - BACK);
        return true;
      }
    }
    return true;
  }

  /** The text of the finished lines. */
  private _settled(): string {
    const after = this._lines[this._whole];
    return after ? this._text.slice(0, after.start) : this._text;
  }

  private _draw(tree: Tree, deadline: number): void {
    while (this._next < this._lineEnd) {
      const end = Math.min(this._next + SLICE, this._lineEnd);
      this._drawLines(tree, this._next, end);
      this._next = end;
      if (performance.now() >= deadline) {
        return;
      }
    }
    this._tree = null;
    this._seen = this._lineEnd;
    if (this._closed) {
      this._final = true;
      return;
    }
    const length = this._snapshot.length;
    const grown = { fromA: length, toA: length, fromB: length, toB: 1 << 30 };
    this._fragments = TreeFragment.applyChanges(
      TreeFragment.addTree(tree, this._fragments),
      [grown]
    );
    this._rest = performance.now() + REST * this._cost;
    this._cost = 0;
  }

  private _drawLines(tree: Tree, first: number, last: number): void {
    const text = this._snapshot;
    const from = this._lines[first].start;
    const to = this._lines[last]?.start ?? text.length;
    const runs: { from: number; to: number; classes: string }[] = [];
    highlightTree(
      tree,
      style,
      (start, end, classes) => {
        if (classes.trim()) {
          runs.push({ from: start, to: end, classes: classes.trim() });
        }
      },
      from,
      to
    );
    let at = 0;
    for (let index = first; index < last; index++) {
      const line = this._lines[index];
      const end = this._lines[index + 1]?.start ?? text.length;
      const own: typeof runs = [];
      while (at < runs.length && runs[at].from < end) {
        const run = runs[at];
        own.push({
          from: Math.max(run.from, line.start),
          to: Math.min(run.to, end),
          classes: run.classes
        });
        if (run.to > end) {
          break;
        }
        at++;
      }
      drawLine(line, text.slice(line.start, end), own);
    }
  }

  private readonly _lines: ICodeLine[] = [];
  private _text = '';
  private _open: Text | null = null;
  private _chunk: HTMLElement | null = null;
  private _whole = 0;
  private _seen = 0;
  private _lineEnd = 0;
  private _next = 0;
  private _snapshot = '';
  private _parser: Parser | null = null;
  private _parse: PartialParse | null = null;
  private _tree: Tree | null = null;
  private _fragments: readonly TreeFragment[] = [];
  private _rest = 0;
  private _cost = 0;
  private _closed = false;
  private _final = false;
}

/** Put a line's runs into its element, unless they are there already. */
function drawLine(
  line: ICodeLine,
  text: string,
  runs: { from: number; to: number; classes: string }[]
): void {
  const drawn = runs
    .map(run => `${run.from - line.start}-${run.to - line.start}${run.classes}`)
    .join(';');
  if (drawn === line.drawn) {
    return;
  }
  line.drawn = drawn;
  const children: Node[] = [];
  let at = line.start;
  const plain = (end: number): void => {
    if (end > at) {
      const piece = text.slice(at - line.start, end - line.start);
      children.push(document.createTextNode(piece));
    }
    at = end;
  };
  for (const run of runs) {
    plain(run.from);
    const span = element('span', run.classes);
    span.textContent = text.slice(run.from - line.start, run.to - line.start);
    children.push(span);
    at = run.to;
  }
  plain(line.start + text.length);
  line.node.replaceChildren(...children);
}
