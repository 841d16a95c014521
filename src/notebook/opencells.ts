import type { ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { ICellRef } from '../tokens';

/**
 * Cells of open notebooks, as far as commands and menus look at them before the panel is opened:
 * this is loaded with the page, so it is kept small.
 */

/**
 * A cell as it was found.
 */
export interface IFoundCell {
  readonly panel: NotebookPanel;
  readonly model: ICellModel;
  readonly index: number;
  /** The cell's id and the path that its notebook has now. */
  readonly ref: ICellRef;
}

/**
 * The active cell of the notebook in front.
 */
export function activeCell(tracker: INotebookTracker): IFoundCell | null {
  const panel = tracker.currentWidget;
  const cell = panel?.isDisposed ? null : panel?.content.activeCell;
  return panel && cell ? findInPanel(panel, cell.model.id) : null;
}

/**
 * A cell by its id and the path that its notebook has now; of any notebook where that is empty.
 */
export function findCell(
  tracker: INotebookTracker,
  { cellId, path }: ICellRef
): IFoundCell | null {
  const panel = tracker.find(
    one =>
      (!path || one.context.path === path) && findInPanel(one, cellId) !== null
  );
  return panel ? findInPanel(panel, cellId) : null;
}

/**
 * The cell with this id in a notebook.
 */
export function findInPanel(
  panel: NotebookPanel,
  cellId: string
): IFoundCell | null {
  const cells = panel.isDisposed ? undefined : panel.content.model?.cells;
  if (!cells) {
    return null;
  }
  for (let index = 0; index < cells.length; index++) {
    const model = cells.get(index);
    if (model.id === cellId) {
      const ref = { cellId, path: panel.context.path };
      return { panel, model, index, ref };
    }
  }
  return null;
}

/**
 * Whether a cell is one of code. By its type: an older JupyterLab shares no `@jupyterlab/cells`
 * that satisfies the one we are built with, so nothing of it may be needed when we run.
 */
export function isCode(model: ICellModel): model is ICodeCellModel {
  return model.type === 'code';
}

/**
 * Whether the cell has failed: cheap, without reading the traceback.
 */
export function hasError(model: ICellModel): boolean {
  if (!isCode(model) || model.isDisposed) {
    return false;
  }
  for (let index = 0; index < model.outputs.length; index++) {
    if (model.outputs.get(index).type === 'error') {
      return true;
    }
  }
  return false;
}
