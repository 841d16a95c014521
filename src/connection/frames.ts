import type { ClientFrame, ServerFrame } from '../protocol/frames';
import { FrameTooLargeError } from './errors';

/**
 * The subprotocol of the socket; a break of the wire is `v2`.
 */
export const SUBPROTOCOL = 'v1.jupyterlab-gpt';

/**
 * The largest frame that the server takes (MAX_FRAME_BYTES of protocol.py); it closes the socket
 * on a larger one, so that the measure is taken here first.
 */
export const MAX_FRAME_BYTES = 1024 * 1024;

// A record, so that a type added to the protocol and not here does not compile.
const SERVER_TYPES: Record<ServerFrame['type'], true> = {
  estimated: true,
  previewed: true,
  started: true,
  delta: true,
  retrying: true,
  finished: true,
  failed: true,
  snapshot: true,
  changed: true,
  budget: true,
  storage: true,
  heartbeat: true
};

const encoder = new TextEncoder();

/**
 * Length of a text in bytes of UTF-8.
 */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/**
 * Whether a text has more bytes than a limit; without encoding it where its length tells already.
 */
export function exceeds(text: string, limit: number): boolean {
  // A UTF-16 unit takes one to three bytes of UTF-8.
  if (text.length > limit) {
    return true;
  }
  return text.length * 3 > limit && byteLength(text) > limit;
}

/**
 * A frame as text for the wire.
 *
 * @throws FrameTooLargeError when the server would not take it.
 */
export function encodeFrame(frame: ClientFrame): string {
  const text = JSON.stringify(frame);
  if (exceeds(text, MAX_FRAME_BYTES)) {
    throw new FrameTooLargeError(byteLength(text), MAX_FRAME_BYTES);
  }
  return text;
}

/**
 * Text from the wire as a frame; null for a type that this version does not know, and for what is
 * no frame at all: receivers ignore both.
 */
export function decodeFrame(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') {
    return null;
  }
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  const type = (value as { type?: unknown }).type;
  return typeof type === 'string' && type in SERVER_TYPES
    ? (value as ServerFrame)
    : null;
}
