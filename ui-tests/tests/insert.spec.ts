/**
 * The answer goes home to its cell: a change that waits, and what can happen meanwhile.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Locator, Page } from '@playwright/test';
import { GPTPanel } from './gpt';
import {
  askAbout,
  change,
  execute,
  fence,
  fileText,
  idle,
  openNotebook,
  seen,
  sources
} from './notebooks';

const CELLS = [
  { id: 'one', source: 'first = 1' },
  { id: 'two', source: '# Two', type: 'markdown' as const },
  { id: 'three', source: 'import math\n\nprint(math.pi)' },
  { id: 'four', source: 'print("four")' }
];
const TAU = 'import math\n\nprint(math.tau)';

const diff = (page: Page, label = /Suggested change to/): Locator =>
  page.getByRole('group', { name: label });
const button = (within: Page | Locator, name: string): Locator =>
  within.getByRole('button', { name, exact: true });

// Each test is many steps of one page: loading it costs more than they do.
test.describe.configure({ timeout: 180_000 });

test('a change waits: nothing touches the document until Accept; Ctrl-Z takes it back', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/wait.ipynb`;
  await openNotebook(page, path, CELLS);
  const before = await fileText(page, path);
  const panel = new GPTPanel(page);
  await panel.open();
  // Another cell is active: the question names its own.
  await change(page, { activate: 0 });
  const answer = await askAbout(panel, 'three', fence(TAU));
  await change(page, { activate: 3 });
  const replace = button(answer, 'Replace cell');
  await expect(replace).toHaveAttribute('title', /In \[ \]/);
  await replace.click();
  await expect(diff(page)).toBeVisible();
  const accept = button(diff(page), 'Accept');
  await expect(accept).toBeFocused();
  expect((await seen(page)).active).toBe('three');
  await expect(diff(page).locator('.cm-deletedLine')).toHaveText([
    'print(math.pi)'
  ]);
  await expect(diff(page).locator('.cm-changedLine')).toHaveText([
    'print(math.tau)'
  ]);

  // Saved by key from within the diff, saved by command, and run: the old text, each time.
  await page.keyboard.press('Control+s');
  await execute(page, 'docmanager:save');
  expect(await fileText(page, path)).toBe(before);
  await expect(accept).toBeFocused();
  await execute(page, 'notebook:run-cell');
  await expect(page.locator('.jp-OutputArea-output')).toContainText('3.14');
  await idle(page);
  await expect(diff(page, /Suggested change to In \[1\]/)).toBeVisible();
  expect((await sources(page))[2]).toBe(CELLS[2].source);
  await execute(page, 'docmanager:save');
  const ran = await fileText(page, path);
  expect(ran).toContain('print(math.pi)');
  expect(ran).not.toContain('math.tau');

  // Keys that cut, delete and move in a notebook do nothing here; Enter takes the change.
  await accept.focus();
  await page.keyboard.press('x');
  await page.keyboard.press('d');
  await page.keyboard.press('d');
  expect((await sources(page)).length).toBe(4);
  await page.keyboard.press('Enter');
  await expect(diff(page)).toHaveCount(0);
  expect((await sources(page))[2]).toBe(TAU);
  const after = await seen(page);
  expect(after.active).toBe('three');
  expect(after.cells[2].count).toBe(1);
  await expect(page.locator('.jp-Cell.jp-mod-active')).toBeFocused();

  // In edit mode it is the cell's own undo.
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+z');
  expect((await sources(page))[2]).toBe(CELLS[2].source);
  await execute(page, 'docmanager:save');
  expect(await fileText(page, path)).toBe(ran);

  // Again, and taken back in command mode.
  await page.keyboard.press('Escape');
  await replace.click();
  await expect(accept).toBeFocused();
  await page.keyboard.press('Space');
  await expect(diff(page)).toHaveCount(0);
  await page.keyboard.press('Control+z');
  expect((await sources(page))[2]).toBe(CELLS[2].source);
  await execute(page, 'docmanager:save');
  expect(await fileText(page, path)).toBe(ran);

  // Escape leaves no trace; Accept and run runs that cell once.
  await replace.click();
  await expect(accept).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(diff(page)).toHaveCount(0);
  await expect(page.locator('.jp-Cell.jp-mod-active')).toBeFocused();
  await execute(page, 'docmanager:save');
  expect(await fileText(page, path)).toBe(ran);
  await replace.click();
  await button(diff(page), 'Accept and run').click();
  await expect(page.locator('.jp-OutputArea-output')).toContainText('6.28');
  const end = await seen(page);
  expect(end.active).toBe('three');
  expect(end.cells.map(cell => cell.count)).toEqual([null, null, 2, null]);
  await expect(page.locator('.jp-Cell.jp-mod-active')).toBeFocused();
});

test(
  'several changes wait: moved, edited, deleted, all at once',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    const path = `${tmpPath}/several.ipynb`;
    await openNotebook(page, path, CELLS);
    const before = await fileText(page, path);
    const panel = new GPTPanel(page);
    await panel.open();
    const answers = panel.transcript.getByRole('article', {
      name: 'GPT',
      exact: true
    });
    const [first, second] = [answers.nth(0), answers.nth(1)];
    await askAbout(panel, 'three', fence(TAU));
    await button(first, 'Replace cell').click();
    await expect(diff(page)).toHaveCount(1);
    const bar = page.getByRole('group', { name: 'Suggested changes' });
    await expect(bar).toHaveCount(0);
    await askAbout(panel, 'four', fence('print("4")'));
    await button(second, 'Replace cell').click();
    await expect(diff(page)).toHaveCount(2);
    await expect(bar).toContainText('2 changes wait in this notebook');

    // The cell moves, and another hand edits it.
    await change(page, { move: [2, 0] });
    const moved = page
      .locator('.jp-Cell')
      .first()
      .getByRole('group', {
        name: /Suggested change/
      });
    await expect(moved).toContainText('math.tau');
    await change(page, { write: [0, 'import math\n\nprint(math.e)'] });
    await expect(moved).toContainText(
      'The cell has changed since the question.'
    );
    await expect(moved.locator('.cm-deletedLine')).toHaveText([
      'print(math.e)'
    ]);
    await change(page, { write: [0, CELLS[2].source] });
    await expect(moved).not.toContainText('has changed');
    await change(page, { move: [0, 2] });

    await button(bar, 'Accept all').click();
    await expect(diff(page)).toHaveCount(0);
    await expect(bar).toHaveCount(0);
    expect((await sources(page)).slice(2)).toEqual([TAU, 'print("4")']);
    // While one types in a cell, Ctrl-Z is that cell's own.
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+z');
    expect((await sources(page)).slice(2)).toEqual([
      CELLS[2].source,
      'print("4")'
    ]);
    await page.locator('.jp-Cell').nth(3).locator('.cm-content').click();
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Escape');
    expect(await sources(page)).toEqual(CELLS.map(cell => cell.source));
    await execute(page, 'docmanager:save');
    expect(await fileText(page, path)).toBe(before);

    // In command mode all that was accepted together is one step.
    await button(first, 'Replace cell').click();
    await expect(diff(page)).toHaveCount(1);
    await button(second, 'Replace cell').click();
    await button(bar, 'Accept all').click();
    await expect(diff(page)).toHaveCount(0);
    await expect(page.locator('.jp-Cell.jp-mod-active')).toBeFocused();
    expect((await seen(page)).active).toBe('three');
    await page.keyboard.press('Control+z');
    expect(await sources(page)).toEqual(CELLS.map(cell => cell.source));
    expect((await seen(page)).active).toBe('three');
    await execute(page, 'docmanager:save');
    expect(await fileText(page, path)).toBe(before);

    await button(first, 'Replace cell').click();
    await expect(diff(page)).toHaveCount(1);
    await button(second, 'Replace cell').click();
    await expect(diff(page)).toHaveCount(2);
    await button(bar, 'Reject all').click();
    await expect(diff(page)).toHaveCount(0);
    await button(first, 'Replace cell').click();
    await expect(diff(page)).toHaveCount(1);
    await change(page, { remove: 2 });
    await expect(diff(page)).toHaveCount(0);
    // The answer now aims at what is active, and says so.
    await expect(button(first, 'Replace cell')).toHaveAttribute(
      'title',
      /the active cell/
    );
    await page.locator('.jp-Notebook').press('z');
    await expect(button(first, 'Replace cell')).not.toHaveAttribute(
      'title',
      /the active cell/
    );
    await execute(page, 'docmanager:save');
    expect(await fileText(page, path)).toBe(before);
  }
);

test(
  'hidden characters are named, and a whole answer opens as a notebook',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    const path = `${tmpPath}/hidden.ipynb`;
    await openNotebook(page, path, CELLS.slice(0, 1));
    const before = await fileText(page, path);
    const panel = new GPTPanel(page);
    await panel.open();
    const hidden = 'admin = "\u202eno\u2066" # \u200b\u{e0041}\u{e0042}';
    const answer = await askAbout(panel, 'one', `So:\n\n${fence(hidden)}`);
    const below = button(answer, 'Insert below');
    const dialog = page.getByRole('dialog');
    await below.click();
    await expect(dialog).toContainText('1 × right-to-left override (U+202E)');
    await expect(dialog).toContainText('1 × left-to-right isolate (U+2066)');
    await expect(dialog).toContainText('1 × zero-width space (U+200B)');
    await expect(dialog).toContainText('2 × tag characters');
    await button(dialog, 'Cancel').click();
    await expect(dialog).toHaveCount(0);
    await expect(below).toBeFocused();
    expect(await sources(page)).toEqual(['first = 1']);
    await below.click();
    await expect(button(dialog, 'Insert without them')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.locator('.jp-Notebook .jp-Cell')).toHaveCount(2);
    expect((await sources(page))[1]).toBe('admin = "no" # ');
    await expect(page.locator('.jp-Cell.jp-mod-active')).toBeFocused();
    await page.keyboard.press('z');
    await expect(page.locator('.jp-Notebook .jp-Cell')).toHaveCount(1);
    await below.click();
    await button(dialog, 'Insert as it is').click();
    await expect(page.locator('.jp-Notebook .jp-Cell')).toHaveCount(2);
    expect((await sources(page))[1]).toBe(hidden);
    await page.keyboard.press('Control+z');
    await expect(page.locator('.jp-Notebook .jp-Cell')).toHaveCount(1);
    await execute(page, 'docmanager:save');
    expect(await fileText(page, path)).toBe(before);

    // Words of other scripts and emoji pass without a question, into a notebook of their own.
    const plain = '# שלום، سلام می\u200cخواهم 👨\u200d👩\u200d👧\nx = 1';
    const other = await askAbout(
      panel,
      'one',
      `Hello שלום\n\n${fence(plain)}\nand ![a](http://x.test/a.png)\n`
    );
    await button(other, 'Open as new notebook').click();
    await page.waitForSelector('[role=tab].jp-mod-current >> text=GPT answer');
    expect(await sources(page)).toEqual([
      'Hello שלום',
      plain,
      'and [a](http://x.test/a.png)'
    ]);
    await expect(dialog).toHaveCount(0);
    expect((await seen(page)).cells.map(cell => cell.count)).toEqual([
      null,
      null,
      null
    ]);
  }
);
