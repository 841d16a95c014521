import type { CellChange, YBaseCell, YNotebook } from '@jupyter/ydoc';
import type { ICellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { findInPanel } from './opencells';

/**
 * Marks a notebook, and within it the new cells, as long as Ctrl-Z takes the insert back. The
 * selectors of the command's key bindings ask for it, so that the key is JupyterLab's again as
 * soon as the mark is gone.
 */
export const INSERTED_CLASS = 'jp-mod-gptInserted';

/** The undo manager of a shared text or notebook. */
export type UndoManager = NonNullable<YBaseCell<never>['undoManager']>;

/**
 * The undo manager of a notebook.
 */
export function notebookUndo(panel: NotebookPanel): UndoManager | null {
  const shared = panel.content.model?.sharedModel as
    Partial<Pick<YNotebook, 'undoManager'>> | undefined;
  return shared?.undoManager ?? null;
}

/**
 * The undo manager of the text of a cell.
 */
export function cellUndo(model: ICellModel): UndoManager | null {
  const shared = model.sharedModel as Partial<
    Pick<YBaseCell<never>, 'undoManager'>
  >;
  return shared.undoManager ?? null;
}

/**
 * Make a change a step of its own: what came before or comes after within yjs's 500 ms of merging
 * must not be undone with it.
 */
export function asOneStep(
  manager: UndoManager | null,
  change: () => void
): void {
  manager?.stopCapturing();
  change();
  manager?.stopCapturing();
}

/**
 * What an insert did, for taking it back.
 */
export interface IInsertStep {
  readonly panel: NotebookPanel;
  /** Ids of the cells that are new, or whose source is. */
  readonly cellIds: readonly string[];
  /** The cell to go back to. */
  readonly backTo: string | null;
  /** The undo manager on whose stack the step lies. */
  readonly manager: UndoManager;
  /** Whether it lies on the notebook's stack (new cells) or the cell's own (new source). */
  readonly stack: 'notebook' | 'cell';
}

/**
 * The last insert, as long as it can be taken back: until one of its cells is edited or run, or
 * another step lies on top of it. Changes that were accepted together are taken back together.
 */
export class InsertUndo implements IDisposable {
  /**
   * @param steps - At least one, all of one notebook, in the order in which they were done.
   */
  constructor(steps: readonly IInsertStep[], onEnd: () => void) {
    this._steps = steps;
    this._onEnd = onEnd;
    this._panel = steps[0].panel;
    for (const { manager } of steps) {
      const count = steps.filter(step => step.manager === manager).length;
      this._items.set(manager, manager.undoStack.slice(-count));
    }
    for (const manager of this._items.keys()) {
      manager.on('stack-item-added', this._end);
      manager.on('stack-item-popped', this._end);
    }
    this._panel.disposed.connect(this._end);
    this._panel.content.addClass(INSERTED_CLASS);
    this._cells = steps.flatMap(step =>
      step.cellIds
        .map(id => findInPanel(this._panel, id))
        .filter(found => found !== null)
    );
    for (const { model } of this._cells) {
      model.sharedModel.changed.connect(this._onCellChanged);
    }
    this._mark();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether the insert is still the last step. */
  get isUsable(): boolean {
    return (
      !this._isDisposed &&
      [...this._items].every(([{ undoStack }, items]) => {
        const first = undoStack.length - items.length;
        return items.every((item, at) => undoStack[first + at] === item);
      })
    );
  }

  /** Take the insert back. */
  undo(): boolean {
    if (!this.isUsable) {
      return false;
    }
    const { content } = this._panel;
    this.dispose();
    for (const { cellIds, stack } of [...this._steps].reverse()) {
      if (stack === 'notebook') {
        NotebookActions.undo(content);
      } else {
        findInPanel(this._panel, cellIds[0])?.model.sharedModel.undo();
      }
    }
    const { backTo } = this._steps[0];
    const back = backTo ? findInPanel(this._panel, backTo) : null;
    if (back) {
      content.activeCellIndex = back.index;
    }
    return true;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    for (const manager of this._items.keys()) {
      manager.off('stack-item-added', this._end);
      manager.off('stack-item-popped', this._end);
    }
    this._panel.disposed.disconnect(this._end);
    for (const { model } of this._cells) {
      model.sharedModel.changed.disconnect(this._onCellChanged);
    }
    if (!this._panel.isDisposed) {
      const { content } = this._panel;
      content.removeClass(INSERTED_CLASS);
      content.widgets.forEach(cell => cell.removeClass(INSERTED_CLASS));
    }
    this._onEnd();
  }

  /** Of several cells each keeps its own Ctrl-Z while one types in it, if it has one. */
  private _mark(): void {
    const marked = this._steps
      .filter(({ stack }) => this._steps.length === 1 || stack === 'notebook')
      .flatMap(({ cellIds }) => cellIds);
    const { content } = this._panel;
    for (const { index, ref } of this._cells) {
      content.widgets[index]?.toggleClass(
        INSERTED_CLASS,
        marked.includes(ref.cellId)
      );
    }
  }

  private readonly _end = (): void => {
    this.dispose();
  };

  private readonly _onCellChanged = (_: unknown, change: CellChange): void => {
    const { sourceChange, outputsChange, executionCountChange } = change as {
      sourceChange?: unknown;
      outputsChange?: unknown;
      executionCountChange?: unknown;
    };
    if (sourceChange || outputsChange || executionCountChange) {
      this.dispose();
    }
  };

  private readonly _cells;
  private readonly _items = new Map<UndoManager, readonly unknown[]>();
  private _isDisposed = false;
  private readonly _onEnd: () => void;
  private readonly _panel: NotebookPanel;
  private readonly _steps: readonly IInsertStep[];
}
