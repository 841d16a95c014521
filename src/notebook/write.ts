import type { ISharedText } from '@jupyter/ydoc';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IPlannedCell } from './languages';
import type { IFoundCell } from './opencells';
import type { IInsertStep } from './undo';
import { asOneStep, cellUndo, notebookUndo } from './undo';

/** A step as it was done; null where it leaves nothing to undo it by. */
export interface IWritten {
  readonly cellIds: readonly string[];
  readonly step: IInsertStep | null;
}

/**
 * Why nothing may be written here; empty if it may.
 */
export function whyReadOnly(
  found: IFoundCell,
  replace: boolean,
  trans: TranslationBundle
): string {
  const { context, content } = found.panel;
  if (content.model?.readOnly || context.contentsModel?.writable === false) {
    return trans.__(
      'This notebook is read-only. Save a copy of it, or copy the code.'
    );
  }
  if (replace && found.model.getMetadata('editable') === false) {
    return trans.__(
      'This cell is locked (its metadata says so). Insert below it instead.'
    );
  }
  return '';
}

/**
 * Put new cells below or above a cell, in one undo step.
 */
export function addCells(
  found: IFoundCell,
  place: 'above' | 'below',
  cells: readonly IPlannedCell[]
): IWritten {
  const { panel } = found;
  const shared = panel.content.model!.sharedModel;
  const index = place === 'below' ? found.index + 1 : found.index;
  const manager = notebookUndo(panel);
  let cellIds: string[] = [];
  asOneStep(manager, () => {
    const added = shared.insertCells(
      index,
      cells.map(({ type, source }) => ({
        cell_type: type,
        source,
        metadata: {}
      }))
    );
    cellIds = added.map(cell => cell.getId());
  });
  const backTo = found.ref.cellId;
  return {
    cellIds,
    step: manager && { panel, cellIds, backTo, manager, stack: 'notebook' }
  };
}

/**
 * Give a cell another text, in one undo step of its own; another type in one of the notebook.
 */
export function replaceCell(found: IFoundCell, cell: IPlannedCell): IWritten {
  const { model, panel } = found;
  const { cellId } = found.ref;
  const sameType = model.type === cell.type;
  const manager = sameType ? cellUndo(model) : notebookUndo(panel);
  asOneStep(manager, () => {
    if (sameType) {
      rewrite(model.sharedModel, cell.source);
    } else {
      replaceByType(found, cell);
    }
  });
  return {
    cellIds: [cellId],
    step: manager && {
      panel,
      cellIds: [cellId],
      backTo: cellId,
      manager,
      stack: sameType ? 'cell' : 'notebook'
    }
  };
}

/**
 * Give a text another wording by changing only what differs: cursors elsewhere in it stay where
 * they are, and so does what somebody else types there meanwhile.
 */
function rewrite(shared: ISharedText, to: string): void {
  const from = shared.getSource();
  const most = Math.min(from.length, to.length);
  let head = 0;
  while (head < most && from[head] === to[head]) {
    head += 1;
  }
  let tail = 0;
  while (
    tail < most - head &&
    from[from.length - 1 - tail] === to[to.length - 1 - tail]
  ) {
    tail += 1;
  }
  // Half a character is none: the shared text would hold a replacement character.
  if (isSecondHalf(from, head) || isSecondHalf(to, head)) {
    head -= 1;
  }
  if (
    isSecondHalf(from, from.length - tail) ||
    isSecondHalf(to, to.length - tail)
  ) {
    tail -= 1;
  }
  shared.updateSource(
    head,
    from.length - tail,
    to.slice(head, to.length - tail)
  );
}

/** Whether a place is in the middle of a character of two halves. */
function isSecondHalf(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return at > 0 && code >= 0xdc00 && code <= 0xdfff;
}

/** Put a cell of another type, with the same id, in a cell's place. */
function replaceByType(found: IFoundCell, cell: IPlannedCell): void {
  const shared = found.panel.content.model!.sharedModel;
  shared.transact(() => {
    shared.deleteCell(found.index);
    shared.insertCell(found.index, {
      id: found.ref.cellId,
      cell_type: cell.type,
      source: cell.source,
      metadata: found.model.sharedModel.getMetadata()
    });
  });
}
