import type { NotebookPanel } from '@jupyterlab/notebook';
import { scrollTo } from './highlight';
import { findInPanel } from './opencells';

/**
 * Make a cell the active one, in command mode, in view, with the focus.
 *
 * @param activate - Brings a notebook to the front.
 * @param focus - What takes the focus in the cell's place, as soon as the cell is drawn.
 */
export async function showCell(
  panel: NotebookPanel,
  cellId: string,
  activate: (panel: NotebookPanel) => void,
  focus?: () => void
): Promise<void> {
  const found = findInPanel(panel, cellId);
  if (!found) {
    return;
  }
  const { content } = panel;
  content.deselectAll();
  content.mode = 'command';
  content.activeCellIndex = found.index;
  activate(panel);
  content.activate();
  const cell = content.activeCell;
  await scrollTo(found);
  // A new cell takes the focus only once it is drawn; JupyterLab 4.4 then leaves the focus where
  // it is, if that is within the notebook.
  if (focus) {
    // Far out of view it was not drawn at all.
    await cell?.ready;
    // The notebook gives its cell the focus in the next frame; this comes after it.
    await nextFrame();
    await nextFrame();
  }
  if (!panel.isDisposed && content.activeCell === cell) {
    if (focus) {
      focus();
    } else {
      cell?.node.focus({ preventScroll: true });
    }
  }
}

function nextFrame(): Promise<void> {
  return new Promise(resolve => {
    requestAnimationFrame(() => resolve());
  });
}
