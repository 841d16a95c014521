import {
  delta,
  failed,
  finished,
  started
} from '../../model/__tests__/fixture';
import type { ISubmit } from '../../protocol/frames';
import { Bench, until } from './bench';

const CODE = 'Try this:\n\n```python\n>>> print(1)\n1\n```\n\nDone.\n';

describe('panel', () => {
  let bench: Bench;

  afterEach(() => bench.close());

  /** Send a prompt with Enter, and wait until the server has it. */
  const ask = async (text: string): Promise<ISubmit> => {
    const before = bench.server.of('submit').length;
    bench.type(bench.box, text);
    bench.key(bench.box, 'Enter');
    await until(() => bench.server.of('submit').length > before);
    return bench.server.of('submit')[before];
  };

  /** Send a prompt and answer it whole. */
  const answer = async (
    text: string,
    end: Record<string, unknown> = {}
  ): Promise<void> => {
    const submit = await ask('Why?');
    bench.server.send(started(submit));
    bench.server.send(delta(submit, 2, text));
    bench.server.send({ ...finished(submit, 3), ...end });
    await until(() => bench.answers()[0]?.dataset.status === 'complete');
  };

  it('has the names that tests and screen readers rely on', async () => {
    bench = await Bench.open();
    expect(bench.box.getAttribute('aria-label')).toBe('Message GPT');
    expect(bench.find('[role=log]')?.getAttribute('aria-label')).toBe(
      'Conversation'
    );
    expect(bench.find('[role=combobox]')?.getAttribute('aria-label')).toBe(
      'Model'
    );
    for (const name of [
      'Send',
      'New conversation',
      'Conversations',
      'Settings'
    ]) {
      expect(bench.buttons(name)).toHaveLength(1);
    }
    await bench.press('Settings');
    expect(bench.settingsOpened).toBe(1);
  });

  it('shows question and empty answer at once, with Stop in place of Send', async () => {
    bench = await Bench.open();
    await ask('Why?');
    await until(() => bench.answers().length === 1);
    const [shown] = bench.answers();
    expect(shown.dataset.status).toBe('streaming');
    expect(shown.querySelector('.jp-gpt-Dots')).not.toBeNull();
    expect(bench.find('article[aria-label="You"]')?.textContent).toContain(
      'Why?'
    );
    expect(bench.box.value).toBe('');
    await bench.press('Stop');
    await until(() => bench.server.of('cancel').length === 1);
    expect(bench.buttons('Send')).toHaveLength(0);
  });

  it('puts a code block into the notebook, without prompts and outputs of a shell', async () => {
    bench = await Bench.open();
    await answer(CODE);
    await until(() => bench.buttons('Insert below').length === 1);
    for (const name of ['Insert above', 'Replace cell', 'Copy code']) {
      expect(bench.buttons(name)).toHaveLength(1);
    }
    const [below] = bench.buttons('Insert below');
    expect(below.title).toContain('In [8]');
    below.dispatchEvent(new MouseEvent('pointerover', { bubbles: true }));
    expect(bench.notebook.lights).toEqual([bench.notebook.active]);
    below.click();
    await until(() => bench.notebook.inserts.length === 1);
    expect(bench.notebook.inserts[0]).toEqual({
      place: 'below',
      blocks: [{ kind: 'code', source: 'print(1)', language: 'python' }]
    });
    await bench.press('Insert all as cells');
    await until(() => bench.notebook.inserts.length === 2);
    expect(bench.notebook.inserts[1].blocks.map(block => block.kind)).toEqual([
      'markdown',
      'code',
      'markdown'
    ]);
  });

  it('says why nothing was inserted', async () => {
    bench = await Bench.open();
    bench.notebook.result = { inserted: false, reason: 'It is read-only' };
    await answer(CODE);
    await bench.press('Replace cell');
    await until(() => bench.node.textContent?.includes('read-only') ?? false);
  });

  it('offers a new notebook where none is open', async () => {
    bench = await Bench.open();
    await answer(CODE);
    await until(() => bench.buttons('Insert below').length === 1);
    bench.notebook.path = null;
    bench.notebook.active = null;
    bench.notebook.activeChanged.emit();
    await until(
      () =>
        bench.buttons('Insert below')[0].getAttribute('aria-disabled') ===
        'true'
    );
    expect(bench.buttons('Insert below')[0].title).toBe('No notebook is open');
    bench.buttons('Insert below')[0].click();
    expect(bench.notebook.inserts).toHaveLength(0);
    await bench.press('New notebook');
    expect(bench.notebook.opened).toEqual([
      [expect.objectContaining({ kind: 'code' })]
    ]);
  });

  it('names tokens, seconds and the exact cost where it is known', async () => {
    bench = await Bench.open();
    const usage = {
      input: 1234,
      cached_input: 1024,
      cache_write: null,
      output: 20,
      reasoning: null,
      estimated: false
    };
    await answer('Hello.', {
      usage,
      cost: { usd: '0.003125', estimated: false },
      seconds: 3.21
    });
    const footer = bench.find('footer');
    expect(footer?.textContent).toContain('1.2k in');
    expect(footer?.textContent).toContain('1k cached');
    expect(footer?.textContent).toContain('3.2 s');
    const cost = footer?.querySelector<HTMLElement>('[data-cost-usd]');
    expect(cost?.dataset.costUsd).toBe('0.003125');
    expect(cost?.textContent).toBe('$0.0031');
  });

  it('claims no cost where the price is unknown', async () => {
    bench = await Bench.open();
    await answer('Hello.', { cost: { usd: null, estimated: false } });
    await until(() => bench.find('footer') !== null);
    expect(bench.find('[data-cost-usd]')).toBeNull();
  });

  it('shows an error where the answer would be, and takes the prompt back', async () => {
    bench = await Bench.open();
    const submit = await ask('My prompt');
    bench.server.send(failed(submit, 0, 'provider_auth'));
    await until(() => bench.answers()[0]?.dataset.status === 'failed');
    expect(bench.find('.jp-gpt-ErrorCard')?.dataset.code).toBe('provider_auth');
    expect(bench.buttons('Open settings')).toHaveLength(1);
    await bench.press('Edit');
    await until(() => bench.box.value === 'My prompt');
    expect(document.activeElement).toBe(bench.box);
  });

  it('sends a failed question again', async () => {
    bench = await Bench.open();
    const submit = await ask('My prompt');
    bench.server.send(failed(submit, 0, 'provider_unavailable'));
    await bench.press('Send again');
    await until(() => bench.server.of('submit').length === 2);
    expect(bench.server.of('submit')[1].request_id).not.toBe(submit.request_id);
  });

  it('does not draw the message again for a piece of text', async () => {
    bench = await Bench.open();
    const submit = await ask('Why?');
    bench.server.send(started(submit));
    bench.server.send(delta(submit, 2, 'word '));
    await until(
      () => bench.answers()[0]?.textContent?.includes('word') ?? false
    );
    const [shown] = bench.answers();
    const changes: MutationRecord[] = [];
    const observer = new MutationObserver(records => changes.push(...records));
    observer.observe(shown, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true
    });
    for (let seq = 3; seq < 50; seq++) {
      bench.server.send(delta(submit, seq, `w${seq} `));
    }
    await until(() => shown.textContent?.includes('w49') ?? false);
    observer.disconnect();
    const body = shown.querySelector('.jp-gpt-Answer-body');
    expect(changes.every(change => body?.contains(change.target))).toBe(true);
  });

  it('folds thinking away', async () => {
    bench = await Bench.open();
    const submit = await ask('Why?');
    bench.server.send(started(submit));
    bench.server.send({ ...delta(submit, 2, 'Hm.\nWell.'), kind: 'thinking' });
    bench.server.send({ ...delta(submit, 3, 'So.'), part: 1 });
    bench.server.send(finished(submit, 4));
    await until(() => bench.answers()[0]?.dataset.status === 'complete');
    const details = bench.find('details') as HTMLDetailsElement;
    expect(details.open).toBe(false);
    expect(details.querySelector('summary')?.textContent).toBe('Thinking');
    expect(details.querySelectorAll('p')).toHaveLength(2);
  });
});
