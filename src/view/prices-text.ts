import type { TranslationBundle } from '@jupyterlab/translation';
import type { IPriceOverride, IPriceOverrides } from '../protocol/frames';
import { amountProblem, typedAmount } from './budget-text';

/**
 * What the form needs of the server.
 */
export interface IPricesClient {
  prices(): Promise<IPriceOverrides>;
  putPrices(prices: IPriceOverrides): Promise<IPriceOverrides>;
}

/** The fields of a price. */
export type PriceField = keyof IPriceOverride;

/** The fields that are amounts; the last two may be left empty. */
export const AMOUNTS = [
  'input',
  'output',
  'cached_input',
  'cache_write'
] as const;
const OPTIONAL: readonly string[] = ['cached_input', 'cache_write'];

/** A price as it stands in the form: texts, and a key that it keeps when it is moved. */
export interface IPriceRow extends Record<PriceField, string> {
  readonly key: number;
}

/** Sentences by place and field: `0.input`. */
export type Problems = Readonly<Record<string, string>>;

let lastKey = 0;

/** A row for a price, or an empty one for all models. */
export function rowOf(price?: IPriceOverride): IPriceRow {
  lastKey += 1;
  return {
    key: lastKey,
    base_url: price?.base_url ?? '',
    pattern: price?.pattern ?? '',
    input: price?.input ?? '',
    output: price?.output ?? '',
    cached_input: price?.cached_input ?? '',
    cache_write: price?.cache_write ?? ''
  };
}

/** The row as the wire has it. */
export function overrideOf(row: IPriceRow): IPriceOverride {
  return {
    base_url: row.base_url.trim(),
    pattern: row.pattern.trim(),
    input: typedAmount(row.input),
    output: typedAmount(row.output),
    cached_input: typedAmount(row.cached_input) || null,
    cache_write: typedAmount(row.cache_write) || null
  };
}

/** The row with all charges zero: a model on one's own machine. */
export function freeOf(row: IPriceRow): IPriceRow {
  return {
    ...row,
    input: '0',
    output: '0',
    cached_input: '0',
    cache_write: '0'
  };
}

/** The rows with one of them so many places later. */
export function moved(
  rows: readonly IPriceRow[],
  place: number,
  by: number
): IPriceRow[] {
  const next = [...rows];
  const [row] = next.splice(place, 1);
  next.splice(place + by, 0, row);
  return next;
}

/** What cannot be saved, seen from here; the server has the last word. */
export function problemsOf(
  rows: readonly IPriceRow[],
  trans: TranslationBundle
): Problems {
  const problems: Record<string, string> = {};
  rows.forEach((row, place) => {
    if (row.pattern.trim() === '') {
      problems[`${place}.pattern`] = trans.__(
        'Enter a model; * stands for any letters.'
      );
    }
    for (const name of AMOUNTS) {
      const empty = row[name].trim() === '';
      const problem = amountProblem(row[name], trans);
      if (problem && !(empty && OPTIONAL.includes(name))) {
        problems[`${place}.${name}`] = problem;
      }
    }
  });
  return problems;
}

/** Where an error of the server belongs: it names the setting, `overrides.0.input`. */
export function placeOf(reason: unknown): string | null {
  const { detail } = (reason ?? {}) as {
    detail?: Record<string, unknown> | null;
  };
  const found = /^overrides\.(\d+\.\w+)$/.exec(String(detail?.setting ?? ''));
  return found ? found[1] : null;
}
