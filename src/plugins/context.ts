import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { ContextMaker } from '../notebook/gptcontext';
import { selectedRefs } from '../notebook/selected';
import { IGPTContext, IGPTNotebook, IGPTSettings } from '../tokens';
import { chipDefaults } from './notebook';
import { IGPTConnection } from './tokens';
import { createUpload } from './upload';

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
    notebook: IGPTNotebook,
    connection: IGPTConnection,
    settings: IGPTSettings | null,
    translator: ITranslator | null
  ): IGPTContext => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_gpt');
    let loading: Promise<ContextMaker> | null = null;
    const load = async (): Promise<ContextMaker> => {
      const { ContextMaker } = await import('../notebook/gptcontext');
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
    };
    const maker = (): Promise<ContextMaker> =>
      (loading ??= load().catch(reason => {
        // The chunk could not be fetched: the next try may.
        loading = null;
        throw reason;
      }));
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
