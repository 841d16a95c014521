import type { IModelInfo } from '../../protocol/frames';
import { byPrice, picksFor } from '../picks';
import { extra } from '../../model/__tests__/fixture';
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
    refused: [],
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
      {
        provider: 'mine',
        id: 'other',
        label: 'other',
        info: null,
        favourite: false
      }
    ]);
  });
});

describe('favourites', () => {
  const isFavourite = ({ id }: IModelInfo): boolean => id === 'small';
  const ids = (query: string): string[] =>
    picksFor(MODELS, query, 'default', isFavourite).map(pick => pick.id);

  it('stand on top where nothing was typed', () => {
    expect(ids('')).toEqual(['small', 'gpt-big', 'gpt-big-mini']);
  });

  it('do not stand before what was typed', () => {
    expect(ids('gpt')[0]).toBe('gpt-big');
  });
});

/** A model with a price. */
function priced(
  id: string,
  input_price: string,
  output_price: string,
  provider = 'default'
): IModelInfo {
  return { ...info(id, provider), input_price, output_price };
}

describe('byPrice', () => {
  it('puts the cheapest first within each provider, and the local ones last', () => {
    const models = [
      info('small', 'local'),
      info('unknown'),
      priced('dear', '10', '30'),
      priced('wordy', '0.10', '5'),
      priced('cheap', '0.10', '0.50'),
      priced('other', '0.01', '0.01', 'second'),
      info('who knows')
    ];
    expect(byPrice(models).map(model => model.id)).toEqual([
      'cheap',
      'wordy',
      'dear',
      'unknown',
      'who knows',
      'other',
      'small'
    ]);
  });
});

describe('model picker', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await Bench.open({
      'GET models': { models: MODELS, errors: {}, names: {} }
    });
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

  it('shows what each model costs, by provider', async () => {
    extra.set(bench.server, {
      'GET models': {
        models: [
          info('unknown'),
          { ...priced('cheap', '0.1', '0.5'), context_length: 400_000 },
          info('small', 'local')
        ],
        errors: {},
        names: { default: 'The hub' }
      }
    });
    input().focus();
    bench.key(input(), 'ArrowDown');
    await until(() => bench.node.textContent?.includes('cheap') ?? false);
    const rows = [...bench.node.querySelectorAll('[role=option]')];
    expect(rows.map(row => row.textContent)).toEqual([
      'cheap$0.10 in · $0.50 out · 400k context',
      'unknownprice unknown',
      'smalllocal · free'
    ]);
    const groups = [...bench.node.querySelectorAll('[role=group]')].map(group =>
      group.getAttribute('aria-label')
    );
    expect(groups).toEqual(expect.arrayContaining(['The hub', 'local']));
    expect(bench.node.textContent).not.toContain('$0 ');
  });

  it('puts a favourite on top, by the dial or by its star', async () => {
    const { models } = bench.page.models;
    const rows = (): (string | null)[] =>
      [...bench.node.querySelectorAll('.jp-gpt-Picker-name')].map(
        row => row.textContent
      );
    models.choose('local', 'small');
    (bench.find('.jp-gpt-Tune button') as HTMLElement).click();
    await until(() => bench.find('.jp-gpt-Tune-star') !== null);
    (bench.find('.jp-gpt-Tune-star') as HTMLElement).click();
    await until(
      () =>
        bench.find('.jp-gpt-Tune-star')?.getAttribute('aria-pressed') === 'true'
    );
    input().focus();
    bench.key(input(), 'ArrowDown');
    await until(() => rows().length === 3);
    expect(rows()).toEqual(['small', 'gpt-big', 'gpt-big-mini']);
    const groups = [...bench.node.querySelectorAll('[role=group]')].map(group =>
      group.getAttribute('aria-label')
    );
    expect(groups).toEqual(expect.arrayContaining(['Favourites', 'default']));
    (bench.find('.jp-gpt-Picker-star.jp-gpt-mod-on') as HTMLElement).click();
    await until(() => rows()[2] === 'small');
    expect(models.choice.model).toBe('small');
  });
});
