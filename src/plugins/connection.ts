import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import type { GPTClient } from '../connection/rest';
import type { GPTSocket } from '../connection/socket';
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
    let client: Promise<GPTClient> | null = null;
    let off: readonly string[] = [];
    let socket: Promise<GPTSocket> | null = null;
    return {
      client: () =>
        (client ??= import('../connection/rest').then(
          ({ GPTClient }) =>
            new GPTClient({
              serverSettings,
              onStatus: ({ policy }) => {
                off = policy.disabled_features;
              }
            })
        )),
      isOff: feature => off.includes(feature),
      socket: () =>
        (socket ??= import('../connection/socket').then(
          ({ GPTSocket }) => new GPTSocket({ serverSettings })
        ))
    };
  }
};

export default connectionPlugin;
