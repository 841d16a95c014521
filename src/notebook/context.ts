import type { ICellModel } from '@jupyterlab/cells';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Part } from '../protocol/frames';
import type { IAttachment, IAttachmentOption, ICellRef } from '../tokens';
import type { IFoundCell, NotebookFinder } from './finder';
import { cellLabel, isBusy, notebookLanguage } from './finder';
import {
  cellError,
  hasError,
  hasOutput,
  OUTPUT_LINES,
  outputText
} from './outputs';

/**
 * Milliseconds between two announcements of a change: a cell that prints writes thousands of
 * outputs a second, a chip need not be drawn more often than ten times.
 */
const SETTLE_MS = 100;

/**
 * What a chip includes when it is made.
 */
export interface IChipDefaults {
  readonly code: boolean;
  readonly error: boolean;
  readonly output: boolean;
}

/**
 * A cell that goes along with a prompt.
 *
 * It knows the cell by id, so a moved cell is still meant, and reads it when the prompt is sent.
 */
export class CellAttachment implements IAttachment {
  constructor(options: CellAttachment.IOptions) {
    this._ref = options.ref;
    this._finder = options.finder;
    this._trans = options.trans;
    this._reveal = options.reveal;
    this._enabled = { ...options.defaults };
    this.id = `cell:${options.ref.path}#${options.ref.cellId}`;
    this._bind();
    this._sourceAtFirst = this._model?.sharedModel.getSource() ?? '';
    this._finder.changed.connect(this._onFound, this);
  }

  readonly id: string;
  readonly kind = 'cell';

  get label(): string {
    return this._label;
  }

  get note(): string {
    return this._notes().join(' · ');
  }

  get available(): boolean {
    return this._model !== null;
  }

  get options(): readonly IAttachmentOption[] {
    const model = this._model;
    if (!model) {
      return [];
    }
    const all: (IAttachmentOption & { readonly shown: boolean })[] = [
      {
        id: 'code',
        label:
          model.type === 'code'
            ? this._trans.__('Code')
            : this._trans.__('Text'),
        enabled: this._enabled.code,
        shown: true
      },
      {
        id: 'error',
        label: this._trans.__('Error'),
        enabled: this._enabled.error,
        shown: hasError(model)
      },
      {
        id: 'output',
        label: this._trans.__('Output'),
        enabled: this._enabled.output,
        shown: hasOutput(model)
      }
    ];
    return all
      .filter(option => option.shown)
      .map(({ id, label, enabled }) => ({ id, label, enabled }));
  }

  get changed(): ISignal<IAttachment, void> {
    return this._changed;
  }

  /** The cell that is meant, at the path that its notebook has now. */
  get ref(): ICellRef {
    return this._found()?.ref ?? this._ref;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    clearTimeout(this._timer);
    this._unbind();
    Signal.clearData(this);
  }

  setOption(id: string, enabled: boolean): void {
    if (id === 'code' || id === 'error' || id === 'output') {
      this._enabled = { ...this._enabled, [id]: enabled };
      this._changed.emit();
    }
  }

  parts(): Part[] {
    const found = this._found();
    if (!found) {
      return [];
    }
    const { model, ref } = found;
    const parts: Part[] = [];
    if (this._enabled.code) {
      parts.push({
        type: 'cell',
        cell_id: ref.cellId,
        path: ref.path,
        source: model.sharedModel.getSource(),
        language: partLanguage(found),
        label: this._label
      });
    }
    const error = this._enabled.error ? cellError(model) : null;
    if (error) {
      parts.push({ type: 'error', cell_id: ref.cellId, ...error });
    }
    const output = this._enabled.output ? outputText(model).text : '';
    if (output) {
      parts.push({ type: 'output', cell_id: ref.cellId, text: output });
    }
    return parts;
  }

  reveal(): void {
    const found = this._found();
    if (found) {
      this._reveal(found);
    }
  }

  private _notes(): string[] {
    const model = this._model;
    if (!model) {
      return [
        this._closed
          ? this._trans.__('notebook closed')
          : this._trans.__('deleted')
      ];
    }
    const source = model.sharedModel.getSource();
    const lines = source.split('\n').length;
    const notes = [this._trans._n('%1 line', '%1 lines', lines, lines)];
    if (source !== this._sourceAtFirst) {
      notes.push(this._trans.__('edited since'));
    }
    if (isBusy(model)) {
      notes.push(this._trans.__('busy'));
    }
    if (this._enabled.output && hasOutput(model)) {
      const output = outputText(model);
      if (output.cut) {
        notes.push(
          this._trans.__(
            'output: first %1 and last %1 of %2 lines',
            OUTPUT_LINES,
            output.lines.toLocaleString()
          )
        );
      }
    }
    return notes;
  }

  private _found(): IFoundCell | null {
    return this._isDisposed ? null : this._finder.find(this._ref);
  }

  /** A notebook was opened, closed or renamed, or cells came, went or moved. */
  private _onFound(): void {
    const before = this._model;
    const closed = this._closed;
    this._bind();
    this._closed = !this._finder.panel(this._ref.path);
    // A notebook that changes elsewhere is not this chip's business.
    if (this._model !== before || this._closed !== closed) {
      this._changed.emit();
    }
  }

  private _bind(): void {
    const model = this._found()?.model ?? null;
    if (model === this._model) {
      return;
    }
    this._unbind();
    this._model = model;
    if (model) {
      model.contentChanged.connect(this._onCellChanged, this);
      model.stateChanged.connect(this._onCellChanged, this);
      this._label = cellLabel(model, this._trans);
    }
  }

  private _unbind(): void {
    this._model?.contentChanged.disconnect(this._onCellChanged, this);
    this._model?.stateChanged.disconnect(this._onCellChanged, this);
    this._model = null;
  }

  private _onCellChanged(): void {
    if (this._timer !== undefined) {
      return;
    }
    this._timer = setTimeout(() => {
      this._timer = undefined;
      if (this._model && !this._model.isDisposed) {
        this._label = cellLabel(this._model, this._trans);
      }
      this._changed.emit();
    }, SETTLE_MS);
  }

  private readonly _changed = new Signal<IAttachment, void>(this);
  private readonly _finder: NotebookFinder;
  private readonly _ref: ICellRef;
  private readonly _reveal: (found: IFoundCell) => void;
  private readonly _sourceAtFirst: string;
  private readonly _trans: TranslationBundle;
  private _enabled: IChipDefaults;
  private _closed = false;
  private _isDisposed = false;
  private _label = '';
  private _model: ICellModel | null = null;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * A namespace for `CellAttachment` statics.
 */
export namespace CellAttachment {
  /**
   * The options of a `CellAttachment`.
   */
  export interface IOptions {
    readonly ref: ICellRef;
    readonly finder: NotebookFinder;
    readonly defaults: IChipDefaults;
    readonly trans: TranslationBundle;
    /** Scroll to the cell and light it up. */
    readonly reveal: (found: IFoundCell) => void;
  }
}

/** The language of a cell's source, for the prompt. */
function partLanguage(found: IFoundCell): string {
  switch (found.model.type) {
    case 'code':
      return notebookLanguage(found.panel) || 'text';
    case 'markdown':
      return 'markdown';
    default:
      return 'text';
  }
}
