import { cellsAbove } from './cellparts';
import { notebookLanguage } from './finder';
import { definedNames, usedNames } from './names';
import type { IFoundCell } from './opencells';
import { isCode } from './opencells';

/**
 * Cells that define what one uses, at most, the nearest: imports, the data, what changed it; a
 * notebook in which more than these matter is better sent whole.
 */
export const MAX_DEFINITIONS = 8;

/**
 * Cells that are looked through: a scan of 1,000 cells takes 30 ms the first time, and only what
 * was edited is scanned again.
 */
const MAX_SCANNED = 1000;

/**
 * Cells that define something that another uses.
 */
export interface IDefinitions {
  /** In the notebook's order. */
  readonly cells: readonly IFoundCell[];
  /** Their number without the limit. */
  readonly all: number;
}

const NONE: IDefinitions = { cells: [], all: 0 };

/** What a source defines, by cell, until it is edited. */
const known = new WeakMap<object, { source: string; names: Set<string> }>();

function namesOf({ model }: IFoundCell): Set<string> {
  const source = model.sharedModel.getSource();
  const before = known.get(model);
  if (before?.source === source) {
    return before.names;
  }
  const names = definedNames(source);
  known.set(model, { source, names });
  return names;
}

/**
 * The cells above that define the names a cell uses: for each name the last that does, as that is
 * what counts if the notebook was run from its top. Python only: elsewhere, none.
 */
export function findDefinitions(found: IFoundCell): IDefinitions {
  if (!/^i?python/i.test(notebookLanguage(found.panel))) {
    return NONE;
  }
  const open = new Set(usedNames(found.model.sharedModel.getSource()));
  const above = open.size ? cellsAbove(found, MAX_SCANNED).cells : [];
  const cells: IFoundCell[] = [];
  for (const cell of [...above].reverse()) {
    if (open.size === 0) {
      break;
    }
    if (isCode(cell.model)) {
      const defines = [...namesOf(cell)].filter(name => open.delete(name));
      if (defines.length) {
        cells.push(cell);
      }
    }
  }
  return {
    cells: cells.slice(0, MAX_DEFINITIONS).reverse(),
    all: cells.length
  };
}
