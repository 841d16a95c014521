import type { Contents } from '@jupyterlab/services';
import { ServiceManagerMock } from '@jupyterlab/services/lib/testutils';
import type { IAttachment } from '../../tokens';
import { ContextMaker } from '../gptcontext';
import { LineSelection } from '../selection';
import type { Upload } from '../upload';
import { Bench, CONTENT, trans } from './utils';

const PATH = 'a.ipynb';
const ref = (cellId: string) => ({ cellId, path: PATH });

const code = (id: string, source: string, outputs: object[] = []) => ({
  id,
  cell_type: 'code',
  source,
  metadata: {},
  execution_count: 1,
  outputs
});

const failure = {
  output_type: 'error',
  ename: 'NameError',
  evalue: 'no',
  traceback: Array.from({ length: 300 }, (_, at) => `line ${at}`)
};

const image = (data: string) => ({
  output_type: 'display_data',
  data: {
    'image/png': data,
    'text/plain': '<Figure size 640x480 with 1 Axes>'
  },
  metadata: {}
});

const notebook = (...cells: object[]) =>
  ({ ...CONTENT, cells }) as typeof CONTENT;

/** What the chip sends, as types and cells. */
const sent = (chip: IAttachment) =>
  chip
    .parts()
    .map(part =>
      'cell_id' in part ? `${part.type} ${part.cell_id}` : part.type
    );

describe('what a chip can take along', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => {
    bench.dispose();
  });

  it('the lines that are selected', async () => {
    const panel = await bench.open(
      PATH,
      notebook(code('a', 'one\ntwo\nthree\nfour'))
    );
    const editor = panel.content.widgets[0].editor!;
    editor.setSelection({
      start: { line: 1, column: 0 },
      end: { line: 3, column: 0 }
    });
    const chip = bench.notebook.attach(ref('a'))!;
    expect([chip.label, chip.note]).toEqual(['In [1] lines 2–3', 'of 4 lines']);
    expect(chip.parts()[0]).toMatchObject({
      source: 'two\nthree',
      from_line: 2,
      to_line: 3,
      label: 'In [1]'
    });
    panel.content
      .model!.cells.get(0)
      .sharedModel.setSource('zero\none\ntwo\nthree\nfour');
    expect(chip.parts()[0]).toMatchObject({
      source: 'two\nthree',
      from_line: 3,
      to_line: 4
    });
    chip.setOption('selection', false);
    expect(chip.label).toBe('In [1]');
    expect(chip.parts()[0]).not.toHaveProperty('from_line');
    expect(bench.notebook.attach(ref('a'), true)!.label).toBe('In [1]');
  });

  it('lines that were edited are meant by their place', () => {
    const lines = new LineSelection('a\nb\nc', { from: 2, to: 3 });
    expect(lines.in('a\nB\nc')).toEqual({ from: 2, to: 3 });
    expect(lines.in('a\nB')).toEqual({ from: 2, to: 2 });
    expect(lines.in('a')).toBeNull();
  });

  it('the definitions of a failed cell, and all above', async () => {
    await bench.open(
      PATH,
      notebook(
        code('import', 'import math as m'),
        code('old', 'x = 1'),
        code('other', 'y = 1'),
        code('new', 'x = 2'),
        code('empty', ''),
        code('failed', 'm.sqrt(x)', [failure])
      )
    );
    const chip = bench.notebook.attach(ref('failed'))!;
    expect(sent(chip)).toEqual([
      'cell failed',
      'error failed',
      'cell import',
      'cell new'
    ]);
    expect(chip.note).toBe(
      '1 line · traceback: first 60 and last 60 of 300 lines · 2 definitions'
    );
    chip.setOption('above', true);
    expect(sent(chip)).toEqual([
      'cell failed',
      'error failed',
      'cell import',
      'cell new',
      'cell old',
      'cell other'
    ]);
    expect(chip.tokens).toBeGreaterThan(300);
  });

  it('its images, once they are on the server', async () => {
    const stored: Blob[] = [];
    const upload: Upload = async what => {
      stored.push(what as Blob);
      return { sha256: 'f'.repeat(64), bytes: 8, mime: 'image/png' };
    };
    bench = new Bench(upload);
    await bench.open(
      PATH,
      notebook(code('a', 'plot()', [image('iVBORw0KGgo=')]))
    );
    const chip = bench.notebook.attach(ref('a'))!;
    const option = chip.options.find(({ id }) => id === 'images');
    expect(option).toMatchObject({
      label: 'Image',
      enabled: false,
      needs: 'images'
    });
    chip.setOption('images', true);
    expect(chip.pending).toBe('Reading the images…');
    expect(sent(chip)).toEqual(['cell a']);
    await new Promise(resolve => chip.changed.connect(resolve));
    expect(chip.pending).toBeNull();
    expect(chip.parts()[1]).toEqual({
      type: 'image',
      mime: 'image/png',
      blob: 'f'.repeat(64)
    });
    expect(stored[0]).toMatchObject({ size: 8, type: 'image/png' });
  });

  it.each([
    [
      'in many lines',
      'row of a table\n'.repeat(700_000),
      /40 of 700,000 lines/
    ],
    ['in one line', 'x'.repeat(10_000_000), /^1 line$/]
  ])('an output of 10 MB is cut: %s', async (_, text, note) => {
    const output = {
      output_type: 'execute_result',
      execution_count: 1,
      data: { 'text/plain': text },
      metadata: {}
    };
    await bench.open(PATH, notebook(code('a', 'x', [output])));
    const chip = bench.notebook.attach(ref('a'))!;
    chip.setOption('output', true);
    const part = chip.parts().find(({ type }) => type === 'output')!;
    // 80 lines of at most 1,000 characters: far below a blob's 8 MiB.
    expect(JSON.stringify(part).length).toBeLessThan(100_000);
    expect(chip.note).toMatch(note);
    expect(chip.tokens).toBeLessThan(30_000);
  });

  it('no variables without a kernel that can be asked', async () => {
    await bench.open(PATH, notebook(code('a', 'x')));
    const chip = bench.notebook.attach(ref('a'))!;
    chip.setOption('variables', true);
    expect(chip.pending).toBe('Reading variables…');
    while (chip.pending) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    expect(chip.problem).toMatch(/kernel/i);
    expect(chip.options.find(({ id }) => id === 'variables')?.enabled).toBe(
      false
    );
    expect(sent(chip)).toEqual(['cell a']);
  });
});

