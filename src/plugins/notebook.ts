import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IConsoleTracker } from '@jupyterlab/console';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { IEditorTracker } from '@jupyterlab/fileeditor';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { IGPTNotebook, IGPTSettings } from '../tokens';
import { Lazy } from '../lazy';
import { IGPTConnection } from './tokens';

/**
 * The notebook side: cells as context, answers inserted as cells. Its code is loaded with the panel.
 */
export const notebookPlugin: JupyterFrontEndPlugin<IGPTNotebook> = {
  id: 'jupyterlab-gpt:notebook',
  description:
    'Gives cells as context to the GPT panel and inserts answers as cells.',
  autoStart: true,
  provides: IGPTNotebook,
  requires: [INotebookTracker, IGPTConnection],
  optional: [
    IGPTSettings,
    IEditorTracker,
    IConsoleTracker,
    IDefaultFileBrowser,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    connection: IGPTConnection,
    settings: IGPTSettings | null,
    editors: IEditorTracker | null,
    consoles: IConsoleTracker | null,
    browser: IDefaultFileBrowser | null,
    translator: ITranslator | null
  ): IGPTNotebook =>
    new Lazy(async () => {
      const { createNotebookSide } = await import('./side');
      const trans = (translator ?? nullTranslator).load('jupyterlab_gpt');
      return createNotebookSide({
        app,
        tracker,
        connection,
        settings,
        editors,
        consoles,
        browser,
        trans
      });
    })
};
