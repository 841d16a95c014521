import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';
import { PromiseDelegate } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { BlockParser } from './blocks';
import type { ICodeBlock } from './codeblock';
import { AnswerDom } from './dom';
import { frames } from './frames';
import type { IFrames } from './frames';
import { Typesetting } from './math';
import { cleanText, element } from './sanitize';

export type { ICodeBlock } from './codeblock';

/** So much text is parsed between two looks at the clock: well under a millisecond. */
const SLICE = 512;

/** Where an outermost block begins: in the text, among the nodes, among the code blocks. */
interface IMark {
  readonly offset: number;
  readonly nodes: number;
  readonly codes: number;
}

/**
 * Draws an answer while it arrives.
 *
 * Text only queues up; once per frame it is parsed and drawn, for as long as the frame's budget
 * lasts. Settled blocks are never touched again, so the work per token does not grow.
 */
export class AnswerRenderer implements IDisposable {
  constructor(options: AnswerRenderer.IOptions) {
    this._frames = options.frames ?? frames;
    this._typesetting = new Typesetting(options.latexTypesetter);
    this.node = element('div', 'jp-gpt-markdown');
    this._dom = new AnswerDom({
      root: this.node,
      typesetting: this._typesetting,
      languages: options.languages,
      trans: options.trans,
      onRoot: () => this._mark(),
      onCode: () => {
        this._changed = true;
      }
    });
    this._parser = new BlockParser(this._dom);
  }

  /** What the view mounts; empty at first. */
  readonly node: HTMLElement;

  /** The finished code blocks, in order. */
  get codeBlocks(): readonly ICodeBlock[] {
    return this._codeBlocks;
  }

