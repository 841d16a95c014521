import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IClientError } from '../connection/errors';
import { GPTClientError } from '../connection/errors';
import type { GPTClient } from '../connection/rest';
import type { IPreviewed, IPreviewItem } from '../protocol/frames';
import type { ComposerModel } from './composer';
import type { ConversationsModel } from './conversations';
import type { IExchange } from './exchanges';
import type { Inquiries } from './inquiries';
import type { MessageModel } from './message';
import type { IQuestion } from './question';
import { inquiryFrame } from './question';
import type { Uploads } from './uploads';

/**
 * What of a question will be sent, word for word, before it is.
 */
export class PreviewModel implements IDisposable {
  /** Construct a preview, closed. */
  constructor(options: PreviewModel.IOptions) {
    this._options = options;
  }

  /** Whether it is looked at. */
  get isOpen(): boolean {
    return this._isOpen;
  }

  /** What will be sent; null until it is known. */
  get current(): IPreviewed | null {
    return this._current;
  }

  /** Whether the server is being asked. */
  get loading(): boolean {
    return this._loading > 0;
  }

  /** Why there is none, or null. */
  get error(): IClientError | null {
    return this._error;
  }

  /** Whether it is shown again because something had changed since it was looked at. */
  get hasChanged(): boolean {
    return this._hasChanged;
  }

  /** Emitted when anything of it changes. */
  get changed(): ISignal<PreviewModel, void> {
    return this._changed;
  }

  /** Whether the preview is disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Show what the draft would send; false if it is empty. */
  open(): boolean {
    if (this._options.composer.question === null) {
      return false;
    }
    this._isOpen = true;
    this._current = null;
    this._hasChanged = false;
    void this.refresh();
    return true;
  }

  /** Stop looking at it. */
  close(): void {
    this._isOpen = false;
    this._question = null;
    this._changed.emit();
  }

  /** Whether an item can be left out: the question must say something, and the system prompt and
   *  the line that asks to go on belong to how a model is asked. */
  canLeaveOut({ id, role }: IPreviewItem): boolean {
    const items = this._current?.items ?? [];
    const asked = items.filter(item => item.id.startsWith('new/'));
    return (
      role !== 'system' &&
      id !== 'continue' &&
      (asked.length > 1 || asked[0]?.id !== id)
    );
  }

  /** Leave an item out, and look again. */
  leaveOut({ id, label }: IPreviewItem): void {
    const { excludes } = this._options.composer;
    excludes.add({ id, label }, this._question?.parts ?? []);
    void this.refresh();
  }

  /** Whether the user left it out of this draft; what an earlier turn left out stays out. */
  canPutBack(id: string): boolean {
    const { excludes } = this._options.composer;
    return excludes.list.some(excluded => excluded.id === id);
  }

  /** Put an item back, and look again. */
  putBack(id: string): void {
    this._options.composer.excludes.remove(id);
    void this.refresh();
  }

  /**
   * Send what was looked at, or nothing: when it would be something else by now, it is shown again.
   *
   * @returns Whether it went out (see `ComposerModel.problem`).
   */
  send(): boolean {
    const digest = this._current?.digest;
    const sent = digest ? this._options.composer.sendPreviewed(digest) : null;
    if (sent) {
      this._follow(sent);
    }
    // What kept it from going out stands at the prompt box.
    this.close();
    return sent !== null;
  }

  /**
   * The text of an item that lies in a blob.
   *
   * @throws GPTRequestError
   */
  text(sha256: string): Promise<string> {
    return this._options.client.blobText(sha256);
  }

  /** Ask again. Never rejects: see `error`. */
  async refresh(): Promise<void> {
    const { composer, conversations, inquiries, uploads } = this._options;
    const { current } = conversations;
    const question = composer.question;
    if (question === null) {
      this.close();
      return;
    }
    this._question = question;
    this._loading += 1;
    this._changed.emit();
    try {
      const frame = inquiryFrame(current.id, current.leaf, question);
      uploads.needed(question.parts);
      const parts = await uploads.prepare(question.parts);
      const preview = await inquiries.preview({ ...frame, parts });
      // Of two items left out in a hurry, the answer to the last one counts.
      if (this._question === question) {
        this._current = preview;
        this._error = null;
      }
    } catch (reason) {
      const error = GPTClientError.from(reason);
      if (error.code === 'unknown_blob') {
        uploads.forget();
      }
      if (this._question === question) {
        this._error = error;
      }
    }
    this._loading -= 1;
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  /** Let go. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._question = null;
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  /** Show the preview again when what was sent with its digest is refused for it. */
  private _follow({ question, answer }: IExchange): void {
    const onAnswer = ({ error, status, stored }: MessageModel): void => {
      if (status === 'streaming' && !stored) {
        return;
      }
      answer.changed.disconnect(onAnswer, this);
      if (error?.code === 'preview_changed' && !stored) {
        // Not while it emits: others still look at it.
        void Promise.resolve().then(() => this._again(question.id));
      }
    };
    answer.changed.connect(onAnswer, this);
  }

  private _again(questionId: string): void {
    const { messages } = this._options.conversations.current;
    // In another conversation by now, the question stands in its own with its error.
    if (!this._isDisposed && messages.some(({ id }) => id === questionId)) {
      this._options.composer.edit(questionId);
      this._hasChanged = this.open();
      this._changed.emit();
    }
  }

  private _options: PreviewModel.IOptions;
  private _question: IQuestion | null = null;
  private _current: IPreviewed | null = null;
  private _error: IClientError | null = null;
  private _isOpen = false;
  private _hasChanged = false;
  private _loading = 0;
  private _isDisposed = false;
  private _changed = new Signal<PreviewModel, void>(this);
}

/** A namespace for PreviewModel statics. */
export namespace PreviewModel {
  /** Options of a preview. */
  export interface IOptions {
    client: Pick<GPTClient, 'blobText'>;
    composer: ComposerModel;
    conversations: ConversationsModel;
    uploads: Uploads;
    inquiries: Inquiries;
  }
}
