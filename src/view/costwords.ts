import type { TranslationBundle } from '@jupyterlab/translation';
import type { IModelInfo } from '../protocol/frames';
import { dollars, isZero } from '../model/money';
import * as format from './format';

/**
 * What would be paid, in words. Estimates and previews have this in common.
 */
export interface IExpected {
  readonly input_tokens: number;
  readonly cached_tokens: number;
  readonly method: 'exact' | 'calibrated' | 'rough';
  readonly cost_min: string | null;
  readonly cost_max: string | null;
}

/** `≈ 1.2k tok`: how much goes out, and how well that is known. */
export function tokenText(
  trans: TranslationBundle,
  { input_tokens, method }: Pick<IExpected, 'input_tokens' | 'method'>
): string {
  const text = trans.__('%1 tok', format.tokens(input_tokens));
  switch (method) {
    case 'exact':
      return text;
    case 'rough':
      return trans.__('≈ %1 (rough)', text);
    default:
      return `≈ ${text}`;
  }
}

/** Why the model will refuse a prompt, and what to do; null where it fits, as far as is known. */
export function tooLong(
  trans: TranslationBundle,
  { too_long_for }: { too_long_for: number | null }
): string | null {
  return too_long_for === null
    ? null
    : trans.__(
        'Too long: this model takes %1 tokens, question and answer together. Leave something out or choose another model.',
        format.count(too_long_for)
      );
}

/** `$0.0031 – $0.0052`: from an answer of no length to the longest. */
export function costRange(
  trans: TranslationBundle,
  { cost_min, cost_max }: Pick<IExpected, 'cost_min' | 'cost_max'>
): string {
  if (cost_min === null || cost_max === null) {
    return trans.__('price unknown');
  }
  if (isZero(cost_max)) {
    return trans.__('free');
  }
  const [least, most] = [dollars(cost_min), dollars(cost_max)];
  if (isZero(cost_min)) {
    return trans.__('up to %1', most);
  }
  return least === most ? most : `${least} – ${most}`;
}

/** The same exactly and in sentences, for a tooltip. */
export function expectedTitle(
  trans: TranslationBundle,
  expected: IExpected
): string {
  const { input_tokens, cached_tokens, cost_min, cost_max } = expected;
  const lines = [trans.__('Input: %1 tokens', format.count(input_tokens))];
  if (cached_tokens > 0) {
    lines.push(
      trans.__('of it cached, as expected: %1', format.count(cached_tokens))
    );
  }
  if (cost_min === null || cost_max === null) {
    lines.push(trans.__('The price of this model is not known.'));
  } else {
    lines.push(
      trans.__('Cost: $%1 to $%2, by the answer’s length', cost_min, cost_max)
    );
  }
  return lines.join('\n');
}

/** What the list of models calls a model. */
export function modelLabel(
  models: readonly IModelInfo[],
  provider: string | null,
  model: string | null
): string | null {
  const found = models.find(m => m.id === model && m.provider === provider);
  return found?.label ?? model;
}

/** `3 minutes ago`. */
export function ago(trans: TranslationBundle, then: Date, now: Date): string {
  const minutes = Math.floor((now.getTime() - then.getTime()) / 60_000);
  if (minutes < 1) {
    return trans.__('just now');
  }
  if (minutes < 60) {
    return trans._n('%1 minute ago', '%1 minutes ago', minutes, minutes);
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    return trans._n('%1 hour ago', '%1 hours ago', hours, hours);
  }
  const days = Math.floor(hours / 24);
  return trans._n('%1 day ago', '%1 days ago', days, days);
}
