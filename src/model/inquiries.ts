import type { IDisposable } from '@lumino/disposable';
import { GPTClientError } from '../connection/errors';
import type { GPTSocket } from '../connection/socket';
import type {
  IEstimate,
  IEstimated,
  IPreviewed,
  ServerFrame
} from '../protocol/frames';

// Longest wait for an answer, in ms: counting a megabyte takes 20, and a server that is busy with
// something else has its event loop back by then.
const PATIENCE = 10_000;

/** What can be asked about. */
type Question = Omit<IEstimate, 'type'>;

interface IOpen {
  readonly resolve: (frame: IEstimated | IPreviewed) => void;
  readonly reject: (reason: unknown) => void;
  readonly timer: number;
}

/**
 * Asks the server what a question would cost, and what of it would be sent. Nothing of it is stored
 * or sent anywhere, so a lost connection loses nothing: ask again.
 */
export class Inquiries implements IDisposable {
  /** Construct the inquiries of a session. */
  constructor(socket: GPTSocket) {
    this._socket = socket;
    this._socket.frame.connect(this._onFrame, this);
    this._socket.stateChanged.connect(this._onState, this);
  }

  /** Whether the server can be asked at all. */
  get possible(): boolean {
    return this._socket.state === 'open';
  }

  /** Whether the inquiries are disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * What would it cost?
   *
   * @throws GPTClientError
   */
  estimate(question: Question): Promise<IEstimated> {
    return this._ask('estimate', question) as Promise<IEstimated>;
  }

  /**
   * What exactly would be sent?
   *
   * @throws GPTClientError
   */
  async preview(question: Question): Promise<IPreviewed> {
    await this._handshake();
    return this._ask('preview', question) as Promise<IPreviewed>;
  }

  /** Let go; who still waits is told so. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._socket.frame.disconnect(this._onFrame, this);
      this._socket.stateChanged.disconnect(this._onState, this);
      this._giveUp();
    }
  }

  /** Wait for a socket that is on its way: a first click can be quicker than it is. */
  private async _handshake(): Promise<void> {
    const { state, stateChanged } = this._socket;
    if (state !== 'idle' && state !== 'connecting') {
      return;
    }
    let done!: () => void;
    const changed = new Promise<void>(resolve => (done = resolve));
    const timer = window.setTimeout(done, PATIENCE);
    const look = () => {
      if (this._socket.state !== 'connecting') {
        done();
      }
    };
    stateChanged.connect(look);
    await changed;
    stateChanged.disconnect(look);
    window.clearTimeout(timer);
  }

  private _ask(
    type: 'estimate' | 'preview',
    question: Question
  ): Promise<IEstimated | IPreviewed> {
    return new Promise((resolve, reject) => {
      if (!this.possible) {
        throw away();
      }
      this._socket.send({ ...question, type });
      const id = question.request_id;
      const timer = window.setTimeout(
        () => this._take(id)?.reject(away()),
        PATIENCE
      );
      this._open.set(id, { resolve, reject, timer });
    });
  }

  private _onFrame(_: GPTSocket, frame: ServerFrame): void {
    switch (frame.type) {
      case 'estimated':
      case 'previewed':
        this._take(frame.request_id)?.resolve(frame);
        break;
      case 'failed': {
        const { code, message, ...options } = frame;
        this._take(frame.request_id)?.reject(
          new GPTClientError(code, message, options)
        );
        break;
      }
    }
  }

  private _onState(): void {
    if (!this.possible) {
      this._giveUp();
    }
  }

  private _giveUp(): void {
    for (const id of [...this._open.keys()]) {
      this._take(id)?.reject(away());
    }
  }

  private _take(id: string): IOpen | undefined {
    const open = this._open.get(id);
    this._open.delete(id);
    window.clearTimeout(open?.timer);
    return open;
  }

  private _socket: GPTSocket;
  private _open = new Map<string, IOpen>();
  private _isDisposed = false;
}

function away(): GPTClientError {
  return new GPTClientError('server_unreachable', 'No answer', {
    retryable: true
  });
}
