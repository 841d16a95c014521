import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { DiffView } from './diffview';
import type { IPlannedCell } from './languages';
import type { IFoundCell } from './opencells';
import { findInPanel } from './opencells';
import { PendingBar } from './pendingbar';
import { isDone, PendingNotebook } from './pendingnotebook';
import { showCell } from './show';
import type { IInsertStep } from './undo';
import type { IWritten } from './write';
import { replaceCell, whyReadOnly } from './write';
import '../../style/diff.css';

/** The changes of one notebook, with their bar. */
interface INotebookEntry {
  readonly changes: PendingNotebook;
  bar: PendingBar | null;
}

/**
 * Changes to cells that wait for Accept or Reject.
 */
export class PendingChanges implements IDisposable {
  constructor(options: PendingChanges.IOptions) {
    this._options = options;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      for (const panel of [...this._notebooks.keys()]) {
        this._forget(panel);
      }
    }
  }

  /**
   * Show what a cell would become.
   *
   * @param asked - The cell's text that the change was written for, if that is known.
   * @returns False where the cell is that already.
   */
  propose(found: IFoundCell, cell: IPlannedCell, asked?: string): boolean {
    const { panel, model } = found;
    const { cellId } = found.ref;
    if (isDone(model, cell)) {
      return false;
    }
    const { changes } = this._entry(panel);
    changes.add(found, cell, asked ?? model.sharedModel.getSource());
    this._show(panel, cellId);
    return true;
  }

  private _entry(panel: NotebookPanel): INotebookEntry {
    const known = this._notebooks.get(panel);
    if (known) {
      return known;
    }
    const entry: INotebookEntry = {
      bar: null,
      changes: new PendingNotebook({
        panel,
        trans: this._options.trans,
        createView: (cellId, cell) =>
          new DiffView({
            trans: this._options.trans,
            canRun: cell.type === 'code',
            accept: run => void this._accept(panel, cellId, run),
            reject: () => this._reject(panel, cellId)
          }),
        changed: () => this._count(panel)
      })
    };
    this._notebooks.set(panel, entry);
    panel.disposed.connect(this._forget, this);
    return entry;
  }

  private _forget(panel: NotebookPanel): void {
    const entry = this._notebooks.get(panel);
    this._notebooks.delete(panel);
    entry?.changes.dispose();
    entry?.bar?.dispose();
    panel.disposed.disconnect(this._forget, this);
  }

  /** Keep the bar right, and nothing for a notebook in which nothing waits. */
  private _count(panel: NotebookPanel): void {
    const entry = this._notebooks.get(panel);
    if (!entry) {
      return;
    }
    const count = entry.changes.cellIds.length;
    if (count === 0) {
      this._forget(panel);
    } else if (count === 1) {
      entry.bar?.dispose();
      entry.bar = null;
    } else {
      entry.bar ??= this._createBar(panel);
      entry.bar.setCount(count);
    }
  }

  private _createBar(panel: NotebookPanel): PendingBar {
    const bar = new PendingBar({
      trans: this._options.trans,
      acceptAll: () => this._acceptAll(panel),
      rejectAll: () => this._rejectAll(panel),
      next: () => this._next(panel),
      leave: () => panel.content.activate()
    });
    panel.contentHeader.addWidget(bar);
    return bar;
  }

  /** Make a change; null where it cannot be made. */
  private _take(panel: NotebookPanel, cellId: string): IWritten | null {
    const changes = this._notebooks.get(panel)?.changes;
    const cell = changes?.get(cellId);
    const found = findInPanel(panel, cellId);
    if (!changes || !cell || !found) {
      return null;
    }
    const reason = whyReadOnly(found, true, this._options.trans);
    if (reason) {
      changes.complain(cellId, reason);
      return null;
    }
    changes.remove(cellId);
    return replaceCell(found, cell);
  }

  /** Make changes that can be taken back together; the ids of those that were made. */
  private _takeAll(
    panel: NotebookPanel,
    ids: readonly string[]
  ): readonly string[] {
    const written = ids.flatMap(id => this._take(panel, id) ?? []);
    const steps = written.flatMap(({ step }) => step ?? []);
    if (steps.length) {
      this._options.accepted(steps);
    }
    return written.flatMap(({ cellIds }) => cellIds);
  }

  private async _accept(
    panel: NotebookPanel,
    cellId: string,
    run: boolean
  ): Promise<void> {
    if (this._takeAll(panel, [cellId]).length) {
      await this._focusCell(panel, cellId);
      if (run) {
        await this._options.run();
      }
    }
  }

  private _reject(panel: NotebookPanel, cellId: string): void {
    this._notebooks.get(panel)?.changes.remove(cellId);
    void this._focusCell(panel, cellId);
  }

  private _acceptAll(panel: NotebookPanel): void {
    const ids = this._ids(panel);
    this._takeAll(panel, ids);
    this._endAll(panel, ids);
  }

  private _rejectAll(panel: NotebookPanel): void {
    const ids = this._ids(panel);
    ids.forEach(id => this._notebooks.get(panel)?.changes.remove(id));
    this._endAll(panel, ids);
  }

  /** To the first cell; or to the first change that could not be made. */
  private _endAll(panel: NotebookPanel, ids: readonly string[]): void {
    const [left] = this._ids(panel);
    if (left !== undefined) {
      this._show(panel, left);
    } else if (ids.length) {
      void this._focusCell(panel, ids[0]);
    }
  }

  /** To the change after the active cell, else to the first. */
  private _next(panel: NotebookPanel): void {
    const ids = this._ids(panel);
    const active = panel.content.activeCellIndex;
    const index = (id: string) => findInPanel(panel, id)?.index ?? -1;
    const next = ids.find(id => index(id) > active) ?? ids[0];
    if (next !== undefined) {
      this._show(panel, next);
    }
  }

  private _ids(panel: NotebookPanel): readonly string[] {
    return this._notebooks.get(panel)?.changes.cellIds ?? [];
  }

  private _show(panel: NotebookPanel, cellId: string): void {
    void showCell(panel, cellId, this._options.activate, () => {
      this._notebooks.get(panel)?.changes.focus(cellId);
    });
  }

  private _focusCell(panel: NotebookPanel, cellId: string): Promise<void> {
    return showCell(panel, cellId, this._options.activate);
  }

  private _isDisposed = false;
  private readonly _notebooks = new Map<NotebookPanel, INotebookEntry>();
  private readonly _options: PendingChanges.IOptions;
}

/** Types of `PendingChanges`. */
export namespace PendingChanges {
  /** What waiting changes need. */
  export interface IOptions {
    readonly trans: TranslationBundle;
    /** Bring a notebook to the front. */
    readonly activate: (panel: NotebookPanel) => void;
    /** Run the active cell of the notebook in front. */
    readonly run: () => Promise<void>;
    /** Called with the undo steps of changes that were made together: one at least. */
    readonly accepted: (steps: readonly IInsertStep[]) => void;
  }
}
