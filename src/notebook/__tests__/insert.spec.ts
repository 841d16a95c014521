import type { INotebookContent } from '@jupyterlab/nbformat';
import { NotebookActions } from '@jupyterlab/notebook';
import { CommandRegistry } from '@lumino/commands';
import { MessageLoop } from '@lumino/messaging';
import schema from '../../../schema/plugin.json';
import type { IInsertBlock } from '../../tokens';
import { splitAnswer } from '../fences';
import { INSERTED_CLASS } from '../undo';
import {
  Bench,
  button,
  codeModel,
  CONTENT,
  propose,
  saved,
  sources
} from './utils';

const PATH = 'a.ipynb';
const FIRST = { cellId: 'first', path: PATH };
const CODE: IInsertBlock = {
  kind: 'code',
  source: 'x = 1',
  language: 'python'
};
const ANSWER = 'So:\n\n```python\na = 1\n```\n\nand\n\n```python\nb = 2\n```';

describe('inserting', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  afterEach(() => {
    bench.dispose();
  });

  it('says why it cannot, where no notebook is open', async () => {
    const result = await bench.notebook.insert(FIRST, 'below', [CODE]);
    expect(result).toMatchObject({ inserted: false });
    expect(result.reason).toMatch(/No notebook is open/);
    expect(bench.notebook.target(FIRST)).toEqual({
      label: '',
      which: 'none',
      kind: 'cell',
      ref: null
    });
    expect(await bench.notebook.openAsNotebook([CODE])).toEqual({
      inserted: true
    });
    expect(bench.opened).toHaveLength(1);
  });

  it.each([
    ['below', 1],
    ['above', 0]
  ] as const)('%s the cell that was asked about', async (place, index) => {
    const panel = await bench.open(PATH);
    panel.content.activeCellIndex = 2;
    const execute = jest.spyOn(NotebookActions, 'run');
    expect(await bench.notebook.insert(FIRST, place, [CODE])).toEqual({
      inserted: true
    });
    expect(sources(panel)[index]).toBe('x = 1');
    expect(sources(panel)).toHaveLength(4);
    expect(panel.content.activeCellIndex).toBe(index);
    expect(panel.content.mode).toBe('command');
    expect(bench.activated).toEqual([panel.id]);
    expect(codeModel(panel, index).sharedModel.getMetadata()).toEqual({});
    expect(codeModel(panel, index).executionCount).toBeNull();
    expect(execute).not.toHaveBeenCalled();
  });

  it('puts a whole answer in as cells, and one Z takes it back', async () => {
    const panel = await bench.open(PATH);
    const before = saved(panel);
    await bench.notebook.insert(FIRST, 'below', splitAnswer(ANSWER));
    expect(sources(panel).slice(1, 5)).toEqual([
      'So:',
      'a = 1',
      'and',
      'b = 2'
    ]);
    expect(panel.content.model!.cells.get(1).type).toBe('markdown');
    NotebookActions.undo(panel.content);
    expect(saved(panel)).toBe(before);
  });

  it('is a step of its own between two quick ones of the user', async () => {
    const panel = await bench.open(PATH);
    const shared = panel.content.model!.sharedModel;
    shared.insertCell(3, { cell_type: 'code', source: 'mine' });
    const before = saved(panel);
    await bench.notebook.insert(FIRST, 'below', [CODE]);
    const between = saved(panel);
    shared.insertCell(0, { cell_type: 'code', source: 'later' });
    NotebookActions.undo(panel.content);
    expect(saved(panel)).toBe(between);
    NotebookActions.undo(panel.content);
    expect(saved(panel)).toBe(before);
    NotebookActions.undo(panel.content);
    expect(sources(panel)).toHaveLength(3);
  });

  it('goes to the active cell when the asked one is gone', async () => {
    const panel = await bench.open(PATH);
    panel.content.model!.sharedModel.deleteCell(0);
    panel.content.activeCellIndex = 1;
    expect(bench.notebook.target(FIRST)).toEqual({
      label: 'In [8]',
      which: 'active',
      kind: 'cell',
      ref: { cellId: 'failed', path: PATH }
    });
    await bench.notebook.insert(FIRST, 'below', [CODE]);
    expect(sources(panel)).toEqual(['# Title', '1 / 0', 'x = 1']);
  });

  it('goes on in another notebook when the asked one was closed', async () => {
    const first = await bench.open(PATH);
    const second = await bench.open('b.ipynb', {
      ...CONTENT,
      cells: [{ ...CONTENT.cells[1], id: 'other' }]
    });
    // One whose code stayed here is known by its id alone.
    expect(bench.notebook.target({ cellId: 'failed', path: '' })).toMatchObject(
      { which: 'asked', ref: { cellId: 'failed', path: PATH } }
    );
    first.dispose();
    expect(bench.notebook.target(FIRST)).toMatchObject({
      which: 'active',
      ref: { cellId: 'other', path: 'b.ipynb' }
    });
    await bench.notebook.insert(FIRST, 'below', [CODE]);
    expect(sources(second)).toEqual(['# Title', 'x = 1']);
  });

  it('opens a whole answer as a notebook of its own', async () => {
    const panel = await bench.open(PATH);
    const before = saved(panel);
    const answer = splitAnswer(`${ANSWER}\n\n![a](http://x.test/a.png)`);
    expect(await bench.notebook.openAsNotebook(answer)).toEqual({
      inserted: true
    });
    const [{ name, content }] = bench.opened;
    const { cells, ...rest } = content as INotebookContent;
    expect(name).toBe('GPT answer.ipynb');
    expect(rest).toMatchObject({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: 'python3' } }
    });
    expect(cells.map(cell => [cell.cell_type, cell.source])).toEqual([
      ['markdown', 'So:'],
      ['code', 'a = 1'],
      ['markdown', 'and'],
      ['code', 'b = 2'],
      ['markdown', '[a](http://x.test/a.png)']
    ]);
    expect(cells[1]).toMatchObject({ execution_count: null, outputs: [] });
    expect(new Set(cells.map(cell => cell.id)).size).toBe(5);
    expect(saved(panel)).toBe(before);
  });

  it('means the text in front, unless the question had a cell that is there', async () => {
    const panel = await bench.open(PATH);
    const { editor } = panel.content.widgets[2];
    bench.front.text = {
      kind: 'editor',
      name: 'script.py',
      editor: editor!,
      readOnly: true,
      focus: () => undefined
    };
    const gone = { cellId: 'gone', path: PATH };
    for (const asked of [null, gone]) {
      expect(bench.notebook.target(asked)).toEqual({
        label: 'script.py',
        which: 'active',
        kind: 'editor',
        ref: null
      });
    }
    expect(bench.notebook.target(FIRST)).toMatchObject({ kind: 'cell' });
    const result = await bench.notebook.insert(gone, 'below', [CODE]);
    expect(result.reason).toMatch(/script.py is read-only/);
    expect(sources(panel)).toHaveLength(3);
  });

  it('leaves read-only notebooks and locked cells alone', async () => {
    const panel = await bench.open(PATH);
    const before = saved(panel);
    codeModel(panel, 0).setMetadata('editable', false);
    const locked = await bench.notebook.insert(FIRST, 'replace', [CODE]);
    expect(locked.reason).toMatch(/locked/);
    codeModel(panel, 0).deleteMetadata('editable');
    panel.content.model!.readOnly = true;
    const refused = await bench.notebook.insert(FIRST, 'below', [CODE]);
    expect(refused.reason).toMatch(/read-only/);
    expect(saved(panel)).toBe(before);
  });

  it('strips prompts and control characters, and disarms Markdown', async () => {
    const panel = await bench.open(PATH);
    await bench.notebook.insert(FIRST, 'below', [
      { kind: 'code', source: '>>> a\u001b\r\n>>> b', language: 'python' },
      { kind: 'markdown', source: '![a](http://x.test/a.png)', language: '' }
    ]);
    expect(sources(panel).slice(1, 3)).toEqual([
      'a\nb',
      '[a](http://x.test/a.png)'
    ]);
    expect(
      await bench.notebook.insert(FIRST, 'below', [
        { kind: 'code', source: '  \n', language: '' }
      ])
    ).toMatchObject({ inserted: false });
  });
});

