import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { GPTClientError } from '../connection/errors';
import type { ILive } from '../protocol/frames';
import type { MessageModel } from './message';
import type { ITurnSocket, TurnFrame } from './turn';
import { Turn } from './turn';
import type { Uploads } from './uploads';

/**
 * The turns of one conversation that run: sends them, follows them over lost connections, and
 * brings each frame to its answer exactly once.
 */
export class Turns implements IDisposable {
  /** Construct the turns of a conversation. */
  constructor(options: { socket: ITurnSocket; uploads: Uploads }) {
    this._socket = options.socket;
    this._uploads = options.uploads;
  }

  /** Emitted when the server has stored a turn. */
  get started(): ISignal<Turns, Turn> {
    return this._started;
  }

  /** Emitted when a turn is over, however it ended. */
  get ended(): ISignal<Turns, Turn> {
    return this._ended;
  }

  /** Emitted when the server does not know a turn that it had: read the conversation. */
  get lost(): ISignal<Turns, Turn> {
    return this._lost;
  }

  /** The turn that began last, or null. */
  get latest(): Turn | null {
    let latest: Turn | null = null;
    for (const turn of this._turns.values()) {
      latest = turn;
    }
    return latest;
  }

  /** Whether the turns are disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether a request is one of these turns. */
  has(requestId: string): boolean {
    return this._turns.has(requestId);
  }

  /** Whether a turn is writing this answer. */
  writes(answerId: string): boolean {
    return [...this._turns.values()].some(t => t.answer.id === answerId);
  }

  /**
   * Send a turn: at once, or after its large content has gone up.
   *
   * @throws GPTClientError when it cannot go out; then nothing has happened.
   */
  start(turn: Turn): void {
    if (this._uploads.needed(turn.submit?.parts ?? [])) {
      this._turns.set(turn.requestId, turn);
      void this._upload(turn);
    } else {
      this._send(turn);
      this._turns.set(turn.requestId, turn);
    }
  }

  /**
   * Follow an answer that is being written by a turn of another page, or of this one before a
   * reload.
   */
  join(answer: MessageModel, live: ILive | null): void {
    const requestId = live?.request_id ?? answer.requestId;
    if (
      requestId !== null &&
      !this._turns.has(requestId) &&
      !this._unknown.has(requestId)
    ) {
      const turn = new Turn(requestId, answer, null, live?.seq ?? 0);
      this._turns.set(requestId, turn);
      this._resume(turn);
    }
  }

  /** Stop the turn that began last; false if none runs. */
  stop(): boolean {
    const turn = this.latest;
    if (!turn) {
      return false;
    }
    const id = turn.requestId;
    const here = turn.phase === 'uploading' || turn.phase === 'waiting';
    if (here || this._socket.withdraw(id)) {
      this._abandon(turn, null);
    } else if (!turn.stopRequested) {
      turn.stopRequested = true;
      this._socket.send({ type: 'cancel', request_id: id });
      turn.answer.markStopping();
    }
    return true;
  }

  /** Apply a frame. */
  handle(frame: TurnFrame): void {
    const turn = this._turns.get(frame.request_id);
    if (!turn) {
      return;
    }
    if (frame.type === 'failed' && frame.seq === 0) {
      this._refused(turn, frame);
      return;
    }
    switch (turn.accept(frame)) {
      case 'apply':
        this._apply(turn, frame);
        break;
      case 'gap':
        // Once: the frames that come before the answer would each ask again.
        if (!turn.resuming) {
          turn.resuming = true;
          this._resume(turn);
        }
        break;
    }
  }

  /** The socket is open again: what was under way goes on. */
  reconnected(): void {
    for (const turn of [...this._turns.values()]) {
      if (turn.phase === 'waiting') {
        void this._upload(turn);
      } else if (turn.phase === 'started') {
        this._resume(turn);
        this._repeatStop(turn);
      } else if (turn.phase === 'sent' && turn.epoch !== this._socket.epoch) {
        // Perhaps the server never got it. The same request twice runs once.
        if (turn.stopRequested) {
          this._resume(turn);
          this._repeatStop(turn);
        } else {
          this._send(turn);
        }
      }
    }
  }

