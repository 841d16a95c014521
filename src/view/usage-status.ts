import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { isZero, lowerLimit } from '../model/money';
import type { TodayModel } from '../model/usage-today';
import { costOf, costText, monthName, usd } from './usage-format';

/**
 * What was spent today, in the status bar; a click opens the Usage view.
 */
export class SpendItem extends Widget {
  constructor(options: SpendItem.IOptions) {
    super();
    this._model = options.model;
    this._trans = options.trans;
    this._button = document.createElement('button');
    this._button.type = 'button';
    this._button.className = 'jp-gpt-Spend jp-StatusBar-TextItem';
    // No style sheet: what loads one is as large as the item, and the page's start pays for it.
    Object.assign(this._button.style, {
      height: '100%',
      margin: '0',
      padding: '0',
      border: '0',
      background: 'transparent',
      fontVariantNumeric: 'tabular-nums',
      cursor: 'pointer'
    });
    this._button.setAttribute('aria-label', this._trans.__('GPT spend today'));
    this._button.addEventListener('click', options.onClick);
    this.addClass('jp-mod-highlighted');
    this.node.appendChild(this._button);
    this._model.changed.connect(this._draw, this);
    this._draw();
  }

  /** Whether something was spent today that is worth showing. */
  get isActive(): boolean {
    const { totals } = this._model;
    return totals !== null && (totals.unpriced > 0 || !isFree(totals.cost.usd));
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._model.changed.disconnect(this._draw, this);
      super.dispose();
    }
  }

  private _draw(): void {
    const { totals } = this._model;
    if (totals) {
      const amount = costText(this._trans, costOf(totals));
      this._button.textContent = this._trans.__('GPT %1 today', amount);
      // Described by it, too: the name is the same at every amount.
      this._button.title = this._title(amount);
    }
  }

  private _title(today: string): string {
    const { _model: model, _trans: trans } = this;
    const lines = [trans.__('Today: %1', today)];
    if (model.budget) {
      const { month, spent, unpriced } = model.budget;
      const limit = lowerLimit(model.budget);
      const amount = (unpriced > 0 ? '≥ ' : '') + usd(spent);
      const name = monthName(month);
      lines.push(
        limit === null
          ? trans.__('%1: %2', name, amount)
          : trans.__('%1: %2 of your budget of %3', name, amount, usd(limit))
      );
    }
    lines.push(trans.__('Click for the days, models and conversations'));
    return lines.join('\n');
  }

  private readonly _model: TodayModel;
  private readonly _trans: TranslationBundle;
  private readonly _button: HTMLButtonElement;
}

function isFree(amount: string | null): boolean {
  return amount === null || isZero(amount);
}

/** Types of `SpendItem`. */
export namespace SpendItem {
  /** What the item is built on. */
  export interface IOptions {
    readonly model: TodayModel;
    readonly onClick: () => void;
    readonly trans: TranslationBundle;
  }
}
