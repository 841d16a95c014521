import type { IDisposable } from '@lumino/disposable';

// Extra wait in ms once the limit has passed: after a sleep, or a long task, the timer fires
// before the frames that lie waiting are handed out.
const GRACE = 250;

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
    this._arm(this._limit);
  }

  /**
   * Something was heard.
   */
  heard(): void {
    this._heard = Date.now();
  }

  /**
   * Look now: timers do not count the time for which a machine slept.
   */
  check(): void {
    if (this._timer) {
      window.clearTimeout(this._timer);
      this._check(false);
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

  private _arm(wait: number): void {
    this._timer = window.setTimeout(() => this._check(false), wait);
  }

  private _check(again: boolean): void {
    const left = this._limit - (Date.now() - this._heard);
    if (left > 0) {
      this._arm(left);
    } else if (!again) {
      this._timer = window.setTimeout(() => this._check(true), GRACE);
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
