import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { textButton } from './dom';
import { keepKeys } from './keys';

/**
 * The bar over a notebook in which several changes wait.
 */
export class PendingBar extends Widget {
  constructor(options: PendingBar.IOptions) {
    super();
    const { trans } = options;
    this._trans = trans;
    this.addClass('jp-gpt-PendingBar');
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', trans.__('Suggested changes'));
    this._text.className = 'jp-gpt-PendingBar-text';
    this._text.setAttribute('role', 'status');
    this.node.append(
      this._text,
      textButton(trans.__('Next change'), options.next),
      textButton(trans.__('Accept all'), options.acceptAll, true),
      textButton(trans.__('Reject all'), options.rejectAll)
    );
    this._release = keepKeys(this.node, options.leave);
  }

  /** Say how many changes wait. */
  setCount(count: number): void {
    this._text.textContent = this._trans._n(
      '%1 change waits in this notebook',
      '%1 changes wait in this notebook',
      count,
      count
    );
  }

  /** As high as its lines need: the layout over the notebook knows a fixed height only. */
  protected override onResize(msg: Widget.ResizeMessage): void {
    super.onResize(msg);
    const { style } = this.node;
    const { contain, height, minHeight } = style;
    // Lumino's layouts let no content give a size.
    style.contain = 'none';
    style.minHeight = '';
    style.height = 'auto';
    const needed = `${this.node.offsetHeight}px`;
    style.contain = contain;
    style.height = height;
    style.minHeight = needed;
    if (needed !== minHeight) {
      this.parent?.fit();
    }
  }

  override dispose(): void {
    this._release();
    super.dispose();
  }

  private readonly _release: () => void;
  private readonly _text = document.createElement('span');
  private readonly _trans: TranslationBundle;
}

/** Types of `PendingBar`. */
export namespace PendingBar {
  /** What the bar's buttons do. */
  export interface IOptions {
    readonly trans: TranslationBundle;
    readonly acceptAll: () => void;
    readonly rejectAll: () => void;
    /** Go to a change that waits. */
    readonly next: () => void;
    /** Go back to the notebook. */
    readonly leave: () => void;
  }
}
