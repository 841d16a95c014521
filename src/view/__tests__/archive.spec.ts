import { stored } from '../../model/__tests__/fixture';
import { fileName } from '../archive';
import { Bench, until } from './bench';

const NOTEBOOK = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };

describe('out and in', () => {
  let bench: Bench;
  let saved: { name: string; content: Blob }[];
  let refused: boolean;

  beforeEach(async () => {
    refused = false;
    bench = await Bench.open({
      'GET conversations/one': stored('one', {
        parts: [{ type: 'text', text: 'An answer.' }]
      }),
      'GET conversations/one/export': NOTEBOOK,
      'GET conversations/export': { conversations: [] },
      'DELETE conversations': {}
    });
    const respond = bench.server.respond;
    bench.server.respond = request => {
      if (
        request.method === 'POST' &&
        /conversations(\?|$)/.test(request.url)
      ) {
        return refused
          ? [400, { code: 'bad_request', message: 'Not ours' }]
          : [200, { conversations: [{ id: 'a' }, { id: 'b' }] }];
      }
      return respond(request);
    };
    saved = [];
    let content = new Blob();
    URL.createObjectURL = part => {
      content = part as Blob;
      return 'blob:it';
    };
    URL.revokeObjectURL = () => undefined;
    HTMLAnchorElement.prototype.click = function (): void {
      saved.push({ name: this.download, content });
    };
  });

  afterEach(() => bench.close());

  const open = async (): Promise<void> => {
    await bench.page.models.conversations.open('one');
    await until(() => bench.answers().length === 1);
  };
  const menu = async (label: string): Promise<void> => {
    await bench.press('More actions');
    const items = (): HTMLElement[] => [
      ...bench.node.querySelectorAll<HTMLElement>('[role=menuitem]')
    ];
    await until(() => items().length > 0);
    items()
      .find(item => item.textContent === label)
      ?.click();
    await until(() => items().length === 0);
  };
  const asked = (part: string): boolean =>
    bench.server.requests.some(({ url }) => url.includes(part));

  it('exports the conversation under its title', async () => {
    await open();
    for (const [label, format] of [
      ['Export as notebook', 'ipynb'],
      ['Export as Markdown', 'md'],
      ['Export as JSON', 'json']
    ]) {
      await menu(label);
      await until(() => saved.length > 0);
      expect(saved.pop()?.name).toBe(`title of one.${format}`);
      expect(asked(`conversations/one/export?format=${format}`)).toBe(true);
    }
  });

  it('opens the conversation as a notebook in one click', async () => {
    await open();
    await menu('Open as notebook');
    await until(() => bench.notebooksOpened.length === 1);
    expect(bench.notebooksOpened[0]).toEqual({
      name: 'title of one.ipynb',
      content: NOTEBOOK
    });
  });

  it('has nothing to export of a new conversation', async () => {
    await bench.press('More actions');
    await until(() => bench.find('[role=menuitem]') !== null);
    const items = [...bench.node.querySelectorAll('[role=menuitem]')];
    expect(items[0].getAttribute('aria-disabled')).toBe('true');
  });

  it('exports all', async () => {
    await bench.press('Conversations');
    await until(() => bench.find('[type=search]') !== null);
    await menu('Export all as Markdown…');
    await until(() => saved.length === 1);
    expect(saved[0].name).toBe('conversations.zip');
    expect(asked('conversations/export?format=md')).toBe(true);
  });

  it('imports a file of ours, and says why it takes no other', async () => {
    await bench.press('Conversations');
    await until(() => bench.find('[type=file]') !== null);
    const picker = bench.find('[type=file]') as HTMLInputElement;
    const file = { text: () => Promise.resolve('{"version": 1}') };
    const choose = (): void => {
      Object.defineProperty(picker, 'files', {
        value: [file],
        configurable: true
      });
      picker.dispatchEvent(new Event('change', { bubbles: true }));
    };
    choose();
    const says = (text: string): boolean =>
      bench.find('.jp-gpt-Ask')?.textContent?.includes(text) ?? false;
    await until(() => says('2 conversations are imported'));
    const [request] = bench.server.requests.filter(
      ({ method, url }) => method === 'POST' && /conversations(\?|$)/.test(url)
    );
    expect(String(request.body)).toBe('{"version": 1}');
    refused = true;
    choose();
    await until(() => says('Dismiss') && !says('are imported'));
  });

  it('deletes everything after a question that says what stays', async () => {
    await open();
    await bench.press('Conversations');
    await until(() => bench.find('[type=search]') !== null);
    await menu('Delete all…');
    await until(() => bench.find('[role=alertdialog]') !== null);
    expect(bench.find('[role=alertdialog]')?.textContent).toContain(
      'What they cost stays'
    );
    expect(document.activeElement).toBe(bench.buttons('Keep')[0]);
    bench.key(bench.buttons('Keep')[0], 'Escape');
    await until(() => bench.find('[role=alertdialog]') === null);
    expect(bench.find('[type=search]')).not.toBeNull();
    await menu('Delete all…');
    await bench.press('Delete all');
    await until(() => asked('conversations?purge=1'));
    await until(() => bench.page.conversation.isNew);
  });
});

describe('fileName', () => {
  it('is one that every file system takes', () => {
    expect(fileName('Plot: a/b?\n', 'md')).toBe('Plot a b.md');
    expect(fileName('../..', 'md')).toBe('conversation.md');
    expect(fileName('x'.repeat(200), 'md')).toHaveLength(63);
  });
});
