import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IInsertBlock } from '../../tokens';
import {
  Bench,
  button,
  codeModel,
  diffs,
  propose,
  saved,
  sources,
  until
} from './utils';

const PATH = 'a.ipynb';
const FIRST = { cellId: 'first', path: PATH, source: 'import math\nmath.pi' };
const PROSE = { cellId: 'prose', path: PATH };
const FAILED = { cellId: 'failed', path: PATH };
const NEW = 'import math\nmath.tau';
const MARK = 'jp-mod-gptInserted';

/** Lines of a diff, in their order, with their signs. */
function lines(diff: Element): string[] {
  const nodes = diff.querySelectorAll('.cm-line, .cm-deletedLine');
  return [...nodes].map(node => {
    const gone = node.classList.contains('cm-deletedLine');
    const come = node.classList.contains('cm-changedLine');
    return (gone ? '-' : come ? '+' : ' ') + node.textContent;
  });
}

function note(diff: Element): string {
  return diff.querySelector('.jp-gpt-Diff-note')?.textContent ?? '';
}

function press(node: Element, key: string): KeyboardEvent {
  const event = new KeyboardEvent('keydown', {
    key,
    bubbles: true,
    cancelable: true
  });
  node.dispatchEvent(event);
  return event;
}

// Opening a notebook takes seconds where many tests run at once.
jest.setTimeout(30_000);

