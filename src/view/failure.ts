import type { PanelError } from './notice';

/**
 * The error behind a rejected promise. Those of our own client carry a code; anything else is a
 * fault of ours, and is said to be one.
 */
export function errorOf(reason: unknown): PanelError {
  const fault: PanelError = {
    code: 'internal',
    message: reason instanceof Error ? reason.message : String(reason),
    detail: null,
    retryable: true,
    retry_after: null
  };
  return typeof reason === 'object' && reason !== null && 'code' in reason
    ? { ...fault, ...(reason as Partial<PanelError>) }
    : fault;
}
