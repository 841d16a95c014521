import { Chip } from '../../model/__tests__/fixture';
import type { IContextCandidate } from '../../tokens';
import { Bench, until } from './bench';

const candidate = (
  label: string,
  attach: IContextCandidate['attach'] = () =>
    Promise.resolve(new Chip(label, 'x'))
): IContextCandidate => ({
  id: label,
  kind: 'variable',
  label,
  detail: 'DataFrame',
  attach
});

describe('the completion of the prompt box', () => {
  let bench: Bench;

  const rows = () => [
    ...bench.node.querySelectorAll<HTMLElement>('[role=option]')
  ];
  const names = () =>
    rows().map(row => row.querySelector('.jp-gpt-Offer-label')?.textContent);
  const chosen = () =>
    rows().find(row => row.getAttribute('aria-selected') === 'true')?.id;
  const opened = (count: number) => until(() => rows().length === count);
  /** Type at the end of the text, with the caret there. */
  const type = (text: string, caret = text.length): void => {
    bench.box.focus();
    Object.getOwnPropertyDescriptor(
      HTMLTextAreaElement.prototype,
      'value'
    )?.set?.call(bench.box, text);
    bench.box.setSelectionRange(caret, caret);
    bench.box.dispatchEvent(new Event('input', { bubbles: true }));
  };

  beforeEach(async () => {
    bench = await Bench.open();
    bench.context.candidates = ['df', 'df_raw', 'model'].map(name =>
      candidate(name)
    );
  });

  afterEach(() => bench.close());

  it('offers the prompts at the beginning, and narrows them', async () => {
    type('/');
    await opened(6);
    expect(bench.find('[role=listbox]')?.getAttribute('aria-label')).toBe(
      'Prompts'
    );
    expect(bench.box.getAttribute('aria-controls')).toBe(
      bench.find('[role=listbox]')?.id
    );
    expect(bench.box.getAttribute('aria-activedescendant')).toBe(chosen());
    type('/sp');
    await opened(1);
    expect(names()).toEqual(['/speed up']);
    type('/spx');
    await opened(0);
    expect(bench.find('.jp-gpt-Offers')).toBeNull();
  });

  it('fills the box with a prompt, adds the active cell, and sends nothing', async () => {
    const chip = new Chip('c8', 'x = 1');
    Object.assign(bench.notebook, { attach: () => chip });
    type('/plot');
    await opened(1);
    expect(bench.key(bench.box, 'Enter')).toBe(false);
    await until(() => bench.box.value.startsWith('Plot '));
    expect(bench.box.value).toContain(chip.label);
    expect(bench.page.models.composer.text).toBe(bench.box.value);
    expect(bench.box.selectionStart).toBe('Plot '.length);
    expect(document.activeElement).toBe(bench.box);
    expect(bench.page.models.composer.attachments).toEqual([chip]);
    expect(bench.server.of('submit')).toHaveLength(0);
    expect(bench.find('.jp-gpt-Offers')).toBeNull();
  });

  it('names the cell that is a chip already, and keeps what was written', async () => {
    const chip = new Chip('c7', 'x = 1');
    bench.page.models.composer.add(chip);
    Object.assign(bench.notebook, {
      attach: () => {
        throw new Error('no second chip');
      }
    });
    type('/explainand more', '/explain'.length);
    await opened(1);
    rows()[0].click();
    await until(() => bench.box.value.startsWith('Explain what '));
    expect(bench.box.value).toContain(chip.label);
    expect(bench.box.value).toMatch(/step by step\. \nand more$/);
    expect(bench.page.models.composer.attachments).toEqual([chip]);
  });

  it('says when a prompt has no cell to go with', async () => {
    bench.notebook.active = null;
    type('/explain');
    await opened(1);
    bench.key(bench.box, 'Tab');
    await until(() => bench.box.value.includes('the cell'));
    await until(() => bench.find('.jp-gpt-Composer-complaint') !== null);
  });

  it('names context in mid text, and adds its chip', async () => {
    type('Plot @d now', 7);
    await opened(3);
    expect(bench.context.asked).toEqual(['d']);
    bench.key(bench.box, 'ArrowDown');
    expect(bench.key(bench.box, 'Tab')).toBe(false);
    await until(() => bench.page.models.composer.attachments.length === 1);
    expect(bench.box.value).toBe('Plot df_raw now');
    expect(bench.box.selectionStart).toBe('Plot df_raw'.length);
  });

  it('goes round with the arrows, which are the box’s own without a list', async () => {
    await bench.page.ask('First prompt');
    await until(() => bench.box.value === '');
    type('@');
    await opened(3);
    const first = chosen();
    bench.key(bench.box, 'ArrowUp');
    await until(() => chosen() === rows()[2].id);
    bench.key(bench.box, 'ArrowDown');
    await until(() => chosen() === first);
    type('');
    await opened(0);
    bench.key(bench.box, 'ArrowUp');
    expect(bench.box.value).toBe('First prompt');
  });

  it('closes with Escape alone, and stays closed for this name', async () => {
    type('@');
    await opened(3);
    bench.key(bench.box, 'Escape');
    await opened(0);
    expect(bench.notebook.focused).toBe(0);
    type('@d');
    expect(bench.find('.jp-gpt-Offers')).toBeNull();
    bench.key(bench.box, 'Escape');
    expect(bench.notebook.focused).toBe(1);
    type('@d and @m');
    await opened(1);
    expect(names()).toEqual(['model']);
  });

  it('shows the newest search only, and lets the others go', async () => {
    let answer = (_: unknown): void => undefined;
    bench.context.ready = new Promise(resolve => (answer = resolve));
    type('@d');
    await until(() => bench.context.asked.length === 1);
    expect(bench.find('.jp-gpt-Offers .jp-gpt-Dots')).not.toBeNull();
    type('@mo');
    await until(() => bench.context.asked.length === 2);
    expect(bench.context.aborted).toBe(1);
    answer(null);
    await opened(1);
    expect(names()).toEqual(['model']);
  });

  it('takes what a search finds that Enter came before', async () => {
    let answer = (_: unknown): void => undefined;
    bench.context.ready = new Promise(resolve => (answer = resolve));
    type('@df_');
    expect(bench.key(bench.box, 'Enter')).toBe(false);
    expect(bench.server.of('submit')).toHaveLength(0);
    answer(null);
    await until(() => bench.box.value === 'df_raw ');
  });

  it('says what could not be searched, and when nothing was found', async () => {
    bench.context.notes = ['The kernel is busy: no variables.'];
    type('@d');
    await opened(2 + 1);
    expect(bench.find('.jp-gpt-Offers-note')?.textContent).toBe(
      'The kernel is busy: no variables.'
    );
    bench.context.notes = [];
    type('@zzz');
    await until(
      () =>
        bench.find('.jp-gpt-Offers-note')?.textContent ===
        'Nothing of this name was found.'
    );
    // Then Enter sends, as ever.
    bench.key(bench.box, 'Enter');
    await until(() => bench.server.of('submit').length === 1);
  });

  it('says why something cannot be added', async () => {
    bench.context.candidates = [
      candidate('df', () => Promise.reject(new Error('The kernel has died.')))
    ];
    type('@df');
    await opened(1);
    bench.key(bench.box, 'Enter');
    await until(
      () =>
        bench.find('.jp-gpt-Composer-complaint > span')?.textContent ===
        'The kernel has died.'
    );
    expect(bench.box.value).toBe('df ');
  });

  it('survives a search that fails', async () => {
    const error = jest.spyOn(console, 'error').mockImplementation();
    bench.context.ready = Promise.reject(new Error('away'));
    bench.context.ready.catch(() => undefined);
    type('@d');
    await until(() =>
      /failed/.test(bench.find('.jp-gpt-Offers-note')?.textContent ?? '')
    );
    expect(error).toHaveBeenCalled();
    error.mockRestore();
  });

  it('closes when the box is left, and opens for no caret that passes by', async () => {
    type('@d');
    await opened(3);
    bench.box.blur();
    await opened(0);
    bench.box.focus();
    bench.box.setSelectionRange(1, 1);
    bench.box.dispatchEvent(new Event('select', { bubbles: true }));
    expect(bench.find('.jp-gpt-Offers')).toBeNull();
  });
});
