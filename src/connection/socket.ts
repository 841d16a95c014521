import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { ClientFrame, ServerFrame } from '../protocol/frames';
import { SUBPROTOCOL, decodeFrame, encodeFrame } from './frames';
import { SilenceWatch } from './silence';
import {
  CONNECT_LIMIT,
  FAILURES_BEFORE_ASKING,
  GOOD_CONNECTION,
  SILENCE_AWAKE,
  SILENCE_IDLE,
  SILENCE_RUNNING,
  STALE_ATTEMPT,
  waitAfter
} from './waits';
import { askWhy } from './why';

/**
 * `offline`: the server is not there; `refused`: it is there and does not take the socket (login
 * expired, server part missing, a proxy without WebSockets). Both go on trying.
 */
export type SocketState =
  'idle' | 'connecting' | 'open' | 'offline' | 'refused';

/**
 * The socket to the server: comes back by itself, and never drops what it was given to send.
 */
export class GPTSocket implements IDisposable {
  /**
   * Construct a socket; nothing happens before `connect`.
   */
  constructor(options: GPTSocket.IOptions) {
    this._settings = options.serverSettings;
    this._random = options.random ?? Math.random;
    this._silence = new SilenceWatch(SILENCE_IDLE, () => this._drop());
    window.addEventListener('online', this._onAwake);
    document.addEventListener('visibilitychange', this._onAwake);
  }

  /**
   * The state of the connection.
   */
  get state(): SocketState {
    return this._state;
  }

  /**
   * Emitted when the state changes; at `open` the queue has gone out.
   */
  get stateChanged(): ISignal<GPTSocket, SocketState> {
    return this._stateChanged;
  }

  /**
   * Emitted for each frame of the server.
   */
  get frame(): ISignal<GPTSocket, ServerFrame> {
    return this._frame;
  }

  /**
   * The HTTP status that the server gave when the state is `refused`, else null: 401 and 403 want
   * a login, 404 has no server part, 200 means that something between does not let sockets pass.
   */
  get refusal(): number | null {
    return this._refusal;
  }

  /**
   * Number of the connection on which a frame given to `send` now goes (or has just gone) out.
   */
  get epoch(): number {
    return this._state === 'open' ? this._epoch : this._epoch + 1;
  }

  /**
   * Whether the socket is disposed.
   */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Connect, at once if it is waiting for the next attempt.
   */
  connect(): void {
    if (this._isDisposed || this._socket) {
      return;
    }
    window.clearTimeout(this._retryTimer);
    this._open();
  }

  /**
   * Send a frame, or keep it for the next connection.
   *
   * @throws FrameTooLargeError when the server would not take it; then nothing is queued.
   */
  send(frame: ClientFrame): void {
    const text = encodeFrame(frame);
    if (this._state === 'open' && this._socket) {
      this._socket.send(text);
      return;
    }
    this._queue.push({ frame, text });
    if (this._state === 'idle') {
      this.connect();
    }
  }

  /**
   * Take the frames of a request back that have not gone out.
   *
   * @returns Whether its submit was among them: then the server knows nothing of it.
   */
  withdraw(requestId: string): boolean {
    const mine = this._queue.filter(q => q.frame.request_id === requestId);
    this._queue = this._queue.filter(q => q.frame.request_id !== requestId);
    return mine.some(q => q.frame.type === 'submit');
  }

  /**
   * Say whether a turn runs: then the server is heard from every 2 s, and a silent socket is dead.
   */
  expectTraffic(on: boolean): void {
    this._silence.limit = on ? SILENCE_RUNNING : SILENCE_IDLE;
  }

