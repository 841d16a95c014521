import type { TranslationBundle } from '@jupyterlab/translation';
import type { ClientErrorCode, IClientError } from '../connection/errors';
import { MONEY_SENTENCES } from './moneysentences';
import { PROVIDER_SENTENCES } from './providersentences';
import type { Detail, ErrorAction, Sentence } from './sentence';
import { SERVER_SENTENCES } from './serversentences';

export type { ErrorAction } from './sentence';

// One entry for each code: the compiler finds the one that is missing.
const SENTENCES: Record<ClientErrorCode, Sentence> = {
  ...SERVER_SENTENCES,
  ...MONEY_SENTENCES,
  ...PROVIDER_SENTENCES
};

/**
 * What to tell the user.
 */
export interface IErrorSentence {
  /** What happened and what to do now, translated. */
  readonly sentence: string;
  /** The button beside it; without one the sentence says all. */
  readonly action?: ErrorAction;
}

/**
 * The sentence for an error.
 */
export function errorSentence(
  trans: TranslationBundle,
  error: IClientError
): IErrorSentence {
  const detail: Detail = (name, otherwise = '') => {
    const value = error.detail?.[name] ?? '';
    return value === '' ? otherwise : String(value);
  };
  // A newer server may know codes that this page does not.
  const make: Sentence | undefined = SENTENCES[error.code];
  const [sentence, action] = make
    ? make(trans, detail, error)
    : ([error.message] as const);
  return { sentence, action };
}
