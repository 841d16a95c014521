import {
  BLANK,
  Cursor,
  LINE_CAP,
  cellsOf,
  closesFence,
  undecided,
  undecidedInFence
} from './lines';
import { BlockStack, isContainer } from './stack';
import type { IBlock, IBlockSink } from './stack';
import { startBlock } from './starts';
import type { ILine } from './starts';

export type { BlockKind, IBlock, IBlockSink } from './stack';

/**
 * The block phase of CommonMark as a machine that takes text in pieces of any size.
 *
 * Each line is looked at once. It changes the stack of open blocks and tells the sink what it means;
 * whatever the sink was told is settled. What is open is the innermost block's inline tail
 * (`IBlock.inline`) and a line whose kind is not known yet (`pending`). The calls depend on the
 * text alone, not on how it was cut into pieces, which is why a streamed answer ends as the same
 * nodes as a whole one.
 *
 * Differences from CommonMark, each for the sake of streaming or of safety: definitions of references
 * are text and references are not resolved (a definition would change blocks that are settled); a
 * block of raw HTML ends at a blank line; a heading cannot be longer than its line; a `$$` or `\[`
 * at the start of a line begins a displayed formula, which ends at a blank line at the latest.
 */

export class BlockParser {
  constructor(sink: IBlockSink) {
    this._stack = new BlockStack(sink);
  }

  /** The innermost open block. */
  get open(): IBlock | null {
    return this._stack.top;
  }

  /** The line which is held back because its end decides what it is. */
  get pending(): string {
    return this._line;
  }

  /**
   * Where the text of the outermost open block begins: a new parser that starts there gives the
   * same blocks.
   */
  get checkpoint(): number {
    return this._stack.checkpoint;
  }

  /** Take the next piece of the text, with line feeds as its only line ends. */
  push(text: string): void {
    let from = 0;
    for (;;) {
      const end = text.indexOf('\n', from);
      const piece = text.slice(from, end < 0 ? undefined : end);
      this._consumed += piece.length;
      if (this._flow) {
        this._flowText(this._flow, piece);
      } else {
        this._line += piece;
        if (end < 0) {
          this._decide();
        }
      }
      if (end < 0) {
        return;
      }
      this._endLine();
      from = end + 1;
    }
  }

  /** The text is complete: close everything. */
  end(): void {
    if (this._flow || this._line !== '') {
      this._endLine();
    }
    this._stack.closeTo(0);
  }

  private _endLine(): void {
    const flow = this._flow;
    this._flow = null;
    if (!flow) {
      const line = this._line;
      this._line = '';
      this._process(line, true);
    } else if (flow.kind === 'heading') {
      this._stack.closeTo(this._stack.depth - 1);
    } else if (!flow.inline) {
      this._stack.sink.text(flow, '\n');
    }
    this._consumed += 1;
    this._previous = this._stack.origin;
    this._stack.origin = this._consumed;
  }

  /** Begin to show a line whose kind is certain. */
  private _decide(): void {
    const line = this._line;
    const open = this.open;
    const row = open?.kind === 'table' && line.length <= LINE_CAP;
    if (line === '' || row || open?.kind === 'math') {
      return;
    }
    const fenced = open?.fence !== undefined && open.parent === null;
    const unsure = fenced ? undecidedInFence(line) : undecided(line);
    if (unsure && line.length <= LINE_CAP) {
      return;
    }
    this._line = '';
    this._flow = this._process(line, false);
  }

  private _flowText(block: IBlock, text: string): void {
    if (block.inline) {
      this._stack.inline(block, text);
    } else if (text !== '') {
      this._stack.sink.text(block, text);
    }
  }

  /**
   * Take a line's meaning.
   *
   * @returns the block which the rest of an incomplete line flows into.
   */
  private _process(text: string, whole: boolean): IBlock | null {
    const stack = this._stack;
    const cursor = new Cursor(text);
    const plain =
      text.length > LINE_CAP && undecided(text.slice(0, LINE_CAP + 1));
    const depth = this._match(cursor);
    const top = depth === stack.depth ? stack.top : null;
    if (top && (top.fence || top.kind === 'raw' || top.kind === 'math')) {
      stack.blank = false;
      return this._literal(top, cursor, whole, plain);
    }
    const previous = this._previous;
    const line: ILine = { cursor, whole, depth, started: false, previous };
    while (!plain && !cursor.blank) {
      const next = startBlock(stack, line);
      if (next === undefined) {
        break;
      }
      if (next === null || !isContainer(next)) {
        stack.blank = false;
        this._held = '';
        return next;
      }
      line.started = true;
      line.depth = stack.depth;
    }
    return cursor.blank ? this._blank(line) : this._rest(line);
  }

