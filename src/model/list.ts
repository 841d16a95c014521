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

  /**
   * A conversation as a file: the branch that is shown; as JSON, the whole tree.
   *
   * @throws GPTRequestError
   */
  export(id: string, format: GPTClient.ExportFormat): Promise<Blob> {
    return this.client.exportConversation(id, format);
  }

  /**
   * All conversations as a file.
   *
   * @throws GPTRequestError
   */
  exportAll(format: GPTClient.ExportFormat): Promise<Blob> {
    return this.client.exportConversations(format);
  }

  /**
   * Take in conversations that were exported as JSON.
   *
   * @returns How many they were.
   *
   * @throws GPTRequestError when it is no such file; then nothing has changed.
   */
  async import(json: string): Promise<number> {
    const { conversations } = await this.client.importConversations(json);
    this.touchList();
    return conversations.length;
  }

  /**
   * Delete all conversations for good.
   *
   * @throws GPTRequestError
   */
  async removeAll(): Promise<void> {
    await this.client.purgeConversations();
    this.onPurged();
    this.touchList();
  }

  /** The list may be another. */
  protected touchList(): void {
    this._listChanged.emit();
  }

  /** A conversation was changed through the list. */
  protected abstract onDescribed(id: string, change: IDescription): void;

  /** All conversations are gone. */
  protected abstract onPurged(): void;

  private _listChanged = new Signal<ConversationList, void>(this);
}
