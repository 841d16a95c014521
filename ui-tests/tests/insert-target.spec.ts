/**
 * The answer finds its cell wherever that has gone, and autosave knows nothing of what waits.
 */
import { expect, galata, test } from '@jupyterlab/galata';
import { GPTPanel } from './gpt';
import {
  askAbout,
  change,
  execute,
  fence,
  fileText,
  openNotebook,
  seen,
  sources
} from './notebooks';

const CELLS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].map(
  id => ({ id, source: `${id} = 1` })
);

test.describe.configure({ timeout: 180_000 });
test.use({
  mockSettings: {
    ...galata.DEFAULT_SETTINGS,
    // Seconds; JupyterLab's own interval is two minutes.
    '@jupyterlab/docmanager-extension:plugin': { autosaveInterval: 1 }
  }
});

test(
  'its cell is moved, deleted, and never the active one; autosave in between',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    const path = `${tmpPath}/target.ipynb`;
    await openNotebook(page, path, CELLS);
    const before = await fileText(page, path);
    const panel = new GPTPanel(page);
    await panel.open();
    await change(page, { activate: 6 });
    const answer = await askAbout(panel, 'three', fence('new = 3'));
    const below = answer.getByRole('button', { name: 'Insert below' });
    const replace = answer.getByRole('button', { name: 'Replace cell' });
    const diff = page.getByRole('group', { name: /Suggested change to/ });
    const ids = async (): Promise<string[]> =>
      (await seen(page)).cells.map(({ id }) => id);

    // While the change waits another cell is edited, and what is there is saved by itself.
    await replace.click();
    const accept = diff.getByRole('button', { name: 'Accept', exact: true });
    await expect(accept).toBeFocused();
    await change(page, { write: [0, 'one = 100'] });
    await expect
      .poll(() => fileText(page, path), { timeout: 20_000 })
      .toBe(before.replace('one = 1', 'one = 100'));
    await expect(accept).toBeFocused();
    await expect(diff).toContainText('new = 3');
    await change(page, { write: [0, 'one = 1'] });
    await expect
      .poll(() => fileText(page, path), { timeout: 20_000 })
      .toBe(before);
    await page.keyboard.press('Escape');
    await expect(diff).toHaveCount(0);

    // Moved to the end, and then to the top.
    for (const [from, to] of [
      [2, 6],
      [6, 0]
    ] as const) {
      await change(page, { move: [from, to] });
      await change(page, { activate: 4 });
      await below.click();
      await expect(page.locator('.jp-Cell.jp-mod-active')).toBeFocused();
      const { active, cells } = await seen(page);
      expect(cells[to].id).toBe('three');
      expect(cells[to + 1]).toEqual({
        id: active,
        source: 'new = 3',
        count: null
      });
      await page.keyboard.press('z');
      expect(await ids()).toHaveLength(7);
    }

    // Deleted: the active cell is meant, and the button says so; brought back, it is meant again.
    await change(page, { remove: 0 });
    await change(page, { activate: 3 });
    await expect(below).toHaveAttribute('title', /the active cell/);
    const meant = (await ids())[3];
    await below.click();
    await expect(page.locator('.jp-Cell.jp-mod-active')).toBeFocused();
    expect((await ids())[3]).toBe(meant);
    expect((await sources(page))[4]).toBe('new = 3');
    await page.keyboard.press('z');
    await page.keyboard.press('z');
    expect((await ids())[0]).toBe('three');
    await expect(below).not.toHaveAttribute('title', /the active cell/);
    await change(page, { move: [0, 2] });
    await execute(page, 'docmanager:save');
    expect(await fileText(page, path)).toBe(before);
  }
);
