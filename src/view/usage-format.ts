import type { TranslationBundle } from '@jupyterlab/translation';
import { isZero } from '../model/money';
import { asDate } from '../model/usage-days';
import type { ICost, IUsageSums } from '../protocol/frames';
import { shownLanguage } from '../protocol/language';
import { count, dollars, tokens } from './format';

/**
 * Amounts, days and months of the Usage view in words.
 */

/** `$1,234.56`: as everywhere, and with its thousands apart. */
export function usd(amount: string | number): string {
  const value = Number(amount);
  if (!Number.isFinite(value) || Math.abs(value) < 1000) {
    return dollars(typeof amount === 'number' ? plain(amount) : amount);
  }
  return `$${grouped(value.toFixed(2))}`;
}

/** `1,234.56`: a plain decimal with its thousands apart. */
export function grouped(decimal: string): string {
  const [whole, ...fraction] = decimal.split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.');
}

/** `≥ $0.12`, `≈ $0.12`, `$0.12`, `free` or `price unknown`; `≥` stands for `≈` too. */
export function costText(trans: TranslationBundle, cost: ICost): string {
  if (cost.usd === null || (cost.at_least && isZero(cost.usd))) {
    return trans.__('price unknown');
  }
  if (isZero(cost.usd)) {
    return trans.__('free');
  }
  return mark(cost) + usd(cost.usd);
}

/** What stands before an amount that is not exact. */
export function mark(cost: ICost): string {
  return cost.at_least ? '≥ ' : cost.estimated ? '≈ ' : '';
}

/** The cost of some calls, of which each may have no price. */
export function costOf(sums: IUsageSums): ICost {
  const { cost, unpriced } = sums;
  return { ...cost, at_least: cost.at_least || unpriced > 0 };
}

/** `November 2026` */
export function monthName(month: string): string {
  return asDate(month).toLocaleDateString(shownLanguage(), {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC'
  });
}

/** `Tuesday, November 24` */
export function dayName(day: string): string {
  return asDate(day).toLocaleDateString(shownLanguage(), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC'
  });
}

/** `Nov 24` */
export function shortDay(day: string): string {
  return asDate(day).toLocaleDateString(shownLanguage(), {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC'
  });
}

/** `38 calls · 120k tokens in (80k cached) · 14k out` */
export function usageText(trans: TranslationBundle, sums: IUsageSums): string {
  const { cached_input: cached, calls, input, output } = sums;
  return [
    trans._n('%2 call', '%2 calls', calls, count(calls)),
    cached > 0
      ? trans.__('%1 tokens in (%2 cached)', tokens(input), tokens(cached))
      : trans.__('%1 tokens in', tokens(input)),
    trans.__('%1 out', tokens(output))
    // No line begins with the dot.
  ].join('\u00a0· ');
}

/** `8.0`: how many times. */
export function times(ratio: number): string {
  return ratio < 100 ? ratio.toFixed(1) : count(Math.round(ratio));
}

/** A number as a decimal without an exponent. */
function plain(value: number): string {
  return value.toFixed(18);
}
