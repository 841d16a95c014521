import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IConsoleTracker } from '@jupyterlab/console';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { IEditorTracker } from '@jupyterlab/fileeditor';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { IChipDefaults } from '../notebook/context';
import type { IKernelspec } from '../notebook/newnotebook';
import { GPTNotebook } from '../notebook/notebook';
import { IGPTNotebook, IGPTSettings } from '../tokens';
import { Front } from './front';
import { folderFor, openNotebook } from './opennotebook';
import { IGPTConnection } from './tokens';
import { createUpload } from './upload';

/** The notebook's own command: the kernel, its dialogs and its history are the notebook's. */
const RUN_CELL = 'notebook:run-cell';

/**
 * The notebook side: cells as context, answers inserted as cells.
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
  ): IGPTNotebook => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_gpt');
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
};

/**
 * What a chip includes when it is made.
 */
export function chipDefaults(settings: IGPTSettings | null): IChipDefaults {
  return {
    code: settings?.current.chipCode ?? true,
    error: settings?.current.chipError ?? true,
    output: settings?.current.chipOutput ?? false
  };
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
