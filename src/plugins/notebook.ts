import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { GPTNotebook } from '../notebook/notebook';
import { IGPTNotebook, IGPTSettings } from '../tokens';

/**
 * The notebook side: cells as context, answers inserted as cells.
 */
export const notebookPlugin: JupyterFrontEndPlugin<IGPTNotebook> = {
  id: 'jupyterlab-gpt:notebook',
  description:
    'Gives cells as context to the GPT panel and inserts answers as cells.',
  autoStart: true,
  provides: IGPTNotebook,
  requires: [INotebookTracker],
  optional: [IGPTSettings, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    settings: IGPTSettings | null,
    translator: ITranslator | null
  ): IGPTNotebook =>
    new GPTNotebook({
      tracker,
      trans: (translator ?? nullTranslator).load('jupyterlab_gpt'),
      defaults: () => ({
        code: settings?.current.chipCode ?? true,
        error: settings?.current.chipError ?? true,
        output: settings?.current.chipOutput ?? false
      }),
      activate: panel => {
        app.shell.activateById(panel.id);
      },
      createNotebook: () => createNotebook(app, tracker)
    })
};

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
