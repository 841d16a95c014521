import type { TranslationBundle } from '@jupyterlab/translation';
import { shownLanguage } from '../protocol/language';

/**
 * Numbers as people read them.
 */

export { costText, costTitle, dollars } from '../model/money';

/** `1,234` in the reader's language. */
export function count(value: number): string {
  return value.toLocaleString(shownLanguage());
}

/** `1.2k`: a number of tokens in few characters. */
export function tokens(value: number): string {
  if (value < 1000) {
    return String(value);
  }
  if (value >= 999_500) {
    return `${Number((value / 1_000_000).toFixed(1))}M`;
  }
  const thousands = value / 1000;
  return `${thousands < 100 ? Number(thousands.toFixed(1)) : Math.round(thousands)}k`;
}

/** `$0.10`: a price per million tokens, with all its digits and at least two decimals. */
export function price(usd: string): string {
  const [whole, fraction = ''] = usd.split('.');
  return `$${whole}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`;
}

/** `3.2 s`, `1 min 05 s`. */
export function duration(trans: TranslationBundle, seconds: number): string {
  if (seconds < 60) {
    return trans.__(
      '%1 s',
      seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)
    );
  }
  const whole = Math.round(seconds);
  return trans.__(
    '%1 min %2 s',
    Math.floor(whole / 60),
    String(whole % 60).padStart(2, '0')
  );
}

/** `491 MB`; decimal units, as downloads are named. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let rest = value;
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  return `${rest < 10 && unit > 0 ? rest.toFixed(1) : Math.round(rest)} ${units[unit]}`;
}

/** How many days lie between midnight of `then` and midnight of `now`. */
export function daysAgo(then: Date, now: Date): number {
  const midnight = (date: Date): number =>
    Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(now) - midnight(then)) / 86_400_000);
}

/** The time of today, else the day. */
export function moment(then: Date, now: Date): string {
  if (daysAgo(then, now) <= 0) {
    return then.toLocaleTimeString(shownLanguage(), {
      hour: 'numeric',
      minute: '2-digit'
    });
  }
  return then.toLocaleDateString(shownLanguage(), {
    day: 'numeric',
    month: 'short',
    year: then.getFullYear() === now.getFullYear() ? undefined : 'numeric'
  });
}
