/**
 * What goes back into a notebook, in Notebook 7: the document, its undo, the focus.
 */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { GPTPanel } from '../tests/gpt';
import {
  askAbout,
  change,
  execute,
  fence,
  fileText,
  idle,
  notebookText,
  seen,
  sources,
  written
} from '../tests/notebooks';

const URL = process.env.GPT_COMPAT_NOTEBOOK_URL as string;
// Its own at each try: a kernel goes on from one to the next.
const PATH = `insert-${Date.now()}.ipynb`;
const CELLS = [
  { id: 'one', source: 'ran = ["one"]' },
  { id: 'two', source: 'import math\n\nprint(math.pi)' },
  { id: 'three', source: 'print(ran)' }
];
const TAU = 'ran.append("answer")\nprint(math.tau)';
const ANSWER = `Like this:\n\n${fence(TAU)}\nand then\n\n${fence('done = 1')}`;

const button = (within: Page | Locator, name: string): Locator =>
  within.getByRole('button', { name, exact: true }).first();

test.describe.configure({ timeout: 180_000 });

test('below, above, all as cells, and in place: one step each, nothing runs', async ({
  page
}) => {
  await page.goto(`${URL}/login`);
  const response = await page.request.put(`${URL}/api/contents/${PATH}`, {
    headers: { Authorization: 'token test-token' },
    data: { type: 'file', format: 'text', content: notebookText(CELLS) }
  });
  expect(response.ok()).toBe(true);
  await page.goto(`${URL}/notebooks/${PATH}?token=test-token`);
  await written(page);
  await execute(page, 'notebook:run-all-cells');
  await expect(page.locator('.jp-OutputArea-output').nth(1)).toContainText(
    "['one']"
  );
  await idle(page);
  await execute(page, 'docmanager:save');
  const before = await fileText(page, PATH);
  const counts = (await seen(page)).cells.map(cell => cell.count);
  expect(counts).toEqual([1, 2, 3]);
  const isAsBefore = async (): Promise<void> => {
    await execute(page, 'docmanager:save');
    expect(await fileText(page, PATH)).toBe(before);
  };

  const panel = new GPTPanel(page);
  await panel.open();
  const answer = await askAbout(panel, 'two', ANSWER);
  const active = page.locator('.jp-Cell.jp-mod-active');
  const diff = page.getByRole('group', { name: /Suggested change to/ });

  // Another cell is active: the answer goes to its own.
  for (const undo of ['z', 'Control+z']) {
    await change(page, { activate: 0 });
    await button(answer, 'Insert below').click();
    await expect(active).toBeFocused();
    const { cells, active: id } = await seen(page);
    expect(cells.map(({ source }) => source)[2]).toBe(TAU);
    expect(cells.map(({ count }) => count)).toEqual([1, 2, null, 3]);
    expect(id).toBe(cells[2].id);
    await page.keyboard.press(undo);
    expect((await sources(page)).length).toBe(3);
    await isAsBefore();
  }

  await button(answer, 'Insert above').click();
  await expect(active).toBeFocused();
  expect((await sources(page))[1]).toBe(TAU);
  await page.keyboard.press('z');
  await isAsBefore();

  await button(answer, 'Insert all as cells').click();
  await expect.poll(async () => (await sources(page)).length).toBe(7);
  await expect(active).toBeFocused();
  expect((await sources(page)).slice(2, 6)).toEqual([
    'Like this:',
    TAU,
    'and then',
    'done = 1'
  ]);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await sources(page)).length).toBe(3);
  await isAsBefore();

  await button(answer, 'Replace cell').click();
  await expect(button(diff, 'Accept')).toBeFocused();
  await isAsBefore();
  await page.keyboard.press('Escape');
  await expect(diff).toHaveCount(0);
  await expect(active).toBeFocused();
  await isAsBefore();
  await button(answer, 'Replace cell').click();
  await expect(button(diff, 'Accept')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(diff).toHaveCount(0);
  await expect(active).toBeFocused();
  const taken = await seen(page);
  expect(taken.active).toBe('two');
  expect(taken.cells[1].source).toBe(TAU);
  expect(taken.cells.map(({ count }) => count)).toEqual(counts);
  await page.keyboard.press('Control+z');
  await isAsBefore();

  // A notebook of its own is a page of its own here.
  const opened = page.waitForEvent('popup');
  await button(answer, 'Open as new notebook').click();
  const other = await opened;
  await other.waitForSelector('.jp-Notebook .jp-Cell');
  await expect
    .poll(async () => (await sources(other)).join('|'))
    .toBe(`Like this:|${TAU}|and then|done = 1`);
  expect((await seen(other)).cells.every(({ count }) => !count)).toBe(true);
  await other.close();
  await isAsBefore();

  // The kernel has seen nothing of all this, until one asks for it.
  await execute(page, 'notebook:run-all-cells');
  await expect
    .poll(async () => (await seen(page)).cells.map(({ count }) => count))
    .toEqual([4, 5, 6]);
  await expect(page.locator('.jp-OutputArea-output').nth(1)).toContainText(
    "['one']"
  );
  await button(answer, 'Replace cell').click();
  await button(diff, 'Accept and run').click();
  await expect(active.locator('.jp-OutputArea-output')).toContainText('6.28');
  expect((await seen(page)).cells.map(({ count }) => count)).toEqual([4, 7, 6]);
});
