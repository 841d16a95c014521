import type { CodeEditor } from '@jupyterlab/codeeditor';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { IDiffSize } from './diffeditor';
import { DiffEditor } from './diffeditor';
import { textButton } from './dom';
import { keepKeys } from './keys';

/** A change as it is shown. */
export interface IShownChange {
  /** The cell's prompt: `[7]:`; empty where it has none. */
  readonly prompt: string;
  /** The cell's name: `In [7]`. */
  readonly label: string;
  readonly from: string;
  readonly to: string;
  /** What else is to be known: that the cell has changed, that its type would. */
  readonly notes: readonly string[];
  /** An editor of the language. */
  readonly like: CodeEditor.IEditor | null;
}

/** For `aria-describedby`: ids must be unique on the page. */
let count = 0;

/**
 * A change that waits in a cell: what would go, what would come, and what to do about it.
 */
export class DiffView extends Widget {
  constructor(options: DiffView.IOptions) {
    super();
    this._options = options;
    this._trans = options.trans;
    this._accept = textButton(
      this._trans.__('Accept'),
      () => options.accept(false),
      true
    );
    this._unfold = textButton(this._trans.__('Show all lines'), () => {
      this._unfolded = true;
      if (this._change) {
        this.render(this._change);
      }
      this._accept.focus({ preventScroll: true });
    });
    this.addClass('jp-gpt-Diff');
    this.node.setAttribute('role', 'group');
    this._prompt.setAttribute('aria-hidden', 'true');
    const body = div('jp-gpt-Diff-body');
    const bar = body.appendChild(div('jp-gpt-Diff-bar'));
    const summary = bar.appendChild(div('jp-gpt-Diff-summary'));
    summary.append(this._title, this._size);
    summary.id = `jp-gpt-diff-${(count += 1)}`;
    bar.append(this._unfold, this._buttons(summary.id));
    this._note.setAttribute('role', 'status');
    const lines = div('jp-gpt-Diff-editor');
    body.append(this._note, lines);
    this.node.append(this._prompt, body);
    this._editor = new DiffEditor(lines, options.trans);
    // The notebook would make the cell's editor ready to type in.
    this.node.addEventListener('dblclick', event => event.stopPropagation());
  }

  /** Show a change, or what has become of it. */
  render(change: IShownChange): void {
    this._change = change;
    const { label, prompt } = change;
    this._prompt.textContent = prompt;
    this._title.textContent = this._trans.__('Change to %1', label);
    this.node.setAttribute(
      'aria-label',
      this._trans.__('Suggested change to %1', label)
    );
    const size = this._editor.show(
      change.from,
      change.to,
      change.like,
      this._unfolded
    );
    this._unfold.hidden = !this._editor.isFolded;
    this._describe(size);
    this._say(change.notes.join(' '));
  }

  /** Say why the change could not be taken. */
  complain(reason: string): void {
    this._say(reason);
  }

  /** Put the focus on the first button. */
  focusAccept(): void {
    this._accept.focus({ preventScroll: true });
    this.node.scrollIntoView({ block: 'nearest' });
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._release?.();
      this._editor.dispose();
      super.dispose();
    }
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._editor.measure();
    this._release?.();
    this._release = keepKeys(this.node, this._options.reject);
  }

  protected override onBeforeDetach(msg: Message): void {
    this._release?.();
    this._release = null;
    super.onBeforeDetach(msg);
  }

  private _buttons(describedBy: string): HTMLElement {
    const { accept, reject, canRun } = this._options;
    const trans = this._trans;
    const row = div('jp-gpt-Diff-buttons');
    const run = textButton(trans.__('Accept and run'), () => accept(true));
    row.append(
      this._accept,
      ...(canRun ? [run] : []),
      textButton(trans.__('Reject'), reject)
    );
    this._accept.setAttribute('aria-describedby', describedBy);
    return row;
  }

  private _describe({ added, removed }: IDiffSize): void {
    const trans = this._trans;
    const words = [
      trans._n('%1 line added', '%1 lines added', added, added),
      trans._n('%1 line removed', '%1 lines removed', removed, removed)
    ].join(', ');
    this._size.textContent = `+${added} −${removed}`;
    this._size.title = words;
    this._size.setAttribute('role', 'img');
    this._size.setAttribute('aria-label', words);
  }

  private _say(text: string): void {
    this._note.textContent = text;
    this._note.hidden = !text;
  }

  private readonly _options: DiffView.IOptions;
  private readonly _trans: TranslationBundle;
  private readonly _accept: HTMLButtonElement;
  private readonly _editor: DiffEditor;
  private readonly _note = div('jp-gpt-Diff-note');
  private readonly _prompt = div('jp-gpt-Diff-prompt jp-InputPrompt');
  private readonly _size = div('jp-gpt-Diff-size');
  private readonly _title = div('jp-gpt-Diff-title');
  private readonly _unfold: HTMLButtonElement;
  private _change: IShownChange | null = null;
  private _release: (() => void) | null = null;
  private _unfolded = false;
}

/** Types of `DiffView`. */
export namespace DiffView {
  /** What a waiting change needs. */
  export interface IOptions {
    readonly trans: TranslationBundle;
    /** Whether what would come can run. */
    readonly canRun: boolean;
    readonly accept: (run: boolean) => void;
    readonly reject: () => void;
  }
}

function div(className: string): HTMLElement {
  const node = document.createElement('div');
  node.className = className;
  return node;
}
