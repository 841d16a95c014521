import type { ICellModel } from '@jupyterlab/cells';
import type { IDisposable } from '@lumino/disposable';
import type { ICellRef } from '../tokens';
import type { NotebookFinder } from './finder';
import type { IFoundCell } from './opencells';

/**
 * Milliseconds between two announcements of a change: a cell that prints writes thousands of
 * outputs a second, a chip need not be drawn more often than ten times.
 */
const SETTLE_MS = 100;

/**
 * Follows one cell by its id: its content, and whether it and its notebook are there.
 */
export class CellWatcher implements IDisposable {
  /**
   * @param onChange - Called when the cell has changed, come or gone; not at each output.
   */
  constructor(
    private readonly _ref: ICellRef,
    private readonly _finder: NotebookFinder,
    private readonly _onChange: () => void
  ) {
    this._bind();
    this._finder.changed.connect(this._onFound, this);
  }

  /** The cell as it is now; null if it or its notebook is gone. */
  get found(): IFoundCell | null {
    return this._isDisposed ? null : this._finder.find(this._ref);
  }

  /** Whether its notebook is not open any more. */
  get isClosed(): boolean {
    return this._isClosed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      clearTimeout(this._timer);
      this._finder.changed.disconnect(this._onFound, this);
      this._unbind();
    }
  }

  /** A notebook was opened, closed or renamed, or cells came, went or moved. */
  private _onFound(): void {
    const [before, closed] = [this._model, this._isClosed];
    this._bind();
    this._isClosed = !this._finder.panel(this._ref.path);
    // A notebook that changes elsewhere is not this chip's business.
    if (this._model !== before || this._isClosed !== closed) {
      this._onChange();
    }
  }

  private _bind(): void {
    const model = this.found?.model ?? null;
    if (model !== this._model) {
      this._unbind();
      this._model = model;
      model?.contentChanged.connect(this._onCell, this);
      model?.stateChanged.connect(this._onCell, this);
    }
  }

  private _unbind(): void {
    this._model?.contentChanged.disconnect(this._onCell, this);
    this._model?.stateChanged.disconnect(this._onCell, this);
    this._model = null;
  }

  private _onCell(): void {
    this._timer ??= setTimeout(() => {
      this._timer = undefined;
      this._onChange();
    }, SETTLE_MS);
  }

  private _isClosed = false;
  private _isDisposed = false;
  private _model: ICellModel | null = null;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}
