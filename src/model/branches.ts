import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { GPTClient } from '../connection/rest';
import type { IAskedCell } from '../tokens';
import type { MessageModel } from './message';
import { Transcript } from './transcript';

/**
 * The messages of a conversation, and which of its branches is shown.
 */
export abstract class Branches {
  /** Construct the branches of a conversation. */
  constructor(
    readonly id: string,
    protected readonly client: Branches.IClient
  ) {}

  /** The stored message at the end of the branch: the parent of what is asked next. */
  get leaf(): string | null {
    return this.transcript.leaf;
  }

  /** The branch that is shown, with what is not stored yet at its place. */
  get messages(): readonly MessageModel[] {
    return this.transcript.messages;
  }

  /** Emitted when other messages are shown. */
  get messagesChanged(): ISignal<Branches, void> {
    return this._messagesChanged;
  }

  /** The question that a message answers. */
  questionOf(answerId: string): MessageModel | null {
    return this.transcript.questionOf(answerId);
  }

  /** The cell that an answer is about, or null if no cell went along with its question. */
  askedCell(answerId: string): IAskedCell | null {
    return this.transcript.askedCell(answerId);
  }

  /** The stored messages beside one, itself included, oldest first. */
  siblings(message: MessageModel): readonly MessageModel[] {
    return this.transcript.siblings(message);
  }

  /** Whether a message is stored, on whatever branch. */
  has(messageId: string): boolean {
    return this.transcript.has(messageId);
  }

  /** Take a question off the page that was never stored. */
  discard(questionId: string): void {
    if (this.transcript.discard(questionId)) {
      this.touchMessages();
    }
  }

  /** Take a branch off the page that was never stored; false if the answer is not one. */
  dropBranch(answerId: string): boolean {
    const dropped = this.transcript.dropBranch(answerId);
    if (dropped) {
      this.touchMessages();
    }
    return dropped;
  }

  /**
   * Show the branch through a stored message, and remember it at the server.
   *
   * @throws GPTRequestError when the server does not know of it: it is shown all the same.
   */
  async showBranch(messageId: string): Promise<void> {
    if (this.messages.some(({ id }) => id === messageId)) {
      return;
    }
    this.transcript.show(messageId);
    this.touchMessages();
    this._moves += 1;
    try {
      // One after the other, else an older choice might be stored last.
      const move = this._moving.then(() => this._storeLeaf());
      this._moving = move.catch(() => undefined);
      await move;
    } finally {
      this._moves -= 1;
    }
  }

  /**
   * Delete a stored message and all below it; `restoreBranch` undoes it.
   *
   * @throws GPTRequestError
   */
  async deleteBranch(messageId: string): Promise<void> {
    await this.client.deleteMessage(this.id, messageId);
    await this.reload();
  }

  /**
   * Bring back what was deleted with a message, and show it.
   *
   * @param leaf - The end of the branch that was shown before it was deleted.
   *
   * @throws GPTRequestError
   */
  async restoreBranch(messageId: string, leaf: string | null): Promise<void> {
    await this.client.restoreMessage(this.id, messageId);
    await this.reload();
    if (leaf !== null && this.has(leaf)) {
      await this.showBranch(leaf);
    }
  }

  /** Read the stored messages again; what is on the page stays when that fails. */
  abstract reload(): Promise<void>;

  /** Whether the server is still to hear which branch is shown. */
  protected get isMoving(): boolean {
    return this._moves > 0;
  }

  /** Other messages are shown. */
  protected touchMessages(): void {
    this._messagesChanged.emit();
  }

  /** The stored tree, and what is not stored yet. */
  protected readonly transcript = new Transcript();

  private async _storeLeaf(): Promise<void> {
    // Of several clicks in a hurry, the last one is stored.
    await this.client.patchConversation(this.id, { leaf: this.leaf });
  }

  private _messagesChanged = new Signal<Branches, void>(this);
  private _moves = 0;
  private _moving: Promise<void> = Promise.resolve();
}

/** A namespace for Branches statics. */
export namespace Branches {
  /** What of the client a conversation uses. */
  export type IClient = Pick<
    GPTClient,
    'conversation' | 'patchConversation' | 'deleteMessage' | 'restoreMessage'
  >;
}
