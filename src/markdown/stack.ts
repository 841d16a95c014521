import type { IFence, IMarker } from './lines';
import { InlineSplitter } from './splitter';

export type BlockKind =
  | 'quote'
  | 'list'
  | 'item'
  | 'paragraph'
  | 'heading'
  | 'code'
  | 'raw'
  | 'math'
  | 'rule'
  | 'table';

/** A block of the answer. */
export interface IBlock {
  kind: BlockKind;
  readonly parent: IBlock | null;
  /** How many blocks were opened directly within. */
  children: number;
  /** Of a paragraph or heading: the text which is not settled. */
  readonly inline?: InlineSplitter;
  /** Of a heading. */
  level?: number;
  /** Of a fenced code block. */
  readonly fence?: IFence & { indent: number };
  /** Of a list. */
  readonly marker?: IMarker;
  /** Of an item: the column at which its content begins. */
  readonly content?: number;
  /** Of a formula: its closing delimiter. */
  readonly closer?: string;
  /** Of a table. */
  readonly align?: readonly string[];
  /** Whether the block has its end of its own: a closed fence, a closed formula. */
  closed?: boolean;
}

/** Who is told what is settled, in the order of the text. */
export interface IBlockSink {
  open(block: IBlock): void;
  /** Inline Markdown for a paragraph or a heading. */
  inline(block: IBlock, source: string): void;
  /** Literal text for code, raw HTML or a formula. */
  text(block: IBlock, text: string): void;
  /** A table's next row; the first one is its header. */
  row(block: IBlock, cells: readonly string[]): void;
  /** The paragraph turned out to be a heading. */
  retype(block: IBlock): void;
  /** The list's items stand apart. */
  loosen(list: IBlock): void;
  /** The paragraph was only a table's header. */
  remove(block: IBlock): void;
  close(block: IBlock): void;
}

const LEAVES: ReadonlySet<BlockKind> = new Set<BlockKind>([
  'paragraph',
  'heading',
  'code',
  'raw',
  'math',
  'rule',
  'table'
]);

/** Whether other blocks can stand within. */
export function isContainer(block: IBlock): boolean {
  return !LEAVES.has(block.kind);
}

type Details = Omit<Partial<IBlock>, 'kind' | 'parent' | 'children'>;

/**
 * The open blocks, outermost first, and what happens to the sink when they open and close.
 */
export class BlockStack {
  constructor(readonly sink: IBlockSink) {}

  /** Outermost first. */
  readonly blocks: IBlock[] = [];

  /** Whether the last line was blank: what comes next in a list stands apart. */
  blank = false;

  /** Where in the text a block that opens now would begin; negative when within a line. */
  origin = 0;

  /** Where the outermost open block begins, or the last one that was open. */
  checkpoint = 0;

  /** The innermost open block. */
  get top(): IBlock | null {
    return this.blocks[this.blocks.length - 1] ?? null;
  }

  get depth(): number {
    return this.blocks.length;
  }

  /** Open a block in the innermost one. */
  open(kind: BlockKind, details: Details = {}): IBlock {
    if (this.top?.kind === 'list' && kind !== 'item') {
      this.closeTo(this.depth - 1);
    }
    const parent = this.top;
    if (this.blank && parent && parent.children > 0) {
      const list = parent.kind === 'item' ? parent.parent : parent;
      if (list?.kind === 'list') {
        this.sink.loosen(list);
      }
    }
    if (!parent && this.origin >= 0) {
      this.checkpoint = this.origin;
    }
    const block: IBlock = { ...details, kind, parent, children: 0 };
    if (parent) {
      parent.children++;
    }
    this.blocks.push(block);
    this.sink.open(block);
    return block;
  }

  openParagraph(text: string): IBlock {
    const block = this.open('paragraph', { inline: new InlineSplitter() });
    this.inline(block, text);
    return block;
  }

  /** Close all blocks deeper than `depth`. */
  closeTo(depth: number): void {
    while (this.blocks.length > depth) {
      const block = this.blocks[this.blocks.length - 1];
      const rest = block.inline?.end() ?? '';
      if (rest !== '') {
        this.sink.inline(block, rest);
      }
      this.blocks.pop();
      this.sink.close(block);
    }
  }

  /** Make room for a new block within the first `depth` blocks. */
  closeFor(depth: number): void {
    this.closeTo(depth);
    if (this.top && !isContainer(this.top)) {
      this.closeTo(this.depth - 1);
    }
  }

  /** Take a paragraph away of which nothing is left. */
  remove(block: IBlock): void {
    this.blocks.pop();
    if (block.parent) {
      block.parent.children--;
    }
    this.sink.remove(block);
  }

  /** Add inline text; what it settles goes to the sink. */
  inline(block: IBlock, text: string): void {
    for (const segment of block.inline?.push(text) ?? []) {
      this.sink.inline(block, segment);
    }
  }
}
