import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IStateDB } from '@jupyterlab/statedb';
import { IGPTNotebook, IGPTSettings } from '../tokens';
import type { IModels } from './tokens';
import { IGPTConnection, IGPTModels } from './tokens';

/**
 * The models behind the panel. Their code is loaded with it, not with the application.
 */
export const conversationsPlugin: JupyterFrontEndPlugin<IGPTModels> = {
  id: 'jupyterlab-gpt:conversations',
  description: 'The conversations behind the GPT panel, loaded on first use.',
  autoStart: true,
  requires: [IGPTConnection],
  optional: [IGPTSettings, IGPTNotebook, IStateDB],
  provides: IGPTModels,
  activate: (
    _app: JupyterFrontEnd,
    connection: IGPTConnection,
    settings: IGPTSettings | null,
    notebook: IGPTNotebook | null,
    state: IStateDB | null
  ): IGPTModels => {
    let loaded: IModels | null = null;
    let loading: Promise<IModels> | null = null;
    const load = async (): Promise<IModels> => {
      const [{ createModels }, client, socket] = await Promise.all([
        import('../model/create'),
        connection.client(),
        connection.socket()
      ]);
      loaded = createModels({ client, socket, settings, notebook, state });
      return loaded;
    };
    return {
      get loaded() {
        return loaded;
      },
      load: () =>
        (loading ??= load().catch(reason => {
          // The chunk could not be fetched: the next try may.
          loading = null;
          throw reason;
        }))
    };
  }
};

export default conversationsPlugin;
