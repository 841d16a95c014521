import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IConsoleTracker } from '@jupyterlab/console';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { IEditorTracker } from '@jupyterlab/fileeditor';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { chipDefaults } from '../notebook/chipdefaults';
import type { IKernelspec } from '../notebook/newnotebook';
import { GPTNotebook } from '../notebook/notebook';
import type { IGPTSettings } from '../tokens';
import { Front } from './front';
import { folderFor, openNotebook } from './opennotebook';
import type { IGPTConnection } from './tokens';
import { createUpload } from './upload';

/** The notebook's own command: the kernel, its dialogs and its history are the notebook's. */
const RUN_CELL = 'notebook:run-cell';

/** What the notebook side is made of; null where the application has none. */
export interface INotebookSideOptions {
  readonly app: JupyterFrontEnd;
  readonly tracker: INotebookTracker;
  readonly connection: IGPTConnection;
  readonly settings: IGPTSettings | null;
  readonly editors: IEditorTracker | null;
  readonly consoles: IConsoleTracker | null;
  readonly browser: IDefaultFileBrowser | null;
  readonly trans: TranslationBundle;
}

/**
 * Make the notebook side: cells as context, answers inserted as cells.
 */
export function createNotebookSide(options: INotebookSideOptions): GPTNotebook {
  const { app, browser, connection, consoles, editors } = options;
  const { settings, tracker, trans } = options;
  return new GPTNotebook({
    tracker,
    front: new Front({ app, notebooks: tracker, editors, consoles }),
    trans,
    defaults: () => chipDefaults(settings),
    upload: createUpload(connection, trans),
    isOff: connection.isOff,
    activate: panel => {
      app.shell.activateById(panel.id);
    },
    run: async () => {
      await app.commands.execute(RUN_CELL);
    },
    kernelspec: () => kernelspec(app, tracker),
    openNotebook: (name, content) =>
      openNotebook(
        app,
        folderFor(
          tracker.currentWidget?.context.path ?? null,
          browser?.model.path ?? null
        ),
        name,
        content
      )
  });
}

/** The kernel of the notebook in front, else the server's default. */
function kernelspec(
  app: JupyterFrontEnd,
  tracker: INotebookTracker
): IKernelspec | null {
  const { specs } = app.serviceManager.kernelspecs;
  const running = tracker.currentWidget?.sessionContext.session?.kernel?.name;
  const spec = specs?.kernelspecs[running ?? specs.default];
  return spec
    ? {
        name: spec.name,
        display_name: spec.display_name,
        language: spec.language
      }
    : null;
}
