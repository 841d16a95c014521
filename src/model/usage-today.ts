import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IBudget, IUsageSums, ServerFrame } from '../protocol/frames';
import type { UsageClient } from './usage';
import { browserZone, dayIn } from './usage-days';

// Time in ms between an answer's end and the next look: several answers end at once.
const LOOK_AGAIN = 1_000;

/**
 * What was spent since midnight, for the status bar.
 */
export class TodayModel implements IDisposable {
  /**
   * Construct the model; nothing is read before `refresh`.
   */
  constructor(options: TodayModel.IOptions) {
    this._client = options.client;
    this._zone = options.zone ?? browserZone();
    this._now = options.now ?? (() => new Date());
  }

  /** The day's sums; null until the server has answered. */
  get totals(): IUsageSums | null {
    return this._totals;
  }

  /** The month's budget; null until it is known. */
  get budget(): IBudget | null {
    return this._budget;
  }

  /** Emitted when anything of it changes. */
  get changed(): ISignal<TodayModel, void> {
    return this._changed;
  }

  /** Whether the model is disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Dispose of the model. */
  dispose(): void {
    this._isDisposed = true;
    window.clearTimeout(this._timer);
    Signal.clearData(this);
  }

  /** Ask for the day's sums. Never rejects: what cannot be had is not shown. */
  async refresh(): Promise<void> {
    const round = ++this._round;
    window.clearTimeout(this._timer);
    this._timer = 0;
    const day = dayIn(this._zone, this._now());
    const query = { from: day, to: day, tz: this._zone };
    // Yesterday's sum would be wrong; the Usage view says what is the matter.
    let totals: IUsageSums | null = null;
    try {
      totals = (await this._client.usage(query)).totals;
      if (totals.calls > 0 && this._budget === null) {
        this._budget = await this._client.budget();
      }
    } catch {
      totals = null;
    }
    if (!this._isDisposed && round === this._round) {
      this._totals = totals;
      this._changed.emit();
      // Unless an answer has ended meanwhile: then it is looked at sooner.
      if (!this._timer) {
        this._look(untilMidnight(this._now()));
      }
    }
  }

  /** Look at a frame of the server: an answer has ended, or the budget has changed. */
  onFrame(frame: ServerFrame): void {
    if (frame.type === 'budget') {
      this._budget = frame;
    } else if (frame.type === 'finished' && frame.budget) {
      this._budget = frame.budget;
    }
    if (isSpending(frame)) {
      this._look(LOOK_AGAIN);
    }
  }

  private _look(afterMs: number): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => void this.refresh(), afterMs);
  }

  private readonly _client: Pick<UsageClient, 'usage' | 'budget'>;
  private readonly _zone: string;
  private readonly _now: () => Date;
  private readonly _changed = new Signal<TodayModel, void>(this);
  private _totals: IUsageSums | null = null;
  private _budget: IBudget | null = null;
  private _timer = 0;
  private _round = 0;
  private _isDisposed = false;
}

/** Whether something was spent since the frame before. */
export function isSpending(frame: ServerFrame): boolean {
  return ['budget', 'finished', 'failed'].includes(frame.type);
}

/** Time in ms until a new day begins. */
function untilMidnight(now: Date): number {
  const next = new Date(now);
  next.setHours(24, 0, 0, 0);
  return next.getTime() - now.getTime();
}

/**
 * A namespace for TodayModel statics.
 */
export namespace TodayModel {
  /**
   * What the model is made with.
   */
  export interface IOptions {
    readonly client: Pick<UsageClient, 'usage' | 'budget'>;
    /** IANA name; the browser's if absent. */
    readonly zone?: string;
    /** The clock; the browser's if absent. */
    readonly now?: () => Date;
  }
}
