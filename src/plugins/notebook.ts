import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { IChipDefaults } from '../notebook/context';
import { GPTNotebook } from '../notebook/notebook';
import { IGPTNotebook, IGPTSettings } from '../tokens';
import { IGPTConnection } from './tokens';
import { createUpload } from './upload';

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
  optional: [IGPTSettings, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    connection: IGPTConnection,
    settings: IGPTSettings | null,
    translator: ITranslator | null
  ): IGPTNotebook => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_gpt');
    return new GPTNotebook({
      tracker,
      trans,
      defaults: () => chipDefaults(settings),
      upload: createUpload(connection, trans),
      activate: panel => {
        app.shell.activateById(panel.id);
      },
      createNotebook: () => createNotebook(app, tracker)
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

/** Open a new notebook with the default kernel, beside the one in front. */
async function createNotebook(
  app: JupyterFrontEnd,
  tracker: INotebookTracker
): Promise<void> {
  const path = tracker.currentWidget?.context.path ?? '';
  await app.commands.execute('notebook:create-new', {
    cwd: PathExt.dirname(app.serviceManager.contents.localPath(path)),
    // Without a name a dialog would ask for it first.
    kernelName: app.serviceManager.kernelspecs.specs?.default ?? ''
  });
}