describe('what the administrator has switched off', () => {
  const upload: Upload = async () => ({
    sha256: 'f'.repeat(64),
    bytes: 8,
    mime: 'image/png'
  });
  let bench: Bench;
  let context: ContextMaker;
  beforeEach(async () => {
    bench = new Bench(upload);
    await bench.open(
      PATH,
      notebook(code('a', 'plot()', [image('iVBORw0KGgo=')]))
    );
    context = new ContextMaker({
      tracker: bench.tracker,
      notebook: bench.notebook,
      contents: new ServiceManagerMock().contents,
      trans,
      upload,
      isOff: feature => bench.off.includes(feature),
      defaults: () => bench.defaults,
      open: () => undefined
    });
  });
  afterEach(() => {
    bench.dispose();
  });

  it('is no switch of a chip, also of one that is there already', async () => {
    const chip = bench.notebook.attach(ref('a'))!;
    const ids = (): string[] => chip.options.map(({ id }) => id);
    expect(ids()).toEqual(expect.arrayContaining(['images', 'variables']));
    chip.setOption('images', true);
    await new Promise(resolve => chip.changed.connect(resolve));
    expect(sent(chip)).toContain('image');
    bench.off = ['images', 'variables'];
    expect(ids()).not.toEqual(expect.arrayContaining(['images']));
    expect(ids()).not.toEqual(expect.arrayContaining(['variables']));
    chip.setOption('output', true);
    expect(sent(chip)).not.toContain('image');
  });

  it('is not found, and the search says why', async () => {
    bench.off = ['files', 'variables'];
    const found = await context.find('', 20);
    expect(found.notes).toEqual([
      'Variables are switched off by your administrator.',
      'Files are switched off by your administrator.'
    ]);
    expect(found.candidates.map(({ kind }) => kind).sort()).toEqual([
      'cell',
      'notebook'
    ]);
  });

  it('cannot be attached', async () => {
    bench.off = ['files', 'images'];
    await expect(context.attachFile('a.csv')).rejects.toThrow(
      'Files are switched off by your administrator.'
    );
    const picture = new Blob(['x'], { type: 'image/png' });
    await expect(context.attachImage(picture)).rejects.toThrow(
      'Images are switched off by your administrator.'
    );
  });
});

