import type { Cell, ICellModel } from '@jupyterlab/cells';
import type { CodeEditor } from '@jupyterlab/codeeditor';
import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IChangedArgs } from '@jupyterlab/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { PanelLayout } from '@lumino/widgets';
import type { DiffView, IShownChange } from './diffview';
import { cellLabel, cellWidget } from './finder';
import type { IFoundCell } from './opencells';
import { findInPanel, isCode } from './opencells';
import type { IPlannedCell } from './languages';

/** Marks a cell in which a change waits: its own editor is out of sight meanwhile. */
const PENDING_CLASS = 'jp-mod-gptPending';

/** JupyterLab's class of what holds a cell's prompt and editor, folded away or not. */
const INPUT_CLASS = 'jp-Cell-inputWrapper';

/** A change that waits. */
interface IPending {
  readonly cellId: string;
  readonly cell: IPlannedCell;
  /** The cell's text that the change was written for. */
  readonly base: string;
  readonly model: ICellModel;
  view: DiffView | null;
}

/**
 * The changes that wait in one notebook. They live beside the document: saving, running and
 * autosave know nothing of them.
 *
 * A cell that is moved or changes its type is another cell object with the same id: the change
 * follows the id. A deleted cell takes its change with it.
 */
export class PendingNotebook implements IDisposable {
  constructor(options: PendingNotebook.IOptions) {
    this._options = options;
    const { content } = options.panel;
    content.model?.cells.changed.connect(this._later, this);
    content.stateChanged.connect(this._onState, this);
  }

  /** The cells in which a change waits, from the top of the notebook to its end. */
  get cellIds(): readonly string[] {
    const at = (id: string) => this._find(id)?.index ?? -1;
    return [...this._changes.keys()].sort((a, b) => at(a) - at(b));
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    for (const id of [...this._changes.keys()]) {
      this._drop(id);
    }
    const { content } = this._options.panel;
    if (!content.isDisposed) {
      content.model?.cells.changed.disconnect(this._later, this);
      content.stateChanged.disconnect(this._onState, this);
    }
  }

  /** What a cell would become; null if no change waits in it. */
  get(cellId: string): IPlannedCell | null {
    return this._changes.get(cellId)?.cell ?? null;
  }

  /** Let a change wait in a cell, in place of the one that does. */
  add(found: IFoundCell, cell: IPlannedCell, base: string): void {
    const { cellId } = found.ref;
    this._drop(cellId);
    this._bind({ cellId, cell, base, model: found.model, view: null });
    this._draw();
  }

  /** Let a change go. */
  remove(cellId: string): void {
    this._drop(cellId);
    this._options.changed();
  }

  /** Put the focus on a change's first button; false if it is not drawn. */
  focus(cellId: string): boolean {
    const view = this._changes.get(cellId)?.view;
    if (!view || !view.isAttached) {
      return false;
    }
    view.focusAccept();
    return true;
  }

  /** Say at a change why it could not be taken. */
  complain(cellId: string, reason: string): void {
    this._changes.get(cellId)?.view?.complain(reason);
  }

  private _find(cellId: string): IFoundCell | null {
    return findInPanel(this._options.panel, cellId);
  }

  private _bind(change: IPending): void {
    this._changes.set(change.cellId, change);
    change.model.sharedModel.changed.connect(this._later, this);
    change.model.stateChanged.connect(this._later, this);
  }

  private _drop(cellId: string): void {
    const change = this._changes.get(cellId);
    if (!change) {
      return;
    }
    this._changes.delete(cellId);
    change.model.sharedModel.changed.disconnect(this._later, this);
    change.model.stateChanged.disconnect(this._later, this);
    change.view?.parent?.removeClass(PENDING_CLASS);
    change.view?.dispose();
  }

  /** Look again once the change of the document that is under way is over. */
  private _later(): void {
    if (!this._scheduled) {
      this._scheduled = true;
      void Promise.resolve().then(() => {
        this._scheduled = false;
        if (!this._isDisposed) {
          this._draw();
        }
      });
    }
  }

