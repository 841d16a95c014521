import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { GPTClient } from '../connection/rest';
import type { IConversationList } from '../protocol/frames';

/**
 * What the list can change of a conversation.
 */
export interface IDescription {
  readonly title?: string;
  readonly pinned?: boolean;
}

/**
 * The list of stored conversations.
 */
export abstract class ConversationList {
  /**
   * Construct the list.
   */
  constructor(protected readonly client: GPTClient) {}

  /** Emitted when the list may be another: read it again where it is shown. */
  get listChanged(): ISignal<ConversationList, void> {
    return this._listChanged;
  }

  /**
   * One page of the list.
   *
   * @throws GPTRequestError
   */
  list(options: GPTClient.IListOptions = {}): Promise<IConversationList> {
    return this.client.conversations(options);
  }

  /**
   * Give a conversation another title.
   *
   * @throws GPTRequestError
   */
  async rename(id: string, title: string): Promise<void> {
    await this.client.patchConversation(id, { title });
    this.onDescribed(id, { title });
    this.touchList();
  }

  /**
   * Pin a conversation to the top of the list, or let it go.
   *
   * @throws GPTRequestError
   */
  async pin(id: string, pinned: boolean): Promise<void> {
    await this.client.patchConversation(id, { pinned });
    this.onDescribed(id, { pinned });
    this.touchList();
  }

  /**
   * Bring a deleted conversation back into the list.
   *
   * @throws GPTRequestError
   */
  async restore(id: string): Promise<void> {
    await this.client.restoreConversation(id);
    this.touchList();
  }

  /** The list may be another. */
  protected touchList(): void {
    this._listChanged.emit();
  }

  /** A conversation was changed through the list. */
  protected abstract onDescribed(id: string, change: IDescription): void;

  private _listChanged = new Signal<ConversationList, void>(this);
}
