import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { act } from 'react-dom/test-utils';
import { GPTRequestError } from '../../connection/errors';
import type { GPTClient } from '../../connection/rest';
import type { IBudget, IBudgetPut, IUsageReport } from '../../protocol/frames';
import { layOut, seriesOf, tickLabels, ticksUpTo } from '../chart-layout';
import type { UsageView } from '../usage';
import { createUsage } from '../usage';
import * as words from '../usage-format';
import {
  BUDGET,
  model as modelOf,
  november,
  reportOf,
  wild
} from './usage-fixture';

const trans = nullTranslator.load('jupyterlab_gpt');

describe('amounts in words', () => {
  it.each([
    ['0.0000018', '$0.0000018'],
    ['0.004', '$0.004'],
    ['1.005', '$1.00'],
    ['1234.56', '$1,234.56'],
    ['1234567.891', '$1,234,567.89']
  ])('%s is %s', (amount, text) => {
    expect(words.usd(amount)).toBe(text);
    expect(words.usd(Number(amount))).toBe(text);
  });

  it('say what they are not', () => {
    const cost = { usd: '0.12', estimated: false, at_least: false };
    const text = (more: object) => words.costText(trans, { ...cost, ...more });
    expect(text({})).toBe('$0.12');
    expect(text({ estimated: true })).toBe('≈ $0.12');
    expect(text({ estimated: true, at_least: true })).toBe('≥ $0.12');
    expect(text({ usd: null })).toBe('price unknown');
    expect(text({ usd: '0' })).toBe('free');
    expect(text({ usd: '0', at_least: true })).toBe('price unknown');
    expect(words.times(7.97)).toBe('8.0');
  });
});

describe('the layout of the bars', () => {
  it('has an axis that people can read', () => {
    expect(ticksUpTo(0.13)).toHaveLength(4);
    expect(tickLabels(ticksUpTo(0.13))).toEqual([
      '0',
      '$0.05',
      '$0.10',
      '$0.15'
    ]);
    expect(tickLabels(ticksUpTo(0.0000018))[1]).toBe('$0.0000005');
    expect(tickLabels(ticksUpTo(4321))).toContain('$2,000');
    expect(tickLabels(ticksUpTo(0))).toEqual(['0']);
  });

  it.each([600, 1400])('fits 31 days into %s px', width => {
    const report = { ...wild(), first: '2026-12-01', last: '2026-12-31' };
    const { bars } = layOut(report, seriesOf(report), width, 0.67);
    expect(bars).toHaveLength(31);
    const last = bars[30];
    expect(last.x + last.width).toBeLessThanOrEqual(width);
    expect(bars.every(({ width: bar }) => bar >= 5 && bar <= 20)).toBe(true);
    expect(bars.every(({ labelled }) => labelled)).toBe(true);
  });

  it('draws heights in proportion, and nothing outside', () => {
    const report = reportOf({
      '2026-11-02': [
        modelOf('a', '2'),
        modelOf('b', '1', { estimated_usd: '0.5' })
      ],
      '2026-11-03': [modelOf('a', '0.000001')]
    });
    const { bars, bottom, line } = layOut(report, seriesOf(report), 640, 0.67);
    const [a, b] = bars[1].segments;
    expect(a.height).toBeCloseTo(2 * b.height);
    expect(b.estimated).toBeCloseTo(b.height / 2);
    expect(a.y + a.height).toBeCloseTo(bottom);
    expect(b.y + b.height).toBeCloseTo(a.y);
    expect(b.y).toBeGreaterThan(0);
    expect(bars[2].segments[0].height).toBeGreaterThanOrEqual(2);
    expect(line).toBeLessThan(bottom);
    // A line far above the bars would press them to the ground.
    expect(layOut(report, seriesOf(report), 640, 100).line).toBeNull();
  });

  it('tells one name at two providers apart', () => {
    expect(seriesOf(wild()).map(({ label }) => label)).toEqual(
      expect.arrayContaining(['gpt-6-luna (default)', 'gpt-6-luna (gateway)'])
    );
  });
});

