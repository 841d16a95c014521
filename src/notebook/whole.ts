import type { NotebookPanel } from '@jupyterlab/notebook';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { INotebookCell, Part } from '../protocol/frames';
import type { IAttachment } from '../tokens';
import type { NotebookFinder } from './finder';

/**
 * Milliseconds of rest before a change of the notebook is announced: what is larger than a frame
 * goes up to the server when it has changed, and need not do so at each keystroke in a cell.
 */
const SETTLE_MS = 1000;

/**
 * A whole notebook, without its outputs, that goes along with a prompt.
 *
 * The server sends it once in a conversation, and from then on only the cells that changed.
 */
export class NotebookAttachment implements IAttachment {
  constructor(options: NotebookAttachment.IOptions) {
    this._path = options.path;
    this._finder = options.finder;
    this._trans = options.trans;
    this._reveal = options.reveal;
    this.id = `notebook:${options.path}`;
    this.label = options.trans.__('notebook');
    this._bind();
    this._finder.changed.connect(this._onFound, this);
  }

  readonly id: string;
  readonly kind = 'notebook';
  readonly label: string;
  readonly options = [];

  get note(): string {
    const name = PathExt.basename(this._finder.currentPath(this._path));
    const cells = this._panel?.content.model?.cells;
    const state = cells
      ? this._trans._n('%1 cell', '%1 cells', cells.length, cells.length)
      : this._trans.__('closed');
    return `${name} · ${state}`;
  }

  get available(): boolean {
    return this._panel !== null;
  }

  get changed(): ISignal<IAttachment, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  setOption(): void {
    // It goes along as a whole, or not.
  }

  parts(): Part[] {
    const panel = this._panel;
    return panel
      ? [
          {
            type: 'notebook',
            path: panel.context.path,
            cells: cellsOf(panel)
          }
        ]
      : [];
  }

  reveal(): void {
    if (this._panel) {
      this._reveal(this._panel);
    }
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      clearTimeout(this._timer);
      this._bind();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private _onFound(): void {
    this._bind();
    this._changed.emit();
  }

  private _bind(): void {
    const panel = this._isDisposed ? null : this._finder.panel(this._path);
    if (panel !== this._panel) {
      this._panel?.model?.contentChanged.disconnect(this._onContent, this);
      this._panel = panel;
      panel?.model?.contentChanged.connect(this._onContent, this);
    }
  }

  /** Also for each output that a running cell prints: the sources decide whether it is news. */
  private _onContent(): void {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => {
      const now = this._panel ? JSON.stringify(cellsOf(this._panel)) : '';
      if (now !== this._last) {
        this._last = now;
        this._changed.emit();
      }
    }, SETTLE_MS);
  }

  private readonly _changed = new Signal<IAttachment, void>(this);
  private readonly _path: string;
  private readonly _finder: NotebookFinder;
  private readonly _trans: TranslationBundle;
  private readonly _reveal: (panel: NotebookPanel) => void;
  private _panel: NotebookPanel | null = null;
  private _last = '';
  private _isDisposed = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * A namespace for `NotebookAttachment` statics.
 */
export namespace NotebookAttachment {
  /**
   * The options of a `NotebookAttachment`.
   */
  export interface IOptions {
    readonly path: string;
    readonly finder: NotebookFinder;
    readonly trans: TranslationBundle;
    /** Bring the notebook to the front. */
    readonly reveal: (panel: NotebookPanel) => void;
  }
}

/** The cells of a notebook as they are now. */
function cellsOf(panel: NotebookPanel): INotebookCell[] {
  const cells = panel.content.model?.cells ?? [];
  return Array.from(cells, cell => ({
    id: cell.id,
    kind: cell.type === 'code' || cell.type === 'markdown' ? cell.type : 'raw',
    source: cell.sharedModel.getSource()
  }));
}
