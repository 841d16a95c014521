import type { Cell, ICellModel } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { ICellRef } from '../tokens';
import type { IFoundCell } from './opencells';
import { activeCell, findInPanel, isCode } from './opencells';

/**
 * Finds cells by id, also after their notebook was renamed, and says when looking again is worth
 * it.
 */
export class NotebookFinder implements IDisposable {
  /**
   * @param tracker - The notebooks that are open.
   */
  constructor(readonly tracker: INotebookTracker) {
    tracker.widgetAdded.connect(this._onAdded, this);
    tracker.forEach(panel => this._watch(panel));
  }

  /**
   * Emitted when a notebook is opened, closed or renamed, and when cells are added, moved or
   * removed.
   */
  get changed(): ISignal<NotebookFinder, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  /**
   * The notebook with this path; of several views of it the one in front.
   */
  panel(path: string): NotebookPanel | null {
    const now = this.currentPath(path);
    const current = this.tracker.currentWidget;
    if (current && !current.isDisposed && current.context.path === now) {
      return current;
    }
    return this.tracker.find(panel => panel.context.path === now) ?? null;
  }

  /**
   * The cell, or null if it or its notebook is gone.
   */
  find(ref: ICellRef): IFoundCell | null {
    const panel = ref.path
      ? this.panel(ref.path)
      : this.tracker.find(one => findInPanel(one, ref.cellId) !== null);
    return panel ? findInPanel(panel, ref.cellId) : null;
  }

  /**
   * The active cell of the notebook in front.
   */
  active(): IFoundCell | null {
    return activeCell(this.tracker);
  }

  /**
   * The path that a notebook has now which once had `path`.
   */
  currentPath(path: string): string {
    let now = path;
    // A notebook renamed there and back must not go round for ever.
    for (let step = 0; step <= this._renamed.size; step++) {
      const next = this._renamed.get(now);
      if (next === undefined) {
        break;
      }
      now = next;
    }
    return now;
  }

  private _onAdded(_: INotebookTracker, panel: NotebookPanel): void {
    this._watch(panel);
    this._changed.emit();
  }

  private _watch(panel: NotebookPanel): void {
    this._paths.set(panel, panel.context.path);
    panel.context.pathChanged.connect(() => {
      this._onRenamed(panel);
    }, this);
    panel.content.modelChanged.connect(() => {
      this._watchCells(panel);
      this._changed.emit();
    }, this);
    panel.disposed.connect(() => {
      this._changed.emit();
    }, this);
    this._watchCells(panel);
  }

  private _watchCells(panel: NotebookPanel): void {
    panel.content.model?.cells.changed.connect(this._onCellsChanged, this);
  }

  private _onCellsChanged(): void {
    this._changed.emit();
  }

  private _onRenamed(panel: NotebookPanel): void {
    const before = this._paths.get(panel);
    const now = panel.context.path;
    if (before !== undefined && before !== now) {
      this._renamed.set(before, now);
      // What was known of the new name's past belonged to another notebook.
      this._renamed.delete(now);
    }
    this._paths.set(panel, now);
    this._changed.emit();
  }

  private readonly _changed = new Signal<NotebookFinder, void>(this);
  private readonly _paths = new WeakMap<NotebookPanel, string>();
  private readonly _renamed = new Map<string, string>();
  private _isDisposed = false;
}

/**
 * The widget of a found cell; null until the notebook has drawn it.
 */
export function cellWidget(found: IFoundCell): Cell | null {
  const widget = found.panel.content.widgets[found.index];
  return widget?.model === found.model ? widget : null;
}

/**
 * Whether the kernel is running the cell, or will.
 */
export function isBusy(model: ICellModel): boolean {
  return isCode(model) && model.executionState === 'running';
}

/**
 * A cell's name as the notebook shows it: `In [7]`, `In [*]`, `In [ ]`.
 */
export function cellLabel(model: ICellModel, trans: TranslationBundle): string {
  if (isCode(model)) {
    const prompt = isBusy(model) ? '*' : (model.executionCount ?? ' ');
    return `In [${prompt}]`;
  }
  return model.type === 'markdown'
    ? trans.__('Markdown cell')
    : trans.__('Raw cell');
}

/**
 * The language of a notebook's code, as far as file, kernel or kernelspec tell; else empty.
 */
export function notebookLanguage(panel: NotebookPanel): string {
  const model = panel.content.model;
  const info: unknown = model?.getMetadata('language_info');
  const spec: unknown = model?.getMetadata('kernelspec');
  return (
    text(info, 'name') || text(spec, 'language') || kernelLanguage(panel) || ''
  );
}

/** The language that the kernelspec of the running kernel names. */
function kernelLanguage(panel: NotebookPanel): string {
  const { session, specsManager } = panel.sessionContext;
  const name = session?.kernel?.name;
  return (name && specsManager.specs?.kernelspecs[name]?.language) || '';
}

function text(value: unknown, key: string): string {
  const field =
    typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)[key]
      : undefined;
  return typeof field === 'string' ? field : '';
}
