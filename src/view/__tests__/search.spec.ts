import type { IConversationItem } from '../../protocol/frames';
import { stored } from '../../model/__tests__/fixture';
import { refreshed } from '../historylist';
import { hitRanges, wordRanges } from '../hit';
import { windowOf } from '../windowing';
import { Bench, until } from './bench';

function item(
  id: string,
  rest: Partial<IConversationItem> = {}
): IConversationItem {
  return {
    id,
    title: `Title of ${id}`,
    notebook: null,
    model: 'm',
    cost: null,
    updated: new Date().toISOString(),
    pinned: false,
    streaming: false,
    hit: null,
    ...rest
  };
}

describe('search', () => {
  let bench: Bench;
  /** Answers to `GET conversations`, by `q` and `before`. */
  let pages: Record<
    string,
    { items: IConversationItem[]; next: string | null }
  >;

  beforeEach(async () => {
    bench = await Bench.open({
      'GET conversations/two': stored('two', {
        parts: [{ type: 'text', text: 'A pandas answer.' }]
      })
    });
    const respond = bench.server.respond;
    pages = { '': { items: [item('one'), item('two')], next: null } };
    bench.server.respond = request => {
      const url = new URL(request.url, 'http://x');
      if (request.method === 'GET' && url.pathname.endsWith('/conversations')) {
        const q = url.searchParams.get('q') ?? '';
        const page = pages[url.searchParams.get('before') ?? q];
        return [200, page ?? { items: [], next: null }];
      }
      return respond(request);
    };
    await bench.press('Conversations');
    await until(() => bench.find('[type=search]') !== null);
  });

  afterEach(() => bench.close());

  const type = (text: string): void =>
    bench.type(bench.find('[type=search]') as HTMLInputElement, text);
  const rows = (): HTMLElement[] => [
    ...bench.node.querySelectorAll<HTMLElement>('.jp-gpt-History-open')
  ];

  it('marks the hit, and opens the conversation at its message', async () => {
    const hit = {
      message_id: 'two-a',
      text: '🐼🐼 A pandas answer.',
      ranges: [[7, 13]]
    };
    pages['pandas'] = { items: [item('two', { hit })], next: null };
    type('pandas');
    await until(() => bench.find('mark') !== null);
    expect(bench.find('mark')?.textContent).toBe('pandas');
    rows()[0].click();
    await until(() => bench.answers().length === 1);
    const [answer] = bench.answers();
    await until(() => answer.classList.contains('jp-gpt-mod-lit'));
    expect(document.activeElement).toBe(answer);
  });

  it('says what to do when nothing is found', async () => {
    type('nothing like it');
    await bench.press('Show all conversations');
    await until(() => rows().length === 2);
    expect(document.activeElement).toBe(bench.find('[type=search]'));
  });

  it('reads on as one scrolls, and draws only what is seen', async () => {
    const page = (from: number, count: number): IConversationItem[] =>
      Array.from({ length: count }, (_, i) => item(`c${from + i}`));
    pages['long'] = { items: page(0, 50), next: 'p2' };
    pages['p2'] = { items: page(50, 50), next: 'p3' };
    pages['p3'] = { items: page(100, 50), next: null };
    type('long');
    await until(() => rows().length > 20);
    expect(rows().length).toBeLessThan(45);
    const read = (before: string): boolean =>
      bench.server.requests.some(({ url }) => url.includes(`before=${before}`));
    await until(() => read('p2'));
    const list = bench.find('.jp-gpt-History-list') as HTMLElement;
    list.scrollTop = 50 * 60;
    list.dispatchEvent(new Event('scroll'));
    await until(() => read('p3'));
    await until(() => bench.node.textContent?.includes('of c70') ?? false);
    expect(bench.node.textContent).not.toContain('Title of c1T');
    expect(rows().length).toBeLessThan(60);
  });
});

describe('windowOf', () => {
  it('knows what of ten thousand rows is seen', () => {
    const ends = Array.from({ length: 10_000 }, (_, i) => 50 * (i + 1));
    const { first, end, above, below } = windowOf(ends, 100_000, 600);
    expect(first).toBe(1992);
    expect(end).toBe(2021);
    expect(above).toBe(1992 * 50);
    expect(above + (end - first) * 50 + below).toBe(500_000);
    expect(windowOf(ends, 0, 600).above).toBe(0);
    expect(windowOf(ends, 499_400, 600).below).toBe(0);
    // Scrolled further than there is, for the list has become shorter.
    expect(windowOf(ends.slice(0, 3), 100_000, 600)).toMatchObject({
      end: 3,
      below: 0
    });
    expect(windowOf([], 0, 600)).toEqual({
      first: 0,
      end: 0,
      above: 0,
      below: 0
    });
  });
});

describe('rows', () => {
  const at = (id: string, updated: string, pinned = false): IConversationItem =>
    item(id, { updated, pinned });

  it('keep their place when the first page is read again', () => {
    const old = [
      at('p', '1', true),
      at('a', '9'),
      at('b', '8'),
      at('c', '7'),
      at('d', '6')
    ];
    // d was asked again, and b is deleted.
    const first = [at('p', '1', true), at('d', '9.5'), at('a', '9')];
    const ids = refreshed(old, first).map(({ id }) => id);
    expect(ids).toEqual(['p', 'd', 'a', 'b', 'c']);
    const shorter = [at('p', '1', true), at('a', '9'), at('c', '7')];
    expect(refreshed(old, shorter).map(({ id }) => id)).toEqual([
      'p',
      'a',
      'c',
      'd'
    ]);
  });

  it('mark what the server found, and words in a title', () => {
    expect(hitRanges('🐼ab', [[2, 3]])).toEqual([[2, 3]]);
    expect(hitRanges('ab', [[1, 9]])).toEqual([]);
    expect(wordRanges('Plot a Plot', 'plot A')).toEqual([
      [0, 4],
      [5, 6],
      [7, 11]
    ]);
  });
});
