import type { TranslationBundle } from '@jupyterlab/translation';

const MEGABYTE = 1024 * 1024;

/**
 * A number of bytes as a reader knows it.
 */
export function megabytes(trans: TranslationBundle, bytes: string): string {
  const size = Number(bytes) / MEGABYTE;
  return trans.__(
    '%1 MB',
    size < 10 ? Math.ceil(size * 10) / 10 : Math.ceil(size)
  );
}

/**
 * A sentence, and in quotes what the other side said.
 */
export function said(
  trans: TranslationBundle,
  sentence: string,
  words: string
): string {
  return words ? trans.__('%1 (It said: “%2”)', sentence, words) : sentence;
}

/**
 * Why a text cannot be a key.
 */
export function badKey(trans: TranslationBundle, reason: string): string {
  switch (reason) {
    case 'too_long':
      return trans.__('This is too long for a key. Paste only the key.');
    case 'url':
      return trans.__('This is an address, not a key. Paste the key.');
    case 'masked':
      return trans.__(
        'This key is masked. Copy it whole from where it was made.'
      );
    case 'spaces':
      return trans.__('A key has no spaces in it. Paste only the key.');
    default:
      return trans.__(
        'This cannot be a key. Copy it again from where it was made.'
      );
  }
}

/**
 * Why an address cannot be a base URL.
 */
export function badUrl(
  trans: TranslationBundle,
  reason: string,
  message: string
): string {
  switch (reason) {
    case 'empty':
      return trans.__('The base URL is empty. Enter one.');
    case 'scheme':
      return trans.__('A base URL begins with http:// or https://.');
    case 'placeholder':
      return trans.__(
        'Put the name of your own Azure resource in place of YOUR-RESOURCE.'
      );
    default:
      return trans.__('This cannot be a base URL: %1', message);
  }
}

/**
 * Why a provider cannot be reached.
 */
export function cannotReach(
  trans: TranslationBundle,
  host: string,
  reason: string
): string {
  switch (reason) {
    case 'refused':
      return trans.__(
        'Cannot reach %1: nothing listens there. Is the server running, and is the base URL right?',
        host
      );
    case 'dns':
      return trans.__(
        'Cannot reach %1: there is no such address. Check the base URL and your network.',
        host
      );
    case 'tls':
      return trans.__(
        'Cannot reach %1: no secure connection came about. Check whether the base URL begins with http or https.',
        host
      );
    case 'certificate':
      return trans.__(
        'Cannot reach %1: its certificate is not trusted by the Jupyter server. In a corporate network, your administrator can set SSL_CERT_FILE.',
        host
      );
    case 'client_cert':
      return trans.__(
        'Cannot reach %1: it refused the secure connection. Perhaps it wants a client certificate, which your administrator can set.',
        host
      );
    case 'ca_bundle':
      return trans.__(
        'Cannot reach %1: the file of trusted certificates that the Jupyter server names cannot be used.',
        host
      );
    case 'proxy':
      return trans.__(
        'Cannot reach %1: the proxy on the way refused or does not answer. Check the proxy of the Jupyter server.',
        host
      );
    default:
      return trans.__(
        'Cannot reach %1. Check the base URL and your network, then try again.',
        host
      );
  }
}
