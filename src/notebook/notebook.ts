import type { Cell, ICellModel } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type {
  IAskedCell,
  IAttachment,
  ICellRef,
  INotebookSide,
  IInsertBlock,
  IInsertResult,
  IInsertTarget,
  InsertPlace
} from '../tokens';
import type { IsOff } from '../protocol/features';
import type { IChipDefaults } from './chipdefaults';
import { CellAttachment } from './context';
import { NotebookFinder } from './finder';
import { Highlighter } from './highlight';
import type { Inserter } from './insert';
import type { IKernelspec } from './newnotebook';
import { describeTarget } from './target';
import type { IFront } from './texts';
import type { Upload } from './upload';
import { NotebookAttachment } from './whole';

/**
 * The notebooks of JupyterLab, as the panel sees them.
 */
export class GPTNotebook implements INotebookSide, IDisposable {
  constructor(options: GPTNotebook.IOptions) {
    this._options = options;
    this._finder = new NotebookFinder(options.tracker);
    options.tracker.currentChanged.connect(this._onActive, this);
    options.tracker.activeCellChanged.connect(this._onActive, this);
    options.tracker.selectionChanged.connect(this._onActive, this);
    this._finder.changed.connect(this._onActive, this);
    options.front?.changed.connect(this._onActive, this);
    this._watchActive();
  }

  get activeChanged(): ISignal<INotebookSide, void> {
    return this._activeChanged;
  }

  get active(): ICellRef | null {
    return this._finder.active()?.ref ?? null;
  }

  get path(): string | null {
    const panel = this._options.tracker.currentWidget;
    return panel && !panel.isDisposed ? panel.context.path : null;
  }

  get canUndoInsert(): boolean {
    return this._inserter?.canUndo ?? false;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._inserter?.dispose();
    this._finder.dispose();
    Signal.clearData(this);
  }

  attach(ref: ICellRef, whole = false): IAttachment | null {
    if (!this._finder.find(ref)) {
      return null;
    }
    return new CellAttachment({
      ref,
      whole,
      upload: this._options.upload,
      isOff: this._options.isOff,
      finder: this._finder,
      defaults: this._options.defaults(),
      trans: this._options.trans,
      reveal: found => {
        this._options.activate(found.panel);
        this._highlighter.reveal(found);
      }
    });
  }

  attachNotebook(): IAttachment | null {
    const { path } = this;
    return path === null
      ? null
      : new NotebookAttachment({
          path,
          finder: this._finder,
          trans: this._options.trans,
          reveal: this._options.activate
        });
  }

  target(asked: IAskedCell | null): IInsertTarget {
    // Who asks is about to offer an insert: its code is there by the time of the click, also if
    // the server is not.
    this._load().catch(() => undefined);
    const { front, trans } = this._options;
    return describeTarget(this._finder, front, asked, trans);
  }

  highlight(ref: ICellRef | null): void {
    if (ref) {
      // Who points at a button may click it: what shows a change is there by then.
      import('./pending').catch(() => undefined);
    }
    this._highlighter.target(ref && this._finder.find(ref));
  }

  insert(
    asked: IAskedCell | null,
    place: InsertPlace,
    blocks: readonly IInsertBlock[]
  ): Promise<IInsertResult> {
    this._highlighter.target(null);
    return this._try(inserter => inserter.insert(asked, place, blocks));
  }

  openAsNotebook(blocks: readonly IInsertBlock[]): Promise<IInsertResult> {
    return this._try(inserter => inserter.openAsNotebook(blocks));
  }

  undoInsert(): boolean {
    return this._inserter?.undo() ?? false;
  }

  focus(): void {
    const panel = this._options.tracker.currentWidget;
    if (panel && !panel.isDisposed) {
      this._options.activate(panel);
      panel.content.activate();
    }
  }

  /** What inserts, loaded when there is something to insert. */
  private async _load(): Promise<Inserter> {
    const { Inserter } = await import('./insert');
    this._inserter ??= new Inserter({ ...this._options, finder: this._finder });
    return this._inserter;
  }

  /** Insert, and turn what should not happen into a reason. */
  private async _try(
    insert: (inserter: Inserter) => Promise<IInsertResult>
  ): Promise<IInsertResult> {
    try {
      return await insert(await this._load());
    } catch (reason) {
      console.error('JupyterLab GPT: nothing was inserted', reason);
      return {
        inserted: false,
        reason: this._options.trans.__(
          'This could not be inserted. Reload the page, or copy the code.'
        )
      };
    }
  }

  private _onActive(): void {
    this._watchActive();
    this._activeChanged.emit();
  }

  /** Follow the prompt number of the active cell. */
  private _watchActive(): void {
    const model: Cell['model'] | null = this._finder.active()?.model ?? null;
    if (model === this._activeModel) {
      return;
    }
    this._activeModel?.stateChanged.disconnect(this._onState, this);
    this._activeModel = model;
    model?.stateChanged.connect(this._onState, this);
  }

  private _onState(_: ICellModel, change: { readonly name: string }): void {
    if (change.name === 'executionCount' || change.name === 'executionState') {
      this._activeChanged.emit();
    }
  }

  private readonly _activeChanged = new Signal<INotebookSide, void>(this);
  private _activeModel: ICellModel | null = null;
  private readonly _finder: NotebookFinder;
  private readonly _highlighter = new Highlighter();
  private _inserter: Inserter | null = null;
  private _isDisposed = false;
  private readonly _options: GPTNotebook.IOptions;
}

/**
 * A namespace for `GPTNotebook` statics.
 */
export namespace GPTNotebook {
  /**
   * The options of a `GPTNotebook`.
   */
  export interface IOptions {
    readonly tracker: INotebookTracker;
    readonly trans: TranslationBundle;
    /** What a chip includes when it is made: read anew for each. */
    readonly defaults: () => IChipDefaults;
    /** Where pictures go; without it they stay here. */
    readonly upload?: Upload;
    readonly isOff?: IsOff;
    /** Bring a notebook to the front. */
    readonly activate: (panel: NotebookPanel) => void;
    /** What else than a notebook may be in front; null where nothing can. */
    readonly front: IFront | null;
    /** Run the active cell of the notebook in front. */
    readonly run: () => Promise<void>;
    /** The kernel that a new notebook gets. */
    readonly kernelspec: () => IKernelspec | null;
    /** Write a notebook and open it. */
    readonly openNotebook: (name: string, content: unknown) => Promise<void>;
  }
}
