import type { IModelInfo } from '../../protocol/frames';
import { picksFor } from '../picks';
import { Bench, until } from './bench';

function info(id: string, provider = 'default'): IModelInfo {
  return {
    provider,
    id,
    label: id,
    input_price: null,
    cached_price: null,
    output_price: null,
    context_length: null,
    local: provider === 'local',
    images: null,
    effort: null,
    verbosity: null,
    temperature: null,
    available: true
  };
}

const MODELS = [info('gpt-big'), info('gpt-big-mini'), info('small', 'local')];

describe('picksFor', () => {
  const ids = (query: string): string[] =>
    picksFor(MODELS, query, 'default').map(pick => pick.id);

  it('lists all where nothing was typed', () => {
    expect(ids('')).toEqual(['gpt-big', 'gpt-big-mini', 'small']);
  });

  it('puts what begins with the words before what contains them', () => {
    expect(ids('mini')).toEqual(['mini', 'gpt-big-mini']);
    expect(ids('gpt')).toEqual(['gpt-big', 'gpt-big-mini', 'gpt']);
  });

  it('takes a whole name as it is', () => {
    expect(ids('GPT-big')).toEqual(['gpt-big', 'gpt-big-mini']);
  });

  it('takes a name that no list has', () => {
    expect(picksFor(MODELS, ' other ', 'mine')).toEqual([
      { provider: 'mine', id: 'other', label: 'other', info: null }
    ]);
  });
});

describe('model picker', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await Bench.open({ 'GET models': { models: MODELS, errors: {} } });
    await until(() => bench.page.models.models.models.length === 3);
  });

  afterEach(() => bench.close());

  const input = (): HTMLInputElement =>
    bench.find('[role=combobox]') as HTMLInputElement;

  it('shows the default, and chooses by keyboard alone', async () => {
    await until(() => input().value === 'm-default');
    input().focus();
    expect(bench.find('[role=listbox]')).toBeNull();
    bench.key(input(), 'ArrowDown');
    await until(() => bench.find('[role=listbox]') !== null);
    expect(input().getAttribute('aria-expanded')).toBe('true');
    bench.key(input(), 'ArrowDown');
    await until(
      () =>
        input().getAttribute('aria-activedescendant') ===
        bench.node.querySelectorAll('[role=option]')[1].id
    );
    bench.key(input(), 'Enter');
    await until(() => input().value === 'gpt-big-mini');
    expect(bench.page.models.models.choice).toEqual({
      provider: 'default',
      model: 'gpt-big-mini'
    });
    await until(() => document.activeElement === bench.box);
  });

  it('takes a name by typing it', async () => {
    input().focus();
    bench.type(input(), 'fake-slow');
    await until(
      () => bench.node.querySelectorAll('[role=option]').length === 1
    );
    bench.key(input(), 'Enter');
    await until(() => bench.page.models.models.choice.model === 'fake-slow');
    expect(bench.page.models.models.choice.provider).toBe('default');
  });

  it('keeps the choice on Escape', async () => {
    input().focus();
    bench.type(input(), 'small');
    await until(() => input().value === 'small');
    bench.key(input(), 'Escape');
    await until(() => bench.find('[role=listbox]') === null);
    expect(input().value).toBe('m-default');
    expect(bench.notebook.focused).toBe(0);
  });
});
