import { nullTranslator } from '@jupyterlab/translation';
import * as React from 'react';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';
import { act } from 'react-dom/test-utils';
import { GPTRequestError } from '../../connection/errors';
import { TodayModel } from '../../model/usage-today';
import type {
  IBudget,
  IBudgetPut,
  IPriceOverrides
} from '../../protocol/frames';
import { BudgetSettings } from '../budget-settings';
import type { IBudgetClient } from '../budget-text';
import { PricesForm } from '../prices-form';
import type { IPricesClient } from '../prices-text';
import { SpendItem } from '../usage-status';
import { BUDGET, model, reportOf } from './usage-fixture';

const trans = nullTranslator.load('jupyterlab_gpt');

/** The server's side of the routes, in memory. */
class Server implements IBudgetClient, IPricesClient {
  stored: IBudget = { ...BUDGET, cap: '50' };
  overrides: IPriceOverrides['overrides'] = [
    {
      base_url: '',
      pattern: 'gpt-6*',
      input: '0.1',
      output: '0.5',
      cached_input: null,
      cache_write: '0.125'
    }
  ];
  failure: Error | null = null;
  readonly puts: IBudgetPut[] = [];

  async budget(): Promise<IBudget> {
    return this.stored;
  }
  async putBudget(put: IBudgetPut): Promise<IBudget> {
    this._fail();
    this.puts.push(put);
    const { monthly_usd: limit, tz } = put;
    this.stored = { ...this.stored, limit, tz: tz ?? this.stored.tz };
    return this.stored;
  }
  async prices(): Promise<IPriceOverrides> {
    return { overrides: this.overrides };
  }
  async putPrices(prices: IPriceOverrides): Promise<IPriceOverrides> {
    this._fail();
    this.overrides = prices.overrides;
    return prices;
  }

  private _fail(): void {
    const { failure } = this;
    this.failure = null;
    if (failure) {
      throw failure;
    }
  }
}

