import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { GPTRequestError } from '../connection/errors';
import type { GPTClient } from '../connection/rest';
import type { GPTSocket, SocketState } from '../connection/socket';
import type { IStorage, ServerFrame } from '../protocol/frames';
import { ConversationModel } from './conversation';
import { HeldConversations } from './held';
import type { IDescription } from './list';
import { ConversationList } from './list';
import { LastOpen } from './lastopen';
import type { Uploads } from './uploads';

/** The conversations: the one that is open, those whose answers still run, and the list. */
export class ConversationsModel
  extends ConversationList
  implements IDisposable
{
  /** Construct the conversations and restore the one that was open last. */
  constructor(options: ConversationsModel.IOptions) {
    super(options.client);
    this._socket = options.socket;
    this._uploads = options.uploads;
    this._lastOpen = new LastOpen(options.state, options.client);
    this._current = this._create();
    this._socket.frame.connect(this._onFrame, this);
    this._socket.stateChanged.connect(this._onSocket, this);
    this.restored = this._restore();
  }

  /** Resolves when the last open conversation is there again, or could not be. Never rejects. */
  readonly restored: Promise<void>;

  /** The conversation that is open. */
  get current(): ConversationModel {
    return this._current;
  }

  /** Those in which an answer is being written, the open one or not. */
  get running(): readonly ConversationModel[] {
    return this._held.running;
  }

  /** Emitted when another conversation is open. */
  get currentChanged(): ISignal<ConversationsModel, ConversationModel> {
    return this._currentChanged;
  }

  /** The state of the socket. */
  get connection(): SocketState {
    return this._socket.state;
  }

  /** Emitted when the state of the socket changes. */
  get connectionChanged(): ISignal<ConversationsModel, SocketState> {
    return this._connectionChanged;
  }

  /** Whether this page was connected before. */
  get wasOpen(): boolean {
    return this._wasOpen;
  }

  /** The HTTP status with which the server refused the socket (`GPTSocket.refusal`). */
  get refusal(): number | null {
    return this._socket.refusal;
  }

  /** What the server says of its disk; null when all is well. */
  get storage(): IStorage | null {
    return this._storage;
  }

  /** Emitted when the state of the disk changes. */
  get storageChanged(): ISignal<ConversationsModel, IStorage | null> {
    return this._storageChanged;
  }

  /** Whether the model is disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Connect at once, if the socket waits for its next attempt. */
  reconnect(): void {
    this._socket.connect();
  }

  /** Open a new conversation; an open one that is still empty stays. */
  newConversation(): void {
    if (!this._current.isNew || this._current.messages.length) {
      this._show(this._create());
    }
  }

  /**
   * Open a stored conversation; the open one stays until it is read.
   *
   * @throws GPTRequestError when it could not be read.
   */
  async open(id: string): Promise<void> {
    if (id === this._current.id) {
      return;
    }
    const held = this._held.get(id);
    const conversation = held ?? this._create(id);
    this._opening = conversation;
    try {
      if (!held) {
        await conversation.load();
      }
    } catch (reason) {
      if (this._opening === conversation) {
        this._opening = null;
      }
      this._release(conversation);
      throw reason;
    }
    // Of two rows clicked in a hurry, the last one counts.
    if (this._opening === conversation && !this._isDisposed) {
      this._show(conversation);
    } else {
      this._release(conversation);
    }
  }

  /**
   * Delete a conversation; `restore` undoes it. An answer that runs in it is stopped.
   *
   * @throws GPTRequestError
   */
  async remove(id: string): Promise<void> {
    this._held.get(id)?.stop();
    await this.client.deleteConversation(id);
    if (id === this._current.id) {
      this._show(this._create());
    }
    this.touchList();
  }

  /** Let go of everything; what runs goes on at the server. */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._lastOpen.dispose();
    this._held.dispose();
    Signal.clearData(this);
  }

  protected override onDescribed(id: string, change: IDescription): void {
    this._held.get(id)?.describe(change);
  }

  protected override onPurged(): void {
    this._show(this._create());
  }

  private _create(id?: string): ConversationModel {
    const conversation = new ConversationModel({
      id,
      client: this.client,
      socket: this._socket,
      uploads: this._uploads
    });
    this._held.add(conversation);
    conversation.changed.connect(this._onConversation, this);
    return conversation;
  }

  private _show(conversation: ConversationModel): void {
    const before = this._current;
    this._opening = null;
    this._toRestore = null;
    this._current = conversation;
    this._lastOpen.remember(this._current);
    this._currentChanged.emit(conversation);
    this._release(before);
  }

  /** Let a conversation go, unless it is open, about to be, or its answer runs. */
  private _release(conversation: ConversationModel): void {
    this._held.release(conversation, [this._current, this._opening]);
  }

  private async _restore(): Promise<void> {
    const pristine = this._current;
    let id: string | null = null;
    try {
      id = await this._lastOpen.find();
      if (id !== null && this._isPristine(pristine)) {
        await this.open(id);
      }
    } catch (reason) {
      // Deleted meanwhile: then a new one it is. Out of reach: as soon as it can be reached.
      const away = reason instanceof GPTRequestError && reason.status === 0;
      this._toRestore = away ? id : null;
    }
  }

  private _isPristine(conversation: ConversationModel): boolean {
    return (
      !this._isDisposed &&
      this._current === conversation &&
      conversation.messages.length === 0
    );
  }

  private _onConversation(conversation: ConversationModel): void {
    if (conversation === this._current) {
      this._lastOpen.remember(this._current);
    }
    this._socket.expectTraffic(this.running.length > 0);
    const { title, isNew } = conversation;
    const row = JSON.stringify([title, isNew, !!conversation.running]);
    if (this._rows.get(conversation) !== row) {
      this._rows.set(conversation, row);
      this.touchList();
    }
    // Not while it emits: others still look at it.
    void Promise.resolve().then(() => this._release(conversation));
  }

  private _onSocket(socket: GPTSocket, state: SocketState): void {
    this._connectionChanged.emit(state);
    if (state !== 'open') {
      return;
    }
    this._held.reconnected();
    if (this._wasOpen && !this._current.isNew) {
      // What other pages did meanwhile was not heard.
      void this._current.reload();
      this.touchList();
    }
    this._wasOpen = true;
    const id = this._toRestore;
    this._toRestore = null;
    if (id !== null && this._isPristine(this._current)) {
      this.open(id).catch(reason => {
        console.warn('The last conversation could not be restored.', reason);
      });
    }
  }

  private _onFrame(_: GPTSocket, frame: ServerFrame): void {
    switch (frame.type) {
      case 'started':
      case 'delta':
      case 'retrying':
      case 'snapshot':
      case 'finished':
      case 'failed':
        this._held.handle(frame);
        break;
      case 'changed':
        void this._held.get(frame.conversation_id)?.reload();
        this.touchList();
        break;
      case 'storage':
        this._storage = frame.state === 'ok' ? null : frame;
        this._storageChanged.emit(this._storage);
        break;
    }
  }

  private _socket: GPTSocket;
  private _uploads: Uploads;
  private _lastOpen: LastOpen;
  private _held = new HeldConversations();
  private _current: ConversationModel;
  // What the list shows of each, to tell a change of a row from the others.
  private _rows = new WeakMap<ConversationModel, string>();
  private _wasOpen = false;
  private _opening: ConversationModel | null = null;
  private _toRestore: string | null = null;
  private _storage: IStorage | null = null;
  private _isDisposed = false;
  private _currentChanged = new Signal<this, ConversationModel>(this);
  private _connectionChanged = new Signal<this, SocketState>(this);
  private _storageChanged = new Signal<this, IStorage | null>(this);
}

/** A namespace for ConversationsModel statics. */
export namespace ConversationsModel {
  /** Options of the conversations. */
  export interface IOptions {
    client: GPTClient;
    socket: GPTSocket;
    uploads: Uploads;
    /** Where the open conversation is remembered; without one, it is not. */
    state: IStateDB | null;
  }
}
