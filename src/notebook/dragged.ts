import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { ICellRef } from '../tokens';

/** What a notebook drags: the widgets of its cells. */
const CELLS = 'internal:cells';

/** What a drag of JupyterLab carries. */
interface IDragged {
  hasData(mime: string): boolean;
  getData(mime: string): unknown;
}

/**
 * The cells that a drag carries; null if it carries none. Those of a console are in no notebook: then
 * there are none that could be named.
 */
export function draggedCells(data: IDragged): ICellRef[] | null {
  if (!data.hasData(CELLS)) {
    return null;
  }
  const cells = data.getData(CELLS) as readonly Cell[];
  // A cell lies in the notebook, and that in its panel; one that is not drawn lies nowhere, but
  // all of a drag are of one notebook, and the one under the pointer is drawn.
  const path = cells
    .map(cell => cell.parent?.parent as NotebookPanel | null | undefined)
    .find(panel => panel?.context)?.context.path;
  return path === undefined
    ? []
    : cells.map(cell => ({ cellId: cell.model.id, path }));
}
