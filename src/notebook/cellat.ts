import type { Cell, ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ICellRef } from '../tokens';
import { isCode } from './opencells';

/** A part of a page that stands for a cell. */
export interface ICellAt {
  readonly ref: ICellRef;
  /** `error` or `output` where it is within an output of that kind, else null. */
  readonly output: 'error' | 'output' | null;
}

/**
 * The cell of an open notebook in which an element stands, and the kind of its output, if it
 * stands in one.
 */
export function cellAt(
  tracker: INotebookTracker,
  node: Element
): ICellAt | null {
  const cellNode = node.closest('.jp-Cell');
  const panel =
    cellNode && tracker.find(({ content }) => content.node.contains(cellNode));
  const cell = panel?.content.widgets.find(({ node }) => node === cellNode);
  if (!panel || !cell) {
    return null;
  }
  const ref = { cellId: cell.model.id, path: panel.context.path };
  return { ref, output: outputAt(cell, node) };
}

function outputAt(cell: Cell, node: Element): ICellAt['output'] {
  const child = node.closest('.jp-OutputArea-child');
  if (!isCode(cell.model) || !child || !cell.node.contains(child)) {
    return null;
  }
  // Outputs of widgets hold areas of their own: the cell's is the outermost.
  const area = outermost(child, '.jp-OutputArea', cell.node);
  const index = [...(area?.children ?? [])].findIndex(one =>
    one.contains(child)
  );
  const { outputs }: ICodeCellModel = cell.model;
  const type = index < outputs.length ? outputs.get(index)?.type : undefined;
  return type === 'error' ? 'error' : 'output';
}

function outermost(
  node: Element,
  selector: string,
  within: Element
): Element | null {
  let found: Element | null = null;
  let next = node.closest(selector);
  while (next && within.contains(next)) {
    found = next;
    next = next.parentElement?.closest(selector) ?? null;
  }
  return found;
}
