import type { TranslationBundle } from '@jupyterlab/translation';
import { toNumber } from '../model/spend';
import type { IBudget, IBudgetPut } from '../protocol/frames';

/**
 * What the form needs of the server.
 */
export interface IBudgetClient {
  budget(): Promise<IBudget>;
  putBudget(budget: IBudgetPut): Promise<IBudget>;
}

/** What was typed, as the wire writes amounts: a dollar sign and a decimal comma are common. */
export function typedAmount(text: string): string {
  const bare = text.trim().replace(/^\$\s*|\s*(\$|USD)$/gi, '');
  return /^\d*,\d{1,2}$/.test(bare) ? bare.replace(',', '.') : bare;
}

/** Why an amount cannot be saved; empty if it can. The server has the last word. */
export function amountProblem(text: string, trans: TranslationBundle): string {
  const amount = typedAmount(text);
  if (amount === '') {
    return trans.__('Enter an amount.');
  }
  if (!/^(\d+(\.\d*)?|\.\d+)$/.test(amount)) {
    return trans.__('This is not an amount. Write it like 20 or 12.50.');
  }
  return '';
}

/** `5` for `5.00`: an amount as one would type it. */
export function amountField(amount: string | null): string {
  if (amount === null) {
    return '';
  }
  return Number.isInteger(toNumber(amount))
    ? String(toNumber(amount))
    : amount.replace(/(\.\d\d\d*?)0+$/, '$1').replace(/(\.\d)$/, '$10');
}