describe('the fields of the settings editor', () => {
  let server: Server;
  let host: HTMLElement;
  let root: Root;

  const draw = (form: JSX.Element): Promise<void> =>
    act(async () => root.render(form));
  const fields = (label: string): (HTMLInputElement | HTMLSelectElement)[] =>
    Array.from(host.querySelectorAll('label'))
      .filter(node => node.textContent === label)
      .map(node => document.getElementById(node.htmlFor) as HTMLInputElement);
  const type = async (
    label: string,
    text: string,
    place = 0
  ): Promise<void> => {
    const field = fields(label)[place];
    const { set } = Object.getOwnPropertyDescriptor(
      Object.getPrototypeOf(field),
      'value'
    )!;
    await act(async () => {
      set!.call(field, text);
      const event = field instanceof HTMLSelectElement ? 'change' : 'input';
      field.dispatchEvent(new Event(event, { bubbles: true }));
    });
  };
  const press = async (name: string, place = 0): Promise<void> => {
    const found = Array.from(host.querySelectorAll('button')).filter(
      node => (node.getAttribute('aria-label') ?? node.textContent) === name
    );
    await act(async () => found[place].click());
  };
  const alerts = (): string[] =>
    Array.from(host.querySelectorAll('[role="alert"]'))
      .map(node => node.textContent ?? '')
      .filter(text => text !== '');

  beforeEach(() => {
    (
      globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
    ).IS_REACT_ACT_ENVIRONMENT = true;
    server = new Server();
    host = document.createElement('div');
    document.body.appendChild(host);
    root = createRoot(host);
  });

  afterEach(async () => {
    await act(async () => root.unmount());
    host.remove();
  });

  it('set the budget, its time zone, and show the cap', async () => {
    const client = async () => server;
    await draw(
      <BudgetSettings client={client} trans={trans} zone="Asia/Tokyo" />
    );
    expect(fields('Monthly budget in US dollars')[0].value).toBe('5');
    expect(host.textContent).toContain(
      'At most $50.00 a month: set by your administrator.'
    );
    expect(host.textContent).toContain('November 2026: $1.84 spent.');
    await type('Monthly budget in US dollars', '12.5');
    await press('Save');
    expect(host.textContent).toContain('Saved.');
    await type('Time zone in which the month begins', 'Asia/Tokyo');
    server.failure = new GPTRequestError(400, 'bad_amount', 'no', {
      detail: { setting: 'monthly_usd' }
    });
    await press('Save');
    expect(alerts()).toEqual([
      'This is not an amount. Write it like 20 or 12.50.'
    ]);
    await press('Remove budget');
    await type('Monthly budget in US dollars', '1');
    await press('Save');
    expect(server.puts).toEqual([
      // Null: the zone stays as it is stored, whoever set it.
      { monthly_usd: '12.5', tz: null },
      { monthly_usd: '12.5', tz: 'Asia/Tokyo' },
      { monthly_usd: null, tz: null },
      { monthly_usd: '1', tz: 'Asia/Tokyo' }
    ]);
  });

  it('add, move, free and remove prices', async () => {
    const client = async () => server;
    let changes = 0;
    await draw(
      <PricesForm
        client={client}
        trans={trans}
        onChanged={() => {
          changes += 1;
        }}
      />
    );
    expect(fields('Model')[0].value).toBe('gpt-6*');
    await press('Add a price');
    await type('Model', 'llama*', 1);
    await type('Base URL', ' http://127.0.0.1:11434/v1 ', 1);
    await press('Local, no charge', 1);
    await press('Move up', 1);
    await press('Save prices');
    expect(changes).toBe(1);
    expect(server.overrides).toEqual([
      {
        base_url: 'http://127.0.0.1:11434/v1',
        pattern: 'llama*',
        input: '0',
        output: '0',
        cached_input: '0',
        cache_write: '0'
      },
      {
        base_url: '',
        pattern: 'gpt-6*',
        input: '0.1',
        output: '0.5',
        cached_input: null,
        cache_write: '0.125'
      }
    ]);
    await press('Remove price', 0);
    await press('Save prices');
    expect(server.overrides).toHaveLength(1);
  });

  it('say at the field what is wrong with it', async () => {
    const client = async () => server;
    await draw(
      <PricesForm client={client} trans={trans} onChanged={() => undefined} />
    );
    await type('Input', 'a lot');
    await type('Model', '');
    await press('Save prices');
    expect(alerts()).toHaveLength(3);
    expect(fields('Input')[0].getAttribute('aria-invalid')).toBe('true');
    await type('Input', '1');
    await type('Model', 'x');
    await type('Output', '99999999999');
    server.failure = new GPTRequestError(400, 'bad_amount', 'no', {
      detail: { setting: 'overrides.0.output' }
    });
    await press('Save prices');
    expect(fields('Output')[0].getAttribute('aria-invalid')).toBe('true');
    expect(fields('Input')[0].getAttribute('aria-invalid')).toBe('false');
    await press('Save prices');
    expect(host.textContent).toContain('Saved.');
  });
});

describe('the status bar', () => {
  const item = async (
    days: Parameters<typeof reportOf>[0],
    budget: IBudget = BUDGET
  ): Promise<SpendItem> => {
    const today = new TodayModel({
      client: { usage: async () => reportOf(days), budget: async () => budget }
    });
    const found = new SpendItem({
      model: today,
      trans,
      onClick: () => clicks.push(1)
    });
    await today.refresh();
    const { dispose } = found;
    found.dispose = () => {
      today.dispose();
      dispose.call(found);
    };
    return found;
  };
  let clicks: number[];

  beforeEach(() => {
    clicks = [];
  });

  it('says what was spent today', async () => {
    const spend = await item({ '2026-11-22': [model('m', '0.12')] });
    const button = spend.node.querySelector('button')!;
    expect(spend.isActive).toBe(true);
    expect(button.getAttribute('aria-label')).toBe('GPT spend today');
    expect(button.textContent).toBe('GPT $0.12 today');
    expect(button.title).toContain(
      'November 2026: $1.84 of your budget of $5.00'
    );
    button.click();
    expect(clicks).toHaveLength(1);
    spend.dispose();
  });

  it('is hidden when nothing was spent', async () => {
    const none = await item({});
    const local = await item({ '2026-11-22': [model('local', '0')] });
    expect([none.isActive, local.isActive]).toEqual([false, false]);
    none.dispose();
    local.dispose();
  });

  it('says when a price is not known', async () => {
    const spend = await item({ '2026-11-22': [model('m', null)] });
    expect(spend.isActive).toBe(true);
    expect(spend.node.textContent).toBe('GPT price unknown today');
    spend.dispose();
  });
});
