import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { GPTClientError } from '../connection/errors';
import type { IEstimated } from '../protocol/frames';
import type { IGPTSettings } from '../tokens';
import type { ComposerModel } from './composer';
import type { ConversationModel } from './conversation';
import type { ConversationsModel } from './conversations';
import type { Inquiries } from './inquiries';
import type { ModelsModel } from './models';
import { inquiryFrame } from './question';
import type { Uploads } from './uploads';

// Silence in ms after a change before the server is asked: the answer is to be there 150 ms after
// the last keystroke, and the way there and back with the counting takes up to 80.
const WAIT = 50;
// Longest wait in ms while changes go on: who types without a pause sees a figure all the same.
const LONGEST_WAIT = 250;
// Silence in ms before what is too large for a frame goes up: not at each keystroke.
const WAIT_LARGE = 500;

/**
 * What the draft would cost, kept up to date while it changes.
 */
export class EstimateModel implements IDisposable {
  /** Construct an estimate; nothing is asked before it is `shown`. */
  constructor(options: EstimateModel.IOptions) {
    this._options = options;
    const { composer, conversations, models, settings } = options;
    this._conversation = conversations.current;
    this._conversation.messagesChanged.connect(this._onChange, this);
    conversations.currentChanged.connect(this._onCurrent, this);
    conversations.connectionChanged.connect(this._onConnection, this);
    composer.textChanged.connect(this._onChange, this);
    composer.attachmentsChanged.connect(this._onChange, this);
    // What a chip gives changes without the chip.
    composer.changed.connect(this._onChange, this);
    composer.excludes.changed.connect(this._onChange, this);
    models.changed.connect(this._onChange, this);
    settings?.changed.connect(this._onChange, this);
  }

  /** The last answer; null where the draft is empty, or nothing is known of it. */
  get current(): IEstimated | null {
    return this._current;
  }

  /** Whether the draft has changed since then, and no newer answer is there. */
  get stale(): boolean {
    return this._current !== null && this._stale;
  }

  /** Emitted when `current` or `stale` change. */
  get changed(): ISignal<EstimateModel, void> {
    return this._changed;
  }

  /** Whether anybody sees it: a hidden panel asks nothing. */
  get shown(): boolean {
    return this._shown;
  }
  set shown(value: boolean) {
    this._shown = value;
    if (value) {
      this._onChange();
    }
  }

  /** Whether the estimate is disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Ask again, also if nothing has changed here: prices may have. */
  refresh(): void {
    this._round += 1;
    this._onChange();
  }

  /** Let go. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      window.clearTimeout(this._timer);
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private _onCurrent(_: ConversationsModel, current: ConversationModel): void {
    this._conversation.messagesChanged.disconnect(this._onChange, this);
    this._conversation = current;
    this._conversation.messagesChanged.connect(this._onChange, this);
    // The figure is the other conversation's.
    this._setStale(this._current !== null);
    this._onChange();
  }

  private _onConnection(): void {
    this._setStale(this._stale || !this._options.inquiries.possible);
    this.refresh();
  }

  private _onChange(): void {
    if (this._isDisposed || !this._shown) {
      return;
    }
    const now = Date.now();
    if (!this._timer) {
      this._waitingSince = now;
    }
    this._changedAt = now;
    const most = this._waitingSince + LONGEST_WAIT - now;
    this._askIn(Math.max(0, Math.min(WAIT, most)));
  }

  private _askIn(wait: number): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => {
      this._timer = 0;
      void this._ask();
    }, wait);
  }

  private async _ask(): Promise<void> {
    const { composer, inquiries } = this._options;
    if (this._isDisposed || !this._shown) {
      return;
    }
    const question = composer.question;
    if (question === null) {
      this._set(null);
      return;
    }
    const { id, leaf } = this._conversation;
    // The history is another one when the answer in it has ended.
    const asked = JSON.stringify([
      this._round,
      id,
      leaf,
      composer.running,
      question
    ]);
    if (asked === this._answer?.asked) {
      this._set(this._answer.estimate);
      return;
    }
    this._setStale(true);
    const rest = this._changedAt + WAIT_LARGE - Date.now();
    if (rest > 0 && this._options.uploads.missing(question.parts)) {
      this._askIn(rest);
      return;
    }
    // While an answer is on its way the newest draft waits; what was asked before it is not shown.
    if (!this._busy && inquiries.possible) {
      this._busy = true;
      const estimate = await this._inquire(inquiryFrame(id, leaf, question));
      this._busy = false;
      if (estimate !== undefined) {
        this._answer = { asked, estimate };
        void this._ask();
      }
    }
  }

  /** The answer; null if there is none, undefined if the connection was lost meanwhile. */
  private async _inquire(
    frame: ReturnType<typeof inquiryFrame>
  ): Promise<IEstimated | null | undefined> {
    const { inquiries, uploads } = this._options;
    try {
      uploads.needed(frame.parts ?? []);
      const parts = await uploads.prepare(frame.parts ?? []);
      return await inquiries.estimate({ ...frame, parts });
    } catch (reason) {
      if (GPTClientError.from(reason).code === 'unknown_blob') {
        uploads.forget();
      }
      // Sending says what is wrong, if something is.
      return inquiries.possible ? null : undefined;
    }
  }

  private _set(estimate: IEstimated | null): void {
    const changed = this._stale || this._current !== estimate;
    this._current = estimate;
    this._stale = false;
    if (changed && !this._isDisposed) {
      this._changed.emit();
    }
  }

  private _setStale(stale: boolean): void {
    if (stale !== this._stale) {
      this._stale = stale;
      this._changed.emit();
    }
  }

  private _options: EstimateModel.IOptions;
  private _conversation: ConversationModel;
  private _current: IEstimated | null = null;
  private _stale = false;
  private _shown = false;
  // The last answer with its question, to tell a draft that is another from one that only moved.
  private _answer: { asked: string; estimate: IEstimated | null } | null = null;
  private _busy = false;
  // Counts the calls of `refresh`: what was asked before one is no answer after it.
  private _round = 0;
  private _timer = 0;
  private _waitingSince = 0;
  private _changedAt = 0;
  private _isDisposed = false;
  private _changed = new Signal<EstimateModel, void>(this);
}

/** A namespace for EstimateModel statics. */
export namespace EstimateModel {
  /** Options of an estimate. */
  export interface IOptions {
    composer: ComposerModel;
    conversations: ConversationsModel;
    models: ModelsModel;
    settings: IGPTSettings | null;
    uploads: Uploads;
    inquiries: Inquiries;
  }
}
