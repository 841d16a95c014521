import type {
  IBudget,
  IUsageOfModel,
  IUsageReport,
  IUsageSums
} from '../../protocol/frames';
import { addUsd } from '../../model/money';

/** Sums of some calls; the cost is null where no price is known. */
export function sums(
  usd: string | null,
  more: Partial<IUsageSums> = {}
): IUsageSums {
  const estimated = more.estimated_usd ?? '0';
  const calls = more.calls ?? 1;
  return {
    cost: { usd, estimated: estimated !== '0', at_least: false },
    estimated_usd: estimated,
    saved_usd: '0',
    unpriced: usd === null ? calls : 0,
    input: 1200 * calls,
    cached_input: 800 * calls,
    output: 150 * calls,
    ...more,
    calls
  };
}

/** The calls of a model. */
export function model(
  name: string,
  usd: string | null,
  more: Partial<IUsageOfModel> = {}
): IUsageOfModel {
  return { provider: 'default', model: name, ...sums(usd, more) };
}

function total(rows: readonly IUsageSums[]): IUsageSums {
  const known = rows.flatMap(({ cost }) => cost.usd ?? []);
  const add = (of: (row: IUsageSums) => number): number =>
    rows.reduce((all, row) => all + of(row), 0);
  const unpriced = add(row => row.unpriced);
  return {
    cost: {
      usd: known.length ? addUsd(...known) : null,
      estimated: rows.some(({ cost }) => cost.estimated),
      at_least: unpriced > 0 || rows.some(({ cost }) => cost.at_least)
    },
    estimated_usd: addUsd(...rows.map(row => row.estimated_usd)),
    saved_usd: addUsd(...rows.map(row => row.saved_usd)),
    calls: add(row => row.calls),
    unpriced,
    input: add(row => row.input),
    cached_input: add(row => row.cached_input),
    output: add(row => row.output)
  };
}

/** A report made of its days: everything else adds up to them. */
export function reportOf(
  days: Record<string, IUsageOfModel[]>,
  more: Partial<IUsageReport> = {}
): IUsageReport {
  const all = Object.values(days).flat();
  const names = [...new Set(all.map(row => `${row.provider}/${row.model}`))];
  const models = names.map(name => {
    const [provider, ...rest] = name.split('/');
    const key = rest.join('/');
    const rows = all.filter(
      row => row.provider === provider && row.model === key
    );
    return { provider, model: key, ...total(rows) };
  });
  models.sort((a, b) => Number(b.cost.usd ?? -1) - Number(a.cost.usd ?? -1));
  return {
    first: '2026-11-01',
    last: '2026-11-30',
    tz: 'Europe/Berlin',
    since: '2026-03-09',
    totals: total(all),
    days: Object.entries(days).map(([day, rows]) => ({ day, models: rows })),
    models,
    conversations: [],
    notebooks: [],
    ...more
  };
}

/** Twelve models, one of them with a very long name, one without a price. */
export const NAMES = [
  'gpt-6.1-sol',
  'gpt-6-luna',
  'anthropic/claude-opus-5-with-a-name-that-does-not-end-so-soon-20261101',
  'mistral-large-4',
  'qwen4-coder',
  'deepseek-v5',
  'gpt-5.6',
  'gpt-5.6-mini',
  'gemini-4-flash',
  'llama-5-70b',
  'phi-6'
];

/** 22 days of November on two models, a little of it estimated. */
export function november(): IUsageReport {
  const days: Record<string, IUsageOfModel[]> = {};
  for (let day = 1; day <= 22; day += 1) {
    if (day % 7 === 0 || day % 7 === 1) {
      continue;
    }
    const wave = 30 + ((day * 37) % 61);
    days[`2026-11-${String(day).padStart(2, '0')}`] = [
      model('gpt-6-luna', `0.0${wave}`, { calls: 9, saved_usd: '0.021' }),
      model('gpt-6.1-sol', `0.0${99 - Math.round(wave / 2)}`, {
        calls: 4,
        estimated_usd: day % 3 ? '0' : '0.0201'
      })
    ];
  }
  const report = reportOf(days);
  return {
    ...report,
    conversations: Array.from({ length: 14 }, (_, index) => ({
      ...sums(`0.${String(140 - index * 9).padStart(3, '0')}`, { calls: 8 }),
      conversation_id: `11111111-1111-4111-8111-1111111111${10 + index}`,
      title: index === 2 ? null : `Why does the fit of run ${index} diverge?`
    })),
    notebooks: [
      { ...sums('1.20', { calls: 90 }), notebook: 'analysis/fit.ipynb' },
      { ...sums('0.64', { calls: 30 }), notebook: null }
    ]
  };
}

/** Everything that is hard to draw: 12 models in a day, tiny and huge amounts, no price. */
export function wild(): IUsageReport {
  const many = NAMES.map((name, index) =>
    model(name, String(140 - index * 11.5), { estimated_usd: '9' })
  );
  return reportOf({
    '2026-11-02': [model('gpt-6-luna', '0.0000018')],
    '2026-11-03': [model('nobody-knows-this', null, { calls: 3 })],
    '2026-11-10': [...many, model('nobody-knows-this', null)],
    '2026-11-11': [
      model('gpt-6-luna', '12.5'),
      model('gpt-6-luna', '0.75', { provider: 'gateway' })
    ],
    '2026-11-24': [model('gpt-6.1-sol', '301.25')]
  });
}

/** A budget of $5.00, $1.84 of it spent. */
export const BUDGET: IBudget = {
  limit: '5',
  cap: null,
  spent: '1.84',
  reserved: '0',
  month: '2026-11',
  tz: 'Europe/Berlin',
  level: 'ok',
  unpriced: 0
};
