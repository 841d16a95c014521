import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import type { GPTClient } from '../connection/rest';
import type { ConversationModel } from './conversation';
import { PageMemory } from './pagememory';

// Rows that are looked at for a running answer when nothing says what was open last.
const LOOK_FOR_RUNNING = 10;

/**
 * Remembers which conversation is open, over a reload.
 */
export class LastOpen implements IDisposable {
  /**
   * Construct a memory of the open conversation.
   */
  constructor(
    state: IStateDB | null,
    client: Pick<GPTClient, 'conversations'>
  ) {
    this._memory = new PageMemory(state, 'open-conversation');
    this._client = client;
  }

  /** Whether it is disposed. */
  get isDisposed(): boolean {
    return this._memory.isDisposed;
  }

  /**
   * The conversation to open: the last one; in a browser that knows nothing, one that runs.
   *
   * @throws GPTRequestError
   */
  async find(): Promise<string | null> {
    const last = await this._memory.read();
    if (last) {
      return last.id;
    }
    const options = { limit: LOOK_FOR_RUNNING };
    const { items } = await this._client.conversations(options);
    return items.find(item => item.streaming)?.id ?? null;
  }

  /**
   * Remember the open conversation.
   */
  remember({ id, isNew, messages }: ConversationModel): void {
    const remembered = isNew && !messages.length ? null : id;
    if (remembered !== this._remembered) {
      this._remembered = remembered;
      this._memory.write({ id: remembered });
      // A reload may come at once.
      this._memory.flush();
    }
  }

  /**
   * Let go.
   */
  dispose(): void {
    this._memory.dispose();
  }

  private _memory: PageMemory<{ id: string | null }>;
  private _client: Pick<GPTClient, 'conversations'>;
  // A new conversation at the start is no news: what was open before is not known yet.
  private _remembered: string | null = null;
}
