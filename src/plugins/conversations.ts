import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IStateDB } from '@jupyterlab/statedb';
import { IGPTNotebook, IGPTSettings } from '../tokens';
import { Lazy } from '../lazy';
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
    notebooks: IGPTNotebook | null,
    state: IStateDB | null
  ): IGPTModels => {
    return new Lazy(async () => {
      const [{ createModels }, client, socket, notebook] = await Promise.all([
        import('../model/create'),
        connection.client(),
        connection.socket(),
        notebooks?.load() ?? null
      ]);
      return createModels({ client, socket, settings, notebook, state });
    });
  }
};

export default conversationsPlugin;
