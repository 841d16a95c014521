import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import type { ConversationsModel } from './conversations';
import { PageMemory } from './pagememory';

/**
 * Keeps a draft over a reload: its text, and that of the questions that were never stored.
 */
export class DraftMemory implements IDisposable {
  /** Construct a memory of the draft. */
  constructor(state: IStateDB | null, conversations: ConversationsModel) {
    this._memory = new PageMemory(state, 'draft');
    this._conversations = conversations;
  }

  /** Whether it is disposed. */
  get isDisposed(): boolean {
    return this._memory.isDisposed;
  }

  /**
   * The texts of the last time: the unsent ones in front of what was being typed. Never rejects.
   */
  async read(): Promise<string[]> {
    const draft = await this._memory.read();
    // Questions that never reached the server come back. Unless they did reach it after all, and
    // the page went before it heard of it.
    await this._conversations.restored;
    const { messages } = this._conversations.current;
    const unsent = (draft?.unsent ?? []).filter(
      text => !messages.some(m => m.role === 'user' && m.text === text)
    );
    this._isRead = true;
    return [...unsent, draft?.text ?? ''];
  }

  /** Store a draft soon; nothing before the last one was read. */
  write(text: string, unsent: string[]): void {
    if (this._isRead) {
      this._memory.write({ text, unsent });
    }
  }

  /** Store what waits, and let go. */
  dispose(): void {
    this._memory.dispose();
  }

  private _memory: PageMemory<{ text: string; unsent: string[] }>;
  private _conversations: ConversationsModel;
  private _isRead = false;
}
