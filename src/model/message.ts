import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IClientError } from '../connection/errors';
import type {
  ICost,
  IDelta,
  IFailed,
  IFinished,
  IMessage,
  IRetrying,
  IStarted,
  IUsage,
  Part
} from '../protocol/frames';
import { PartList } from './parts';

/**
 * New text at the end of a part.
 */
export interface ITextAppended {
  /** Index of the part. */
  readonly part: number;
  readonly kind: 'text' | 'thinking';
  /** Only what is new. */
  readonly text: string;
}

/**
 * A wait before the next attempt, for a countdown.
 */
export interface IRetryWait {
  readonly attempt: number;
  /** When it goes on, in ms since the epoch. */
  readonly until: number;
  /** Why it waits. */
  readonly code: IClientError['code'];
}

/**
 * One message: a question, or an answer that may still be growing.
 */
export class MessageModel {
  /**
   * Construct a message.
   *
   * @param info - The message in the wire's form.
   * @param stored - Whether the server has it.
   */
  constructor(info: IMessage, stored: boolean) {
    this.id = info.id;
    this.parentId = info.parent_id;
    this.role = info.role;
    this.created = info.created;
    this._info = info;
    this._stored = stored;
    this._parts = new PartList(info.parts);
  }

  readonly id: string;
  readonly parentId: string | null;
  readonly role: IMessage['role'];
  readonly created: string;

  /** The parts as they are now. Joined when read: for a whole answer, not for each delta. */
  get parts(): readonly Part[] {
    return this._parts.toArray();
  }

  /** All text parts joined: the prompt, or the answer's Markdown. */
  get text(): string {
    return this._parts.join('text');
  }

  /** All that the model thought aloud. */
  get thinking(): string {
    return this._parts.join('thinking');
  }

  /** Where the message stands. */
  get status(): IMessage['status'] {
    return this._info.status;
  }

  /** The request that made the answer. */
  get requestId(): string | null {
    return this._info.request_id;
  }

  /** The provider that answered. */
  get provider(): string | null {
    return this._info.provider;
  }

  /** The model that answered. */
  get model(): string | null {
    return this._info.model;
  }

  /** Why the answer ended. */
  get finishReason(): IMessage['finish_reason'] {
    return this._info.finish_reason;
  }

  /** Parameters that the model refused, so that they were left out; known until a reload. */
  get dropped(): readonly string[] {
    return this._dropped;
  }

  /** What went wrong, or null. */
  get error(): IClientError | null {
    return this._error ?? this._info.error;
  }

  /** Tokens, or null while unknown. */
  get usage(): IUsage | null {
    return this._info.usage;
  }

  /** What it cost, or null while unknown. */
  get cost(): ICost | null {
    return this._info.cost;
  }

  /** How long it took. */
  get seconds(): number | null {
    return this._info.seconds;
  }

  /** The wait before the next attempt, while there is one. */
  get retrying(): IRetryWait | null {
    return this._retrying;
  }

  /** False until the server has stored it: then it is only on this page, and in the draft. */
  get stored(): boolean {
    return this._stored;
  }

  /** Stop was pressed, and the server has not answered yet. */
  get stopping(): boolean {
    return this._stopping;
  }

  /** Emitted for each piece of an answer, with only what is new. */
  get textAppended(): ISignal<MessageModel, ITextAppended> {
    return this._textAppended;
  }

  /** Emitted when the parts are others: draw them anew. */
  get replaced(): ISignal<MessageModel, void> {
    return this._replaced;
  }

  /** Emitted when anything but the text changes. */
  get changed(): ISignal<MessageModel, void> {
    return this._changed;
  }

  /**
   * The server has stored the message; for an answer, who writes it.
   */
  markStored(started?: IStarted): void {
    this._stored = true;
    if (started) {
      const { provider, model } = started;
      this._info = { ...this._info, provider, model };
    }
    this._changed.emit();
  }

  /**
   * New text arrived.
   */
  append(delta: IDelta): void {
    const { part, kind, text } = delta;
    this._parts.append(part, kind, text);
    if (this._retrying) {
      this._retrying = null;
      this._changed.emit();
    }
    this._textAppended.emit({ part, kind, text });
  }

  /**
   * Everything so far arrived anew.
   */
  replace(parts: readonly Part[]): void {
    this._retrying = null;
    if (this._parts.equals(parts)) {
      return;
    }
    this._parts = new PartList(parts);
    this._replaced.emit();
  }

  /**
   * The provider asked to wait.
   */
  retry(frame: IRetrying): void {
    this._retrying = {
      attempt: frame.attempt,
      until: Date.now() + frame.wait_s * 1000,
      code: frame.code
    };
    this._changed.emit();
  }

  /**
   * Stop was pressed.
   */
  markStopping(): void {
    this._stopping = true;
    this._changed.emit();
  }

  /**
   * The answer ended as an answer.
   */
  finish(frame: IFinished): void {
    const { finish_reason, usage, cost, seconds } = frame;
    this._dropped = frame.dropped ?? [];
    const status = finish_reason === 'cancelled' ? 'cancelled' : 'complete';
    this._settle({ status, finish_reason, usage, cost, seconds, error: null });
  }

  /**
   * The answer failed; what has arrived stays.
   */
  fail(frame: IFailed): void {
    const { code, message, detail, retryable, retry_after } = frame;
    const { usage, cost, seconds } = frame;
    const error = { code, message, detail, retryable, retry_after };
    const status = this.text ? 'incomplete' : 'failed';
    this._settle({ status, error, usage, cost, seconds });
  }

  /**
   * The question did not get as far as the server.
   *
   * @param error - Why; null: the user stopped it.
   */
  abandon(error: IClientError | null): void {
    this._error = error;
    this._settle({ status: error ? 'failed' : 'cancelled' });
  }

  /**
   * Take over what the server has stored; draws anew only if the parts are others.
   */
  update(info: IMessage): void {
    this._stored = true;
    this._error = null;
    // A question never changes, and what went up as a blob is still readable here.
    if (this.role === 'assistant' && !this._parts.equals(info.parts)) {
      this.replace(info.parts);
    }
    this._settle(info);
  }

  private _settle(change: Partial<IMessage>): void {
    this._info = { ...this._info, ...change };
    this._retrying = null;
    this._stopping = false;
    this._changed.emit();
  }

  // `parts` of it is as old as the message: `_parts` holds them.
  private _info: IMessage;
  private _parts: PartList;
  private _stored: boolean;
  private _stopping = false;
  private _retrying: IRetryWait | null = null;
  private _error: IClientError | null = null;
  private _dropped: readonly string[] = [];
  private _textAppended = new Signal<MessageModel, ITextAppended>(this);
  private _replaced = new Signal<MessageModel, void>(this);
  private _changed = new Signal<MessageModel, void>(this);
}
