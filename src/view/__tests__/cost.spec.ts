import { budget } from '../../model/__tests__/budgets';
import { estimated, previewed } from '../../model/__tests__/answers';
import { Chip, delta, finished, started } from '../../model/__tests__/fixture';
import type { IEstimate, ISubmit } from '../../protocol/frames';
import { Bench, until } from './bench';

jest.setTimeout(60_000);

describe('what it costs', () => {
  let bench: Bench;
  let extra: Record<string, unknown>;

  beforeEach(async () => {
    extra = {};
    bench = await Bench.open({
      'PUT budget': { ...budget('4.98', 'ok'), limit: '10' }
    });
    bench.server.onFrame = frame => {
      if (frame.type === 'estimate') {
        bench.server.send({ ...estimated(frame), ...extra });
      } else if (frame.type === 'preview') {
        bench.server.send(previewed(frame));
      }
    };
  });

  afterEach(() => bench.close());

  const status = (): HTMLElement =>
    bench.find('[role=status][aria-label="Estimated cost"]') as HTMLElement;
  const pieces = (): (string | null)[] =>
    [...status().children].map(piece => piece.textContent);
  const dialog = (): HTMLElement | null =>
    bench.find('[role=dialog][aria-label="Preview"]');
  const shows = (text: string): Promise<void> =>
    until(() => bench.node.textContent?.includes(text) ?? false);
  const ask = async (text: string): Promise<ISubmit> => {
    const before = bench.server.of('submit').length;
    bench.type(bench.box, text);
    bench.key(bench.box, 'Enter');
    await until(() => bench.server.of('submit').length > before);
    return bench.server.of('submit')[before];
  };

  it('is estimated under the box, and not told at each keystroke', async () => {
    expect(pieces()).toEqual([]);
    bench.type(bench.box, 'Why?');
    await until(() => status().getAttribute('aria-live') === 'off');
    await until(() => pieces().length > 0);
    expect(pieces()).toEqual(['≈ 1.2k tok', '$0.0031 – $0.0052', 'm']);
    expect(status().title).toContain('1,234');
    await until(() => status().getAttribute('aria-live') === 'polite');
    await shows('Estimated cost: ≈ 1.2k tok, $0.0031 – $0.0052, m');
    bench.type(bench.box, '');
    await until(() => pieces().length === 0);
  });

  it.each([
    [{ method: 'exact', cost_min: '0.004', cost_max: '0.004' }, '$0.004'],
    [{ method: 'exact', cost_min: '0', cost_max: '0' }, 'free'],
    [
      { method: 'exact', cost_min: null, cost_max: null, priced: false },
      'price unknown'
    ]
  ])('says %j in few words', async (answer, text) => {
    extra = { ...answer, left_out: 4 };
    bench.type(bench.box, 'Why?');
    await until(() => pieces().length > 0);
    expect(pieces()).toEqual([
      '1.2k tok',
      text,
      'm',
      '4 earlier messages are left out'
    ]);
    expect(status().textContent).not.toContain('$0 ');
  });

  it('says what does not fit the model', async () => {
    const warning = (): string | undefined =>
      bench.node.querySelector('.jp-gpt-Estimate-warning')?.textContent ??
      undefined;
    bench.type(bench.box, 'Why?');
    await until(() => pieces().length > 0);
    expect(warning()).toBeUndefined();
    extra = { too_long_for: 8192 };
    bench.type(bench.box, 'Why not?');
    await until(() => warning() !== undefined);
    expect(warning()).toContain('Too long: this model takes 8,192 tokens');
    extra = {};
    bench.type(bench.box, 'Why?');
    await until(() => warning() === undefined);
  });

  it('shows the answer to the same question', async () => {
    const submit = await ask('Why?');
    bench.server.send(started(submit));
    bench.server.send(delta(submit, 2, 'Because.'));
    bench.server.send(finished(submit, 3));
    await until(() => bench.answers()[0]?.dataset.status === 'complete');
    extra = {
      same: {
        answer_id: submit.answer_id,
        asked_at: new Date(Date.now() - 3 * 60_000).toISOString()
      }
    };
    bench.type(bench.box, 'Why?');
    await shows('Asked 3 minutes ago:');
    await bench.press('Show that answer');
    expect(bench.answers()[0].classList).toContain('jp-gpt-mod-lit');
    await bench.press('Ask again for $0.0031 – $0.0052');
    await until(() => bench.server.of('submit').length === 2);
  });

  it('is previewed, and sent as it was previewed', async () => {
    expect(bench.buttons('Preview')[0].getAttribute('aria-disabled')).toBe(
      'true'
    );
    bench.page.models.composer.add(new Chip('c7', 'x = 1'));
    bench.type(bench.box, 'Why?');
    await bench.press('Preview');
    await until(() => dialog()?.querySelectorAll('pre').length === 3);
    const texts = [...dialog()!.querySelectorAll('pre')].map(
      pre => pre.textContent
    );
    expect(texts).toEqual(['You are GPT.', 'x = 1', 'Why?']);
    expect(dialog()!.textContent).toContain('20 tokens, which saves $0.00009');
    expect(dialog()!.textContent).toContain('max_output_tokens: 4096');
    expect(document.activeElement).toBe(dialog());
    // What stands under it is out of reach.
    expect(bench.box.closest('[inert]')).not.toBeNull();
    expect(bench.buttons('Leave out')).toHaveLength(2);
    bench.buttons('Leave out')[0].focus();
    bench.buttons('Leave out')[0].click();
    await until(() => dialog()?.querySelectorAll('pre').length === 2);
    expect(document.activeElement).toBe(dialog());
    expect(bench.buttons('Leave out')).toHaveLength(0);
    await bench.press('Put back');
    await until(() => bench.buttons('Leave out').length === 2);
    bench.buttons('Leave out')[0].click();
    await until(() => bench.buttons('Put back').length === 1);
    bench.key(dialog()!, 'Escape');
    await until(() => dialog() === null);
    expect(document.activeElement).toBe(bench.box);
    await until(() => pieces().includes('1 part left out'));
    await bench.press('Preview');
    await until(() => bench.buttons('Put back').length === 1);
    bench.buttons('Send', dialog()!)[0].click();
    await until(() => bench.server.of('submit').length === 1);
    expect(bench.server.of('submit')[0]).toMatchObject({
      exclude: ['new/0'],
      digest: expect.stringContaining('sha256:')
    });
    expect(dialog()).toBeNull();
  });

  it('shows a long part in short, and the rest of it on demand', async () => {
    bench.type(bench.box, 'line\n'.repeat(500));
    await bench.press('Preview');
    await until(() => dialog()?.querySelectorAll('pre').length === 2);
    const text = dialog()!.querySelectorAll('pre')[1];
    expect(text.textContent!.length).toBeLessThan(100);
    await bench.press('Show all 2,499 characters');
    await until(() => text.textContent!.length > 2000);
  });

  it('keeps Tab within the preview', async () => {
    bench.type(bench.box, 'Why?');
    await bench.press('Preview');
    await until(() => dialog()?.querySelectorAll('pre').length === 2);
    const [close] = bench.buttons('Close');
    const [send] = bench.buttons('Send', dialog()!);
    send.focus();
    bench.key(send, 'Tab');
    expect(document.activeElement).toBe(close);
    bench.key(close, 'Tab', { shiftKey: true });
    expect(document.activeElement).toBe(send);
  });

  const answered = async (cost: unknown): Promise<HTMLElement> => {
    const submit = await ask('Why?');
    bench.server.send(started(submit));
    bench.server.send(delta(submit, 2, 'Because.'));
    bench.server.send({ ...finished(submit, 3), cost });
    await until(
      () => bench.answers().slice(-1)[0]?.dataset.status === 'complete'
    );
    return bench.answers().slice(-1)[0];
  };

  it('stands under the answer, and is added up in the head', async () => {
    const paid = (usd: string | null, at_least = false) => ({
      usd,
      estimated: at_least,
      at_least
    });
    const first = await answered(paid('0.0031'));
    expect(first.querySelector('[data-cost-usd]')?.textContent).toBe('$0.0031');
    const head = (): HTMLElement | null =>
      bench.find('[data-conversation-cost-usd]');
    await until(() => head()?.textContent === '$0.0031');
    const second = await answered(paid('0.000000002', true));
    const cost = second.querySelector<HTMLElement>('[data-cost-usd]');
    expect(cost?.textContent).toBe('≥ $0.000000002');
    expect(cost?.dataset.costUsd).toBe('0.000000002');
    await until(() => head()?.dataset.conversationCostUsd === '0.003100002');
    const third = await answered(paid(null));
    expect(third.querySelector('[data-cost-usd]')).toBeNull();
    expect(third.textContent).toContain('price unknown');
    await until(() => head()?.textContent === '≥ $0.0031');
    await bench.press('Cost of this conversation: ≥ $0.0031. Show GPT usage');
    expect(bench.usageOpened).toBe(1);
  });

  it('is said when half, most or all of the budget is spent', async () => {
    bench.server.send({ type: 'budget', ...budget('4.02', 'high') });
    await shows('80 % of the budget for November is spent: $4.02 of $5.00.');
    await bench.press('Show usage');
    expect(bench.usageOpened).toBe(1);
    await bench.press('Dismiss');
    await until(() => !bench.node.textContent?.includes('$4.02'));
  });

  it('asks nothing while the panel is hidden', async () => {
    bench.panel.hide();
    bench.page.models.composer.text = 'Why?';
    await new Promise(resolve => setTimeout(resolve, 200));
    const asked = (): IEstimate[] => bench.server.of('estimate');
    expect(asked()).toHaveLength(0);
    bench.panel.show();
    await until(() => asked().length === 1);
  });
});