  /**
   * Close for good.
   */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    window.removeEventListener('online', this._onAwake);
    document.removeEventListener('visibilitychange', this._onAwake);
    window.clearTimeout(this._retryTimer);
    window.clearTimeout(this._phaseTimer);
    this._silence.dispose();
    this._detach();
    this._queue = [];
    Signal.clearData(this);
  }

  private _open(): void {
    const { wsUrl, token, appendToken, WebSocket } = this._settings;
    let url = URLExt.join(wsUrl, 'jupyterlab-gpt', 'stream');
    if (appendToken && token) {
      url += `?token=${encodeURIComponent(token)}`;
    }
    // What is known of a failure stays on the page until an attempt succeeds.
    if (this._state === 'idle' || this._state === 'open') {
      this._setState('connecting');
    }
    const socket = new WebSocket(url, [SUBPROTOCOL]);
    this._socket = socket;
    this._begun = Date.now();
    this._phaseTimer = window.setTimeout(() => this._drop(), CONNECT_LIMIT);
    socket.onopen = () => this._onOpen(socket);
    socket.onmessage = event => {
      this._silence.heard();
      const frame = decodeFrame(event.data);
      if (frame) {
        this._failures = 0;
        this._frame.emit(frame);
      }
    };
    // `onclose` follows each error and is enough.
    socket.onclose = () => this._onClose();
  }

  private _onOpen(socket: WebSocket): void {
    this._epoch += 1;
    const queue = this._queue;
    this._queue = [];
    for (const { text } of queue) {
      socket.send(text);
    }
    this._refusal = null;
    this._silence.start();
    window.clearTimeout(this._phaseTimer);
    this._phaseTimer = window.setTimeout(() => {
      this._failures = 0;
    }, GOOD_CONNECTION);
    this._setState('open');
  }

  private _onClose(): void {
    const wasOpen = this._state === 'open';
    this._detach();
    this._failures += 1;
    if (wasOpen) {
      this._setState('connecting');
    } else if (this._failures >= FAILURES_BEFORE_ASKING) {
      void this._askWhy();
    }
    if (!this._isDisposed) {
      const wait = waitAfter(this._failures, this._random());
      this._retryTimer = window.setTimeout(() => this.connect(), wait);
    }
  }

  private async _askWhy(): Promise<void> {
    const status = await askWhy(this._settings);
    if (this._isDisposed || this._state === 'open') {
      return;
    }
    this._refusal = status;
    this._setState(status === null ? 'offline' : 'refused');
  }

  /**
   * Give the connection up: it is dead, its own close might take minutes.
   */
  private _drop(): void {
    if (this._socket) {
      this._onClose();
    }
  }

  private _detach(): void {
    const socket = this._socket;
    this._socket = null;
    this._silence.stop();
    window.clearTimeout(this._phaseTimer);
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      // Closed while connecting, a socket still reports an error.
      socket.onerror = () => undefined;
      socket.close();
    }
  }

  private _setState(state: SocketState): void {
    if (this._isDisposed || state === this._state) {
      return;
    }
    this._state = state;
    this._stateChanged.emit(state);
  }

  /**
   * The browser is online again, or the tab is looked at: no more waiting, for an attempt from
   * before neither, and not for a socket that died while the machine slept.
   */
  private _onAwake = (): void => {
    if (document.visibilityState === 'hidden' || this._state === 'idle') {
      return;
    }
    this._failures = 0;
    if (this._state === 'open') {
      const runs = this._silence.limit === SILENCE_RUNNING;
      this._silence.check(runs ? SILENCE_AWAKE : SILENCE_IDLE);
      return;
    }
    if (this._socket && Date.now() - this._begun > STALE_ATTEMPT) {
      this._detach();
    }
    this.connect();
  };

  private _settings: ServerConnection.ISettings;
  private _random: () => number;
  private _silence: SilenceWatch;
  private _state: SocketState = 'idle';
  private _refusal: number | null = null;
  private _socket: WebSocket | null = null;
  private _queue: { frame: ClientFrame; text: string }[] = [];
  private _epoch = 0;
  private _failures = 0;
  // When the last attempt to connect began.
  private _begun = 0;
  private _retryTimer = 0;
  private _phaseTimer = 0;
  private _isDisposed = false;
  private _stateChanged = new Signal<GPTSocket, SocketState>(this);
  private _frame = new Signal<GPTSocket, ServerFrame>(this);
}

/**
 * A namespace for GPTSocket statics.
 */
export namespace GPTSocket {
  /**
   * Options of a socket.
   */
  export interface IOptions {
    /** The settings of the application's server. */
    serverSettings: ServerConnection.ISettings;
    /** Source of the jitter, for tests. */
    random?: () => number;
  }
}
