import {
  BLANK,
  cellsOf,
  delimitersOf,
  fenceOf,
  headingOf,
  isRaw,
  isRule,
  markerOf,
  mathOf,
  setextOf
} from './lines';
import type { Cursor } from './lines';
import { InlineSplitter } from './splitter';
import type { BlockStack, IBlock } from './stack';

/** A line on its way through the block rules. */
export interface ILine {
  readonly cursor: Cursor;
  /** Whether the line is complete; if not, its kind is certain and its rest will flow. */
  readonly whole: boolean;
  /** How many open blocks it continues. */
  depth: number;
  /** Whether it opened a block already. */
  started: boolean;
  /** Where the line before it begins in the text. */
  readonly previous: number;
}

/**
 * What came of a rule: a block (its rest goes there, or further blocks if it is a container), null
 * when the line is used up, undefined when the rule does not apply.
 */
type Outcome = IBlock | null | undefined;

/** The paragraph that the line would continue. */
function paragraphOf(stack: BlockStack, line: ILine): IBlock | null {
  const top = stack.top;
  const matched = !line.started && line.depth === stack.depth;
  return matched && top?.kind === 'paragraph' ? top : null;
}

/**
 * Begin the next block of a line, if it begins one.
 */
export function startBlock(stack: BlockStack, line: ILine): Outcome {
  const { cursor, whole } = line;
  if (cursor.indent >= 4) {
    return indented(stack, line);
  }
  const rest = cursor.rest.trimStart();
  if (rest[0] === '>') {
    stack.closeFor(line.depth);
    cursor.skip(3);
    cursor.take(1);
    cursor.skip(1);
    return stack.open('quote');
  }
  const heading = headingOf(rest);
  if (heading) {
    stack.closeFor(line.depth);
    const block = stack.open('heading', {
      level: heading.level,
      inline: new InlineSplitter(true)
    });
    stack.inline(block, rest.slice(heading.offset));
    if (whole) {
      stack.closeTo(stack.depth - 1);
    }
    return whole ? null : block;
  }
  if (isRaw(rest)) {
    stack.closeFor(line.depth);
    const block = stack.open('raw');
    stack.sink.text(block, rest + (whole ? '\n' : ''));
    return block;
  }
  return whole ? startWhole(stack, line, rest) : startItem(stack, line, rest);
}

/** The blocks that need the end of their first line. */
function startWhole(stack: BlockStack, line: ILine, rest: string): Outcome {
  const fence = fenceOf(rest);
  if (fence) {
    const { indent } = line.cursor;
    stack.closeFor(line.depth);
    stack.open('code', { fence: { ...fence, indent } });
    return null;
  }
  const paragraph = paragraphOf(stack, line);
  const level = paragraph ? setextOf(rest) : 0;
  if (paragraph && level > 0) {
    paragraph.kind = 'heading';
    paragraph.level = level;
    stack.sink.retype(paragraph);
    stack.closeTo(stack.depth - 1);
    return null;
  }
  if (paragraph && startTable(stack, line, rest, paragraph)) {
    return null;
  }
  if (isRule(rest)) {
    stack.closeFor(line.depth);
    stack.open('rule');
    stack.closeTo(stack.depth - 1);
    return null;
  }
  const item = startItem(stack, line, rest);
  return item === undefined ? startFormula(stack, line, rest) : item;
}

function indented(stack: BlockStack, line: ILine): Outcome {
  const { cursor, whole } = line;
  const top = stack.top;
  if (
    !line.started &&
    (top?.kind === 'paragraph' || line.depth === stack.depth)
  ) {
    const goesOn = top?.kind === 'code' || top?.kind === 'table';
    if (top?.kind === 'paragraph' || goesOn) {
      return undefined;
    }
  }
  stack.closeFor(line.depth);
  const block = stack.open('code');
  cursor.skip(4);
  stack.sink.text(block, cursor.rest + (whole ? '\n' : ''));
  return block;
}

function startTable(
  stack: BlockStack,
  line: ILine,
  rest: string,
  paragraph: IBlock
): boolean {
  const align = delimitersOf(rest);
  const header = align ? (paragraph.inline?.header ?? null) : null;
  if (!align || header === null) {
    return false;
  }
  const cells = cellsOf(header);
  if (cells.length !== align.length) {
    return false;
  }
  paragraph.inline?.dropLine();
  if (paragraph.inline?.empty) {
    stack.remove(paragraph);
  } else {
    stack.closeTo(stack.depth - 1);
  }
  const { origin } = stack;
  stack.origin = line.previous;
  const table = stack.open('table', { align });
  stack.origin = origin;
  stack.sink.row(table, cells);
  return true;
}

function startItem(stack: BlockStack, line: ILine, rest: string): Outcome {
  const marker = markerOf(rest);
  if (!marker) {
    return undefined;
  }
  const { cursor } = line;
  const after = rest.slice(marker.width);
  const empty = BLANK.test(after);
  // Within a paragraph a number is a list only when it is 1, and a bare marker is none.
  if (paragraphOf(stack, line) && (empty || marker.start !== 1)) {
    return undefined;
  }
  const { indent } = cursor;
  cursor.skip(indent);
  cursor.take(marker.width);
  const gap = cursor.indent;
  // Five columns or more: one belongs to the marker, the others to indented code.
  const inner = empty || gap > 4 ? 1 : gap;
  cursor.skip(empty ? gap : inner);
  stack.closeFor(line.depth);
  const top = stack.top;
  const same =
    top?.kind === 'list' &&
    top.marker?.ordered === marker.ordered &&
    top.marker.delimiter === marker.delimiter;
  if (!same) {
    stack.open('list', { marker });
  }
  return stack.open('item', { content: indent + marker.width + inner });
}

function startFormula(stack: BlockStack, line: ILine, rest: string): Outcome {
  const closer = mathOf(rest);
  if (!closer || rest.startsWith('$$$')) {
    return undefined;
  }
  const end = rest.indexOf(closer, 2);
  // Text behind it: a formula within a paragraph.
  if (end >= 0 && !BLANK.test(rest.slice(end + 2))) {
    return undefined;
  }
  stack.closeFor(line.depth);
  const block = stack.open('math', { closer });
  if (end < 0) {
    stack.sink.text(block, rest + '\n');
    return null;
  }
  block.closed = true;
  stack.sink.text(block, rest.slice(0, end + 2));
  stack.closeTo(stack.depth - 1);
  return null;
}
