import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { BlockParser, IBlock, IBlockSink } from './blocks';
import { CodeBlock, languageOf } from './codeblock';
import { heal } from './heal';
import { renderInline } from './inline';
import { cellsOf } from './lines';
import { makeList } from './lists';
import { Runs, addLiteral, trimLiteral } from './longtext';
import { LONGEST_FORMULA } from './math';
import type { Typesetting } from './math';
import { direct, element } from './sanitize';
import { addRow, settleRow, wrapTable } from './tables';

/** A task's box at the start of an item. */
const TASK = /^\[([ xX])\](?=\s)/;

/**
 * From this length a tail is drawn anew only when it has grown by an eighth: so even one endless
 * line costs each character a bounded number of times.
 */
const LONG_TAIL = 2048;

/**
 * Makes the nodes of an answer: each is made once, when it is settled. Behind them, and only there,
 * stands the tail, which is drawn anew in each frame.
 */
export class AnswerDom implements IBlockSink {
  constructor(private readonly _options: AnswerDom.IOptions) {}

  /** All code blocks so far, also an open one. */
  readonly codes: CodeBlock[] = [];

  open(block: IBlock): void {
    this._clearTail();
    const parent = this._parent(block);
    if (!block.parent) {
      this._options.onRoot();
    }
    const node = this._make(block);
    this._nodes.set(block, node);
    parent.appendChild(node.parentElement ?? node);
  }

  inline(block: IBlock, source: string): void {
    this._clearTail();
    this._addInline(block, this._runs(block).next(source.length), source);
  }

  text(block: IBlock, text: string): void {
    const code = this._codes.get(block);
    if (code) {
      code.append(text);
      return;
    }
    addLiteral(this._node(block), text);
  }

  row(block: IBlock, cells: readonly string[]): void {
    this._clearTail();
    const table = this._node(block);
    const row = this._row(block, cells, !table.firstChild);
    addRow(table, row);
    settleRow(table);
    this._options.typesetting.add(row);
  }

  retype(block: IBlock): void {
    this._clearTail();
    const old = this._node(block);
    const heading = this._make(block);
    heading.append(...Array.from(old.childNodes));
    old.replaceWith(heading);
    this._nodes.set(block, heading);
    this._texts.delete(block);
  }

  loosen(list: IBlock): void {
    this._node(list).classList.add('jp-mod-loose');
  }

  remove(block: IBlock): void {
    this._clearTail();
    const node = this._node(block);
    node.remove();
    this._nodes.delete(block);
    this._texts.delete(block);
  }

  close(block: IBlock): void {
    this._clearTail();
    const node = this._node(block);
    const code = this._codes.get(block);
    if (code) {
      code.close();
      this._options.onCode();
    } else if (block.kind === 'math' && block.closed && short(node)) {
      const raw = node.textContent ?? '';
      node.replaceChildren(this._options.typesetting.node(raw.trim(), true));
      this._options.typesetting.add(node);
    } else if (block.kind === 'math' || block.kind === 'raw') {
      trimLiteral(node);
    } else if (block.inline) {
      this._options.typesetting.add(node);
    }
    this._nodes.delete(block);
    this._codes.delete(block);
    this._texts.delete(block);
  }

  /** Draw what is not settled yet. */
  drawTail(parser: BlockParser): void {
    const block = parser.open;
    const row = block?.kind === 'table';
    const source = row ? parser.pending : (block?.inline?.tail ?? '');
    const before = this._tailSource;
    const same = this._tailBlock === block && this._tail.length > 0;
    if (same && source === before) {
      return;
    }
    const grown = source.length - before.length;
    if (same && source.length > LONG_TAIL && grown * 8 < before.length) {
      return;
    }
    this._clearTail();
    if (!block || source === '') {
      return;
    }
    const node = this._node(block);
    if (row) {
      const last = this._row(block, cellsOf(source), false);
      addRow(node, last);
      this._tail = [last];
    } else {
      const place = this._runs(block).current;
      const settled = place.childNodes.length;
      this._addInline(block, place, heal(source));
      this._tail = Array.from(place.childNodes).slice(settled);
    }
    this._tailBlock = block;
    this._tailSource = source;
  }

