import type { TranslationBundle } from '@jupyterlab/translation';
import type { IClientError } from '../connection/errors';

/**
 * The step that is offered beside the sentence.
 */
export type ErrorAction =
  | 'settings'
  | 'retry'
  | 'edit'
  | 'fetch-local'
  | 'new-conversation'
  | 'reload'
  | 'choose-model';

/**
 * What a sentence is made from: text of the error's detail, or a fall-back.
 */
export type Detail = (name: string, otherwise?: string) => string;

/**
 * Makes a sentence, and names the step beside it.
 */
export type Sentence = (
  trans: TranslationBundle,
  detail: Detail,
  error: IClientError
) => readonly [string, ErrorAction?];
