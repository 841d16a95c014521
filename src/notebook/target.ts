import type { TranslationBundle } from '@jupyterlab/translation';
import type { ICellRef, IInsertTarget } from '../tokens';
import type { NotebookFinder } from './finder';
import { cellLabel } from './finder';
import type { IFoundCell } from './opencells';
import type { IFront, IFrontText } from './texts';

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
 * The text that code goes to in a notebook's place: the one in front, unless the question was
 * about a cell that is still there.
 */
export function findText(
  finder: NotebookFinder,
  front: IFront | null,
  asked: ICellRef | null
): IFrontText | null {
  return asked && finder.find(asked) ? null : (front?.text ?? null);
}

/**
 * The target as the buttons name it.
 */
export function describeTarget(
  finder: NotebookFinder,
  front: IFront | null,
  asked: ICellRef | null,
  trans: TranslationBundle
): IInsertTarget {
  const text = findText(finder, front, asked);
  if (text) {
    const { kind, name } = text;
    return { label: name, which: 'active', kind, ref: null };
  }
  const found = findTarget(finder, asked);
  if (!found) {
    return { label: '', which: 'none', kind: 'cell', ref: null };
  }
  const { cell, which } = found;
  const label = cellLabel(cell.model, trans);
  return { label, which, kind: 'cell', ref: cell.ref };
}