  /** Let go of the turns; they go on at the server. */
  dispose(): void {
    this._isDisposed = true;
    this._turns.clear();
    Signal.clearData(this);
  }

  private _apply(turn: Turn, frame: TurnFrame): void {
    const { answer } = turn;
    if (turn.phase !== 'started') {
      turn.phase = 'started';
      answer.markStored();
      this._started.emit(turn);
    }
    switch (frame.type) {
      case 'started':
        answer.markStored(frame);
        break;
      case 'delta':
        answer.append(frame);
        break;
      case 'retrying':
        answer.retry(frame);
        break;
      case 'snapshot':
        answer.replace(frame.parts);
        break;
      case 'finished':
        this._turns.delete(turn.requestId);
        answer.finish(frame);
        this._ended.emit(turn);
        break;
      case 'failed':
        this._turns.delete(turn.requestId);
        answer.fail(frame);
        this._ended.emit(turn);
        break;
    }
  }

  /** A `failed` that stands for no stored turn. */
  private _refused(turn: Turn, frame: TurnFrame & { type: 'failed' }): void {
    if (turn.phase === 'started') {
      // The answer to our `resume`: another server ran it, or it was deleted meanwhile.
      this._turns.delete(turn.requestId);
      this._unknown.add(turn.requestId);
      this._ended.emit(turn);
      this._lost.emit(turn);
      return;
    }
    const stopped = frame.code === 'unknown_request' && turn.stopRequested;
    if (frame.code === 'unknown_blob') {
      this._uploads.forget();
    }
    const { code, message, detail, retryable, retry_after } = frame;
    this._abandon(
      turn,
      stopped ? null : { code, message, detail, retryable, retry_after }
    );
  }

  private async _upload(turn: Turn): Promise<void> {
    const submit = turn.submit;
    if (!submit) {
      return;
    }
    turn.phase = 'uploading';
    try {
      submit.parts = await this._uploads.prepare(submit.parts ?? []);
      if (this._turns.has(turn.requestId)) {
        this._send(turn);
      }
    } catch (reason) {
      const error = GPTClientError.from(reason);
      const away = error.code === 'server_unreachable';
      if (away && this._socket.state !== 'open') {
        turn.phase = 'waiting';
      } else if (this._turns.has(turn.requestId)) {
        this._abandon(turn, error);
      }
    }
  }

  private _send(turn: Turn): void {
    if (turn.submit) {
      this._socket.send(turn.submit);
      turn.epoch = this._socket.epoch;
      turn.phase = 'sent';
    }
  }

  private _resume(turn: Turn): void {
    // While disconnected nothing is asked: `reconnected` will, with the number as it is then.
    if (this._socket.state === 'open') {
      const after_seq = turn.seq;
      const request_id = turn.requestId;
      this._socket.send({ type: 'resume', request_id, after_seq });
    }
  }

  private _repeatStop(turn: Turn): void {
    if (turn.stopRequested) {
      this._socket.send({ type: 'cancel', request_id: turn.requestId });
    }
  }

  private _abandon(
    turn: Turn,
    error: Parameters<MessageModel['abandon']>[0]
  ): void {
    this._turns.delete(turn.requestId);
    turn.answer.abandon(error);
    this._ended.emit(turn);
  }

  private _socket: ITurnSocket;
  private _uploads: Uploads;
  private _turns = new Map<string, Turn>();
  // Turns that the server did not know: they are not joined again.
  private _unknown = new Set<string>();
  private _isDisposed = false;
  private _started = new Signal<Turns, Turn>(this);
  private _ended = new Signal<Turns, Turn>(this);
  private _lost = new Signal<Turns, Turn>(this);
}