describe('a change that waits', () => {
  let bench: Bench;
  let panel: NotebookPanel;
  let before: string;

  beforeEach(async () => {
    bench = new Bench();
    panel = await bench.open(PATH);
    before = saved(panel);
  });

  afterEach(() => {
    bench.dispose();
  });

  it('shows old and new lines and leaves the document alone', async () => {
    const diff = await propose(bench, panel, FIRST, NEW);
    expect(lines(diff)).toEqual([' import math', '-math.pi', '+math.tau']);
    expect(diff.getAttribute('aria-label')).toBe('Suggested change to In [7]');
    expect(diff.textContent).toContain('+1 −1');
    expect(note(diff)).toBe('');
    expect(saved(panel)).toBe(before);
    expect(panel.context.model.dirty).toBe(false);
    expect(bench.notebook.canUndoInsert).toBe(false);
    await until(
      () => document.activeElement === button(diff, 'Accept'),
      'the focus is on Accept'
    );
  });

  it('Accept writes it in one step that the undo of the cell takes back', async () => {
    const diff = await propose(bench, panel, FIRST, NEW);
    button(diff, 'Accept').click();
    expect(sources(panel)[0]).toBe(NEW);
    expect(diffs(panel)).toHaveLength(0);
    expect(codeModel(panel, 0).executionCount).toBe(7);
    expect(bench.runs).toBe(0);
    codeModel(panel, 0).sharedModel.undo();
    expect(saved(panel)).toBe(before);
  });

  it.each([
    ['a = 1', 'a = 1'.repeat(3)],
    ['x\ny\nz', 'x\nz'],
    ['say("😀")', 'say("😁")'],
    ['say("😀")', 'say("😀😀")'],
    ['😀', ''],
    ['', '𝒳 = 1']
  ])('Accept turns %j into %j, whole characters and all', async (from, to) => {
    const { sharedModel } = codeModel(panel, 0);
    sharedModel.setSource(from);
    const base = saved(panel);
    sharedModel.clearUndoHistory();
    const diff = await propose(bench, panel, FIRST, `${to}\nend`);
    button(diff, 'Accept').click();
    expect(sources(panel)[0]).toBe(`${to}\nend`);
    sharedModel.undo();
    expect(saved(panel)).toBe(base);
  });

  it('Accept and run writes it, then runs that cell', async () => {
    const diff = await propose(bench, panel, FAILED, '1 / 1');
    panel.content.activeCellIndex = 0;
    button(diff, 'Accept and run').click();
    await until(() => bench.runs === 1, 'it runs');
    expect(sources(panel)[2]).toBe('1 / 1');
    expect(panel.content.activeCellIndex).toBe(2);
    expect(panel.content.mode).toBe('command');
  });

  it.each(['button', 'Escape'])('Reject (%s) leaves no trace', async way => {
    const diff = await propose(bench, panel, FIRST, NEW);
    if (way === 'button') {
      button(diff, 'Reject').click();
    } else {
      press(button(diff, 'Accept'), 'Escape');
    }
    expect(diffs(panel)).toHaveLength(0);
    expect(panel.node.querySelector('.jp-mod-gptPending')).toBeNull();
    expect(saved(panel)).toBe(before);
    expect(bench.notebook.canUndoInsert).toBe(false);
  });

  it('keeps the keys that would act on the notebook', async () => {
    const diff = await propose(bench, panel, FIRST, NEW);
    const seen: string[] = [];
    const listen = (event: Event) => seen.push((event as KeyboardEvent).key);
    document.addEventListener('keydown', listen, true);
    for (const key of ['Enter', ' ', 'd', 'x', 'ArrowDown', 'Tab']) {
      expect(press(button(diff, 'Accept'), key).defaultPrevented).toBe(false);
    }
    button(diff, 'Accept').dispatchEvent(
      new KeyboardEvent('keydown', { key: 's', ctrlKey: true, bubbles: true })
    );
    document.removeEventListener('keydown', listen, true);
    expect(seen).toEqual(['s']);
  });

  it('is against what is there now, and says so', async () => {
    codeModel(panel, 0).sharedModel.setSource('import math\nmath.e');
    const diff = await propose(bench, panel, FIRST, NEW);
    expect(lines(diff)).toContain('-math.e');
    expect(note(diff)).toBe('The cell has changed since the question.');
    codeModel(panel, 0).sharedModel.setSource(FIRST.source);
    await until(() => lines(diff).includes('-math.pi'), 'it follows');
    expect(note(diff)).toBe('');
    codeModel(panel, 0).sharedModel.setSource(NEW);
    await until(() => diffs(panel).length === 0, 'there is nothing left to do');
  });

  it('says that the cell holds this already', async () => {
    const block: IInsertBlock = {
      kind: 'code',
      source: FIRST.source,
      language: 'python'
    };
    const result = await bench.notebook.insert(FIRST, 'replace', [block]);
    expect(result).toMatchObject({
      inserted: false,
      reason: expect.stringMatching(/already/)
    });
    expect(diffs(panel)).toHaveLength(0);
  });

  it('follows a cell that is moved and goes with one that is deleted', async () => {
    const shared = panel.content.model!.sharedModel;
    await propose(bench, panel, FIRST, NEW);
    shared.moveCell(0, 2);
    await until(
      () =>
        diffs(panel)[0]?.closest('.jp-Cell') === panel.content.widgets[2].node,
      'it is where its cell is'
    );
    const [diff] = diffs(panel);
    expect(lines(diff)).toContain('+math.tau');
    shared.deleteCell(2);
    await until(() => diffs(panel).length === 0, 'it went with its cell');
    shared.undo();
    expect(sources(panel)).toContain(FIRST.source);
  });

  it('takes the place of another one in the same cell', async () => {
    await propose(bench, panel, FIRST, NEW);
    await bench.notebook.insert(FIRST, 'replace', [
      { kind: 'code', source: 'other', language: '' }
    ]);
    await until(
      () => diffs(panel).some(diff => lines(diff).includes('+other')),
      'the new one is shown'
    );
    expect(diffs(panel)).toHaveLength(1);
  });

  it('makes a code cell of a Markdown cell under the same id', async () => {
    const diff = await propose(bench, panel, PROSE, 'x = 1');
    expect(note(diff)).toContain('It becomes a code cell.');
    button(diff, 'Accept').click();
    expect(panel.content.model!.cells.get(1)).toMatchObject({
      type: 'code',
      id: 'prose'
    });
    expect(bench.notebook.undoInsert()).toBe(true);
    expect(saved(panel)).toBe(before);
  });

  it('is not taken by a notebook that became read-only', async () => {
    const diff = await propose(bench, panel, FIRST, NEW);
    panel.content.model!.readOnly = true;
    button(diff, 'Accept').click();
    expect(note(diff)).toMatch(/read-only/);
    expect(diffs(panel)).toHaveLength(1);
    expect(saved(panel)).toBe(before);
  });

  it('ends with its notebook', async () => {
    await propose(bench, panel, FIRST, NEW);
    panel.dispose();
    expect(document.querySelector('.jp-gpt-Diff')).toBeNull();
  });

  it('folds a long cell to what changes, until one asks for all', async () => {
    const long = Array.from({ length: 300 }, (_, i) => `line(${i})`);
    codeModel(panel, 0).sharedModel.setSource(long.join('\n'));
    long[150] = 'changed()';
    const diff = await propose(bench, panel, FIRST, long.join('\n'));
    expect(diff.textContent).toMatch(/unchanged lines/);
    button(diff, 'Show all lines').click();
    expect(diff.textContent).not.toMatch(/unchanged lines/);
    expect(button(diff, 'Show all lines').hidden).toBe(true);
  });
});

