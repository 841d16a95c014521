import type { MessageModel } from './message';

/**
 * The stored messages of a conversation: a tree, of which one branch is shown.
 */
export class MessageTree {
  /**
   * The message at the end of the branch that is shown, or null.
   */
  get leaf(): string | null {
    return this._leaf;
  }
  set leaf(id: string | null) {
    this._leaf = id !== null && this._messages.has(id) ? id : null;
  }

  /**
   * The ids of all messages.
   */
  get ids(): string[] {
    return [...this._messages.keys()];
  }

  /**
   * A message by its id.
   */
  get(id: string): MessageModel | undefined {
    return this._messages.get(id);
  }

  /**
   * Add a message; those with the same parent stay in the order of their arrival.
   */
  add(message: MessageModel): void {
    this._messages.set(message.id, message);
  }

  /**
   * Take a message out.
   */
  remove(id: string): void {
    this._messages.delete(id);
    if (this._leaf === id) {
      this._leaf = null;
    }
  }

  /**
   * The messages under one, in the order of their arrival.
   */
  children(parentId: string | null): MessageModel[] {
    return [...this._messages.values()].filter(m => m.parentId === parentId);
  }

  /**
   * The branch that ends with the leaf, first message first.
   */
  branch(): MessageModel[] {
    const branch: MessageModel[] = [];
    const seen = new Set<string>();
    let next = this._leaf;
    while (next !== null && !seen.has(next)) {
      seen.add(next);
      const message = this._messages.get(next);
      if (!message) {
        break;
      }
      branch.push(message);
      next = message.parentId;
    }
    return branch.reverse();
  }

  private _messages = new Map<string, MessageModel>();
  private _leaf: string | null = null;
}
