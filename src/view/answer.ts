import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { AnswerRenderer, ICodeBlock } from '../markdown/renderer';
import type { ITextAppended, MessageModel } from '../model/message';

/** Text of one block of thinking at most; what it takes to lay one out is felt from some more on. */
const LONGEST_THOUGHT = 8192;

/** A piece of the page that text can be added to. */
interface IPartView extends IDisposable {
  readonly kind: 'text' | 'thinking';
  readonly node: HTMLElement;
  append(text: string): void;
}

/**
 * What the model thought aloud, folded away.
 *
 * Plain text, a block for each line: a line that has ended is never laid out again.
 */
class ThinkingView implements IPartView {
  constructor(trans: TranslationBundle) {
    const details = document.createElement('details');
    details.className = 'jp-gpt-Thinking';
    const summary = details.appendChild(document.createElement('summary'));
    summary.textContent = trans.__('Thinking');
    this._body = details.appendChild(document.createElement('div'));
    this._body.className = 'jp-gpt-Thinking-body';
    this.node = details;
  }

  readonly kind = 'thinking';
  readonly node: HTMLElement;

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  append(text: string): void {
    text.split('\n').forEach((line, index) => {
      if (index > 0) {
        this._line = null;
      }
      for (let from = 0; from === 0 || from < line.length;) {
        if (this._line === null || this._line.length >= LONGEST_THOUGHT) {
          const block = this._body.appendChild(document.createElement('p'));
          this._line = block.appendChild(document.createTextNode(''));
        }
        const end = from + LONGEST_THOUGHT - this._line.length;
        this._line.appendData(line.slice(from, end));
        from = end;
      }
    });
  }

  dispose(): void {
    this._isDisposed = true;
    this.node.remove();
  }

  private readonly _body: HTMLElement;
  private _line: Text | null = null;
  private _isDisposed = false;
}

/** One text part: its renderer's node. */
class TextView implements IPartView {
  constructor(readonly renderer: AnswerRenderer) {
    this.node = renderer.node;
  }

  readonly kind = 'text';
  readonly node: HTMLElement;

  get isDisposed(): boolean {
    return this.renderer.isDisposed;
  }

  append(text: string): void {
    this.renderer.append(text);
  }

  dispose(): void {
    this.node.remove();
    this.renderer.dispose();
  }
}

/**
 * The body of an answer: a node that follows its message without React, so that a piece of text
 * costs what it costs to add it, and nothing above it is drawn again.
 */
export class AnswerView implements IDisposable {
  constructor(options: AnswerView.IOptions) {
    this._message = options.message;
    this._trans = options.trans;
    this._createRenderer = options.createRenderer;
    this.node = document.createElement('div');
    this.node.className = 'jp-gpt-Answer-body';
    this._rebuild();
    this._message.textAppended.connect(this._onText, this);
    this._message.replaced.connect(this._rebuild, this);
    this._message.changed.connect(this._onChanged, this);
  }

  /** Where the answer is drawn. */
  readonly node: HTMLElement;

  /** The code blocks of all text parts, in order. */
  get blocks(): readonly ICodeBlock[] {
    return this._blocks;
  }

  /** Emitted when a code block came, or all were made anew. */
  get blocksChanged(): ISignal<AnswerView, void> {
    return this._blocksChanged;
  }

  /** Whether any text or thinking is there. */
  get isEmpty(): boolean {
    return this._views.length === 0;
  }

  /** Emitted when the first piece of text or thinking arrives. */
  get begun(): ISignal<AnswerView, void> {
    return this._begun;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    Signal.clearData(this);
    this._clear();
  }

  private _clear(): void {
    for (const view of this._views) {
      view.dispose();
    }
    this._views = [];
    this._byPart.clear();
    this._finished = false;
  }

  private _rebuild(): void {
    this._clear();
    this._message.parts.forEach((part, index) => {
      if ((part.type === 'text' || part.type === 'thinking') && part.text) {
        this._view(index, part.type).append(part.text);
      }
    });
    this._onChanged();
    this._collect();
    if (!this.isEmpty) {
      this._begun.emit();
    }
  }

  private _onText(_: MessageModel, piece: ITextAppended): void {
    const first = this.isEmpty;
    this._view(piece.part, piece.kind).append(piece.text);
    if (first) {
      this._begun.emit();
    }
  }

  private _onChanged(): void {
    if (this._message.status !== 'streaming' && !this._finished) {
      this._finished = true;
      for (const view of this._views) {
        if (view instanceof TextView) {
          void view.renderer.finish();
        }
      }
    }
  }

  /** The view of a part; a part that changes its kind within a stream does not exist. */
  private _view(part: number, kind: 'text' | 'thinking'): IPartView {
    const known = this._byPart.get(part);
    if (known) {
      return known;
    }
    let view: IPartView;
    if (kind === 'thinking') {
      view = new ThinkingView(this._trans);
    } else {
      const renderer = this._createRenderer();
      renderer.codeBlocksChanged.connect(this._collect, this);
      view = new TextView(renderer);
    }
    this._byPart.set(part, view);
    this._views.push(view);
    this.node.appendChild(view.node);
    return view;
  }

  private _collect(): void {
    this._blocks = this._views.flatMap(view =>
      view instanceof TextView ? [...view.renderer.codeBlocks] : []
    );
    this._blocksChanged.emit();
  }

  private readonly _message: MessageModel;
  private readonly _trans: TranslationBundle;
  private readonly _createRenderer: () => AnswerRenderer;
  private readonly _byPart = new Map<number, IPartView>();
  private readonly _blocksChanged = new Signal<AnswerView, void>(this);
  private readonly _begun = new Signal<AnswerView, void>(this);
  private _views: IPartView[] = [];
  private _blocks: readonly ICodeBlock[] = [];
  private _finished = false;
  private _isDisposed = false;
}

/** Types of `AnswerView`. */
export namespace AnswerView {
  /** What an answer's view is made of. */
  export interface IOptions {
    readonly message: MessageModel;
    readonly trans: TranslationBundle;
    /** Makes the renderer of one text part. */
    readonly createRenderer: () => AnswerRenderer;
  }
}
