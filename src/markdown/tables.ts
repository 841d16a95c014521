import { watchOverflow } from './overflow';
import { element } from './sanitize';

/**
 * Rows of a table, and what becomes of a table that is long.
 *
 * The columns of a table are as wide as all of its cells ask for, so that each row costs the layout
 * of all rows before it. From `ROWS` rows on the widths are therefore fixed, by the text of the first
 * rows, and each further `ROWS` rows are laid out for themselves, as blocks with a grid in each row:
 * what is not seen of them is neither laid out nor painted, which no part of a table can be spared.
 */

/** So many rows are laid out together: what comes costs at most these again (about a millisecond). */
export const ROWS = 50;

/** A column counts as at least and at most so many characters wide. */
const NARROWEST = 4;
const WIDEST = 40;
/** A word longer than this may be broken, rather than making the table scroll. */
const LONGEST_WORD = 20;
/** The width of a character and of a cell's padding, in the table's own `em`. */
const CHAR = 0.58;
const PADDING = 1.6;

/** The tables whose columns are fixed. */
const fixed = new WeakSet<Element>();

const ROLES: Readonly<Record<string, string>> = {
  thead: 'rowgroup',
  tbody: 'rowgroup',
  tr: 'row',
  th: 'columnheader',
  td: 'cell'
};

/** Said aloud, for blocks are no parts of a table to every browser. */
function name(part: Element): void {
  part.setAttribute('role', ROLES[part.localName]);
  Array.from(part.children)
    .filter(child => child.localName in ROLES)
    .forEach(name);
}

/** Put a row at the end of a table; the first one is its header. */
export function addRow(table: HTMLElement, row: HTMLElement): void {
  const long = fixed.has(table);
  let part = table.lastElementChild;
  const full = part?.localName === 'tbody' && part.childElementCount >= ROWS;
  if (!part || part.localName === 'thead' || full) {
    part = document.createElement(part ? 'tbody' : 'thead');
    table.append(part);
  }
  part.append(row);
  if (long) {
    name(part.childElementCount === 1 ? part : row);
  }
}

/** A row is settled: fix the widths when it was the one that makes the table long. */
export function settleRow(table: HTMLElement): void {
  const part = table.lastElementChild;
  const long = part?.localName === 'tbody' && part.childElementCount >= ROWS;
  if (!long || fixed.has(table)) {
    return;
  }
  const wanted: number[] = [];
  const least: number[] = [];
  for (const row of Array.from(table.querySelectorAll('tr'))) {
    Array.from(row.children).forEach((cell, index) => {
      const text = (cell.textContent ?? '').slice(0, WIDEST * 4);
      const word = Math.max(...text.split(/\s+/).map(one => one.length));
      wanted[index] = Math.max(wanted[index] ?? NARROWEST, text.length);
      least[index] = Math.max(least[index] ?? NARROWEST, word);
    });
  }
  const chars = wanted.map(width => Math.min(width, WIDEST) + PADDING / CHAR);
  const all = chars.reduce((sum, width) => sum + width, 0);
  // Tenths, rounded here, so that the table is as wide as its columns together.
  const smallest = least.map(
    width =>
      Math.ceil((Math.min(width, LONGEST_WORD) * CHAR + PADDING) * 10) / 10
  );
  // Never narrower than a word: a column of numbers would be one of digits.
  const columns = chars.map(
    (width, index) =>
      `minmax(${smallest[index].toFixed(1)}em, ${((100 * width) / all).toFixed(1)}fr)`
  );
  fixed.add(table);
  table.classList.add('jp-mod-long');
  table.setAttribute('role', 'table');
  const together = smallest.reduce((sum, width) => sum + width, 0);
  table.style.minWidth = `${together.toFixed(1)}em`;
  table.style.setProperty('--jp-gpt-columns', columns.join(' '));
  Array.from(table.children).forEach(name);
}

/** A table scrolls sideways within its wrapper. */
export function wrapTable(table: HTMLElement, name: string): void {
  const node = element('div', 'jp-gpt-table');
  node.append(table);
  watchOverflow(node, name);
}
