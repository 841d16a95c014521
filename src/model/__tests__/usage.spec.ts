import { GPTRequestError } from '../../connection/errors';
import type { GPTClient } from '../../connection/rest';
import type {
  IBudget,
  IBudgetPut,
  IFinished,
  IUsageReport
} from '../../protocol/frames';
import { BUDGET, november, reportOf } from '../../view/__tests__/usage-fixture';
import { UsageModel } from '../usage';
import { TodayModel } from '../usage-today';

const NOW = new Date('2026-11-22T15:00:00Z');
const FINISHED: IFinished = {
  type: 'finished',
  request_id: 'r',
  seq: 9,
  finish_reason: 'stop',
  usage: null,
  cost: null,
  seconds: 1,
  budget: null,
  dropped: null
};

/** The server's side, in memory: what was asked, and an answer that can be held back. */
class Server {
  readonly asked: string[] = [];
  readonly puts: IBudgetPut[] = [];
  report: IUsageReport = november();
  failure: Error | null = null;
  hold: Promise<void> | null = null;

  async usage(query: GPTClient.IUsageQuery): Promise<IUsageReport> {
    this.asked.push(`${query.from} ${query.to} ${query.tz}`);
    const { failure, report } = this;
    await this.hold;
    if (failure) {
      throw failure;
    }
    return { ...report, first: query.from, last: query.to, tz: query.tz };
  }
  async usageCsv(query: GPTClient.IUsageQuery): Promise<string> {
    return `csv of ${query.from}`;
  }
  async budget(): Promise<IBudget> {
    return BUDGET;
  }
  async putBudget(budget: IBudgetPut): Promise<IBudget> {
    this.puts.push(budget);
    return { ...BUDGET, limit: budget.monthly_usd };
  }
}

describe('UsageModel', () => {
  let server: Server;
  let model: UsageModel;

  beforeEach(() => {
    server = new Server();
    model = new UsageModel({
      client: server,
      settings: null,
      zone: 'Europe/Berlin',
      now: () => NOW
    });
  });

  afterEach(() => {
    model.dispose();
    jest.useRealTimers();
  });

  it('reads the current month in the time zone of the browser', async () => {
    await model.refresh();
    expect(server.asked).toEqual(['2026-11-01 2026-11-30 Europe/Berlin']);
    expect(model.report?.totals.calls).toBe(195);
    expect(model.budget).toEqual(BUDGET);
    expect(model.subscription).toBe(20);
    expect(model.hasLater).toBe(false);
    expect(model.hasEarlier).toBe(true);
  });

  it('goes back a year, and no further on than today', async () => {
    await model.show('2025-11');
    expect(model.month).toBe('2025-11');
    expect(model.hasEarlier).toBe(false);
    await model.shift(1);
    await model.show('2030-01');
    expect(server.asked.map(query => query.slice(0, 10))).toEqual([
      '2025-11-01',
      '2025-12-01',
      '2026-11-01'
    ]);
  });

  it('asks again in UTC', async () => {
    await model.setUtc(true);
    await model.setUtc(true);
    expect(server.asked).toEqual(['2026-11-01 2026-11-30 UTC']);
    expect(await model.csv()).toBe('csv of 2026-11-01');
  });

  it('never shows an older answer over a newer one', async () => {
    let release: () => void = () => undefined;
    server.hold = new Promise(resolve => {
      release = resolve;
    });
    const slow = model.refresh();
    server.hold = null;
    await model.shift(-1);
    release();
    await slow;
    expect(model.report?.first).toBe('2026-10-01');
    expect(model.busy).toBe(false);
  });

  it('says what failed, and recovers', async () => {
    server.failure = new GPTRequestError(0, 'server_unreachable', 'gone');
    await model.refresh();
    expect(model.error?.code).toBe('server_unreachable');
    server.failure = null;
    await model.refresh();
    expect(model.error).toBeNull();
    expect(model.report).not.toBeNull();
  });

  it('sets the first budget for the calendar on the wall here', async () => {
    await model.putBudget('7.5');
    await model.putBudget(null);
    expect(server.puts).toEqual([
      { monthly_usd: '7.5', tz: 'Europe/Berlin' },
      { monthly_usd: null, tz: null }
    ]);
    expect(model.budget?.limit).toBeNull();
  });

  it('looks again a moment after an answer, at the current month only', async () => {
    jest.useFakeTimers();
    model.onFrame({ ...BUDGET, spent: '2', type: 'budget' });
    expect(model.budget?.spent).toBe('2');
    model.onFrame(FINISHED);
    model.onFrame(FINISHED);
    await jest.advanceTimersByTimeAsync(2000);
    expect(server.asked).toHaveLength(1);
    await model.shift(-1);
    model.onFrame(FINISHED);
    await jest.advanceTimersByTimeAsync(2000);
    expect(server.asked).toHaveLength(2);
  });
});

describe('TodayModel', () => {
  it('reads the day, and after each answer again', async () => {
    jest.useFakeTimers({ now: NOW });
    const server = new Server();
    const model = new TodayModel({ client: server, zone: 'Asia/Tokyo' });
    await model.refresh();
    expect(server.asked).toEqual(['2026-11-23 2026-11-23 Asia/Tokyo']);
    expect(model.budget).toEqual(BUDGET);
    model.onFrame({ ...FINISHED, budget: { ...BUDGET, spent: '3' } });
    expect(model.budget?.spent).toBe('3');
    await jest.advanceTimersByTimeAsync(1500);
    expect(server.asked).toHaveLength(2);
    // And when the day is over: yesterday's sum is not today's.
    await jest.advanceTimersByTimeAsync(86_400_000);
    expect(server.asked.length).toBeGreaterThan(2);
    model.dispose();
    jest.useRealTimers();
  });

  it('shows nothing when the server is away', async () => {
    const server = new Server();
    server.report = reportOf({});
    const model = new TodayModel({ client: server });
    await model.refresh();
    expect(model.totals?.calls).toBe(0);
    expect(model.budget).toBeNull();
    server.failure = new Error('gone');
    await model.refresh();
    expect(model.totals).toBeNull();
    model.dispose();
  });
});
