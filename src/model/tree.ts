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
    for (const { parentId, id: child } of this.branch()) {
      this._shown.set(parentId, child);
    }
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
    this._children = null;
  }

  /**
   * Take a message out.
   */
  remove(id: string): void {
    this._messages.delete(id);
    this._children = null;
    if (this._leaf === id) {
      this._leaf = null;
    }
  }

  /**
   * Put messages into this order; they are all at the end.
   */
  sort(messages: readonly MessageModel[]): void {
    messages.forEach(({ id }) => this._messages.delete(id));
    messages.forEach(message => this.add(message));
  }

  /**
   * The messages under one, in the order of their arrival.
   */
  children(parentId: string | null): readonly MessageModel[] {
    if (this._children === null) {
      this._children = new Map();
      for (const message of this._messages.values()) {
        const beside = this._children.get(message.parentId);
        if (beside) {
          beside.push(message);
        } else {
          this._children.set(message.parentId, [message]);
        }
      }
    }
    return this._children.get(parentId) ?? [];
  }

  /**
   * The end of the branch under a message that was shown last, else of the latest one.
   */
  endBelow(id: string): string {
    const seen = new Set<string>();
    let end = id;
    while (!seen.has(end)) {
      seen.add(end);
      const below = this.children(end);
      const last = this._shown.get(end);
      const next = below.find(m => m.id === last) ?? below[below.length - 1];
      end = next?.id ?? end;
    }
    return end;
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
  // By parent; null until it is asked for.
  private _children: Map<string | null, MessageModel[]> | null = null;
  // Of the messages under each, the one that was shown last.
  private _shown = new Map<string | null, string>();
}
