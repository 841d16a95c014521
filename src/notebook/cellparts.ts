import type { ICellPart } from '../protocol/frames';
import { cellLabel, notebookLanguage } from './finder';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IFoundCell } from './opencells';

/**
 * A cell's whole source as it goes along.
 */
export function cellPart(
  found: IFoundCell,
  trans: TranslationBundle
): ICellPart {
  return {
    type: 'cell',
    cell_id: found.ref.cellId,
    path: found.ref.path,
    source: found.model.sharedModel.getSource(),
    language: partLanguage(found),
    label: cellLabel(found.model, trans)
  };
}

/** The language of a cell's source, for the prompt. */
function partLanguage(found: IFoundCell): string {
  switch (found.model.type) {
    case 'code':
      return notebookLanguage(found.panel) || 'text';
    case 'markdown':
      return 'markdown';
    default:
      return 'text';
  }
}

/**
 * The cells above one that hold something, in their order; at most the `most` nearest.
 */
export function cellsAbove(
  found: IFoundCell,
  most: number
): { readonly cells: IFoundCell[]; readonly all: number } {
  const { panel } = found;
  const cells: IFoundCell[] = [];
  let all = 0;
  for (let index = found.index - 1; index >= 0; index--) {
    const model = panel.content.model?.cells.get(index);
    if (model && model.sharedModel.getSource().trim()) {
      all += 1;
      if (cells.length < most) {
        const ref = { cellId: model.id, path: panel.context.path };
        cells.unshift({ panel, model, index, ref });
      }
    }
  }
  return { cells, all };
}
