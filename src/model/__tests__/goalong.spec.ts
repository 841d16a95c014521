import type { TestServer } from '../../connection/__tests__/server';
import type { Part } from '../../protocol/frames';
import { estimated } from './answers';
import {
  Chip,
  extra,
  finished,
  modelServer,
  Page,
  started,
  until
} from './fixture';

jest.setTimeout(120_000);

/** A chip that gives what a test says. */
class Given extends Chip {
  constructor(
    id: string,
    public given: Part[]
  ) {
    super(id, '');
  }
  pending: string | null = null;
  override parts(): never[] {
    return this.given as never[];
  }
}

/** Numbers that are the same each time (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TEXTS = [
  '',
  '```python\nx\n```',
  'Zażółć 数据 👩‍🔬 שלום',
  '\u2028\u0085\r\n\t',
  '\ud800',
  '\u0000\u001b[31m',
  'a'.repeat(5000)
];

describe('what goes along', () => {
  let server: TestServer;
  let page: Page;

  beforeEach(async () => {
    server = await modelServer();
    server.onFrame = frame => {
      if (frame.type === 'estimate') {
        server.send(estimated(frame, 1));
      } else if (frame.type === 'submit') {
        server.send(started(frame));
        server.send(finished(frame, 2));
      }
    };
  });

  afterEach(async () => {
    page.close();
    await server.stop();
  });

  const open = async () => {
    page = new Page(server);
    await until(() => page.socket.state === 'open');
    await page.models.conversations.restored;
    await until(() => page.models.setup.status !== null);
    return page.models;
  };

  it('is the same in the estimate and in what is sent, in 50 contexts', async () => {
    const { composer, conversations, estimate } = await open();
    estimate.shown = true;
    const next = chance(7);
    const pick = <T>(all: readonly T[]) => all[Math.floor(next() * all.length)];
    const text = () => [0, 1, 2].map(() => pick(TEXTS)).join('');
    for (let round = 0; round < 50; round++) {
      for (let at = 0; at < 1 + next() * 3; at++) {
        const cell_id = `${round}-${at}`;
        const parts: Part[] = [
          {
            type: 'cell',
            cell_id,
            path: 'a.ipynb',
            source: text(),
            language: 'python'
          },
          { type: 'output', cell_id, text: text() },
          {
            type: 'error',
            cell_id,
            ename: 'E',
            evalue: text(),
            traceback: text()
          },
          { type: 'variable', name: 'x', var_type: 'T', summary: text() },
          { type: 'image', mime: 'image/png', blob: 'a'.repeat(64) }
        ];
        const chip = new Given(
          cell_id,
          parts.filter(() => next() < 0.6)
        );
        chip.available = next() < 0.9;
        composer.add(chip);
      }
      composer.text = `${round} ${text()}?`;
      await until(() => !!estimate.current && !estimate.stale);
      const asked = server.of('estimate').slice(-1)[0];
      expect(composer.send()).toBe(true);
      await until(() => server.of('submit').length === round + 1);
      const { parts } = server.of('submit')[round];
      expect(JSON.stringify(parts)).toBe(JSON.stringify(asked.parts));
      await until(() => !composer.running);
      conversations.newConversation();
    }
  });

  it('names nothing twice', async () => {
    const { composer } = await open();
    const cell = (id: string, more = {}): Part => ({
      type: 'cell',
      cell_id: id,
      path: 'a.ipynb',
      source: 'x',
      language: 'python',
      ...more
    });
    composer.add(new Given('one', [cell('a'), cell('b')]));
    composer.add(
      new Given('two', [cell('b'), cell('b', { from_line: 1, to_line: 1 })])
    );
    expect(composer.question?.parts).toEqual([
      cell('a'),
      cell('b'),
      cell('b', { from_line: 1, to_line: 1 })
    ]);
  });

  it('is no image where the model reads none', async () => {
    const model = {
      provider: 'default',
      id: 'm-default',
      label: 'M',
      images: false
    };
    extra.set(server, {
      'GET models': { models: [model], errors: {}, names: {} }
    });
    const { composer, models } = await open();
    await until(() => models.chosen !== null);
    const image: Part = {
      type: 'image',
      mime: 'image/png',
      blob: 'b'.repeat(64)
    };
    composer.add(new Given('image', [image]));
    composer.text = 'What is it?';
    expect(composer.question?.parts.map(part => part.type)).toEqual(['text']);
  });

  it('waits for what is still being read', async () => {
    const { composer } = await open();
    const chip = new Given('file', []);
    chip.pending = 'Reading a.csv…';
    composer.add(chip);
    composer.text = 'What is in it?';
    expect([composer.canSend, composer.pending]).toEqual([
      false,
      'Reading a.csv…'
    ]);
    expect(composer.send()).toBe(false);
    chip.pending = null;
    expect(composer.canSend).toBe(true);
  });
});
