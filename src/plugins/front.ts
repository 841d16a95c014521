import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IConsoleTracker } from '@jupyterlab/console';
import type { IEditorTracker } from '@jupyterlab/fileeditor';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';
import type { IFront, IFrontText } from '../notebook/texts';

/**
 * What an answer may go into and is in front: a notebook, a file in its editor, a console.
 *
 * Anything else that comes to the front, the panel itself in the main area included, leaves it as
 * it was.
 */
export class Front implements IFront {
  constructor(options: Front.IOptions) {
    this._options = options;
    const { shell } = options.app;
    shell.currentChanged?.connect(this._onCurrent, this);
    const { consoles, editors, notebooks } = options;
    // A document may be in the shell before its tracker knows it.
    notebooks.widgetAdded.connect(this._onCurrent, this);
    editors?.widgetAdded.connect(this._onCurrent, this);
    consoles?.widgetAdded.connect(this._onCurrent, this);
    this._onCurrent();
  }

  get changed(): ISignal<IFront, void> {
    return this._changed;
  }

  get text(): IFrontText | null {
    return this._file() ?? this._console();
  }

  private _onCurrent(): void {
    const { app, consoles, editors, notebooks } = this._options;
    const { currentWidget } = app.shell;
    if (
      currentWidget &&
      currentWidget !== this._widget &&
      (notebooks.has(currentWidget) ||
        editors?.has(currentWidget) ||
        consoles?.has(currentWidget))
    ) {
      this._widget?.title.changed.disconnect(this._emit, this);
      this._widget = currentWidget;
      currentWidget.disposed.connect(this._onClosed, this);
      // Its name is on the buttons; a console has no prompt before it has a kernel.
      currentWidget.title.changed.connect(this._emit, this);
      consoles
        ?.find(item => item === currentWidget)
        ?.console.promptCellCreated.connect(this._emit, this);
      this._emit();
    }
  }

  private _emit(): void {
    this._changed.emit();
  }

  private _onClosed(widget: Widget): void {
    if (this._widget === widget) {
      this._widget = null;
      this._emit();
    }
  }

  private _file(): IFrontText | null {
    const file = this._options.editors?.find(item => item === this._widget);
    return file
      ? {
          kind: 'editor',
          name: file.title.label,
          editor: file.content.editor,
          readOnly:
            file.context.contentsModel?.writable === false ||
            file.content.editor.getOption('readOnly') === true,
          focus: () => this._focus(file, file.content.editor)
        }
      : null;
  }

  private _console(): IFrontText | null {
    const panel = this._options.consoles?.find(item => item === this._widget);
    const editor = panel?.console.promptCell?.editor;
    return panel && editor
      ? {
          kind: 'console',
          name: panel.title.label,
          editor,
          readOnly: false,
          focus: () => this._focus(panel, editor)
        }
      : null;
  }

  private _focus(widget: Widget, editor: IFrontText['editor']): void {
    this._options.app.shell.activateById(widget.id);
    editor.focus();
  }

  private readonly _changed = new Signal<IFront, void>(this);
  private readonly _options: Front.IOptions;
  private _widget: Widget | null = null;
}

/** Types of `Front`. */
export namespace Front {
  /** Where to look. */
  export interface IOptions {
    readonly app: Pick<JupyterFrontEnd, 'shell'>;
    readonly notebooks: INotebookTracker;
    readonly editors: IEditorTracker | null;
    readonly consoles: IConsoleTracker | null;
  }
}
