import type { CodeEditor } from '@jupyterlab/codeeditor';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Part } from '../protocol/frames';
import type { IAttachment } from '../tokens';
import { hasSelection } from './selected';

/** Milliseconds between two announcements of a change, as for the chip of a cell. */
const SETTLE_MS = 100;

/**
 * A file that is open in an editor, or the lines of it that were selected.
 *
 * The whole file is read when the prompt is sent. Selected lines stay what they were, and are
 * looked for where they have gone to; the chip says so when they are not there any more.
 */
export class EditorAttachment implements IAttachment {
  constructor(options: EditorAttachment.IOptions) {
    this._options = options;
    this._lines = selectedLines(options.editor);
    this._source();
    const { path } = options;
    this.id = this._lines ? `file:${path}#${this._lines.text}` : `file:${path}`;
    options.editor.model.sharedModel.changed.connect(this._onChanged, this);
  }

  readonly id: string;
  readonly kind = 'file';
  readonly options = [];
  readonly available = true;

  get label(): string {
    const { path } = this._options;
    return path.slice(path.lastIndexOf('/') + 1) + this._range();
  }

  get note(): string {
    const { trans } = this._options;
    const lines = this._text().split('\n').length;
    const notes = [trans._n('%1 line', '%1 lines', lines, lines)];
    if (this._lines && this._first() < 0) {
      notes.push(trans.__('edited since'));
    }
    return notes.join(' · ');
  }

  get changed(): ISignal<IAttachment, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      clearTimeout(this._timer);
      this._last = this._source();
      Signal.clearData(this);
    }
  }

  setOption(): void {
    // There is nothing to switch.
  }

  parts(): Part[] {
    const path = this._options.path + this._range();
    return [{ type: 'file', path, text: this._text() }];
  }

  reveal(): void {
    const { editor, reveal } = this._options;
    if (editor.isDisposed) {
      return;
    }
    reveal();
    const first = this._first();
    if (this._lines && first >= 0) {
      const last = first + this._count() - 1;
      editor.setSelection({
        start: { line: first, column: 0 },
        end: { line: last, column: editor.getLine(last)?.length ?? 0 }
      });
    }
    editor.focus();
  }

  /** `:3-7`, counted from one as editors show it; empty for the whole file. */
  private _range(): string {
    if (!this._lines) {
      return '';
    }
    const found = this._first();
    const first = (found < 0 ? this._lines.first : found) + 1;
    const last = first + this._count() - 1;
    return first === last ? `:${first}` : `:${first}-${last}`;
  }

  private _count(): number {
    return this._lines ? this._lines.text.split('\n').length : 0;
  }

  private _text(): string {
    return this._lines?.text ?? this._source();
  }

  /** The text of the file; what it was at last when the editor has been closed. */
  private _source(): string {
    const { editor } = this._options;
    if (!editor.isDisposed && !editor.model.isDisposed) {
      this._last = editor.model.sharedModel.getSource();
    }
    return this._last;
  }

  /** The line on which the selected lines begin now, the nearest if there are several; else -1. */
  private _first(): number {
    if (!this._lines) {
      return -1;
    }
    const { first, text } = this._lines;
    const wanted = `\n${text}\n`;
    const source = `\n${this._source()}\n`;
    let best = -1;
    let line = 0;
    let from = 0;
    for (
      let at = source.indexOf(wanted);
      at >= 0;
      at = source.indexOf(wanted, at + 1)
    ) {
      line += source.slice(from, at).split('\n').length - 1;
      from = at;
      if (best < 0 || Math.abs(line - first) < Math.abs(best - first)) {
        best = line;
      }
    }
    return best;
  }

  private _onChanged(): void {
    this._timer ??= setTimeout(() => {
      this._timer = undefined;
      this._changed.emit();
    }, SETTLE_MS);
  }

  private readonly _options: EditorAttachment.IOptions;
  private readonly _lines: {
    readonly first: number;
    readonly text: string;
  } | null;
  private readonly _changed = new Signal<IAttachment, void>(this);
  private _last = '';
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _isDisposed = false;
}

/**
 * A namespace for `EditorAttachment` statics.
 */
export namespace EditorAttachment {
  /**
   * The options of an `EditorAttachment`.
   */
  export interface IOptions {
    readonly editor: CodeEditor.IEditor;
    readonly path: string;
    readonly trans: TranslationBundle;
    /** Bring the editor to the front. */
    readonly reveal: () => void;
  }
}

/** The lines that the selection touches, whole: half a line is half a thought. */
function selectedLines(
  editor: CodeEditor.IEditor
): { readonly first: number; readonly text: string } | null {
  if (!hasSelection(editor)) {
    return null;
  }
  const { start, end } = editor.getSelection();
  const [from, to] = start.line <= end.line ? [start, end] : [end, start];
  // A selection that ends before the first character of a line does not touch that line.
  const last = to.column === 0 && to.line > from.line ? to.line - 1 : to.line;
  const lines = editor.model.sharedModel.getSource().split('\n');
  const text = lines.slice(from.line, last + 1).join('\n');
  return { first: from.line, text };
}
