import type { TranslationBundle } from '@jupyterlab/translation';
import { errorSentence } from '../model/errors';
import type {
  ICheckRequest,
  ICheckResult,
  IKeyInfo,
  ILocalServer,
  IProviderInfo,
  IProviderPatch,
  IStatusInfo
} from '../protocol/frames';

/**
 * What the form needs of the server.
 */
export interface IProvidersClient {
  providers(): Promise<IProviderInfo[]>;
  status(): Promise<Pick<IStatusInfo, 'policy'>>;
  discover(): Promise<ILocalServer[]>;
  createProvider(provider: IProviderPatch): Promise<IProviderInfo>;
  patchProvider(id: string, patch: IProviderPatch): Promise<IProviderInfo>;
  check(id: string, request: ICheckRequest): Promise<ICheckResult>;
  putKey(id: string, key: string): Promise<void>;
  deleteKey(id: string): Promise<void>;
  deleteProvider(id: string): Promise<void>;
}

type ClientError = Parameters<typeof errorSentence>[1];

/** Whether the key cannot be changed here. */
export function isLocked(provider: IProviderInfo): boolean {
  return provider.locked || provider.key.source === 'administrator';
}

/** What lies in the environment cannot be removed from here. */
export function isRemovable(provider: IProviderInfo): boolean {
  const { set, source } = provider.key;
  return set && (source === 'keyring' || source === 'file');
}

/** Why nothing can be saved; null if it can. */
export function saveOff(
  provider: IProviderInfo,
  changed: boolean,
  busy: boolean,
  trans: TranslationBundle
): string | null {
  if (provider.locked) {
    return trans.__('Set by your administrator.');
  }
  if (busy) {
    return trans.__('Wait for the check to end.');
  }
  return changed ? null : trans.__('Nothing has changed.');
}

/** What saving came to. */
export function savedSentence(
  result: ICheckResult | null,
  trans: TranslationBundle
): string {
  const models = result?.models;
  return typeof models === 'number'
    ? trans._n(
        'Saved. The provider answers, with %1 model.',
        'Saved. The provider answers, with %1 models.',
        models,
        models
      )
    : trans.__('Saved, not checked.');
}

/** What is known of the key: never more than its last four characters. */
export function keySentence(key: IKeyInfo, trans: TranslationBundle): string {
  if (!key.set) {
    return trans.__(
      'No key is set. It stays on this server and never comes back to the browser.'
    );
  }
  const last4 = key.last4 ?? '';
  switch (key.source) {
    case 'administrator':
      return trans.__('Set by your administrator, ends in …%1.', last4);
    case 'environment':
      return trans.__(
        "Set, ends in …%1 (from the server's environment).",
        last4
      );
    case 'keyring':
      return trans.__(
        "Set, ends in …%1 (kept in the server's keyring).",
        last4
      );
    case 'file':
      return trans.__(
        'Set, ends in …%1 (kept in a file that only you can read).',
        last4
      );
    default:
      return trans.__('Set, ends in …%1.', last4);
  }
}

/** The sentence for whatever the server or the network said. */
export function explain(reason: unknown, trans: TranslationBundle): string {
  const error: ClientError = isClientError(reason)
    ? reason
    : {
        code: 'internal',
        message: String(reason),
        detail: null,
        retryable: false,
        retry_after: null
      };
  return errorSentence(trans, error).sentence;
}

function isClientError(reason: unknown): reason is ClientError {
  return typeof reason === 'object' && reason !== null && 'code' in reason;
}
