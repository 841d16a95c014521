import type { IDisposable } from '@lumino/disposable';

// Extra wait in ms once the limit has passed: after a sleep, or a long task, the timer fires
// before the frames that lie waiting are handed out.
const GRACE = 250;

// Longest timer in ms where the limit is short. Timers do not count the time for which a machine
// slept: with this one it is noticed within a second after it that nothing was heard.
const STEP = 1000;

/**
 * Tells when nothing was heard for a while. Costs one stored time per frame, not one timer.
 */
export class SilenceWatch implements IDisposable {
  /**
   * Construct a watch, not started.
   *
   * @param limit - Silence to tolerate, in ms.
   * @param onSilence - Called once when it lasted longer.
   */
  constructor(limit: number, onSilence: () => void) {
    this._limit = limit;
    this._onSilence = onSilence;
  }

  /**
   * Silence to tolerate, in ms; a new limit counts from now.
   */
  get limit(): number {
    return this._limit;
  }
  set limit(value: number) {
    if (value === this._limit) {
      return;
    }
    this._limit = value;
    if (this._timer) {
      this.start();
    }
  }

  /**
   * Whether the watch is disposed.
   */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Start watching from now.
   */
  start(): void {
    this.stop();
    this.heard();
    this._arm(this._limit, this._limit);
  }

  /**
   * Something was heard.
   */
  heard(): void {
    this._heard = Date.now();
  }

  /**
   * Look now.
   *
   * @param limit - Silence to tolerate until something is heard, where it is less.
   */
  check(limit = this._limit): void {
    if (this._timer) {
      window.clearTimeout(this._timer);
      this._check(false, Math.min(limit, this._limit));
    }
  }

  /**
   * Stop watching.
   */
  stop(): void {
    window.clearTimeout(this._timer);
    this._timer = 0;
  }

  /**
   * Stop for good.
   */
  dispose(): void {
    this._isDisposed = true;
    this.stop();
  }

  private _arm(left: number, limit: number): void {
    const heard = this._heard;
    const wait = this._limit <= STEP * 10 ? Math.min(left, STEP) : left;
    this._timer = window.setTimeout(
      () => this._check(false, this._heard === heard ? limit : this._limit),
      wait
    );
  }

  private _check(again: boolean, limit: number): void {
    const left = limit - (Date.now() - this._heard);
    if (left > 0) {
      this._arm(left, limit);
    } else if (!again) {
      this._timer = window.setTimeout(() => this._check(true, limit), GRACE);
    } else {
      this._timer = 0;
      this._onSilence();
    }
  }

  private _limit: number;
  private _onSilence: () => void;
  private _heard = 0;
  private _timer = 0;
  private _isDisposed = false;
}
