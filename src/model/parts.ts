import { JSONExt } from '@lumino/coreutils';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Part } from '../protocol/frames';

/**
 * The parts of a message. Text that arrives in pieces is kept in pieces and joined when it is
 * read, so that a piece costs the same for the first token and for the twenty-thousandth.
 */
export class PartList {
  /**
   * Construct a list of parts.
   */
  constructor(parts: readonly Part[]) {
    this._parts = parts.map(part => ({ part, pieces: [] }));
  }

  /**
   * Whether there is nothing to read in any part.
   */
  get isEmpty(): boolean {
    return this._parts.every(
      ({ part, pieces }) =>
        (part.type === 'text' || part.type === 'thinking') &&
        !part.text &&
        !('blob' in part && part.blob) &&
        pieces.length === 0
    );
  }

  /**
   * Add text to the end of a part, which may be a new one.
   */
  append(index: number, kind: 'text' | 'thinking', text: string): void {
    while (this._parts.length <= index) {
      this._parts.push({ part: { type: kind, text: '' }, pieces: [] });
    }
    if (text) {
      this._parts[index].pieces.push(text);
    }
  }

  /**
   * The parts, with their text joined.
   */
  toArray(): readonly Part[] {
    return this._parts.map(entry => {
      const { part, pieces } = entry;
      if (pieces.length && (part.type === 'text' || part.type === 'thinking')) {
        entry.part = { ...part, text: (part.text ?? '') + pieces.join('') };
        entry.pieces = [];
      }
      return entry.part;
    });
  }

  /**
   * The text of all parts of a kind.
   */
  join(kind: 'text' | 'thinking'): string {
    return this.toArray()
      .map(part => (part.type === kind ? (part.text ?? '') : ''))
      .join('');
  }

  /**
   * Whether these are the same parts; a field that is null counts as absent.
   */
  equals(parts: readonly Part[]): boolean {
    const mine = this.toArray();
    return (
      mine.length === parts.length &&
      mine.every((part, index) =>
        JSONExt.deepEqual(withoutNulls(part), withoutNulls(parts[index]))
      )
    );
  }

  private _parts: { part: Part; pieces: string[] }[];
}

function withoutNulls(part: Part): ReadonlyPartialJSONObject {
  return Object.fromEntries(
    Object.entries(part).filter(([, value]) => (value ?? null) !== null)
  );
}
