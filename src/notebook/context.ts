import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Part } from '../protocol/frames';
import type { IAttachment, IAttachmentOption, ICellRef } from '../tokens';
import type { IsOff } from '../protocol/features';
import { nothingOff } from '../protocol/features';
import { cellPart } from './cellparts';
import type { IChipDefaults } from './chipdefaults';
import type { NotebookFinder } from './finder';
import { cellLabel, isBusy } from './finder';
import type { IFoundCell } from './opencells';
import type { ICellOption } from './option';
import { cellOptions } from './options';
import { roughTokens } from './rough';
import type { ILines } from './selection';
import { linesOf, LineSelection, selectedLines } from './selection';
import type { Upload } from './upload';
import { CellWatcher } from './watcher';

/**
 * A cell that goes along with a prompt.
 *
 * It knows the cell by id, so a moved cell is still meant, and reads it when the prompt is sent.
 */
export class CellAttachment implements IAttachment {
  constructor(options: CellAttachment.IOptions) {
    const { defaults, finder, ref, trans, reveal } = options;
    const { upload = null, isOff = nothingOff } = options;
    this._ref = ref;
    this._trans = trans;
    this._reveal = reveal;
    this._code = defaults.code;
    this.id = `cell:${ref.path}#${ref.cellId}`;
    this._watcher = new CellWatcher(ref, finder, () => this._onCell());
    const found = this._found;
    const onNews = (): void => this._announce();
    this._all = cellOptions({ trans, defaults, upload, isOff, onNews }, found);
    this._sourceAtFirst = found ? sourceOf(found) : '';
    this._label = found ? cellLabel(found.model, trans) : '';
    const lines = found && !options.whole ? selectedLines(found) : null;
    this._selection = lines && new LineSelection(this._sourceAtFirst, lines);
  }

  readonly id: string;
  readonly kind = 'cell';

  get label(): string {
    const found = this._found;
    const lines = found && this._lines(sourceOf(found));
    if (!lines) {
      return this._label;
    }
    const { from, to } = lines;
    return from === to
      ? this._trans.__('%1 line %2', this._label, from)
      : this._trans.__('%1 lines %2–%3', this._label, from, to);
  }

  get note(): string {
    return this._notes().join(' · ');
  }

  get available(): boolean {
    return this._found !== null;
  }

  get options(): readonly IAttachmentOption[] {
    const found = this._found;
    if (!found) {
      return [];
    }
    const code: IAttachmentOption = {
      id: 'code',
      label:
        found.model.type === 'code'
          ? this._trans.__('Code')
          : this._trans.__('Text'),
      enabled: this._code
    };
    const lines = this._selection && {
      id: 'selection',
      label: this._trans.__('Selected lines only'),
      enabled: this._narrowed
    };
    return [
      code,
      ...(lines ? [lines] : []),
      ...this._all
        .filter(option => option.isShown(found))
        .map(option => ({
          id: option.id,
          label: option.label(found),
          enabled: option.enabled,
          minor: option.minor,
          needs: option.needs
        }))
    ];
  }

  get tokens(): number {
    this._tokens ??= roughTokens(this.parts());
    return this._tokens;
  }

  get pending(): string | null {
    return this._on().find(option => option.pending)?.pending ?? null;
  }

  get problem(): string | null {
    return this._all.find(option => option.problem)?.problem ?? null;
  }

  get changed(): ISignal<IAttachment, void> {
    return this._changed;
  }

  /** The cell that is meant, at the path that its notebook has now. */
  get ref(): ICellRef {
    return this._found?.ref ?? this._ref;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._watcher.dispose();
    this._all.forEach(option => option.dispose?.());
    Signal.clearData(this);
  }

  setOption(id: string, enabled: boolean): void {
    const option = this._all.find(one => one.id === id);
    if (id === 'code') {
      this._code = enabled;
    } else if (id === 'selection') {
      this._narrowed = enabled;
    } else if (option) {
      option.enabled = enabled;
      option.reset?.();
      this._refresh();
    }
    this._announce();
  }

