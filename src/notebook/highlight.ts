import type { Widget } from '@lumino/widgets';
import type { IFoundCell } from './opencells';
import { cellWidget } from './finder';
import '../../style/notebook.css';

/** Marks the cell that an insert would go to. */
const TARGET_CLASS = 'jp-mod-gptTarget';

/** Marks the cell that a chip was clicked for. */
const REVEALED_CLASS = 'jp-mod-gptRevealed';

/** Milliseconds that a revealed cell stays lit: two beats of the style's animation. */
const REVEAL_MS = 1600;

/**
 * Lights up cells.
 */
export class Highlighter {
  /** Light up the target of an insert, and only it; null: nothing. */
  target(found: IFoundCell | null): void {
    const widget = found ? cellWidget(found) : null;
    if (widget === this._target) {
      return;
    }
    if (this._target && !this._target.isDisposed) {
      this._target.removeClass(TARGET_CLASS);
    }
    widget?.addClass(TARGET_CLASS);
    this._target = widget;
  }

  /** Scroll to a cell and light it up for a moment. */
  reveal(found: IFoundCell): void {
    const widget = cellWidget(found);
    if (!widget) {
      return;
    }
    void scrollTo(found);
    widget.addClass(REVEALED_CLASS);
    setTimeout(() => {
      if (!widget.isDisposed) {
        widget.removeClass(REVEALED_CLASS);
      }
    }, REVEAL_MS);
  }

  private _target: Widget | null = null;
}

/**
 * Scroll a notebook so that a cell is in view, whether it has been drawn yet or not.
 */
export async function scrollTo(found: IFoundCell): Promise<void> {
  draw(found);
  try {
    await found.panel.content.scrollToItem(found.index, 'smart');
  } catch {
    // Another scroll came first: then that one is what the user wants.
  }
}

/**
 * Have a cell drawn now. JupyterLab draws a long notebook from its top, whenever it has nothing
 * else to do, and does not scroll to a cell before its turn, which on a busy page is minutes away.
 * Where it draws only what is in view (windowing mode `full`), scrolling is enough.
 */
function draw(found: IFoundCell): void {
  const { content } = found.panel;
  const { windowingMode } = content.notebookConfig;
  if (windowingMode !== 'full' && windowingMode !== 'none') {
    // Does nothing for a cell that is drawn; Markdown cells wait for their turn.
    content.renderCellOutputs(found.index);
  }
}
