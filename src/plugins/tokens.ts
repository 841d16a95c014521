import { Token } from '@lumino/coreutils';
import type { GPTClient } from '../connection/rest';
import type { GPTSocket } from '../connection/socket';
import type { IModels } from '../model/create';
import type { IsOff } from '../protocol/features';
import type { ILazy } from '../lazy';

export type { IModels } from '../model/create';

/**
 * The way to the server; its code is loaded on first use.
 */
export interface IGPTConnection {
  /** The REST client. */
  client(): Promise<GPTClient>;
  /** The socket, which is not connected before somebody uses it. */
  socket(): Promise<GPTSocket>;
  /** The socket, once somebody has asked for it: for those who only listen. */
  readonly socketMade: Promise<GPTSocket>;
  /** What the administrator has switched off, as the server's last status had it. */
  readonly isOff: IsOff;
}

/**
 * Token of the connection.
 */
export const IGPTConnection = new Token<IGPTConnection>(
  'jupyterlab-gpt:IGPTConnection',
  'The way to the server part of JupyterLab GPT: REST client and socket, loaded on first use.'
);

/**
 * The models, loaded with the panel; that connects, too.
 */
export type IGPTModels = ILazy<IModels>;

/**
 * Token of the models.
 */
export const IGPTModels = new Token<IGPTModels>(
  'jupyterlab-gpt:IGPTModels',
  'The conversations, the composer and the model list behind the GPT panel, loaded on first use.'
);
