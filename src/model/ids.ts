import { UUID } from '@lumino/coreutils';

/**
 * A new id for a request, a conversation or a message.
 *
 * Not `crypto.randomUUID`: browsers hide it from pages that come by plain http, and JupyterLab is
 * often served so inside a network.
 */
export function newId(): string {
  return UUID.uuid4();
}
