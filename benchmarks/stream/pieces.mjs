/**
 * An answer in chunks of a word each, in every one of which a word says which chunk it is.
 *
 * The marker takes the place of a word, so that the text keeps its shape: headings, rows, lines of
 * code. A chunk of which no word may be replaced (within a formula, whose letters are drawn one by
 * one) has no marker and is not looked for.
 */
import { answer } from './texts.mjs';

const KEPT = new Set(['def', 'return', 'for', 'in', 'if', 'python', 'https']);

/** The marker of a chunk: `q` and four digits of base 36. */
export function marker(index) {
  return `q${index.toString(36).padStart(4, '0')}`;
}

/** What finds markers in a text; the page's observer has the same. */
export const MARKER = /q[0-9a-z]{4}/g;

function mark(piece, index) {
  let marked = false;
  const text = piece.replace(/[A-Za-z]{2,}/g, word => {
    if (marked || KEPT.has(word)) {
      return word;
    }
    marked = true;
    return marker(index);
  });
  return marked ? text : null;
}

/**
 * @returns `pieces`: the chunks; `marked`: the indices of those with a marker.
 */
export function chunks(kind, count) {
  const words = answer(kind, count * 4).match(/\s*\S+/g);
  const pieces = [];
  const marked = [];
  let before = '';
  let formula = false;
  for (const word of words) {
    if (pieces.length === count) {
      break;
    }
    const dollars = (word.match(/\$\$?/g) ?? []).length;
    const within = formula || dollars > 0;
    formula = dollars % 2 === 1 ? !formula : formula;
    if (within) {
      pieces.push(before + word);
      before = '';
      continue;
    }
    const piece = mark(before + word, pieces.length);
    if (piece === null) {
      before += word;
      continue;
    }
    before = '';
    marked.push(pieces.length);
    pieces.push(piece);
  }
  return { pieces, marked };
}
