import type { Part } from '../protocol/frames';

/** Bytes of UTF-8 a token: the server's own rough rule (ledger/tokens.py). */
const BYTES = 3.3;

/**
 * What the server puts around a part: its name and the fence (measured 14 to 24 tokens for a cell).
 */
const AROUND = 15;

/** Tokens of a picture: four tiles of 512 pixels, as most plots have (OpenAI's guide to vision). */
const IMAGE = 765;

const encoder = new TextEncoder();

/**
 * About how many tokens parts have, counted here; those that lie on the server as they are counted
 * by `blobBytes`.
 */
export function roughTokens(parts: readonly Part[], blobBytes = 0): number {
  let tokens = 0;
  for (const part of parts) {
    tokens += part.type === 'image' ? IMAGE : AROUND + textBytes(part) / BYTES;
  }
  return Math.ceil(tokens + blobBytes / BYTES);
}

function textBytes(part: Part): number {
  switch (part.type) {
    case 'cell':
      return length(part.source);
    case 'notebook':
      return (part.cells ?? []).reduce(
        (sum, cell) => sum + length(cell.source),
        0
      );
    case 'error':
      return length(part.traceback || part.evalue);
    case 'variable':
      return length(part.summary);
    case 'text':
    case 'output':
    case 'file':
      return length(part.text);
    default:
      return 0;
  }
}

function length(text: string | null | undefined): number {
  return text ? encoder.encode(text).length : 0;
}