  /** Emitted when a code block was finished, or when blocks were made anew. */
  get codeBlocksChanged(): ISignal<this, void> {
    return this._codeBlocksChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Add a piece of the answer. */
  append(text: string): void {
    const clean = cleanText(text);
    if (clean === '' || this._isDisposed) {
      return;
    }
    if (this._ended) {
      this._rewind(this._text + clean);
      return;
    }
    this._text += clean;
    this._frames.request(this._work);
  }

  /** Show this text instead; outermost blocks that are the same stay. */
  replace(text: string): void {
    const clean = cleanText(text);
    if (this._isDisposed || clean === this._text) {
      return;
    }
    if (!this._ended && clean.startsWith(this._text)) {
      this.append(clean.slice(this._text.length));
      return;
    }
    this._rewind(clean);
  }

  /**
   * The answer is complete.
   *
   * @returns a promise that resolves when everything is drawn, highlighted and typeset.
   */
  finish(): Promise<void> {
    if (this._isDisposed) {
      return Promise.resolve();
    }
    this._finishing = true;
    this._frames.request(this._work);
    return this._done.promise;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._frames.cancel(this._work);
    this._done.resolve();
    Signal.clearData(this);
  }

  /** One frame's work. */
  private readonly _work = (deadline: number): boolean => {
    if (this._isDisposed) {
      return false;
    }
    let more = this._parse(deadline);
    this._dom.drawTail(this._parser);
    this._publish();
    more = this._highlight(deadline) || more;
    if (!this._typesetting.idle && !this._isTypesetting) {
      void this._typeset(deadline);
    }
    if (!more) {
      this._settle();
    }
    return more;
  };

  private _parse(deadline: number): boolean {
    while (this._taken < this._text.length) {
      const end = this._taken + SLICE;
      this._parser.push(this._text.slice(this._taken, end));
      this._taken = Math.min(end, this._text.length);
      if (performance.now() >= deadline) {
        return true;
      }
    }
    if (this._finishing && !this._ended) {
      this._parser.end();
      this._ended = true;
    }
    return false;
  }

  /** Tell of code blocks that are finished by now. */
  private _publish(): void {
    if (!this._changed) {
      return;
    }
    this._changed = false;
    const { codes } = this._dom;
    this._codeBlocks = codes.filter(code => code.closed);
    this._codeBlocksChanged.emit();
  }

  private _highlight(deadline: number): boolean {
    const { codes } = this._dom;
    for (let at = this._coloured; at < codes.length; at++) {
      const code = codes[at];
      if (code.loading) {
        void code.ready.then(() => this._frames.request(this._work));
        return false;
      }
      if (code.step(deadline)) {
        return true;
      }
      if (code.closed) {
        this._coloured = at + 1;
      }
    }
    return false;
  }

  /** Typeset formulas until the deadline, and go on in the next frame. */
  private async _typeset(deadline: number): Promise<void> {
    this._isTypesetting = true;
    do {
      await this._typesetting.next();
    } while (!this._typesetting.idle && performance.now() < deadline);
    this._isTypesetting = false;
    if (!this._isDisposed) {
      this._frames.request(this._work);
    }
  }

  /** Resolve `finish` when nothing is left. */
  private _settle(): void {
    const busy =
      !this._ended ||
      this._isTypesetting ||
      !this._typesetting.idle ||
      this._dom.codes.some(code => code.loading);
    if (!busy) {
      this._done.resolve();
    }
  }

  private _mark(): void {
    const offset = this._base + this._parser.checkpoint;
    const last = this._marks[this._marks.length - 1];
    if (!last || last.offset < offset) {
      const nodes = this.node.childNodes.length;
      this._marks.push({ offset, nodes, codes: this._dom.codes.length });
    }
  }

  /** Go back to the last block that is certainly the same in the other text, and on from there. */
  private _rewind(text: string): void {
    let same = 0;
    while (same < text.length && text[same] === this._text[same]) {
      same++;
    }
    // Where a block begins is certain two lines later (a table is known by its second line).
    const certain = (mark: IMark): boolean => {
      const first = text.indexOf('\n', mark.offset);
      const second = first < 0 ? -1 : text.indexOf('\n', first + 1);
      return second >= 0 && second < same;
    };
    while (this._marks.length > 0) {
      if (certain(this._marks[this._marks.length - 1])) {
        break;
      }
      this._marks.pop();
    }
    const mark = this._marks.pop() ?? { offset: 0, nodes: 0, codes: 0 };
    this._dom.cut(mark.nodes, mark.codes);
    this._base = this._taken = mark.offset;
    this._text = text;
    this._coloured = Math.min(this._coloured, mark.codes);
    this._parser = new BlockParser(this._dom);
    if (this._ended) {
      this._done.resolve();
      this._done = new PromiseDelegate<void>();
    }
    this._ended = this._finishing = false;
    this._changed = true;
    this._frames.request(this._work);
  }

  private readonly _frames: IFrames;
  private readonly _typesetting: Typesetting;
  private readonly _dom: AnswerDom;
  private readonly _codeBlocksChanged = new Signal<this, void>(this);
  private readonly _marks: IMark[] = [];
  private _parser: BlockParser;
  private _codeBlocks: readonly ICodeBlock[] = [];
  private _text = '';
  private _taken = 0;
  private _base = 0;
  private _coloured = 0;
  private _changed = false;
  private _finishing = false;
  private _ended = false;
  private _isTypesetting = false;
  private _isDisposed = false;
  private _done = new PromiseDelegate<void>();
}

/** A namespace for `AnswerRenderer` statics. */
export namespace AnswerRenderer {
  export interface IOptions {
    /**
     * JupyterLab's sanitizer is not asked: it works on markup, and none is ever made from an
     * answer. Every node passes the stricter allow-list of `sanitize.ts`.
     */
    readonly sanitizer?: IRenderMime.ISanitizer;
    /** JupyterLab's typesetter; without one formulas stay as they were written. */
    readonly latexTypesetter: IRenderMime.ILatexTypesetter | null;
    /** JupyterLab's languages; without them code stays plain. */
    readonly languages: IEditorLanguageRegistry | null;
    readonly trans: TranslationBundle;
    /** Other frames than the page's, for tests. */
    readonly frames?: IFrames;
  }
}
