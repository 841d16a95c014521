import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type {
  IAskedCell,
  IInsertBlock,
  IInsertResult,
  InsertPlace
} from '../tokens';
import { cleanBlocks, cleanCells } from './clean';
import type { NotebookFinder } from './finder';
import { notebookLanguage } from './finder';
import type { IPlannedCell } from './languages';
import type { IKernelspec } from './newnotebook';
import { newNotebook } from './newnotebook';
import type { IFoundCell } from './opencells';
import type { PendingChanges } from './pending';
import { showCell } from './show';
import { findTarget, findText } from './target';
import type { IFront } from './texts';
import { insertText } from './texts';
import type { IInsertStep } from './undo';
import { InsertUndo } from './undo';
import { addCells, whyReadOnly } from './write';

/** What an insert into a notebook is, when it is refused. */
type Refused = { readonly refused: IInsertResult };

/**
 * Puts answers into notebooks, and code into what else is in front.
 */
export class Inserter implements IDisposable {
  constructor(options: Inserter.IOptions) {
    this._options = options;
    this._trans = options.trans;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._last?.dispose();
    this._pending?.dispose();
  }

  /** Whether the last insert can still be taken back. */
  get canUndo(): boolean {
    return this._last?.isUsable ?? false;
  }

  /** Take the last insert back; false if there is nothing to take back. */
  undo(): boolean {
    return this._last?.undo() ?? false;
  }

  /**
   * Put blocks into the notebook, in one undo step; in the place of a cell only once the user has
   * accepted it. Code goes into the text in front where no notebook is meant.
   */
  async insert(
    asked: IAskedCell | null,
    place: InsertPlace,
    blocks: readonly IInsertBlock[]
  ): Promise<IInsertResult> {
    const { finder, front } = this._options;
    const text = findText(finder, front, asked);
    if (text) {
      return insertText(text, place === 'replace', blocks, this._trans);
    }
    const plan = await this._plan(asked, place, blocks);
    if ('refused' in plan) {
      return plan.refused;
    }
    const { found, cells } = plan;
    if (place === 'replace') {
      return this._propose(found, cells, asked);
    }
    const { cellIds, step } = addCells(found, place, cells);
    if (step) {
      this._remember([step]);
    }
    void showCell(found.panel, cellIds[0], this._options.activate);
    return { inserted: true };
  }

  /** Open a new notebook with the cells that blocks become. */
  async openAsNotebook(
    blocks: readonly IInsertBlock[]
  ): Promise<IInsertResult> {
    const clean = await cleanBlocks(blocks, this._trans);
    if (clean === null) {
      return { inserted: false, cancelled: true };
    }
    const spec = this._options.kernelspec();
    const cells = await cleanCells(clean, spec?.language ?? '');
    if (!cells.length) {
      return this._refuse(this._trans.__('There is nothing to insert.'));
    }
    await this._options.openNotebook(
      this._trans.__('GPT answer') + '.ipynb',
      newNotebook(cells, spec)
    );
    return { inserted: true };
  }

  private _refuse(reason: string): IInsertResult {
    return { inserted: false, reason };
  }

  /** The cells, and the cell that they go to, once both are certain. */
  private async _plan(
    asked: IAskedCell | null,
    place: InsertPlace,
    blocks: readonly IInsertBlock[]
  ): Promise<{ found: IFoundCell; cells: IPlannedCell[] } | Refused> {
    const { finder } = this._options;
    const trans = this._trans;
    const first = findTarget(finder, asked);
    if (!first) {
      return {
        refused: this._refuse(
          trans.__(
            'No notebook is open. Open one, or create a new one, then insert again.'
          )
        )
      };
    }
    const replace = place === 'replace';
    const reason = whyReadOnly(first.cell, replace, trans);
    if (reason) {
      return { refused: this._refuse(reason) };
    }
    const clean = await cleanBlocks(blocks, trans);
    if (clean === null) {
      return { refused: { inserted: false, cancelled: true } };
    }
    const cells = await cleanCells(clean, notebookLanguage(first.cell.panel));
    if (!cells.length) {
      return { refused: this._refuse(trans.__('There is nothing to insert.')) };
    }
    // While the user was asked, or code was loaded, cells may have moved.
    const found = findTarget(finder, asked)?.cell;
    if (!found || found.panel !== first.cell.panel) {
      return {
        refused: this._refuse(
          trans.__('The notebook was closed. Open it, then insert again.')
        )
      };
    }
    const now = whyReadOnly(found, replace, trans);
    return now ? { refused: this._refuse(now) } : { found, cells };
  }

  /** Show over a cell what it would become. */
  private async _propose(
    found: IFoundCell,
    cells: readonly IPlannedCell[],
    asked: IAskedCell | null
  ): Promise<IInsertResult> {
    const { PendingChanges } = await import('./pending');
    if (found.panel.isDisposed) {
      return this._refuse(
        this._trans.__('The notebook was closed. Open it, then insert again.')
      );
    }
    this._pending ??= new PendingChanges({
      trans: this._trans,
      activate: this._options.activate,
      run: this._options.run,
      accepted: steps => this._remember(steps)
    });
    const cell: IPlannedCell = {
      type: cells.some(({ type }) => type === 'code') ? 'code' : 'markdown',
      source: cells.map(({ source }) => source).join('\n\n')
    };
    const base = asked?.cellId === found.ref.cellId ? asked.source : undefined;
    return this._pending.propose(found, cell, base)
      ? { inserted: false, proposed: true }
      : this._refuse(this._trans.__('The cell already says exactly this.'));
  }

  private _remember(steps: readonly IInsertStep[]): void {
    this._last?.dispose();
    const last: InsertUndo = new InsertUndo(steps, () => {
      if (this._last === last) {
        this._last = null;
      }
    });
    this._last = last;
  }

  private _isDisposed = false;
  private _last: InsertUndo | null = null;
  private readonly _options: Inserter.IOptions;
  private _pending: PendingChanges | null = null;
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
    /** What else than a notebook may be in front; null where nothing can. */
    readonly front: IFront | null;
    readonly trans: TranslationBundle;
    /** Bring a notebook to the front. */
    readonly activate: (panel: NotebookPanel) => void;
    /** Run the active cell of the notebook in front. */
    readonly run: () => Promise<void>;
    /** The kernel that a new notebook gets. */
    readonly kernelspec: () => IKernelspec | null;
    /** Write a notebook and open it. */
    readonly openNotebook: (name: string, content: unknown) => Promise<void>;
  }
}
