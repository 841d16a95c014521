import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type {
  ICellRef,
  IInsertBlock,
  IInsertResult,
  InsertPlace
} from '../tokens';
import { stripPrompts } from './fences';
import type { IFoundCell, NotebookFinder } from './finder';
import { findInPanel, notebookLanguage } from './finder';
import { scrollTo } from './highlight';
import type { IPlannedCell } from './languages';
import { planCells } from './languages';
import { CONTROL } from './outputs';
import { findTarget } from './target';
import { asOneStep, cellUndo, InsertUndo, notebookUndo } from './undo';

/**
 * Puts answers into notebooks.
 */
export class Inserter implements IDisposable {
  constructor(options: Inserter.IOptions) {
    this._finder = options.finder;
    this._trans = options.trans;
    this._activate = options.activate;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._last?.dispose();
  }

  /** Whether the last insert can still be taken back. */
  get canUndo(): boolean {
    return this._last?.isUsable ?? false;
  }

  /** Take the last insert back; false if there is nothing to take back. */
  undo(): boolean {
    return this._last?.undo() ?? false;
  }

  /** Put blocks into the notebook, in one undo step. */
  async insert(
    asked: ICellRef | null,
    place: InsertPlace,
    blocks: readonly IInsertBlock[]
  ): Promise<IInsertResult> {
    const first = findTarget(this._finder, asked);
    if (!first) {
      return this._refuse(
        this._trans.__(
          'No notebook is open. Open one, or create a new one, then insert again.'
        )
      );
    }
    const cells = await cleanCells(blocks, notebookLanguage(first.cell.panel));
    if (!cells.length) {
      return this._refuse(this._trans.__('There is nothing to insert.'));
    }
    // While the Markdown parser was loaded, cells may have moved.
    const found = findTarget(this._finder, asked)?.cell;
    if (!found || found.panel !== first.cell.panel) {
      return this._refuse(
        this._trans.__('The notebook was closed. Open it, then insert again.')
      );
    }
    const reason = this._readOnly(found, place);
    if (reason) {
      return this._refuse(reason);
    }
    const ids =
      place === 'replace'
        ? this._replace(found, cells)
        : this._add(found, place, cells);
    this._show(found.panel, ids[0]);
    return { inserted: true };
  }

  private _refuse(reason: string): IInsertResult {
    return { inserted: false, reason };
  }

  /** Why nothing may be written here; empty if it may. */
  private _readOnly(found: IFoundCell, place: InsertPlace): string {
    const { context, content } = found.panel;
    if (content.model?.readOnly || context.contentsModel?.writable === false) {
      return this._trans.__(
        'This notebook is read-only. Save a copy of it, or copy the code.'
      );
    }
    if (place === 'replace' && found.model.getMetadata('editable') === false) {
      return this._trans.__(
        'This cell is locked (its metadata says so). Insert below it instead.'
      );
    }
    return '';
  }

  private _add(
    found: IFoundCell,
    place: 'above' | 'below',
    cells: readonly IPlannedCell[]
  ): string[] {
    const { panel } = found;
    const shared = panel.content.model!.sharedModel;
    const index = place === 'below' ? found.index + 1 : found.index;
    const manager = notebookUndo(panel);
    let ids: string[] = [];
    this._last?.dispose();
    asOneStep(manager, () => {
      const added = shared.insertCells(
        index,
        cells.map(({ type, source }) => ({
          cell_type: type,
          source,
          metadata: {}
        }))
      );
      ids = added.map(cell => cell.getId());
    });
    if (manager) {
      const backTo = found.ref.cellId;
      this._remember({
        panel,
        cellIds: ids,
        backTo,
        manager,
        stack: 'notebook'
      });
    }
    return ids;
  }

  private _replace(
    found: IFoundCell,
    cells: readonly IPlannedCell[]
  ): string[] {
    const { model, panel } = found;
    const { cellId } = found.ref;
    const source = cells.map(cell => cell.source).join('\n\n');
    const type = cells.some(cell => cell.type === 'code') ? 'code' : 'markdown';
    const sameType = model.type === type;
    const manager = sameType ? cellUndo(model) : notebookUndo(panel);
    this._last?.dispose();
    asOneStep(manager, () => {
      if (sameType) {
        model.sharedModel.setSource(source);
      } else {
        replaceCell(found, type, source);
      }
    });
    if (manager) {
      this._remember({
        panel,
        cellIds: [cellId],
        backTo: cellId,
        manager,
        stack: sameType ? 'cell' : 'notebook'
      });
    }
    return [cellId];
  }

  private _remember(step: ConstructorParameters<typeof InsertUndo>[0]): void {
    const last: InsertUndo = new InsertUndo(step, () => {
      if (this._last === last) {
        this._last = null;
      }
    });
    this._last = last;
  }

  /** Make a cell the active one, in command mode, in view, with the focus. */
  private _show(panel: NotebookPanel, cellId: string): void {
    const found = findInPanel(panel, cellId);
    if (!found) {
      return;
    }
    const { content } = panel;
    content.deselectAll();
    content.mode = 'command';
    content.activeCellIndex = found.index;
    this._activate(panel);
    content.activate();
    const cell = content.activeCell;
    void scrollTo(found).then(() => {
      // A new cell takes the focus only once it is drawn; JupyterLab 4.4 then leaves the focus
      // where it is, if that is within the notebook.
      if (!panel.isDisposed && content.activeCell === cell) {
        cell?.node.focus({ preventScroll: true });
      }
    });
  }

  private readonly _activate: (panel: NotebookPanel) => void;
  private readonly _finder: NotebookFinder;
  private _isDisposed = false;
  private _last: InsertUndo | null = null;
  private readonly _trans: TranslationBundle;
}

/**
 * A namespace for `Inserter` statics.
 */
export namespace Inserter {
  /**
   * The options of an `Inserter`.
   */
  export interface IOptions {
    readonly finder: NotebookFinder;
    readonly trans: TranslationBundle;
    /** Bring a notebook to the front. */
    readonly activate: (panel: NotebookPanel) => void;
  }
}

/** The cells to insert: prompts stripped, control characters gone, Markdown harmless. */
async function cleanCells(
  blocks: readonly IInsertBlock[],
  language: string
): Promise<IPlannedCell[]> {
  const clean = blocks.map(block => {
    const source = block.source.replace(/\r\n?/g, '\n').replace(CONTROL, '');
    return {
      ...block,
      source:
        block.kind === 'code' ? stripPrompts(source, block.language) : source
    };
  });
  const cells = planCells(clean, language).filter(cell => cell.source.trim());
  if (cells.every(cell => cell.type === 'code')) {
    return cells;
  }
  const { makeHarmless } = await import('./harmless');
  return cells.map(cell =>
    cell.type === 'markdown'
      ? { type: cell.type, source: makeHarmless(cell.source) }
      : cell
  );
}

/** Put a cell of another type, with the same id, in a cell's place. */
function replaceCell(
  found: IFoundCell,
  type: 'code' | 'markdown',
  source: string
): void {
  const shared = found.panel.content.model!.sharedModel;
  shared.transact(() => {
    shared.deleteCell(found.index);
    shared.insertCell(found.index, {
      id: found.ref.cellId,
      cell_type: type,
      source,
      metadata: found.model.sharedModel.getMetadata()
    });
  });
}
