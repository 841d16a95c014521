import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import type { IVariablePart, Part } from '../protocol/frames';
import type { IsOff } from '../protocol/features';
import { usedNames } from './names';
import type { IFoundCell } from './opencells';
import { isCode } from './opencells';
import type { ICellOption, IOptionSetting } from './option';
import { sentenceOf } from './upload';

/** Variables that go along at most: 100 tokens each, and a cell rarely uses more. */
const MAX_VARIABLES = 20;

/**
 * The live variables that a cell uses, as they were when they were switched on: the kernel is asked
 * only when the user says so.
 */
export class UsedVariables implements ICellOption {
  constructor(setting: IOptionSetting) {
    this._trans = setting.trans;
    this._onNews = setting.onNews;
    this._isOff = setting.isOff;
  }

  readonly id = 'variables';
  readonly minor = true;
  enabled = false;

  get pending(): string | null {
    return this._reading ? this._trans.__('Reading variables…') : null;
  }

  get problem(): string | null {
    return this._problem;
  }

  label(): string {
    return this._trans.__('Variables used');
  }

  isShown({ model }: IFoundCell): boolean {
    return !this._isOff('variables') && isCode(model);
  }

  notes(): string[] {
    if (this._reading) {
      return [];
    }
    const { length } = this._variables;
    const notes = [
      this._trans._n('%1 variable', '%1 variables', length, length)
    ];
    if (this._ranSince) {
      notes.push(this._trans.__('read before the last run'));
    }
    return notes;
  }

  parts(): Part[] {
    return this._variables;
  }

  /** Read them, unless they have been: a change of the cell asks the kernel nothing. */
  refresh(found: IFoundCell): void {
    if (!this._wasEnabled) {
      this._wasEnabled = true;
      void this._read(found);
    }
  }

  /** The next time that it is switched on, they are read anew. */
  reset(): void {
    this._wasEnabled = false;
    this._problem = null;
  }

  dispose(): void {
    Signal.clearData(this);
  }

  private async _read({ model, panel }: IFoundCell): Promise<void> {
    this._reading = true;
    this._problem = null;
    const { sessionContext } = panel;
    try {
      const { readVariables } = await import('./variables');
      const names = usedNames(model.sharedModel.getSource());
      this._variables = await readVariables(
        sessionContext,
        { names, limit: MAX_VARIABLES },
        this._trans
      );
      if (this._variables.length === 0) {
        throw new Error(
          this._trans.__(
            'The kernel has no variables that this cell uses: run it first.'
          )
        );
      }
      this._ranSince = false;
      sessionContext.statusChanged.connect(this._onStatus, this);
    } catch (reason) {
      this._variables = [];
      this._problem = sentenceOf(reason);
      this.enabled = false;
      this._wasEnabled = false;
    }
    this._reading = false;
    this._onNews();
  }

  /** Our own question keeps the kernel busy too, but that is over when the answer is there. */
  private _onStatus(_: ISessionContext, status: Kernel.Status): void {
    if (!this._ranSince && !this._reading && status === 'busy') {
      this._ranSince = true;
      this._onNews();
    }
  }

  private readonly _isOff: IsOff;
  private readonly _trans: TranslationBundle;
  private readonly _onNews: () => void;
  private _variables: IVariablePart[] = [];
  private _reading = false;
  private _wasEnabled = false;
  private _ranSince = false;
  private _problem: string | null = null;
}
