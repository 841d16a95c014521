/**
 * Literal text of any length as pieces of bounded size: a piece that is full is never laid out again
 * for what comes behind it, and no piece is so long that laying it out alone is felt.
 */
import { element } from './sanitize';

/**
 * From this length a piece ends with its line, and at `HARD` within it. 8,192 characters are laid out
 * in about two milliseconds.
 */
const SOFT = 4096;
const HARD = 8192;

/** Whether the text ends within a character that needs two units. */
export function endsInside(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

function isFull(text: string): boolean {
  return (
    (text.length >= HARD && !endsInside(text)) ||
    (text.length >= SOFT && text.endsWith('\n'))
  );
}

function lastText(node: Node): Text | null {
  const last = node.lastChild;
  return (last instanceof Text ? last : last?.firstChild) as Text | null;
}

/** A new piece at the end of a block; its line begins anew. */
export function addRun(block: Node): HTMLElement {
  return block.appendChild(element('span', 'jp-gpt-run'));
}

/** Add literal text to a block. Where its pieces end depends on the whole text alone. */
export function addLiteral(block: HTMLElement, text: string): void {
  for (let from = 0; from < text.length;) {
    let last = lastText(block);
    if (!last || isFull(last.data)) {
      const parent = last ? addRun(block) : block;
      last = parent.appendChild(document.createTextNode(''));
    }
    const feed = text.indexOf('\n', from + Math.max(0, SOFT - last.length - 1));
    const room = Math.max(1, HARD - last.length);
    const end = Math.min(feed < 0 ? text.length : feed + 1, from + room);
    last.appendData(text.slice(from, end));
    from = end;
  }
}

/** Take the line feeds away from the end of a block's literal text. */
export function trimLiteral(block: HTMLElement): void {
  for (let last = lastText(block); last; last = lastText(block)) {
    const trimmed = last.data.replace(/\n+$/, '');
    if (trimmed === last.data) {
      return;
    }
    last.data = trimmed;
    if (trimmed !== '') {
      return;
    }
    (last.parentNode === block ? last : (last.parentNode as Element)).remove();
  }
}

/** The pieces of a block of inline text: where the next segment goes. */
export class Runs {
  constructor(private readonly _block: HTMLElement) {
    this.current = _block;
  }

  /** The piece that is written. */
  current: HTMLElement;

  /** The place of a settled segment of this length. */
  next(length: number): HTMLElement {
    if (this._length >= HARD) {
      this.current = addRun(this._block);
      this._length = 0;
    }
    this._length += length;
    return this.current;
  }

  private _length = 0;
}
