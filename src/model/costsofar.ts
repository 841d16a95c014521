import type { ICost } from '../protocol/frames';
import { addCosts } from './money';

/**
 * What a conversation cost so far: read once, and added to with each answer.
 */
export class CostSoFar {
  /** The sum; null while nothing was called. */
  get current(): ICost | null {
    return this._current;
  }

  /** Whether it was read in the middle of a call, with or without what that had cost by then. */
  get isPartial(): boolean {
    return this._isPartial;
  }

  /**
   * It was read.
   *
   * @param isPartial - Whether a call was running then.
   */
  take(cost: ICost | null | undefined, isPartial: boolean): void {
    this._current = cost ?? null;
    this._isPartial = isPartial;
  }

  /** A call has ended. */
  add(cost: ICost | null): void {
    this._current = addCosts(this._current, cost);
  }

  private _current: ICost | null = null;
  private _isPartial = false;
}