  /** How many of the open blocks the line continues. */
  private _match(cursor: Cursor): number {
    const { blocks } = this._stack;
    const depth = blocks.findIndex(block => !continues(block, cursor));
    return depth < 0 ? blocks.length : depth;
  }

  /** A line within a fence, raw HTML or a formula. */
  private _literal(
    leaf: IBlock,
    cursor: Cursor,
    whole: boolean,
    plain: boolean
  ): IBlock | null {
    const stack = this._stack;
    if (leaf.kind === 'math') {
      this._formula(leaf, cursor.rest);
      return null;
    }
    if (leaf.fence) {
      if (whole && !plain && closesFence(cursor.rest, leaf.fence)) {
        leaf.closed = true;
        stack.closeTo(stack.depth - 1);
        return null;
      }
      cursor.skip(Math.min(cursor.indent, leaf.fence.indent));
    }
    stack.sink.text(leaf, cursor.rest + (whole ? '\n' : ''));
    return leaf;
  }

  private _formula(leaf: IBlock, rest: string): void {
    const stack = this._stack;
    const end = rest.indexOf(leaf.closer ?? '');
    if (end < 0) {
      stack.sink.text(leaf, rest + '\n');
      return;
    }
    stack.sink.text(leaf, rest.slice(0, end + 2));
    leaf.closed = true;
    stack.closeTo(stack.depth - 1);
    if (!BLANK.test(rest.slice(end + 2))) {
      stack.origin = -1;
      stack.openParagraph(rest.slice(end + 2).trimStart());
    }
  }

  private _blank(line: ILine): null {
    const stack = this._stack;
    if (!line.started) {
      stack.closeTo(line.depth);
    }
    if (stack.top?.kind === 'code') {
      // Shown only when the indented code goes on behind it.
      this._held += '\n';
    }
    // A line with a marker of its own is not blank for the blocks around it.
    stack.blank = !line.started;
    return null;
  }

  /** What is left of a line that begins no (further) block. */
  private _rest(line: ILine): IBlock {
    const stack = this._stack;
    const { cursor, whole } = line;
    const lazy = !line.started && stack.top?.kind === 'paragraph';
    if (!lazy) {
      stack.closeTo(line.depth);
    }
    if (stack.top?.kind === 'table' && cursor.line.length > LINE_CAP) {
      // Such a row would be one task, however long it is.
      stack.closeTo(stack.depth - 1);
    }
    const top = stack.top;
    let block: IBlock;
    if (top?.kind === 'paragraph') {
      stack.inline(top, '\n' + cursor.rest.trimStart());
      block = top;
    } else if (top?.kind === 'code') {
      cursor.skip(4);
      const text = this._held + cursor.rest + (whole ? '\n' : '');
      stack.sink.text(top, text);
      block = top;
    } else if (top?.kind === 'table') {
      stack.sink.row(top, cellsOf(cursor.rest));
      block = top;
    } else {
      block = stack.openParagraph(cursor.rest.trimStart());
    }
    this._held = '';
    stack.blank = false;
    return block;
  }

  private readonly _stack: BlockStack;
  private _line = '';
  private _flow: IBlock | null = null;
  private _held = '';
  private _consumed = 0;
  private _previous = 0;
}

/** Whether a line goes on with an open block; its prefix for that is consumed. */
function continues(block: IBlock, cursor: Cursor): boolean {
  switch (block.kind) {
    case 'quote':
      if (cursor.indent > 3 || cursor.rest.trimStart()[0] !== '>') {
        return false;
      }
      cursor.skip(3);
      cursor.take(1);
      cursor.skip(1);
      return true;
    case 'item':
      if (cursor.blank) {
        return block.children > 0;
      }
      if (cursor.indent < (block.content ?? 0)) {
        return false;
      }
      cursor.skip(block.content ?? 0);
      return true;
    case 'code':
      return block.fence !== undefined || cursor.indent >= 4 || cursor.blank;
    case 'list':
      return true;
    default:
      return !cursor.blank;
  }
}