describe('taking an insert back', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  afterEach(() => {
    bench.dispose();
  });

  it.each(['below', 'replace'] as const)('%s: byte for byte', async place => {
    const panel = await bench.open(PATH);
    const before = saved(panel);
    expect(bench.notebook.undoInsert()).toBe(false);
    if (place === 'replace') {
      button(await propose(bench, panel, FIRST, 'x = 1'), 'Accept').click();
    } else {
      await bench.notebook.insert(FIRST, place, [CODE]);
    }
    expect(bench.notebook.canUndoInsert).toBe(true);
    expect(panel.content.hasClass(INSERTED_CLASS)).toBe(true);
    expect(bench.notebook.undoInsert()).toBe(true);
    expect(saved(panel)).toBe(before);
    expect(panel.content.activeCellIndex).toBe(0);
    expect(panel.content.hasClass(INSERTED_CLASS)).toBe(false);
    expect(bench.notebook.undoInsert()).toBe(false);
  });

  it.each([
    [
      'edited',
      1,
      (model: ReturnType<typeof codeModel>) => {
        model.sharedModel.updateSource(0, 0, 'y');
      }
    ],
    [
      'run',
      1,
      (model: ReturnType<typeof codeModel>) => {
        model.executionCount = 9;
      }
    ]
  ])('ends when a new cell is %s', async (_, index, change) => {
    const panel = await bench.open(PATH);
    await bench.notebook.insert(FIRST, 'below', [CODE]);
    change(codeModel(panel, index));
    expect(bench.notebook.canUndoInsert).toBe(false);
    expect(document.querySelector(`.${INSERTED_CLASS}`)).toBeNull();
    expect(bench.notebook.undoInsert()).toBe(false);
    expect(sources(panel)).toHaveLength(4);
  });

  it('outlives an edit of another cell, but no later cell action', async () => {
    const panel = await bench.open(PATH);
    await bench.notebook.insert(FIRST, 'below', [CODE]);
    codeModel(panel, 3).sharedModel.setSource('2 / 0');
    expect(bench.notebook.canUndoInsert).toBe(true);
    panel.content.model!.sharedModel.deleteCell(2);
    expect(bench.notebook.canUndoInsert).toBe(false);
  });

  it('only the last insert counts', async () => {
    const panel = await bench.open(PATH);
    await bench.notebook.insert(FIRST, 'below', [CODE]);
    const between = saved(panel);
    await bench.notebook.insert(FIRST, 'below', [CODE]);
    expect(bench.notebook.undoInsert()).toBe(true);
    expect(saved(panel)).toBe(between);
    expect(bench.notebook.canUndoInsert).toBe(false);
  });

  it('ends with its notebook', async () => {
    const panel = await bench.open(PATH);
    await bench.notebook.insert(FIRST, 'below', [CODE]);
    panel.dispose();
    expect(bench.notebook.canUndoInsert).toBe(false);
  });

  describe('by key', () => {
    let commands: CommandRegistry;
    let ran: string[];
    const press = (node: Element): void => {
      // The notebook's mode shows on its node after an update message.
      MessageLoop.flush();
      const event = new KeyboardEvent('keydown', {
        key: 'z',
        keyCode: 90,
        ctrlKey: true,
        bubbles: true,
        cancelable: true
      } as KeyboardEventInit);
      node.dispatchEvent(event);
    };
    const onKey = (event: KeyboardEvent): void => {
      commands.processKeydownEvent(event);
    };

    beforeEach(() => {
      ran = [];
      commands = new CommandRegistry();
      for (const id of ['editmenu:undo', 'jupyterlab-gpt:undo-insert']) {
        commands.addCommand(id, { execute: () => void ran.push(id) });
      }
      // JupyterLab's own binding, and ours as the schema gives them.
      commands.addKeyBinding({
        command: 'editmenu:undo',
        keys: ['Accel Z'],
        selector: '[data-jp-undoer]'
      });
      for (const binding of schema['jupyter.lab.shortcuts']) {
        if (binding.command === 'jupyterlab-gpt:undo-insert') {
          commands.addKeyBinding(binding);
        }
      }
      document.addEventListener('keydown', onKey, true);
    });

    afterEach(() => {
      document.removeEventListener('keydown', onKey, true);
    });

    it('Ctrl-Z is ours in command mode and in the new cell, else not', async () => {
      const panel = await bench.open(PATH);
      const cell = (index: number) => panel.content.widgets[index].node;
      press(panel.content.node);
      await bench.notebook.insert(FIRST, 'below', [CODE]);
      press(panel.content.node);
      press(cell(1));
      panel.content.mode = 'edit';
      press(cell(1));
      press(cell(0));
      panel.content.mode = 'command';
      bench.notebook.undoInsert();
      press(panel.content.node);
      const ours = 'jupyterlab-gpt:undo-insert';
      const stock = 'editmenu:undo';
      expect(ran).toEqual([stock, ours, ours, ours, stock, stock]);
    });
  });
});
