import { GPTClientError } from '../connection/errors';
import { byteLength, exceeds } from '../connection/frames';
import type { GPTClient } from '../connection/rest';
import type { Part } from '../protocol/frames';

/**
 * Content from here on goes up as a blob (MAX_INLINE_BYTES of protocol.py).
 */
export const MAX_INLINE_BYTES = 32 * 1024;

/**
 * The largest blob that the server takes (MAX_BLOB_BYTES of protocol.py).
 */
export const MAX_BLOB_BYTES = 8 * 1024 * 1024;

// Uploads that are remembered: a conversation about one notebook names a handful of cells.
const REMEMBERED = 32;
// How long they are, in ms: the server deletes a blob that no message names after 24 h.
const REMEMBERED_FOR = 12 * 3600 * 1000;

/**
 * Sends the large content of parts up, each content once.
 */
export class Uploads {
  /**
   * Construct the uploads of a session.
   */
  constructor(client: Pick<GPTClient, 'putBlob'>) {
    this._client = client;
  }

  /**
   * Whether any part has to go up.
   *
   * @throws GPTClientError `content_too_large` when one is larger than the server takes.
   */
  needed(parts: readonly Part[]): boolean {
    let needed = false;
    for (const part of parts) {
      const content = contentOf(part);
      if (content === null || !exceeds(content, MAX_INLINE_BYTES)) {
        continue;
      }
      needed = true;
      if (exceeds(content, MAX_BLOB_BYTES)) {
        const bytes = byteLength(content);
        const detail = { bytes, limit: MAX_BLOB_BYTES, kind: part.type };
        throw new GPTClientError('content_too_large', `${bytes} bytes`, {
          detail
        });
      }
    }
    return needed;
  }

  /** Whether something has to go up that has not yet. */
  missing(parts: readonly Part[]): boolean {
    return parts.some(part => {
      const content = contentOf(part);
      return (
        content !== null &&
        exceeds(content, MAX_INLINE_BYTES) &&
        !this._done.has(content)
      );
    });
  }

  /**
   * The parts as they travel: the large ones carry a blob in place of their content.
   */
  prepare(parts: readonly Part[]): Promise<Part[]> {
    return Promise.all(
      parts.map(async part => {
        const content = contentOf(part);
        if (content === null || !exceeds(content, MAX_INLINE_BYTES)) {
          return part;
        }
        return withBlob(part, await this._put(content));
      })
    );
  }

  /**
   * Forget what went up: the server does not know one of them any more.
   */
  forget(): void {
    this._done.clear();
  }

  private _put(content: string): Promise<string> {
    const known = this._done.get(content);
    if (known && Date.now() - known.at < REMEMBERED_FOR) {
      return known.sha256;
    }
    const sha256 = this._client.putBlob(content).then(info => info.sha256);
    this._done.set(content, { sha256, at: Date.now() });
    sha256.catch(() => this._done.delete(content));
    for (const oldest of this._done.keys()) {
      if (this._done.size <= REMEMBERED) {
        break;
      }
      this._done.delete(oldest);
    }
    return sha256;
  }

  private _client: Pick<GPTClient, 'putBlob'>;
  private _done = new Map<string, { sha256: Promise<string>; at: number }>();
}

/**
 * What of a part can be large; null where nothing is inline.
 */
function contentOf(part: Part): string | null {
  switch (part.type) {
    case 'cell':
      return part.source ?? null;
    case 'text':
    case 'output':
    case 'file':
      return part.text ?? null;
    case 'error':
      return part.traceback ?? null;
    case 'variable':
      return part.summary ?? null;
    case 'notebook':
      return part.cells ? JSON.stringify(part.cells) : null;
    default:
      return null;
  }
}

/**
 * The part with a blob in place of its content; `undefined` does not travel.
 */
function withBlob(part: Part, blob: string): Part {
  switch (part.type) {
    case 'cell':
      return { ...part, source: undefined, blob };
    case 'text':
    case 'output':
    case 'file':
      return { ...part, text: undefined, blob };
    case 'error':
      return { ...part, traceback: undefined, blob };
    case 'variable':
      return { ...part, summary: undefined, blob };
    case 'notebook':
      return { ...part, cells: undefined, blob };
    default:
      return part;
  }
}
