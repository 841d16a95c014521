import { NotebookActions } from '@jupyterlab/notebook';
import { CellAttachment } from '../context';
import { notebookLanguage } from '../finder';
import { headTail, plainText } from '../outputs';
import { Bench, codeModel, CONTENT } from './utils';

const PATH = 'a.ipynb';
const ref = (cellId: string) => ({ cellId, path: PATH });
const settle = () => new Promise(resolve => setTimeout(resolve, 150));

describe('a cell as context', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  afterEach(() => {
    bench.dispose();
  });

  it('names the cell and gives its source', async () => {
    await bench.open(PATH);
    const chip = bench.notebook.attach(ref('first'))!;
    expect(chip).toBeInstanceOf(CellAttachment);
    expect(chip).toMatchObject({
      kind: 'cell',
      label: 'In [7]',
      note: '2 lines',
      available: true
    });
    expect(chip.options).toMatchObject([
      { id: 'code', label: 'Code', enabled: true },
      { id: 'output', label: 'Output', enabled: false },
      { id: 'variables', label: 'Variables used', enabled: false, minor: true }
    ]);
    expect(chip.parts()).toEqual([
      {
        type: 'cell',
        cell_id: 'first',
        path: PATH,
        source: 'import math\nmath.pi',
        language: 'python',
        label: 'In [7]'
      }
    ]);
    chip.setOption('output', true);
    chip.setOption('code', false);
    expect(chip.parts()).toEqual([
      { type: 'output', cell_id: 'first', text: '3.14' }
    ]);
    chip.dispose();
  });

  it('brings the error of a failed cell, without colours', async () => {
    await bench.open(PATH);
    const chip = bench.notebook.attach(ref('failed'))!;
    expect(chip.options.map(option => [option.id, option.enabled])).toEqual([
      ['code', true],
      ['error', true],
      ['variables', false],
      ['above', false]
    ]);
    expect(chip.parts()[1]).toEqual({
      type: 'error',
      cell_id: 'failed',
      ename: 'ZeroDivisionError',
      evalue: 'division by zero',
      traceback: 'ZeroDivisionError\n----> 1 1 / 0'
    });
    chip.dispose();
  });

  it('follows the settings', async () => {
    await bench.open(PATH);
    bench.defaults = { code: false, error: false, output: true };
    const chip = bench.notebook.attach(ref('first'))!;
    expect(chip.parts().map(part => part.type)).toEqual(['output']);
    chip.dispose();
  });

  it('knows Markdown cells, and cells that are not there', async () => {
    await bench.open(PATH);
    const chip = bench.notebook.attach(ref('prose'))!;
    expect(chip.label).toBe('Markdown cell');
    expect(chip.parts()[0]).toMatchObject({ language: 'markdown' });
    expect(bench.notebook.attach(ref('nowhere'))).toBeNull();
    expect(
      bench.notebook.attach({ cellId: 'first', path: 'other.ipynb' })
    ).toBeNull();
    chip.dispose();
  });

  it('says that the cell was edited, or runs, and that it ran again', async () => {
    const panel = await bench.open(PATH);
    const chip = bench.notebook.attach(ref('first'))!;
    const changed = jest.fn();
    chip.changed.connect(changed);
    codeModel(panel, 0).sharedModel.setSource('a\nb\nc');
    codeModel(panel, 0).sharedModel.setSource('a');
    await settle();
    expect(chip.note).toBe('1 line · edited since');
    expect(changed).toHaveBeenCalledTimes(1);
    codeModel(panel, 0).executionState = 'running';
    await settle();
    expect(chip).toMatchObject({
      label: 'In [*]',
      note: '1 line · edited since · busy'
    });
    codeModel(panel, 0).executionState = 'idle';
    codeModel(panel, 0).executionCount = 9;
    await settle();
    expect(chip.label).toBe('In [9]');
    chip.dispose();
  });

  it('still means a moved cell, and says when it is deleted', async () => {
    const panel = await bench.open(PATH);
    const chip = bench.notebook.attach(ref('first'))!;
    const changed = jest.fn();
    chip.changed.connect(changed);
    panel.content.activeCellIndex = 0;
    NotebookActions.moveDown(panel.content);
    expect(panel.content.model!.cells.get(1).id).toBe('first');
    expect(chip.parts()).toHaveLength(1);
    codeModel(panel, 1).sharedModel.setSource('moved');
    await settle();
    expect(chip.note).toBe('1 line · edited since');
    panel.content.model!.sharedModel.deleteCell(1);
    expect(chip).toMatchObject({
      label: 'In [7]',
      note: 'deleted',
      available: false,
      options: []
    });
    expect(chip.parts()).toEqual([]);
    panel.content.model!.sharedModel.undo();
    expect(chip.available).toBe(true);
    expect(changed.mock.calls.length).toBeGreaterThanOrEqual(3);
    chip.dispose();
  });

  it('says that its notebook was closed, and comes back with it', async () => {
    const panel = await bench.open(PATH);
    const chip = bench.notebook.attach(ref('first'))!;
    panel.dispose();
    expect(chip).toMatchObject({ note: 'notebook closed', available: false });
    expect(chip.parts()).toEqual([]);
    await bench.open(PATH);
    expect(chip.available).toBe(true);
    chip.dispose();
  });

  it('follows a notebook that is renamed', async () => {
    const panel = await bench.open(PATH);
    const chip = bench.notebook.attach(ref('first'))!;
    await panel.context.rename('b.ipynb');
    expect(panel.context.path).toBe('b.ipynb');
    expect(chip.available).toBe(true);
    expect(chip.parts()[0]).toMatchObject({ path: 'b.ipynb' });
    expect(bench.notebook.target(ref('first'))).toMatchObject({
      which: 'asked',
      ref: { cellId: 'first', path: 'b.ipynb' }
    });
    chip.dispose();
  });

  it('cuts a long output in the middle, and says so', async () => {
    const lines = Array.from({ length: 12000 }, (_, index) => `line ${index}`);
    const panel = await bench.open(PATH, {
      ...CONTENT,
      cells: [
        {
          ...CONTENT.cells[0],
          outputs: [
            { output_type: 'stream', name: 'stdout', text: lines.join('\n') },
            {
              output_type: 'display_data',
              data: { 'image/png': 'iVBOR' },
              metadata: {}
            },
            {
              output_type: 'display_data',
              data: { 'text/html': '<p>hi</p><script>x</script>' },
              metadata: {}
            }
          ]
        }
      ]
    });
    bench.defaults = { code: true, error: true, output: true };
    const chip = bench.notebook.attach(ref('first'))!;
    expect(chip.note).toBe(
      `2 lines · output: first 40 and last 40 of ${(12002).toLocaleString()} lines`
    );
    const part = chip.parts()[1];
    expect(part).toMatchObject({ type: 'output' });
    const text = part.type === 'output' ? part.text! : '';
    expect(text).toContain('line 39\n… [11922 lines left out');
    expect(text).not.toContain('line 40\n');
    expect(text.endsWith('[image/png]\nhi')).toBe(true);
    expect(panel.isDisposed).toBe(false);
    chip.dispose();
  });

  it('takes a cell of 100,000 lines whole', async () => {
    const panel = await bench.open(PATH);
    const source = Array.from({ length: 100000 }, (_, i) => `x${i} = ${i}`);
    codeModel(panel, 0).sharedModel.setSource(source.join('\n'));
    const chip = bench.notebook.attach(ref('first'))!;
    expect(chip.note).toBe('100000 lines');
    expect(chip.parts()[0]).toMatchObject({ source: source.join('\n') });
    chip.dispose();
  });

  it('lights up, and shows where an answer would go', async () => {
    const panel = await bench.open(PATH);
    const cell = panel.content.widgets[0];
    bench.notebook.highlight(ref('first'));
    expect(cell.hasClass('jp-mod-gptTarget')).toBe(true);
    bench.notebook.highlight(null);
    expect(cell.hasClass('jp-mod-gptTarget')).toBe(false);
    const chip = bench.notebook.attach(ref('first'))!;
    chip.reveal();
    expect(cell.hasClass('jp-mod-gptRevealed')).toBe(true);
    expect(bench.activated).toEqual([panel.id]);
    chip.dispose();
  });
});

