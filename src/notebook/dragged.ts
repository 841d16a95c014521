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
  return (data.getData(CELLS) as readonly Cell[]).flatMap(cell => {
    // A cell lies in the notebook, and that in its panel.
    const panel = cell.parent?.parent as NotebookPanel | null | undefined;
    const path = panel?.context?.path;
    return path === undefined ? [] : [{ cellId: cell.model.id, path }];
  });
}