  /** Forget everything from the root's child at `index` on. */
  cut(index: number, codes: number): void {
    this._clearTail();
    const { root } = this._options;
    while (root.childNodes.length > index) {
      root.lastChild?.remove();
    }
    this.codes.splice(codes);
    this._nodes.clear();
    this._codes.clear();
    this._texts.clear();
  }

  private _clearTail(): void {
    if (this._tailBlock) {
      this._tail.forEach(node => node.remove());
      const body = this._nodes.get(this._tailBlock)?.lastElementChild;
      if (body?.localName === 'tbody' && !body.firstChild) {
        body.remove();
      }
    }
    this._tail = [];
    this._tailBlock = null;
    this._tailSource = '';
  }

  private _node(block: IBlock): HTMLElement {
    const node = this._nodes.get(block);
    if (!node) {
      throw new Error('The block is not open');
    }
    return node;
  }

  private _runs(block: IBlock): Runs {
    let runs = this._texts.get(block);
    if (!runs) {
      runs = new Runs(this._node(block));
      this._texts.set(block, runs);
    }
    return runs;
  }

  private _parent(block: IBlock): HTMLElement {
    return block.parent ? this._node(block.parent) : this._options.root;
  }

  private _make(block: IBlock): HTMLElement {
    return direct(this._element(block), block);
  }

  private _element(block: IBlock): HTMLElement {
    switch (block.kind) {
      case 'quote':
        return element('blockquote');
      case 'list':
        return makeList(block.marker);
      case 'item':
        return element('li');
      case 'heading':
        return element(HEADINGS[(block.level ?? 1) - 1]);
      case 'code':
        return this._makeCode(block);
      case 'raw':
        return element('p', 'jp-gpt-raw');
      case 'math':
        return element('div', 'jp-gpt-formula');
      case 'rule':
        return element('hr');
      case 'table': {
        const table = element('table');
        wrapTable(table, this._options.trans.__('Table'));
        return table;
      }
      default:
        return element('p');
    }
  }

  private _makeCode(block: IBlock): HTMLElement {
    const { languages, trans } = this._options;
    const language = languageOf(block.fence?.info ?? '');
    const index = this.codes.length;
    const code = new CodeBlock({ index, language, languages, trans });
    this.codes.push(code);
    this._codes.set(block, code);
    return code.node;
  }

  private _addInline(block: IBlock, node: HTMLElement, source: string): void {
    const { typesetting, trans } = this._options;
    const first = block.parent?.kind === 'item' && !node.previousSibling;
    const task = first && !node.firstChild ? TASK.exec(source) : null;
    if (!task) {
      node.append(renderInline(source, typesetting));
      return;
    }
    const done = task[1] !== ' ';
    const box = element('input');
    box.setAttribute('type', 'checkbox');
    box.setAttribute('disabled', '');
    box.setAttribute('aria-label', done ? trans.__('Done') : trans.__('To do'));
    if (done) {
      box.setAttribute('checked', '');
    }
    node.append(box, renderInline(source.slice(3), typesetting));
  }

  private _row(
    block: IBlock,
    cells: readonly string[],
    header: boolean
  ): HTMLElement {
    const align = block.align ?? [];
    const row = element('tr');
    align.forEach((side, index) => {
      const cell = element(header ? 'th' : 'td', side ? `jp-mod-${side}` : '');
      const { typesetting } = this._options;
      cell.append(renderInline(cells[index] ?? '', typesetting));
      row.append(cell);
    });
    return row;
  }

  private readonly _nodes = new Map<IBlock, HTMLElement>();
  private readonly _codes = new Map<IBlock, CodeBlock>();
  private readonly _texts = new Map<IBlock, Runs>();
  private _tail: ChildNode[] = [];
  private _tailBlock: IBlock | null = null;
  private _tailSource = '';
}

/** A namespace for `AnswerDom` statics. */
export namespace AnswerDom {
  export interface IOptions {
    readonly root: HTMLElement;
    readonly typesetting: Typesetting;
    readonly languages: IEditorLanguageRegistry | null;
    readonly trans: TranslationBundle;
    /** A block of the outermost level is about to be opened. */
    readonly onRoot: () => void;
    /** A code block is finished. */
    readonly onCode: () => void;
  }
}

const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'] as const;

/** Whether a formula is one that is typeset. */
function short(node: Element): boolean {
  return (node.textContent ?? '').length <= LONGEST_FORMULA;
}
