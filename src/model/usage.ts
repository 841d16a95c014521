import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IClientError } from '../connection/errors';
import { GPTClientError } from '../connection/errors';
import type { GPTClient } from '../connection/rest';
import type { IBudget, IUsageReport, ServerFrame } from '../protocol/frames';
import type { IGPTSettings } from '../tokens';
import {
  browserZone,
  dayIn,
  firstOf,
  lastOf,
  monthOf,
  shiftMonth
} from './usage-days';
import { isSpending } from './usage-today';

// Time in ms between an answer's end and the next look: several answers end at once.
const LOOK_AGAIN = 1_000;

/** What of the client the model needs. */
export type UsageClient = Pick<
  GPTClient,
  'usage' | 'usageCsv' | 'budget' | 'putBudget'
>;

/**
 * One month of what was spent, and the budget.
 */
export class UsageModel implements IDisposable {
  /**
   * Construct the model, at the current month; nothing is read before `refresh`.
   */
  constructor(options: UsageModel.IOptions) {
    this._client = options.client;
    this._settings = options.settings;
    this._now = options.now ?? (() => new Date());
    this.zone = options.zone ?? browserZone();
    this._month = monthOf(this.today);
    this._settings?.changed.connect(this._emit, this);
  }

  /** The time zone of the browser. */
  readonly zone: string;

  /** Whether days begin as the provider bills them, in UTC. */
  get utc(): boolean {
    return this._utc;
  }

  /** The time zone in which days begin. */
  get tz(): string {
    return this._utc ? 'UTC' : this.zone;
  }

  /** The day that it is now. */
  get today(): string {
    return dayIn(this.tz, this._now());
  }

  /** The month that is shown. */
  get month(): string {
    return this._month;
  }

  /** The report of the month; null while there is none. */
  get report(): IUsageReport | null {
    return this._report;
  }

  /** The month's budget; null until the server has answered. */
  get budget(): IBudget | null {
    return this._budget;
  }

  /** Why there is no report, or null. */
  get error(): IClientError | null {
    return this._error;
  }

  /** Whether a report is being asked for. */
  get busy(): boolean {
    return this._busy;
  }

  /** What the subscription costs a month, in USD; 0: there is none. */
  get subscription(): number {
    return this._settings?.current.subscriptionPrice ?? 20;
  }

  /** Whether the month before may hold calls. */
  get hasEarlier(): boolean {
    const since = this._report?.since;
    return (
      since === undefined || (since !== null && since < firstOf(this.month))
    );
  }

  /** Whether the month shown is not the current one. */
  get hasLater(): boolean {
    return this._month < monthOf(this.today);
  }

  /** Emitted when anything of it changes. */
  get changed(): ISignal<UsageModel, void> {
    return this._changed;
  }

  /** Whether the model is disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Dispose of the model. */
  dispose(): void {
    this._isDisposed = true;
    window.clearTimeout(this._timer);
    this._settings?.changed.disconnect(this._emit, this);
    Signal.clearData(this);
  }

  /** Show another month. */
  async show(month: string): Promise<void> {
    const last = monthOf(this.today);
    const next = month > last ? last : month;
    if (next !== this._month) {
      this._month = next;
      this._forget();
      await this.refresh();
    }
  }

  /** Show the month before or after. */
  shift(by: number): Promise<void> {
    return this.show(shiftMonth(this._month, by));
  }

  /** Let days begin in UTC, or in the browser's time zone. */
  async setUtc(utc: boolean): Promise<void> {
    if (utc !== this._utc) {
      this._utc = utc;
      this._forget();
      await this.refresh();
    }
  }

  /** Read report and budget. Never rejects: see `error`. */
  async refresh(): Promise<void> {
    const round = ++this._round;
    this._busy = true;
    this._emit();
    try {
      const [report, budget] = await Promise.all([
        this._client.usage(this._query),
        // The report is worth showing without it.
        this._client.budget().catch(() => null)
      ]);
      if (round === this._round) {
        this._report = report;
        this._budget = budget ?? this._budget;
        this._error = null;
      }
    } catch (reason) {
      if (round === this._round) {
        this._error = GPTClientError.from(reason);
      }
    }
    if (round === this._round) {
      this._busy = false;
      this._emit();
    }
  }

  /** Set the month's budget, or take it away (null). Rejects with what the server says. */
  async putBudget(monthlyUsd: string | null): Promise<void> {
    // The first budget is one for the calendar that hangs on the wall here; later ones stay there.
    const tz = this._budget?.limit ? null : this.zone;
    this._budget = await this._client.putBudget({
      monthly_usd: monthlyUsd,
      tz
    });
    this._emit();
  }

  /** The calls of the month, one a line. Rejects with what the server says. */
  csv(): Promise<string> {
    return this._client.usageCsv(this._query);
  }

  /** Look at a frame of the server: an answer has ended, or the budget has changed. */
  onFrame(frame: ServerFrame): void {
    if (frame.type === 'budget') {
      this._budget = frame;
      this._emit();
    }
    if (isSpending(frame) && !this.hasLater) {
      window.clearTimeout(this._timer);
      this._timer = window.setTimeout(() => void this.refresh(), LOOK_AGAIN);
    }
  }

  private get _query(): GPTClient.IUsageQuery {
    return {
      from: firstOf(this._month),
      to: lastOf(this._month),
      tz: this.tz
    };
  }

  private _forget(): void {
    this._report = null;
    this._error = null;
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _client: UsageClient;
  private readonly _settings: IGPTSettings | null;
  private readonly _now: () => Date;
  private readonly _changed = new Signal<UsageModel, void>(this);
  private _month: string;
  private _utc = false;
  private _report: IUsageReport | null = null;
  private _budget: IBudget | null = null;
  private _error: IClientError | null = null;
  private _busy = false;
  private _round = 0;
  private _timer = 0;
  private _isDisposed = false;
}

/**
 * A namespace for UsageModel statics.
 */
export namespace UsageModel {
  /**
   * What the model is made with.
   */
  export interface IOptions {
    readonly client: UsageClient;
    /** Null: the default price of a subscription. */
    readonly settings: IGPTSettings | null;
    /** IANA name; the browser's if absent. */
    readonly zone?: string;
    /** The clock; the browser's if absent. */
    readonly now?: () => Date;
  }
}