describe('the Usage view', () => {
  let view: UsageView;
  let report: IUsageReport;
  let budget: IBudget;
  let failure: Error | null;
  let asked: GPTClient.IUsageQuery[];
  let puts: IBudgetPut[];

  const open = async (day = '2026-11-22'): Promise<void> => {
    jest.useFakeTimers({
      now: new Date(`${day}T12:00:00Z`),
      doNotFake: ['queueMicrotask', 'nextTick', 'setImmediate']
    });
    view = createUsage({
      client: {
        usage: async query => {
          asked.push(query);
          if (failure) {
            throw failure;
          }
          return { ...report, first: query.from, last: query.to };
        },
        usageCsv: async () => 'started,model\n',
        budget: async () => budget,
        putBudget: async put => {
          puts.push(put);
          budget = { ...budget, limit: put.monthly_usd };
          return budget;
        }
      },
      settings: null,
      trans
    });
    Object.assign(view.model, { zone: 'Europe/Berlin' });
    await act(async () => Widget.attach(view, document.body));
    await settle();
  };
  const settle = (): Promise<void> =>
    act(async () => {
      await jest.advanceTimersByTimeAsync(100);
    });
  const all = <T extends Element = HTMLElement>(selector: string): T[] =>
    Array.from(view.node.querySelectorAll<T>(selector));
  const text = (): string => view.node.textContent ?? '';
  const button = (name: string): HTMLElement | undefined =>
    all('button').find(
      node => (node.getAttribute('aria-label') ?? node.textContent) === name
    );
  const press = async (name: string): Promise<void> => {
    await act(async () => button(name)!.click());
    await settle();
  };
  const type = async (value: string): Promise<void> => {
    const input = all<HTMLInputElement>('input[inputmode="decimal"]')[0];
    const { set } = Object.getOwnPropertyDescriptor(
      HTMLInputElement.prototype,
      'value'
    )!;
    await act(async () => {
      set!.call(input, value);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
  };

  beforeEach(() => {
    (
      globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
    ).IS_REACT_ACT_ENVIRONMENT = true;
    report = november();
    budget = BUDGET;
    failure = null;
    asked = [];
    puts = [];
  });

  afterEach(async () => {
    await act(async () => view.dispose());
    jest.useRealTimers();
  });

  it('shows the month: bars, line, total, outlook, what caching saved', async () => {
    await open();
    expect(all('h1')[0].textContent).toBe('November 2026');
    const drawing = all<SVGElement>('svg[role="img"]')[0];
    expect(drawing.getAttribute('aria-label')).toContain('15 days');
    expect(drawing.querySelectorAll('g[data-day]')).toHaveLength(30);
    const bars = drawing.querySelectorAll(
      '[data-day="2026-11-03"] .jp-gpt-Chart-bar'
    );
    expect(bars).toHaveLength(2);
    expect(drawing.querySelectorAll('.jp-gpt-Chart-estimated').length).toBe(5);
    expect(drawing.textContent).toContain(
      '$0.67 a day: a subscription for $20.00'
    );
    expect(text()).toMatch(
      /≈ \$1\.\d\d so far, about \$\d\.\d\d this month: \d+\.\d\u00a0× cheaper than \$20\.00/
    );
    expect(text()).toContain('Saved by caching$0.32');
    expect(text()).toContain('$1.84 of $5.00');
    expect(all('[role="progressbar"]')[0].getAttribute('aria-valuenow')).toBe(
      '37'
    );
    expect(text()).not.toContain('$0.00');
  });

  it('reads a day by pointer and by keys', async () => {
    await open();
    const days = all('.jp-gpt-Chart-place');
    expect(days).toHaveLength(30);
    expect(days.filter(node => node.tabIndex === 0)).toEqual([days[19]]);
    await act(async () => days[19].focus());
    expect(all('.jp-gpt-Chart-tip')[0].textContent).toContain('November 20');
    await act(async () => {
      document.activeElement!.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true })
      );
    });
    expect(document.activeElement).toBe(days[18]);
    expect(days[18].getAttribute('aria-label')).toMatch(
      /November 19: \$0\.\d+\. gpt-6\.1-sol \$0\.\d+, gpt-6-luna \$0\.\d+/
    );
    expect(days[20].getAttribute('aria-label')).toContain('no calls');
    await act(async () => days[18].blur());
    expect(all('.jp-gpt-Chart-tip')).toHaveLength(0);
  });

  it('has the same as a table', async () => {
    await open();
    await press('Show as table');
    expect(button('Show as table')!.getAttribute('aria-pressed')).toBe('true');
    const rows = all('table[aria-label="Cost by day"] tbody tr');
    expect(rows).toHaveLength(30);
    expect(rows[0].textContent).toContain('gpt-6-luna');
    const cells = all('table[aria-label="Cost by day"] [data-cost-usd]');
    expect(cells).toHaveLength(30);
  });

  it('has tables by model, conversation and notebook', async () => {
    await open();
    const section = (name: string): HTMLElement =>
      all(`section[aria-label="${name}"]`)[0];
    expect(section('By model').querySelectorAll('tbody tr')).toHaveLength(2);
    const talks = section('By conversation');
    expect(talks.querySelectorAll('tbody tr')).toHaveLength(10);
    expect(talks.textContent).toContain('Deleted conversation');
    await press('Show all 14');
    expect(talks.querySelectorAll('tbody tr')).toHaveLength(14);
    expect(section('By notebook').textContent).toContain('Without a notebook');
  });

  it('switches the month and the time zone', async () => {
    await open();
    expect(button('Later month')!.getAttribute('aria-disabled')).toBe('true');
    await press('Earlier month');
    expect(all('h1')[0].textContent).toBe('October 2026');
    await press('This month');
    const utc = all<HTMLInputElement>('input[type="checkbox"]')[0];
    expect(utc.closest('label')!.textContent).toBe(
      'UTC, as the provider bills'
    );
    await act(async () => utc.click());
    await settle();
    expect(asked.map(({ from, tz }) => `${from} ${tz}`)).toEqual([
      '2026-11-01 Europe/Berlin',
      '2026-10-01 Europe/Berlin',
      '2026-11-01 Europe/Berlin',
      '2026-11-01 UTC'
    ]);
  });

  it('draws what is hard to draw', async () => {
    report = wild();
    await open('2026-11-24');
    expect(text()).toContain('≥ $1,222.00');
    expect(text()).toContain('≥: the price of 4 calls is not known');
    expect(text()).not.toContain('cheaper than');
    expect(text()).not.toContain('dearer than');
    const tenth = '[data-day="2026-11-10"] .jp-gpt-Chart-bar';
    expect(all(tenth)).toHaveLength(11);
    const unknown = all('.jp-gpt-Chart-unknown');
    expect(unknown).toHaveLength(1);
    await press('Show all 13');
    expect(text()).toContain('price unknown');
    await press('Show as table');
    expect(text()).toContain('$0.0000018');
    expect(text()).not.toMatch(/\$0(\.0+)?(?![\d.])/);
  });

  it('shows no zero where no price is known', async () => {
    report = reportOf({
      '2026-11-03': [modelOf('nobody-knows-this', null, { calls: 2 })]
    });
    budget = { ...BUDGET, limit: null, spent: '0', unpriced: 2 };
    await open();
    expect(text()).toContain('price unknown');
    expect(text()).not.toMatch(/\$0/);
  });

  it('is honest when the month is dearer', async () => {
    report = reportOf({ '2026-11-20': [modelOf('m', '44', { calls: 9 })] });
    await open();
    expect(text()).toContain(
      '$44.00 so far, about $60.00 this month: 3.0\u00a0× dearer than $20.00'
    );
  });

  it('says what will be here', async () => {
    report = reportOf({}, { since: null });
    await open();
    expect(text()).toContain('No calls in November 2026.');
    expect(text()).toContain('by day, by model');
    expect(button('Export CSV')!.getAttribute('aria-disabled')).toBe('true');
    expect(button('Set budget…')).toBeDefined();
  });

  it('says what failed, with a way on', async () => {
    failure = new GPTRequestError(0, 'server_unreachable', 'gone');
    await open();
    expect(all('[role="alert"]')[0].textContent).toContain('does not answer');
    failure = null;
    await press('Retry');
    expect(text()).toContain('By model');
  });

  it('sets the budget in two clicks, and says what the server says', async () => {
    budget = { ...BUDGET, limit: null };
    await open();
    await press('Set budget…');
    expect(document.activeElement).toBe(all('input[inputmode="decimal"]')[0]);
    await type('five');
    await press('Save');
    expect(all('[role="alert"]')[0].textContent).toContain('not an amount');
    await type('$12,50');
    await press('Save');
    expect(puts).toEqual([{ monthly_usd: '12.50', tz: 'Europe/Berlin' }]);
    expect(text()).toContain('$1.84 of $12.50');
    await press('Set budget…');
    await press('Remove budget');
    expect(puts[1].monthly_usd).toBeNull();
    expect(text()).toContain('No budget is set.');
  });

  it('names the cap of the administrator', async () => {
    budget = { ...BUDGET, cap: '3', level: 'half' };
    await open();
    expect(text()).toContain('$1.84 of $3.00');
    expect(text()).toContain('At most $3.00, set by your administrator');
  });

  it('saves the calls as a file', async () => {
    await open();
    const saved: string[] = [];
    URL.createObjectURL = () => 'blob:csv';
    URL.revokeObjectURL = () => undefined;
    const click = jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(function (this: HTMLAnchorElement) {
        saved.push(`${this.download} ${this.href}`);
      });
    await press('Export CSV');
    expect(saved).toEqual(['gpt-usage-2026-11.csv blob:csv']);
    click.mockRestore();
  });
});
