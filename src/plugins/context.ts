import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { ContextMaker } from '../notebook/gptcontext';
import { selectedRefs } from '../notebook/selected';
import { IGPTContext, IGPTNotebook, IGPTSettings } from '../tokens';
import { Lazy } from '../lazy';
import { IGPTConnection } from './tokens';

/**
 * All that can go along with a prompt; its code is loaded on first use.
 */
export const contextPlugin: JupyterFrontEndPlugin<IGPTContext> = {
  id: 'jupyterlab-gpt:context',
  description: 'Finds what can go along with a prompt and makes chips of it.',
  autoStart: true,
  provides: IGPTContext,
  requires: [INotebookTracker, IGPTNotebook, IGPTConnection],
  optional: [IGPTSettings, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    notebooks: IGPTNotebook,
    connection: IGPTConnection,
    settings: IGPTSettings | null,
    translator: ITranslator | null
  ): IGPTContext => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_gpt');
    const lazy = new Lazy(async () => {
      const [{ ContextMaker }, { createUpload }, { chipDefaults }, notebook] =
        await Promise.all([
          import('../notebook/gptcontext'),
          import('./upload'),
          import('../notebook/chipdefaults'),
          notebooks.load()
        ]);
      return new ContextMaker({
        tracker,
        notebook,
        trans,
        contents: app.serviceManager.contents,
        upload: createUpload(connection, trans),
        isOff: connection.isOff,
        defaults: () => chipDefaults(settings),
        open: path => {
          void app.commands.execute('docmanager:open', { path });
        }
      });
    });
    const maker = (): Promise<ContextMaker> => lazy.load();
    return {
      get selectedCells() {
        return selectedRefs(tracker.currentWidget).length;
      },
      attachSelected: async () => (await maker()).attachSelected(),
      attachCells: async refs => (await maker()).attachCells(refs),
      attachFile: async path => (await maker()).attachFile(path),
      attachImage: async (image, name) =>
        (await maker()).attachImage(image, name),
      find: async (query, limit, signal) =>
        (await maker()).find(query, limit, signal)
    };
  }
};

export default contextPlugin;
