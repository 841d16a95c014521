/**
 * The answer goes home to a cell of a document that others edit too: jupyter-collaboration writes
 * the file, and what one does reaches the others at once.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Locator, Page } from '@playwright/test';
import { GPTPanel } from '../tests/gpt';
import {
  askAbout,
  change,
  execute,
  fence,
  fileText,
  openNotebook,
  seen,
  sources
} from '../tests/notebooks';

const CELLS = [
  { id: 'one', source: 'first = 1' },
  { id: 'two', source: 'import math\n\nprint(math.pi)' },
  { id: 'three', source: 'third = 3' }
];
const TAU = 'import math\n\nprint(math.tau)';

const button = (within: Page | Locator, name: string): Locator =>
  within.getByRole('button', { name, exact: true }).first();
const diff = (page: Page): Locator =>
  page.getByRole('group', { name: /Suggested change to/ });

test.describe.configure({ timeout: 180_000 });

/** Wait until the server, which saves by itself, has written what the test is about to compare. */
async function settled(page: Page, path: string): Promise<string> {
  let last = '';
  await expect
    .poll(
      async () => {
        const now = await fileText(page, path);
        const same = now === last && now.includes('pygments_lexer');
        last = now;
        return same;
      },
      { intervals: [1500] }
    )
    .toBe(true);
  return last;
}

/** The server writes the file a second after a change: wait for these bytes. */
async function fileBecomes(
  page: Page,
  path: string,
  bytes: string
): Promise<void> {
  await expect
    .poll(() => fileText(page, path), { timeout: 15_000 })
    .toBe(bytes);
}

/** The same notebook in another browser. */
async function another(page: Page, path: string): Promise<Page> {
  const context = await page.context().browser()!.newContext();
  const other = await context.newPage();
  await other.goto(`${new URL(page.url()).origin}/lab/workspaces/other?reset`);
  await other.waitForSelector('#jupyterlab-splash', { state: 'detached' });
  await new GPTPanel(other).execute('docmanager:open', { path });
  await expect(other.locator('.jp-Notebook .jp-Cell')).toHaveCount(
    CELLS.length
  );
  return other;
}

test('below, in place, and all as cells: one step each, and the file is what it was', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/shared.ipynb`;
  await openNotebook(page, path, CELLS);
  const before = await settled(page, path);
  const panel = new GPTPanel(page);
  await panel.open();
  await change(page, { activate: 0 });
  const answer = await askAbout(
    panel,
    'two',
    `Twice as round:\n\n${fence(TAU)}\nand then\n\n${fence('done = True')}`
  );

  await button(answer, 'Insert below').click();
  const active = page.locator('.jp-Cell.jp-mod-active');
  await expect(active).toBeFocused();
  expect(await sources(page)).toEqual([
    CELLS[0].source,
    CELLS[1].source,
    TAU,
    CELLS[2].source
  ]);
  await expect.poll(() => fileText(page, path)).toContain('math.tau');
  await page.keyboard.press('z');
  expect(await sources(page)).toEqual(CELLS.map(cell => cell.source));
  await fileBecomes(page, path, before);

  await button(answer, 'Replace cell').click();
  await expect(button(diff(page), 'Accept')).toBeFocused();
  await execute(page, 'docmanager:save');
  expect(await settled(page, path)).toBe(before);
  await page.keyboard.press('Enter');
  await expect(diff(page)).toHaveCount(0);
  expect((await sources(page))[1]).toBe(TAU);
  await expect(active).toBeFocused();
  await expect.poll(() => fileText(page, path)).toContain('math.tau');
  await page.keyboard.press('Control+z');
  expect(await sources(page)).toEqual(CELLS.map(cell => cell.source));
  await fileBecomes(page, path, before);

  await button(answer, 'Insert all as cells').click();
  await expect.poll(async () => (await sources(page)).length).toBe(7);
  expect((await sources(page)).slice(2, 6)).toEqual([
    'Twice as round:',
    TAU,
    'and then',
    'done = True'
  ]);
  expect((await seen(page)).cells.every(cell => cell.count === null)).toBe(
    true
  );
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await sources(page)).length).toBe(3);
  await fileBecomes(page, path, before);
});

test('another hand meanwhile: the chip, the target and the change that waits follow it', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/together.ipynb`;
  await openNotebook(page, path, CELLS);
  const panel = new GPTPanel(page);
  await panel.open();
  const other = await another(page, path);
  await panel.execute('jupyterlab-gpt:ask-about-cell', { cellId: 'two' });
  const chip = panel.root.getByRole('group', { name: 'Context: In [ ]' });
  await expect(chip).toContainText('3 lines');
  await expect(chip).not.toContainText('edited since');
  // Moved by the other, and edited by the other: it is the same cell.
  await change(other, { move: [1, 0] });
  await change(other, { write: [0, 'import math\n\nprint(math.e)\n\n#'] });
  await expect(chip).toContainText('edited since');
  await expect(chip).toContainText('5 lines');
  const answer = await askAbout(panel, null, fence(TAU));

  await button(answer, 'Replace cell').click();
  await expect(diff(page)).toContainText('math.tau');
  await expect(diff(page)).not.toContainText('has changed');
  await expect(diff(other)).toHaveCount(0);
  await change(other, { write: [0, CELLS[1].source] });
  await expect(diff(page)).toContainText(
    'The cell has changed since the question.'
  );
  await change(other, { move: [0, 2] });
  await button(diff(page), 'Accept').click();
  await expect
    .poll(() => sources(other))
    .toEqual([CELLS[0].source, CELLS[2].source, TAU]);

  // What the other writes in the same moment is not taken back with it.
  await change(other, { write: [0, 'first = 100'] });
  await expect.poll(async () => (await sources(page))[0]).toBe('first = 100');
  await page.keyboard.press('Control+z');
  const end = ['first = 100', CELLS[2].source, CELLS[1].source];
  expect(await sources(page)).toEqual(end);
  await expect.poll(() => sources(other)).toEqual(end);

  await button(answer, 'Insert below').click();
  await expect.poll(() => sources(other)).toEqual([...end, TAU]);
  await change(other, { write: [1, 'third = 300'] });
  await expect.poll(async () => (await sources(page))[1]).toBe('third = 300');
  await page.keyboard.press('z');
  await expect
    .poll(() => sources(other))
    .toEqual(['first = 100', 'third = 300', CELLS[1].source]);

  // Deleted by the other while a change waits in it.
  await button(answer, 'Replace cell').click();
  await expect(diff(page)).toHaveCount(1);
  await change(other, { remove: 2 });
  await expect(diff(page)).toHaveCount(0);
  await expect(button(answer, 'Insert below')).toHaveAttribute(
    'title',
    /the active cell/
  );
  await other.context().close();
});