  parts(): Part[] {
    const found = this._found;
    if (!found) {
      return [];
    }
    const parts: Part[] = this._code ? [this._source(found)] : [];
    const named = new Set([found.ref.cellId]);
    for (const part of this._on().flatMap(option => option.parts(found))) {
      // A definition is among the cells above, too.
      if (part.type === 'cell' && named.has(part.cell_id)) {
        continue;
      }
      if (part.type === 'cell') {
        named.add(part.cell_id);
      }
      parts.push(part);
    }
    return parts;
  }

  reveal(): void {
    const found = this._found;
    if (found) {
      this._reveal(found);
    }
  }

  private _notes(): string[] {
    const found = this._found;
    if (!found) {
      return [
        this._watcher.isClosed
          ? this._trans.__('notebook closed')
          : this._trans.__('deleted')
      ];
    }
    const source = sourceOf(found);
    const lines = source.split('\n').length;
    const notes = [
      this._lines(source)
        ? this._trans.__('of %1 lines', lines)
        : this._trans._n('%1 line', '%1 lines', lines, lines)
    ];
    if (source !== this._sourceAtFirst) {
      notes.push(this._trans.__('edited since'));
    }
    if (isBusy(found.model)) {
      notes.push(this._trans.__('busy'));
    }
    return [
      ...notes,
      ...this._on().flatMap(option => option.notes?.(found) ?? [])
    ];
  }

  /** The options that are on, and have something to say. */
  private _on(): ICellOption[] {
    const found = this._found;
    return found
      ? this._all.filter(option => option.enabled && option.isShown(found))
      : [];
  }

  /** The lines that are meant; null: the whole cell. */
  private _lines(source: string): ILines | null {
    return this._narrowed ? (this._selection?.in(source) ?? null) : null;
  }

  private _source(found: IFoundCell): Part {
    const part = cellPart(found, this._trans);
    const lines = this._lines(part.source ?? '');
    return lines
      ? {
          ...part,
          source: linesOf(part.source ?? '', lines),
          from_line: lines.from,
          to_line: lines.to
        }
      : part;
  }

  private _refresh(): void {
    const found = this._found;
    if (found) {
      this._on().forEach(option => option.refresh?.(found));
    }
  }

  private _announce(): void {
    this._tokens = undefined;
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private get _found(): IFoundCell | null {
    return this._watcher.found;
  }

  private _onCell(): void {
    const found = this._found;
    // The label of a cell that is gone is the one that it had.
    this._label = found ? cellLabel(found.model, this._trans) : this._label;
    this._refresh();
    this._announce();
  }

  private readonly _all: readonly ICellOption[];
  private readonly _changed = new Signal<IAttachment, void>(this);
  private readonly _ref: ICellRef;
  private readonly _reveal: (found: IFoundCell) => void;
  private readonly _selection: LineSelection | null;
  private readonly _sourceAtFirst: string;
  private readonly _trans: TranslationBundle;
  private readonly _watcher: CellWatcher;
  private _code: boolean;
  private _isDisposed = false;
  private _label: string;
  private _narrowed = true;
  private _tokens: number | undefined;
}

/** A namespace for `CellAttachment` statics. */
export namespace CellAttachment {
  /** The options of a `CellAttachment`. */
  export interface IOptions {
    readonly ref: ICellRef;
    readonly finder: NotebookFinder;
    readonly defaults: IChipDefaults;
    readonly trans: TranslationBundle;
    /** Where pictures go; without it they stay here. */
    readonly upload?: Upload | null;
    readonly isOff?: IsOff;
    /** Mean the whole cell, whatever is selected in it. */
    readonly whole?: boolean;
    /** Scroll to the cell and light it up. */
    readonly reveal: (found: IFoundCell) => void;
  }
}

function sourceOf({ model }: IFoundCell): string {
  return model.sharedModel.getSource();
}
