import type { IDisposable } from '@lumino/disposable';
import type { ConversationModel } from './conversation';
import type { TurnFrame } from './turn';

/**
 * The conversations in memory: the open one, and those whose answers still run.
 */
export class HeldConversations implements IDisposable {
  /** Whether they are disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Those in which an answer is being written. */
  get running(): ConversationModel[] {
    return [...this._held.values()].filter(({ running }) => running);
  }

  /** One of them, by its id. */
  get(id: string): ConversationModel | undefined {
    return this._held.get(id);
  }

  /** Hold a conversation. */
  add(conversation: ConversationModel): void {
    this._held.set(conversation.id, conversation);
  }

  /** Let a conversation go that nobody shows, unless it is at work. */
  release(
    conversation: ConversationModel,
    shown: readonly (ConversationModel | null)[]
  ): void {
    const atWork = conversation.running || conversation.loading;
    if (!atWork && !shown.includes(conversation)) {
      this._held.delete(conversation.id);
      conversation.dispose();
    }
  }

  /** Bring a frame to the conversation whose turn it is. */
  handle(frame: TurnFrame): void {
    for (const conversation of this._held.values()) {
      if (conversation.owns(frame.request_id)) {
        conversation.handle(frame);
        return;
      }
    }
  }

  /** The socket is open again. */
  reconnected(): void {
    this._held.forEach(conversation => conversation.reconnected());
  }

  /** Let go of all. */
  dispose(): void {
    this._isDisposed = true;
    this._held.forEach(conversation => conversation.dispose());
    this._held.clear();
  }

  private _held = new Map<string, ConversationModel>();
  private _isDisposed = false;
}
