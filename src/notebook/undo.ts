import type { CellChange, YBaseCell, YNotebook } from '@jupyter/ydoc';
import type { ICellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { findInPanel } from './finder';

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
 * another step lies on top of it.
 */
export class InsertUndo implements IDisposable {
  constructor(step: IInsertStep, onEnd: () => void) {
    this._step = step;
    this._onEnd = onEnd;
    this._item = step.manager.undoStack[step.manager.undoStack.length - 1];
    step.manager.on('stack-item-added', this._end);
    step.manager.on('stack-item-popped', this._end);
    step.panel.disposed.connect(this._end);
    this._cells = step.cellIds
      .map(id => findInPanel(step.panel, id))
      .filter(found => found !== null);
    step.panel.content.addClass(INSERTED_CLASS);
    for (const { model, index } of this._cells) {
      model.sharedModel.changed.connect(this._onCellChanged);
      step.panel.content.widgets[index]?.addClass(INSERTED_CLASS);
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether the insert is still the last step. */
  get isUsable(): boolean {
    const { undoStack } = this._step.manager;
    return (
      !this._isDisposed &&
      this._item !== undefined &&
      undoStack[undoStack.length - 1] === this._item
    );
  }

  /** Take the insert back. */
  undo(): boolean {
    if (!this.isUsable) {
      return false;
    }
    const { panel, backTo, stack } = this._step;
    const changed = this._cells[0]?.model;
    this.dispose();
    if (stack === 'notebook') {
      NotebookActions.undo(panel.content);
    } else {
      changed?.sharedModel.undo();
    }
    const back = backTo ? findInPanel(panel, backTo) : null;
    if (back) {
      panel.content.activeCellIndex = back.index;
    }
    return true;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    const { manager, panel } = this._step;
    manager.off('stack-item-added', this._end);
    manager.off('stack-item-popped', this._end);
    panel.disposed.disconnect(this._end);
    for (const { model } of this._cells) {
      model.sharedModel.changed.disconnect(this._onCellChanged);
    }
    if (!panel.isDisposed) {
      panel.content.removeClass(INSERTED_CLASS);
      panel.content.widgets.forEach(cell => cell.removeClass(INSERTED_CLASS));
    }
    this._onEnd();
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
  private readonly _item: unknown;
  private _isDisposed = false;
  private readonly _onEnd: () => void;
  private readonly _step: IInsertStep;
}