  private _draw(): void {
    for (const change of [...this._changes.values()]) {
      const found = this._find(change.cellId);
      if (!found || isDone(found.model, change.cell)) {
        this._drop(change.cellId);
      } else if (found.model !== change.model) {
        this._drop(change.cellId);
        const moved = { ...change, model: found.model, view: null };
        this._bind(moved);
        this._drawOne(moved, found);
      } else {
        this._drawOne(change, found);
      }
    }
    this._options.changed();
  }

  private _drawOne(change: IPending, found: IFoundCell): void {
    const widget = cellWidget(found);
    if (!widget) {
      return;
    }
    if (widget.isPlaceholder()) {
      // Not drawn yet: it is when one scrolls to it.
      void widget.ready.then(() => this._later());
      return;
    }
    if (!change.view || change.view.isDisposed) {
      change.view = this._options.createView(change.cellId, change.cell);
    }
    if (change.view.parent !== widget) {
      change.view.parent?.removeClass(PENDING_CLASS);
      place(change.view, widget);
      widget.addClass(PENDING_CLASS);
    }
    change.view.render(this._shown(change, found, widget));
  }

  private _shown(
    change: IPending,
    found: IFoundCell,
    widget: Cell
  ): IShownChange {
    const { trans, panel } = this._options;
    const { model } = found;
    const from = model.sharedModel.getSource();
    const notes: string[] = [];
    if (from !== change.base) {
      notes.push(trans.__('The cell has changed since the question.'));
    }
    if (model.type !== change.cell.type) {
      notes.push(
        change.cell.type === 'code'
          ? trans.__('It becomes a code cell.')
          : trans.__('It becomes a Markdown cell.')
      );
    }
    return {
      prompt: isCode(model) ? `[${model.executionCount ?? ' '}]:` : '',
      label: cellLabel(model, trans),
      from,
      to: change.cell.source,
      notes,
      like: editorLike(panel.content, widget, change.cell)
    };
  }

  /** Enter on the cell would start to type into an editor that is out of sight. */
  private _onState(notebook: Notebook, args: IChangedArgs<unknown>): void {
    const cellId = notebook.activeCell?.model.id ?? '';
    if (
      args.name === 'mode' &&
      args.newValue === 'edit' &&
      this._changes.has(cellId)
    ) {
      notebook.mode = 'command';
      this.focus(cellId);
    }
  }

  private readonly _changes = new Map<string, IPending>();
  private _isDisposed = false;
  private readonly _options: PendingNotebook.IOptions;
  private _scheduled = false;
}

/** Types of `PendingNotebook`. */
export namespace PendingNotebook {
  /** What the changes of a notebook need. */
  export interface IOptions {
    readonly panel: NotebookPanel;
    readonly trans: TranslationBundle;
    readonly createView: (cellId: string, cell: IPlannedCell) => DiffView;
    /** Called when a change came or went. */
    readonly changed: () => void;
  }
}

/** Whether the cell is what the change would make of it. */
export function isDone(model: ICellModel, cell: IPlannedCell): boolean {
  return (
    model.type === cell.type && model.sharedModel.getSource() === cell.source
  );
}

/** Where the cell's own input stands, which is out of sight meanwhile. */
function place(view: DiffView, widget: Cell): void {
  const layout = widget.layout as PanelLayout;
  const index = layout.widgets.findIndex(child => child.hasClass(INPUT_CLASS));
  layout.insertWidget(index + 1, view);
}

/** The cell's editor, or another one of the notebook where the type would change. */
function editorLike(
  notebook: Notebook,
  widget: Cell,
  cell: IPlannedCell
): CodeEditor.IEditor | null {
  const like =
    widget.model.type === cell.type
      ? widget
      : notebook.widgets.find(
          other => other.model.type === cell.type && other.editor !== null
        );
  return like?.editor ?? null;
}
