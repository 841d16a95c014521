import type { MessageModel } from './message';

/**
 * Walks through the prompts of a conversation, from the last one back.
 */
export class PromptHistory {
  /**
   * The prompt before the one that is shown.
   *
   * @param messages - The messages of the conversation, oldest first.
   * @param text - What stands in the box: only an empty one begins to browse.
   *
   * @returns The prompt to show, or null if there is none.
   */
  previous(messages: readonly MessageModel[], text: string): string | null {
    if (this._index === null) {
      if (text !== '') {
        return null;
      }
      this._prompts = messages
        .filter(message => message.role === 'user' && message.text)
        .map(message => message.text);
      this._index = this._prompts.length;
    }
    if (this._index === 0) {
      return null;
    }
    this._index -= 1;
    return this._prompts[this._index];
  }

  /**
   * The prompt after the one that is shown, the empty box after the last one; null when nothing
   * is browsed.
   */
  next(): string | null {
    if (this._index === null) {
      return null;
    }
    this._index += 1;
    if (this._index >= this._prompts.length) {
      this.leave();
      return '';
    }
    return this._prompts[this._index];
  }

  /**
   * The text was touched, or sent: it is no longer one of the history.
   */
  leave(): void {
    this._index = null;
  }

  private _prompts: readonly string[] = [];
  private _index: number | null = null;
}
