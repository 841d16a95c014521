import { previewed } from '../../model/__tests__/answers';
import { budget } from '../../model/__tests__/budgets';
import { failed, finished, started } from '../../model/__tests__/fixture';
import type { ISubmit } from '../../protocol/frames';
import { Bench, until } from './bench';

jest.setTimeout(60_000);

describe('a prompt that is refused for its price', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await Bench.open({
      'PUT budget': { ...budget('4.98', 'ok'), limit: '10' }
    });
    bench.server.onFrame = frame => {
      if (frame.type === 'preview') {
        bench.server.send(previewed(frame));
      }
    };
  });

  afterEach(() => bench.close());

  const dialog = (): HTMLElement | null =>
    bench.find('[role=dialog][aria-label="Preview"]');
  const ask = async (text: string): Promise<ISubmit> => {
    const before = bench.server.of('submit').length;
    bench.type(bench.box, text);
    bench.key(bench.box, 'Enter');
    await until(() => bench.server.of('submit').length > before);
    return bench.server.of('submit')[before];
  };

  const refuse = async (
    code: string,
    detail: Record<string, unknown>
  ): Promise<ISubmit> => {
    const submit = await ask('Why?');
    bench.server.send({ ...failed(submit, 0, code), detail });
    await until(() => bench.find('.jp-gpt-ErrorCard') !== null);
    return submit;
  };
  const OVER = {
    limit: '5',
    cap: null,
    spent: '4.98',
    reserved: '0.01',
    needed: '0.04',
    model: 'm',
    cheaper_provider: 'default',
    cheaper_model: 'small',
    cheaper_label: 'Small',
    cheaper_cost: '0.0004'
  };

  it('over the budget names the amounts, and raises it in one click', async () => {
    const refused = await refuse('over_budget', OVER);
    const card = bench.find('.jp-gpt-ErrorCard')!;
    expect(card.textContent).toContain('This would cost up to $0.04; $4.98');
    expect(card.textContent).toContain('of your $5.00 budget');
    expect(card.textContent).toContain('$0.01 more is held');
    expect(bench.buttons('Send again')).toHaveLength(0);
    const amount = card.querySelector('input')!;
    expect(amount.value).toBe('10');
    await bench.press('Raise budget');
    await until(() => bench.server.of('submit').length === 2);
    const put = bench.server.requests.find(({ method }) => method === 'PUT');
    expect(JSON.parse(String(put?.body))).toEqual({
      monthly_usd: '10',
      tz: null
    });
    const again = bench.server.of('submit')[1];
    expect(again.parts).toEqual(refused.parts);
    expect(bench.find('.jp-gpt-ErrorCard')).toBeNull();
  });

  it('when the budget is spent, whatever it would cost, says so', async () => {
    await refuse('over_budget', { limit: '5', spent: '5.2', reserved: '0' });
    expect(bench.node.textContent).toMatch(
      /Your budget for \w+ is spent: \$5.20 of \$5.00\./
    );
    await bench.press('Raise budget');
    await until(() => bench.server.of('submit').length === 2);
  });

  it('over the budget offers a cheaper model, with its price', async () => {
    await refuse('over_budget', OVER);
    await bench.press('Use Small ($0.0004)');
    await until(() => bench.server.of('submit').length === 2);
    expect(bench.server.of('submit')[1]).toMatchObject({
      provider: 'default',
      model: 'small'
    });
  });

  it('over the budget offers to leave something out', async () => {
    await refuse('over_budget', OVER);
    await bench.press('Less context');
    await until(() => dialog() !== null);
    expect(bench.box.value).toBe('Why?');
    expect(bench.answers()).toHaveLength(0);
  });

  it('over the administrator’s limit, nothing can be raised', async () => {
    await refuse('over_cap', { ...OVER, cap: '5' });
    expect(bench.node.textContent).toContain('administrator');
    expect(bench.buttons('Raise budget')).toHaveLength(0);
    expect(bench.buttons('Use Small ($0.0004)')).toHaveLength(1);
    expect(bench.buttons('Less context')).toHaveLength(1);
  });

  it('without a price is asked about once for each model', async () => {
    await refuse('unpriced', { model: 'm' });
    expect(bench.node.textContent).toContain('The price of m is not known');
    await bench.press('Send anyway');
    await until(() => bench.server.of('submit').length === 2);
    const again = bench.server.of('submit')[1];
    expect(again.params).toEqual({ accept_unpriced: true });
    bench.server.send(started(again));
    bench.server.send(finished(again, 2));
    await until(() => !bench.page.models.composer.running);
    expect((await ask('More?')).params).toEqual({ accept_unpriced: true });
  });

  it('without a price and with a limit of the administrator is refused', async () => {
    await refuse('unpriced_refused', { model: 'm' });
    expect(bench.buttons('Send anyway')).toHaveLength(0);
    expect(bench.buttons('Choose a model')).toHaveLength(1);
    expect(bench.buttons('Edit')).toHaveLength(1);
  });
});
