import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Part } from '../protocol/frames';
import type { IAttachment, IAttachmentOption, ICellRef } from '../tokens';
import { nothingOff } from '../protocol/features';
import { cellPart } from './cellparts';
import type { IChipDefaults } from './chipdefaults';
import type { NotebookFinder } from './finder';
import type { IFoundCell } from './opencells';
import type { ICellOption } from './option';
import { errorOption, outputOption } from './options';
import { roughTokens } from './rough';

/**
 * Cells that one chip takes at most: 100 cells of 10 KB are the frame's 1 MiB. The whole notebook
 * is sent otherwise, and from then on only by its changes, so it is the better choice beyond.
 */
export const MAX_CELLS = 100;

/** Milliseconds of rest before a change is announced: a chip need not be drawn at each keystroke. */
const SETTLE_MS = 300;

/**
 * Several cells of a notebook that go along with a prompt, each known by its id.
 */
export class CellsAttachment implements IAttachment {
  constructor(options: CellsAttachment.IOptions) {
    const { refs, trans, defaults } = options;
    this._options = options;
    this.id = `cells:${refs.map(ref => `${ref.path}#${ref.cellId}`).join()}`;
    const onNews = (): void => undefined;
    const isOff = nothingOff; // neither of the two can be
    const setting = { trans, defaults, upload: null, isOff, onNews };
    this._extras = [errorOption(setting), outputOption(setting)];
    this._sourcesAtFirst = this._sources();
    this._watch();
    options.finder.changed.connect(this._onChange, this);
  }

  readonly id: string;
  readonly kind = 'cell';

  get label(): string {
    const { length } = this._options.refs;
    return this._options.trans._n('%1 cell', '%1 cells', length, length);
  }

  get note(): string {
    const { refs, trans } = this._options;
    const cells = this._cells();
    const lines = cells.reduce(
      (sum, { model }) =>
        sum + model.sharedModel.getSource().split('\n').length,
      0
    );
    const notes = [trans._n('%1 line', '%1 lines', lines, lines)];
    const gone = refs.length - cells.length;
    if (gone > 0) {
      notes.push(trans.__('%1 deleted', gone));
    }
    if (this._sources() !== this._sourcesAtFirst) {
      notes.push(trans.__('edited since'));
    }
    return notes.join(' · ');
  }

  get available(): boolean {
    return this._cells().length > 0;
  }

  get options(): readonly IAttachmentOption[] {
    const cells = this._cells();
    const code: IAttachmentOption = {
      id: 'code',
      label: this._options.trans.__('Code'),
      enabled: this._code
    };
    const shown = this._extras.filter(extra => cells.some(extra.isShown));
    return [
      code,
      ...shown.map(extra => ({
        id: extra.id,
        label: extra.label(cells[0]),
        enabled: extra.enabled
      }))
    ];
  }

  get tokens(): number {
    this._tokens ??= roughTokens(this.parts());
    return this._tokens;
  }

  get changed(): ISignal<IAttachment, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  setOption(id: string, enabled: boolean): void {
    const extra = this._extras.find(one => one.id === id);
    if (extra) {
      extra.enabled = enabled;
    } else if (id === 'code') {
      this._code = enabled;
    }
    this._announce();
  }

  parts(): Part[] {
    return this._cells().flatMap(cell => [
      ...(this._code ? [cellPart(cell, this._options.trans)] : []),
      ...this._extras
        .filter(extra => extra.enabled && extra.isShown(cell))
        .flatMap(extra => extra.parts(cell))
    ]);
  }

  reveal(): void {
    const [first] = this._cells();
    if (first) {
      this._options.reveal(first.ref);
    }
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      clearTimeout(this._timer);
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  /** The cells that are there, in the notebook's order. */
  private _cells(): IFoundCell[] {
    const { finder, refs } = this._options;
    return this._isDisposed
      ? []
      : refs
          .flatMap(ref => finder.find(ref) ?? [])
          .sort((a, b) => a.index - b.index);
  }

  private _sources(): string {
    return JSON.stringify(
      this._cells().map(({ model }) => model.sharedModel.getSource())
    );
  }

  private _watch(): void {
    const panel = this._options.finder.panel(this._options.refs[0].path);
    if (panel !== this._panel) {
      this._panel?.model?.contentChanged.disconnect(this._onChange, this);
      this._panel = panel;
      panel?.model?.contentChanged.connect(this._onChange, this);
    }
  }

  private _onChange(): void {
    this._watch();
    this._timer ??= setTimeout(() => {
      this._timer = undefined;
      this._announce();
    }, SETTLE_MS);
  }

  private _announce(): void {
    this._tokens = undefined;
    this._changed.emit();
  }

  private readonly _changed = new Signal<IAttachment, void>(this);
  private readonly _extras: readonly ICellOption[];
  private readonly _options: CellsAttachment.IOptions;
  private readonly _sourcesAtFirst: string;
  private _code = true;
  private _isDisposed = false;
  private _panel: NotebookPanel | null = null;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _tokens: number | undefined;
}

/**
 * A namespace for `CellsAttachment` statics.
 */
export namespace CellsAttachment {
  /**
   * The options of a `CellsAttachment`.
   */
  export interface IOptions {
    /** At least one, all of one notebook. */
    readonly refs: readonly ICellRef[];
    readonly finder: NotebookFinder;
    readonly defaults: IChipDefaults;
    readonly trans: TranslationBundle;
    /** Scroll to a cell and light it up. */
    readonly reveal: (ref: ICellRef) => void;
  }
}