describe('what is active', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  afterEach(() => {
    bench.dispose();
  });

  it('is nothing without a notebook', () => {
    expect(bench.notebook.active).toBeNull();
    expect(bench.notebook.path).toBeNull();
    bench.notebook.focus();
  });

  it('is the active cell, and changes with its prompt number', async () => {
    const panel = await bench.open(PATH);
    expect(bench.notebook.path).toBe(PATH);
    expect(bench.notebook.active).toEqual(ref('first'));
    const changed = jest.fn();
    bench.notebook.activeChanged.connect(changed);
    panel.content.activeCellIndex = 2;
    expect(bench.notebook.active).toEqual(ref('failed'));
    expect(changed).toHaveBeenCalled();
    changed.mockClear();
    codeModel(panel, 2).executionCount = 11;
    expect(changed).toHaveBeenCalled();
    changed.mockClear();
    codeModel(panel, 0).executionCount = 12;
    expect(changed).not.toHaveBeenCalled();
  });

  it('knows the language, also without a kernel', async () => {
    const panel = await bench.open(PATH);
    expect(notebookLanguage(panel)).toBe('python');
    const other = await bench.open('r.ipynb', {
      ...CONTENT,
      metadata: {
        kernelspec: { name: 'ir', display_name: 'R', language: 'R' }
      }
    });
    other.content.model!.deleteMetadata('language_info');
    expect(notebookLanguage(other)).toBe('R');
  });
});

describe('text of outputs', () => {
  it('has no escape sequences and control characters', () => {
    expect(
      plainText(
        '\u001b]8;;http://x\u0007a\u001b]8;;\u0007\u001b[1mb\u0000\tc\r\n'
      )
    ).toBe('ab\tc\n');
  });

  it('shortens long lines', () => {
    const { text, cut } = headTail('x'.repeat(5000), 40);
    expect(text).toHaveLength(1000 + '… [4000 more characters]'.length);
    expect(cut).toBe(false);
  });
});
