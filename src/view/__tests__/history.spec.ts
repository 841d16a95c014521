import type { IConversationItem } from '../../protocol/frames';
import { stored } from '../../model/__tests__/fixture';
import { Bench, until } from './bench';

function item(id: string, title: string, days = 0): IConversationItem {
  return {
    id,
    title,
    notebook: null,
    model: 'm',
    cost: null,
    updated: new Date(Date.now() - days * 86_400_000).toISOString(),
    pinned: false,
    streaming: false,
    hit: null
  };
}

describe('history', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await Bench.open({
      'GET conversations': {
        items: [item('one', 'The first'), item('two', 'The second', 30)],
        next: null
      },
      'GET conversations/two': stored('two', {
        parts: [{ type: 'text', text: 'An old answer.' }]
      }),
      'PATCH conversations/one': {},
      'DELETE conversations/one': {},
      'POST conversations/one/restore': {}
    });
    await bench.press('Conversations');
    await until(() => bench.node.textContent?.includes('The second') ?? false);
  });

  afterEach(() => bench.close());

  const requests = (method: string): string[] =>
    bench.server.requests
      .filter(request => request.method === method)
      .map(request => request.url.split('?')[0]);

  it('groups by age and opens a conversation', async () => {
    const headings = [...bench.node.querySelectorAll('h3')].map(
      heading => heading.textContent
    );
    expect(headings).toEqual(['Today', 'Older']);
    const rows = bench.node.querySelectorAll<HTMLElement>(
      '.jp-gpt-History-open'
    );
    rows[1].click();
    await until(
      () => bench.answers()[0]?.textContent?.includes('An old answer') ?? false
    );
    expect(bench.answers()[0].dataset.status).toBe('complete');
    await until(() => document.activeElement === bench.box);
  });

  it('renames, and deletes with an undo', async () => {
    await bench.press('Rename');
    await until(() => bench.find('[aria-label="Title"]') !== null);
    const field = bench.find('[aria-label="Title"]') as HTMLInputElement;
    field.value = 'Another';
    bench.key(field, 'Enter');
    await until(() => requests('PATCH').length === 1);
    await bench.press('Delete');
    await until(() => bench.buttons('Undo').length === 1);
    await bench.press('Undo');
    await until(() => requests('POST').length === 1);
    expect(requests('POST')[0]).toMatch(/conversations\/one\/restore$/);
  });

  it('searches', async () => {
    const search = bench.find('[type=search]') as HTMLInputElement;
    expect(search.getAttribute('aria-label')).toBe('Search conversations');
    bench.type(search, 'second');
    await until(() =>
      bench.server.requests.some(request => request.url.includes('q=second'))
    );
  });

  it('goes back with Escape', async () => {
    bench.key(bench.find('[type=search]') as HTMLElement, 'Escape');
    await until(() => bench.find('textarea') !== null);
  });
});
