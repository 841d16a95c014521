import type { IBlobInfo } from '../protocol/frames';

/**
 * Puts content on the server, where a part names it by its hash: bytes, or a file of the
 * workspace, which the server reads itself. Rejects with an error whose message is translated.
 */
export type Upload = (what: Blob | { path: string }) => Promise<IBlobInfo>;

/** The largest blob (MAX_BLOB_BYTES of protocol.py). */
export const MAX_BLOB_BYTES = 8 * 1024 * 1024;

/**
 * Base64 as bytes; null if it is none.
 */
export function fromBase64(data: string, mime: string): Blob | null {
  try {
    const text = atob(data);
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) {
      bytes[at] = text.charCodeAt(at);
    }
    return new Blob([bytes], { type: mime });
  } catch {
    return null;
  }
}

/**
 * The sentence of an error.
 */
export function sentenceOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
