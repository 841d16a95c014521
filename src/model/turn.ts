import type { GPTSocket } from '../connection/socket';
import type {
  IDelta,
  IFailed,
  IFinished,
  IRetrying,
  ISnapshot,
  IStarted,
  ISubmit
} from '../protocol/frames';
import type { MessageModel } from './message';

/**
 * The numbered frames of a turn.
 */
export type TurnFrame =
  IStarted | IDelta | IRetrying | IFinished | IFailed | ISnapshot;

/**
 * What the turns need of the socket.
 */
export type ITurnSocket = Pick<
  GPTSocket,
  'send' | 'withdraw' | 'epoch' | 'state'
>;

/**
 * What a turn does with a frame: apply it, drop it (seen already), or ask for what is missing.
 */
export type Verdict = 'apply' | 'duplicate' | 'gap';

/**
 * How far a turn is: its content goes up, waits for the server to do so, its submit is on its way,
 * or the server has it.
 */
export type TurnPhase = 'uploading' | 'waiting' | 'sent' | 'started';

/**
 * One request and its answer, from here until the last frame.
 */
export class Turn {
  /**
   * Construct a turn.
   *
   * @param requestId - The request.
   * @param answer - The answer that its frames write.
   * @param submit - What was asked; null for a turn that was joined.
   * @param seq - Number of the last frame that the answer holds.
   */
  constructor(
    readonly requestId: string,
    readonly answer: MessageModel,
    readonly submit: ISubmit | null,
    seq = 0
  ) {
    this._seq = seq;
    this.phase = submit ? 'uploading' : 'started';
  }

  /** How far it is. */
  phase: TurnPhase;
  /** Number of the connection on which the submit goes out. */
  epoch = 0;
  /** Stop was pressed. */
  stopRequested = false;
  /** The missing frames were asked for and have not come yet. */
  resuming = false;

  /**
   * Number of the last frame that was applied.
   */
  get seq(): number {
    return this._seq;
  }

  /**
   * Say what to do with a frame, and count it when it is to be applied.
   */
  accept(frame: TurnFrame): Verdict {
    if (frame.type === 'snapshot') {
      // Rebuilt from the database, its number can be lower than what was seen: it stands for all.
      this._ended = frame.status !== 'streaming';
      return this._applied(frame.seq);
    }
    const last = frame.type === 'finished' || frame.type === 'failed';
    if (last && (this._ended || frame.seq === 0)) {
      return this._applied(frame.seq);
    }
    if (frame.seq <= this._seq) {
      return 'duplicate';
    }
    return frame.seq === this._seq + 1 ? this._applied(frame.seq) : 'gap';
  }

  private _applied(seq: number): Verdict {
    this._seq = seq;
    this.resuming = false;
    return 'apply';
  }

  private _seq: number;
  private _ended = false;
}
