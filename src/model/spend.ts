import type { ICost, IUsageReport, IUsageSums } from '../protocol/frames';
import { addUsd } from './money';
import { daysBetween, daysOf, firstOf, lastOf, monthOf } from './usage-days';

/**
 * What a month of calls adds up to. Sums are exact; only what is a guess anyway (projection,
 * comparison) is calculated with floating point.
 */

// Share of calls without a price above which a comparison would be guesswork (cost.md).
const MOST_UNPRICED = 0.05;
// Fewer days than this say nothing about a month (cost.md).
const FEWEST_DAYS = 3;

/** A decimal string for drawing and guessing; 0 where there is none. */
export function toNumber(amount: string | null): number {
  const value = Number(amount ?? 0);
  return Number.isFinite(value) ? value : 0;
}

/** What the calls of some rows of a report cost together. */
export function addCosts(rows: readonly IUsageSums[]): ICost {
  const known = rows.flatMap(({ cost }) => cost.usd ?? []);
  return {
    usd: known.length ? addUsd(...known) : null,
    estimated: rows.some(row => row.cost.estimated),
    at_least: rows.some(row => row.cost.at_least || row.unpriced > 0)
  };
}

/**
 * How a month goes on, and what it is compared with.
 */
export interface IOutlook {
  /** What the month comes to if it goes on like this, in USD; the total where it is over. */
  readonly projected: number;
  /** Whether the month is over. */
  readonly over: boolean;
  /** The dearer of subscription and month, divided by the other; null: nothing honest can be said. */
  readonly ratio: number | null;
  /** Whether the month is dearer than the subscription. */
  readonly dearer: boolean;
}

/**
 * The outlook of a month; null where nothing was spent in it, or too little is known.
 *
 * @param report - The report of the whole month.
 * @param today - The day that it is now, in the time zone of the report.
 * @param subscription - What the subscription costs a month, in USD; 0: there is none.
 */
export function outlook(
  report: IUsageReport,
  today: string,
  subscription: number
): IOutlook | null {
  const { totals } = report;
  const spent = toNumber(totals.cost.usd);
  const { days, left } = daysOfData(report, today);
  if (spent <= 0 || days < FEWEST_DAYS) {
    return null;
  }
  const projected = spent + (spent / days) * left;
  const honest =
    subscription > 0 && totals.unpriced <= totals.calls * MOST_UNPRICED;
  const dearer = projected > subscription;
  const times = dearer ? projected / subscription : subscription / projected;
  return {
    projected,
    over: today > lastOf(monthOf(report.first)),
    ratio: honest ? times : null,
    dearer
  };
}

/** How many days of a month's report could hold calls, and how many are to come. */
function daysOfData(
  report: IUsageReport,
  today: string
): { days: number; left: number } {
  const month = monthOf(report.first);
  const [first, last] = [firstOf(month), lastOf(month)];
  const until = today < last ? today : last;
  // Who began in the middle of a month has not saved before: the days before do not count.
  const { since } = report;
  const began = since !== null && since > first ? since : first;
  return {
    days: daysBetween(began, until) + 1,
    left: daysBetween(until, last)
  };
}

/** What a day may cost for a month to cost as much as the subscription. */
export function dailyShare(month: string, subscription: number): number {
  return subscription / daysOf(month).length;
}
