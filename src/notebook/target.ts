import type { TranslationBundle } from '@jupyterlab/translation';
import type { ICellRef, IInsertTarget } from '../tokens';
import type { IFoundCell, NotebookFinder } from './finder';
import { cellLabel } from './finder';

/**
 * The cell that an answer to a question about `asked` goes to: that one, else the active one.
 */
export function findTarget(
  finder: NotebookFinder,
  asked: ICellRef | null
): { cell: IFoundCell; which: 'asked' | 'active' } | null {
  const cell = asked ? finder.find(asked) : null;
  if (cell) {
    return { cell, which: 'asked' };
  }
  const active = finder.active();
  return active ? { cell: active, which: 'active' } : null;
}

/**
 * That cell as the buttons name it.
 */
export function describeTarget(
  finder: NotebookFinder,
  asked: ICellRef | null,
  trans: TranslationBundle
): IInsertTarget {
  const found = findTarget(finder, asked);
  if (!found) {
    return { label: '', which: 'none', ref: null };
  }
  const { cell, which } = found;
  return { label: cellLabel(cell.model, trans), which, ref: cell.ref };
}
