import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { GPTClient } from '../connection/rest';
import type { GPTSocket } from '../connection/socket';
import type { IBudget, ServerFrame } from '../protocol/frames';
import { Memory } from './memory';
import type { SetupModel } from './setup';

/** A part of the budget that is worth a word: half of it, most of it, all of it. */
export type BudgetMark = 'half' | 'high' | 'full';

/**
 * The month's budget and what of it is spent.
 */
export class BudgetModel implements IDisposable {
  /** Construct a budget, unknown until the server says something of it. */
  constructor(options: BudgetModel.IOptions) {
    this._client = options.client;
    this._setup = options.setup;
    this._today = options.today ?? (() => new Date().toDateString());
    this._memory = new Memory(options.state, 'budget-said');
    options.socket.frame.connect(this._onFrame, this);
    this._setup.changed.connect(this._onSetup, this);
    void this._restore();
  }

  /** The budget; null while not known. */
  get current(): IBudget | null {
    return this._current;
  }

  /** What is to be said of it now; said once a day, and until it is dismissed. */
  get notice(): BudgetMark | null {
    return this._notice;
  }

  /** Emitted when the budget or the notice change. */
  get changed(): ISignal<BudgetModel, void> {
    return this._changed;
  }

  /** Whether the budget is disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Set the monthly amount, a decimal of US dollars.
   *
   * @throws GPTRequestError
   */
  async set(monthly_usd: string): Promise<void> {
    this._take(await this._client.putBudget({ monthly_usd, tz: null }));
  }

  /** The notice was read. */
  dismiss(): void {
    this._notice = null;
    this._changed.emit();
  }

  /** Let go. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._memory.dispose();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private _onSetup(): void {
    const budget = this._setup.status?.budget ?? null;
    // Each change of the set-up tells it again, and what the socket said since is newer.
    if (budget && budget !== this._fromStatus) {
      this._fromStatus = budget;
      this._take(budget);
    }
  }

  private _onFrame(_: GPTSocket, frame: ServerFrame): void {
    switch (frame.type) {
      case 'budget':
        this._take(frame);
        break;
      case 'started':
      case 'finished':
        if (frame.budget) {
          this._take(frame.budget);
        }
        break;
    }
  }

  private _take(budget: IBudget): void {
    this._current = budget;
    this._note();
    this._changed.emit();
  }

  /** Say what has not been said today. */
  private _note(): void {
    const level = this._current?.level;
    if (level !== 'half' && level !== 'high' && level !== 'full') {
      this._notice = null;
      return;
    }
    const day = this._today();
    const said = this._said.day === day ? this._said.levels : [];
    if (!this._isRestored || said.includes(level)) {
      // What still stands there of a lower level has been overtaken.
      this._notice = this._notice === level ? level : null;
      return;
    }
    this._notice = level;
    this._said = { day, levels: [...said, level] };
    this._memory.write(this._said);
    this._memory.flush();
  }

  private async _restore(): Promise<void> {
    this._said = (await this._memory.read()) ?? this._said;
    this._isRestored = true;
    if (!this._isDisposed && this._current) {
      this._note();
      this._changed.emit();
    }
  }

  private _client: Pick<GPTClient, 'putBudget'>;
  private _setup: SetupModel;
  private _today: () => string;
  private _memory: Memory<{ day: string; levels: string[] }>;
  private _said: { day: string; levels: string[] } = { day: '', levels: [] };
  private _current: IBudget | null = null;
  private _fromStatus: IBudget | null = null;
  private _notice: BudgetMark | null = null;
  private _isRestored = false;
  private _isDisposed = false;
  private _changed = new Signal<BudgetModel, void>(this);
}

/** A namespace for BudgetModel statics. */
export namespace BudgetModel {
  /** Options of a budget. */
  export interface IOptions {
    client: Pick<GPTClient, 'putBudget'>;
    socket: GPTSocket;
    setup: SetupModel;
    /** Where it is kept what was said today; without one, it is not. */
    state: IStateDB | null;
    /** Names the day, for tests. */
    today?: () => string;
  }
}
