import { cellWidget } from './finder';
import type { IFoundCell } from './opencells';

/**
 * Lines of a source, 1-based, both ends included.
 */
export interface ILines {
  readonly from: number;
  readonly to: number;
}

/**
 * The lines that are selected in a cell's editor; null where nothing is, or all of them are.
 */
export function selectedLines(found: IFoundCell): ILines | null {
  const editor = cellWidget(found)?.editor;
  if (!editor) {
    return null;
  }
  const { start, end } = editor.getSelection();
  const backward =
    start.line > end.line ||
    (start.line === end.line && start.column > end.column);
  const [first, last] = backward ? [end, start] : [start, end];
  if (first.line === last.line && first.column === last.column) {
    return null;
  }
  // Whole lines are selected up to the beginning of the next one, which is not meant.
  const rest = last.column === 0 && last.line > first.line ? 0 : 1;
  const lines = { from: first.line + 1, to: last.line + rest };
  return lines.from === 1 && lines.to >= editor.lineCount ? null : lines;
}

/**
 * Lines that were chosen once, found again after the source around them was edited.
 */
export class LineSelection {
  /**
   * @param source - The source in which they were chosen.
   */
  constructor(source: string, lines: ILines) {
    this._lines = lines;
    this._text = source.split('\n').slice(lines.from - 1, lines.to);
  }

  /**
   * Where they are in a source now. What was edited itself is meant by its place; null where the
   * source has no such lines any more.
   */
  in(source: string): ILines | null {
    const all = source.split('\n');
    const place = this._find(all);
    if (place !== null) {
      return { from: place + 1, to: place + this._text.length };
    }
    const to = Math.min(this._lines.to, all.length);
    return this._lines.from > to ? null : { from: this._lines.from, to };
  }

  /** The same lines, the nearest where there are several. */
  private _find(all: readonly string[]): number | null {
    const wanted = this._lines.from - 1;
    let best: number | null = null;
    for (let at = 0; at + this._text.length <= all.length; at++) {
      if (
        (best === null || Math.abs(at - wanted) < Math.abs(best - wanted)) &&
        this._text.every((line, index) => all[at + index] === line)
      ) {
        best = at;
      }
    }
    return best;
  }

  private readonly _lines: ILines;
  private readonly _text: readonly string[];
}

/**
 * These lines of a source.
 */
export function linesOf(source: string, { from, to }: ILines): string {
  return source
    .split('\n')
    .slice(from - 1, to)
    .join('\n');
}