describe('several things', () => {
  let bench: Bench;
  let contents: Contents.IManager;
  beforeEach(() => {
    bench = new Bench();
    contents = new ServiceManagerMock().contents;
  });
  afterEach(() => {
    bench.dispose();
  });

  const maker = (upload: Upload) =>
    new ContextMaker({
      tracker: bench.tracker,
      notebook: bench.notebook,
      contents,
      trans,
      upload,
      defaults: () => bench.defaults,
      open: () => undefined
    });
  const refuse: Upload = () => Promise.reject(new Error('No.'));

  it('selected cells are one chip, up to a hundred of them', async () => {
    const cells = Array.from({ length: 500 }, (_, at) =>
      code(`c${at}`, `x${at}`)
    );
    await bench.open(PATH, notebook(...cells));
    const context = maker(refuse);
    const refs = cells.map(({ id }) => ref(id));
    await expect(context.attachCells(refs)).rejects.toThrow(
      '500 cells are more than the 100 that go along at most'
    );
    const chip = await context.attachCells(refs.slice(0, 3));
    expect([chip.label, chip.note]).toEqual(['3 cells', '3 lines']);
    expect(sent(chip)).toEqual(['cell c0', 'cell c1', 'cell c2']);
    await expect(context.attachCells([])).rejects.toThrow(
      'No notebook is open.'
    );
  });

  it('a file that cannot be read says why and stays here', async () => {
    const chip = await maker(refuse).attachFile('data/a.csv');
    expect([chip.label, chip.pending]).toEqual(['a.csv', 'Reading a.csv…']);
    await new Promise(resolve => chip.changed.connect(resolve));
    expect([chip.available, chip.problem, chip.parts()]).toEqual([
      false,
      'No.',
      []
    ]);
  });

  it('a file is a text or an image by its content', async () => {
    const mimes = ['text/plain', 'image/gif', 'application/octet-stream'];
    const upload: Upload = async () => ({
      sha256: 'e'.repeat(64),
      bytes: 3300,
      mime: mimes.shift()!
    });
    const context = maker(upload);
    const read = async () => {
      const chip = await context.attachFile('b.bin');
      await new Promise(resolve => chip.changed.connect(resolve));
      return chip;
    };
    const text = await read();
    expect(text.parts()).toEqual([
      { type: 'file', path: 'b.bin', blob: 'e'.repeat(64) }
    ]);
    expect([text.kind, text.note, text.tokens]).toEqual([
      'file',
      '3.3 kB',
      1015
    ]);
    expect((await read()).parts()[0]).toMatchObject({
      type: 'image',
      mime: 'image/gif'
    });
    expect((await read()).problem).toBe(
      'b.bin is neither a text nor an image.'
    );
  });

  it('lists a folder once while one types', async () => {
    await bench.open(PATH);
    const context = maker(refuse);
    const list = jest.spyOn(contents, 'get');
    for (const query of ['d', 'da', 'dat']) {
      await context.find(query, 10);
    }
    expect(list).toHaveBeenCalledTimes(1);
  });

  it('finds cells by number and by what they say', async () => {
    await bench.open(PATH);
    const context = maker(refuse);
    const labels = async (query: string) =>
      (await context.find(query, 10)).candidates.map(
        ({ kind, label }) => `${kind} ${label}`
      );
    expect((await labels('7'))[0]).toBe('cell In [7]');
    expect((await labels('in [8]'))[0]).toBe('cell In [8]');
    expect((await labels('title'))[0]).toBe('cell Markdown cell');
    expect(await labels('')).toContain('notebook notebook');
    const found = await context.find('1 / 0', 10);
    const chip = await found.candidates[0].attach();
    expect(chip.label).toBe('In [8]');
    // The kernel of a test without a server cannot be asked: that is said.
    expect(found.notes.join()).toMatch(/kernel/i);
  });
});