describe('several changes', () => {
  let bench: Bench;
  let panel: NotebookPanel;
  let before: string;
  const bar = () =>
    panel.node.querySelector<HTMLElement>('.jp-gpt-PendingBar')!;

  beforeEach(async () => {
    bench = new Bench();
    panel = await bench.open(PATH);
    before = saved(panel);
    await propose(bench, panel, FIRST, NEW);
    expect(bar()).toBeNull();
    await propose(bench, panel, FAILED, '1 / 1');
  });

  afterEach(() => {
    bench.dispose();
  });

  it('have a bar that says how many, and goes with the last but one', () => {
    expect(bar().textContent).toContain('2 changes wait in this notebook');
    button(diffs(panel)[0], 'Reject').click();
    expect(bar()).toBeNull();
    expect(diffs(panel)).toHaveLength(1);
  });

  it('Accept all', () => {
    button(bar(), 'Accept all').click();
    expect(sources(panel)).toEqual([NEW, '# Title', '1 / 1']);
    expect(diffs(panel)).toHaveLength(0);
    expect(bar()).toBeNull();
    expect(bench.runs).toBe(0);
    codeModel(panel, 0).sharedModel.undo();
    codeModel(panel, 2).sharedModel.undo();
    expect(saved(panel)).toBe(before);
  });

  it('Accept all is taken back in one step', () => {
    button(bar(), 'Accept all').click();
    const marked = () => panel.content.widgets.map(cell => cell.hasClass(MARK));
    expect(panel.content.hasClass(MARK)).toBe(true);
    // Within a cell Ctrl-Z is the cell's own.
    expect(marked()).toEqual([false, false, false]);
    expect(bench.notebook.undoInsert()).toBe(true);
    expect(saved(panel)).toBe(before);
    expect(panel.content.activeCellIndex).toBe(0);
    expect(panel.content.hasClass(MARK)).toBe(false);
    expect(bench.notebook.undoInsert()).toBe(false);
  });

  it('Accept all takes back a cell that became one of another type, too', async () => {
    const prose = { cellId: 'prose', path: PATH };
    await propose(bench, panel, prose, '2 * 3');
    button(bar(), 'Accept all').click();
    expect(sources(panel)).toEqual([NEW, '2 * 3', '1 / 1']);
    expect(panel.content.model!.cells.get(1).type).toBe('code');
    expect(bench.notebook.undoInsert()).toBe(true);
    expect(saved(panel)).toBe(before);
  });

  it('An edit in one of them ends the step: each is its own cell to undo', () => {
    button(bar(), 'Accept all').click();
    codeModel(panel, 2).sharedModel.updateSource(0, 0, '#');
    expect(bench.notebook.canUndoInsert).toBe(false);
    expect(bench.notebook.undoInsert()).toBe(false);
    codeModel(panel, 0).sharedModel.undo();
    expect(sources(panel)).toEqual([FIRST.source, '# Title', '#1 / 1']);
  });

  it('Reject all', () => {
    button(bar(), 'Reject all').click();
    expect(diffs(panel)).toHaveLength(0);
    expect(saved(panel)).toBe(before);
  });

  it('Next change goes round', async () => {
    const at = (index: number) => () =>
      document.activeElement === button(diffs(panel)[index], 'Accept');
    await until(at(1), 'the second has the focus');
    button(bar(), 'Next change').click();
    await until(at(0), 'the first has the focus');
    button(bar(), 'Next change').click();
    await until(at(1), 'the second has the focus again');
  });
});
