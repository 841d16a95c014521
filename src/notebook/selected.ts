import type { CodeEditor } from '@jupyterlab/codeeditor';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { ICellRef } from '../tokens';

/**
 * The cells that are selected in a notebook, in its order; the active one is.
 */
export function selectedRefs(panel: NotebookPanel | null): ICellRef[] {
  if (!panel || panel.isDisposed) {
    return [];
  }
  const { content, context } = panel;
  return content.widgets
    .filter(cell => content.isSelectedOrActive(cell))
    .map(cell => ({ cellId: cell.model.id, path: context.path }));
}

/**
 * Whether something is selected in an editor.
 */
export function hasSelection(editor: CodeEditor.IEditor): boolean {
  const { start, end } = editor.getSelection();
  return start.line !== end.line || start.column !== end.column;
}
