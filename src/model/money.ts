import type { TranslationBundle } from '@jupyterlab/translation';
import type { IBudget, ICost } from '../protocol/frames';
import { shownLanguage } from '../protocol/language';

/**
 * Amounts of US dollars: exact decimal strings on the wire, short words on the page.
 */

// Digits behind the point that are kept. The wire has nine (nano-dollars); twice as many are exact
// for whatever a user or a newer server writes.
const SCALE = 18;

/** An exact amount as an integer of 10⁻¹⁸ dollars; null for what is no plain decimal. */
function parse(usd: string): bigint | null {
  const found = /^(-?)(\d+)(?:\.(\d*))?$/.exec(usd.trim());
  if (!found) {
    return null;
  }
  const [, sign, whole, fraction = ''] = found;
  const units = BigInt(whole + fraction.slice(0, SCALE).padEnd(SCALE, '0'));
  return sign ? -units : units;
}

/** The amount as a plain decimal, without trailing zeros. */
function format(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(SCALE + 1, '0');
  const whole = digits.slice(0, -SCALE);
  const fraction = digits.slice(-SCALE).replace(/0+$/, '');
  return (units < 0n ? '-' : '') + whole + (fraction && `.${fraction}`);
}

/**
 * The exact sum of some amounts; what is no amount counts as nothing.
 */
export function addUsd(...amounts: readonly string[]): string {
  return format(amounts.reduce((sum, usd) => sum + (parse(usd) ?? 0n), 0n));
}

/**
 * Below, above or at zero: how one amount compares with another.
 */
export function compareUsd(one: string, other: string): number {
  const difference = (parse(one) ?? 0n) - (parse(other) ?? 0n);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/**
 * Whether an amount is exactly nothing.
 */
export function isZero(usd: string): boolean {
  return parse(usd) === 0n;
}

/**
 * What two calls, or sums of calls, cost together; null where nothing was called.
 */
export function addCosts(one: ICost | null, other: ICost | null): ICost | null {
  if (one === null || other === null) {
    return one ?? other;
  }
  const known = [one.usd, other.usd].filter((usd): usd is string => !!usd);
  return {
    usd: known.length ? addUsd(...known) : null,
    estimated: one.estimated || other.estimated,
    // A call without a price among others: the sum is what it costs at least.
    at_least: one.at_least || other.at_least || known.length < 2
  };
}

/**
 * `$0.0031`: an exact decimal of US dollars in few characters.
 *
 * Two decimals from ten cents on, else two significant digits: an answer of a small model costs a
 * hundredth of a cent, and `$0.00` would be wrong.
 */
export function dollars(usd: string): string {
  const value = Number(usd);
  if (!Number.isFinite(value)) {
    return `$${usd}`;
  }
  if (value === 0) {
    return '$0';
  }
  if (Math.abs(value) >= 0.1) {
    return `$${value.toFixed(2)}`;
  }
  // Never the exponent's form: 1.2e-7 is no price.
  const digits = Math.min(SCALE, 1 - Math.floor(Math.log10(Math.abs(value))));
  return `$${value.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/**
 * What something cost, in few characters: `≥ $0.0031`, `free`, `price unknown`.
 */
export function costText(trans: TranslationBundle, cost: ICost): string {
  // "At least nothing" says nothing.
  if (cost.usd === null || (cost.at_least && isZero(cost.usd))) {
    return trans.__('price unknown');
  }
  if (cost.at_least) {
    return `≥ ${dollars(cost.usd)}`;
  }
  const text = isZero(cost.usd) ? trans.__('free') : dollars(cost.usd);
  return cost.estimated ? `≈ ${text}` : text;
}

/**
 * The same exactly and in a sentence, for a tooltip.
 */
export function costTitle(trans: TranslationBundle, cost: ICost): string {
  if (cost.usd === null || (cost.at_least && isZero(cost.usd))) {
    return trans.__('The price of this model is not known.');
  }
  const lines = [
    cost.at_least
      ? trans.__('Cost: at least $%1', cost.usd)
      : trans.__('Cost: $%1', cost.usd)
  ];
  if (cost.estimated) {
    lines.push(trans.__('Counted here: the provider reported nothing.'));
  }
  return lines.join('\n');
}

/**
 * What may be spent in a month: the user's own limit or the administrator's, whichever is lower.
 */
export function lowerLimit({
  limit,
  cap
}: Pick<IBudget, 'limit' | 'cap'>): string | null {
  if (limit === null || cap === null) {
    return limit ?? cap;
  }
  return compareUsd(limit, cap) <= 0 ? limit : cap;
}

/**
 * `November`, of `2026-11`.
 */
export function monthName(month: string): string {
  const [year, number] = month.split('-').map(Number);
  const day = new Date(year, number - 1, 1);
  return Number.isNaN(day.getTime())
    ? month
    : day.toLocaleDateString(shownLanguage(), { month: 'long' });
}

/**
 * The next amount that people set as a budget: above this one, and enough.
 *
 * @param needed - What it has to be at least.
 */
export function nextBudget(limit: string, needed: string): string {
  for (let tens = 1n; ; tens *= 10n) {
    for (const step of [1n, 2n, 5n]) {
      const amount = String(step * tens);
      if (compareUsd(amount, limit) > 0 && compareUsd(amount, needed) >= 0) {
        return amount;
      }
    }
  }
}
