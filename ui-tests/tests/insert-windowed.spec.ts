/**
 * Answers that go into a notebook of which most is not drawn.
 */
import { expect, test } from '@jupyterlab/galata';
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

test.describe.configure({ timeout: 180_000 });

test(
  'a windowed notebook of 300 cells: far out of view, and 500 blocks',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    const path = `${tmpPath}/long.ipynb`;
    const cells = Array.from({ length: 300 }, (_, i) => ({
      id: `c${i}`,
      source: `x${i} = ${i}\nprint(x${i})`
    }));
    await openNotebook(page, path, cells);
    const before = await fileText(page, path);
    const panel = new GPTPanel(page);
    await panel.open();
    const answer = await askAbout(
      panel,
      'c280',
      fence('x280 = 0\nprint(x280)')
    );
    const target = page.locator('.jp-Cell', { hasText: 'x280' });
    await expect(target).toHaveCount(0);
    await answer.getByRole('button', { name: 'Replace cell' }).click();
    const diff = page.getByRole('group', { name: /Suggested change to/ });
    const accept = diff.getByRole('button', { name: 'Accept', exact: true });
    await expect(accept).toBeFocused({ timeout: 15_000 });
    await expect(accept).toBeInViewport();
    await expect(diff).toContainText('x280 = 0');
    // Out of view it is out of the page, and it is there again with its cell.
    await change(page, { activate: 0 });
    await page.locator('.jp-WindowedPanel-outer').evaluate(node => {
      node.scrollTop = 0;
    });
    await expect(diff).not.toBeInViewport();
    await page.locator('.jp-WindowedPanel-outer').evaluate(node => {
      node.scrollTop = node.scrollHeight;
    });
    await expect(diff).toContainText('x280 = 0');
    await accept.click();
    await expect(diff).toHaveCount(0);
    expect((await seen(page)).active).toBe('c280');
    expect((await sources(page))[280]).toBe('x280 = 0\nprint(x280)');
    await page.keyboard.press('Control+z');
    await execute(page, 'docmanager:save');
    expect(await fileText(page, path)).toBe(before);

    await change(page, { activate: 0 });
    await answer.getByRole('button', { name: 'Insert below' }).click();
    await expect(page.locator('.jp-Cell.jp-mod-active')).toBeInViewport();
    await expect(page.locator('.jp-Cell.jp-mod-active')).toBeFocused();
    expect(await sources(page)).toHaveLength(301);
    expect((await sources(page))[281]).toBe('x280 = 0\nprint(x280)');
    await page.keyboard.press('z');
    expect(await sources(page)).toHaveLength(300);

    const blocks = Array.from({ length: 500 }, (_, i) => fence(`y${i} = ${i}`));
    const all = await askAbout(panel, 'c280', blocks.join('\n'));
    await all.getByRole('button', { name: 'Insert all as cells' }).click();
    await expect.poll(async () => (await sources(page)).length).toBe(800);
    const after = await seen(page);
    expect(after.cells[780].source).toBe('y499 = 499');
    expect(after.cells.every(cell => cell.count === null)).toBe(true);
    await page.keyboard.press('Control+z');
    await expect.poll(async () => (await sources(page)).length).toBe(300);
    await execute(page, 'docmanager:save');
    expect(await fileText(page, path)).toBe(before);

    // A cell that is nowhere: what is active is meant, and the button says so.
    await change(page, { remove: 280 });
    await change(page, { activate: 3 });
    await expect(
      all.getByRole('button', { name: 'Insert below', exact: true }).first()
    ).toHaveAttribute('title', /the active cell/);
  }
);
