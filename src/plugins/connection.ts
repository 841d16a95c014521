import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';

import { PromiseDelegate } from '@lumino/coreutils';
import type { GPTSocket } from '../connection/socket';
import { Lazy } from '../lazy';
import { IGPTConnection } from './tokens';

/**
 * The way to the server: REST client and socket, made when somebody first asks for them.
 */
export const connectionPlugin: JupyterFrontEndPlugin<IGPTConnection> = {
  id: 'jupyterlab-gpt:connection',
  description: 'The way to the server part of JupyterLab GPT.',
  autoStart: true,
  provides: IGPTConnection,
  activate: ({ serviceManager }: JupyterFrontEnd): IGPTConnection => {
    const { serverSettings } = serviceManager;
    let off: readonly string[] = [];
    const client = new Lazy(async () => {
      const { GPTClient } = await import('../connection/rest');
      return new GPTClient({
        serverSettings,
        onStatus: ({ policy }) => {
          off = policy.disabled_features;
        }
      });
    });
    const made = new PromiseDelegate<GPTSocket>();
    const socket = new Lazy(async () => {
      const { GPTSocket } = await import('../connection/socket');
      const socket = new GPTSocket({ serverSettings });
      made.resolve(socket);
      return socket;
    });
    return {
      client: () => client.load(),
      isOff: feature => off.includes(feature),
      socket: () => socket.load(),
      socketMade: made.promise
    };
  }
};

export default connectionPlugin;
