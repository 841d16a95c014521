import type { IAttachment } from '../../tokens';
import { Bench, CONTENT } from './utils';

const until = async (condition: () => boolean): Promise<void> => {
  for (let i = 0; i < 400 && !condition(); i++) {
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  expect(condition()).toBe(true);
};

describe('a whole notebook', () => {
  let bench: Bench;
  let chip: IAttachment | null = null;

  beforeEach(() => {
    bench = new Bench();
  });

  afterEach(() => {
    chip?.dispose();
    bench.dispose();
  });

  it('is not there without a notebook', () => {
    expect(bench.notebook.attachNotebook()).toBeNull();
  });

  it('goes along with the sources of all its cells, as they are then', async () => {
    const panel = await bench.open('folder/a.ipynb');
    chip = bench.notebook.attachNotebook()!;
    expect(chip.kind).toBe('notebook');
    expect(chip.label).toBe('notebook');
    expect(chip.note).toBe('a.ipynb · 3 cells');
    const { cells } = panel.content.model!;
    cells.get(0).sharedModel.setSource('x = 1');
    panel.content.model!.sharedModel.deleteCell(1);
    expect(chip.note).toBe('a.ipynb · 2 cells');
    expect(chip.parts()).toEqual([
      {
        type: 'notebook',
        path: 'folder/a.ipynb',
        cells: [
          { id: 'first', kind: 'code', source: 'x = 1' },
          { id: 'failed', kind: 'code', source: '1 / 0' }
        ]
      }
    ]);
    chip.reveal();
    expect(bench.activated).toEqual([panel.id]);
  });

  it('says when a source has changed, and not for an output', async () => {
    const panel = await bench.open('a.ipynb');
    chip = bench.notebook.attachNotebook()!;
    let changes = 0;
    chip.changed.connect(() => {
      changes += 1;
    });
    const { cells } = panel.content.model!;
    cells.get(0).sharedModel.setSource('x = 1');
    await until(() => changes === 1);
    const first = cells.get(0);
    if ('executionCount' in first) {
      (first as { executionCount: number }).executionCount = 12;
    }
    await new Promise(resolve => setTimeout(resolve, 1200));
    expect(changes).toBe(1);
  });

  it('is gone when it is closed, and nothing of it is sent', async () => {
    const panel = await bench.open('a.ipynb', CONTENT);
    chip = bench.notebook.attachNotebook()!;
    panel.dispose();
    await until(() => chip?.available === false);
    expect(chip.parts()).toEqual([]);
    expect(chip.note).toBe('a.ipynb · closed');
  });
});
