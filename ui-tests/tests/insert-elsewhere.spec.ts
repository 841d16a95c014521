/**
 * Answers that go into a file, a console, and a notebook of which most is not drawn.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Page } from '@playwright/test';
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

interface IEditor {
  readonly model: { readonly sharedModel: { getSource(): string } };
  setSelection(selection: unknown): void;
  setCursorPosition(position: unknown): void;
}

interface ITextView {
  readonly content?: { readonly editor: IEditor };
  readonly console?: { readonly promptCell: { readonly editor: IEditor } };
}

/** The text in front; with the caret, or a selection, put somewhere first. */
async function text(
  page: Page,
  from?: readonly [number, number],
  to = from
): Promise<string> {
  return page.evaluate(
    ([start, end]) => {
      const { jupyterapp } = window as unknown as {
        jupyterapp: { shell: { currentWidget: ITextView } };
      };
      const view = jupyterapp.shell.currentWidget;
      const editor = view.content?.editor ?? view.console!.promptCell.editor;
      if (start && end) {
        editor.setSelection({
          start: { line: start[0], column: start[1] },
          end: { line: end[0], column: end[1] }
        });
      }
      return editor.model.sharedModel.getSource();
    },
    [from, to] as const
  );
}

test('a file and a console: at the cursor, for the selection, into the prompt', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/script.py`;
  const file = 'def f():\n    \n\nold()\n';
  await page.contents.uploadContent(file, 'text', path);
  await execute(page, 'docmanager:open', { path });
  await page.waitForSelector('.jp-FileEditor .cm-content');
  const panel = new GPTPanel(page);
  await panel.open();
  const answer = await askAbout(panel, null, fence('a = 1\n\nb = 2'));
  const insert = answer.getByRole('button', { name: 'Insert at cursor' });
  const replace = answer.getByRole('button', { name: 'Replace selection' });
  await expect(insert).toHaveAttribute(
    'title',
    'Insert at the cursor in script.py'
  );
  await expect(
    answer.getByRole('button', { name: 'Insert all as cells' })
  ).toHaveAttribute('title', 'There are no cells in script.py');

  await text(page, [1, 4]);
  await insert.click();
  expect(await text(page)).toBe('def f():\n    a = 1\n\n    b = 2\n\nold()\n');
  await expect(page.locator('.jp-FileEditor .cm-content')).toBeFocused();
  await page.keyboard.press('Control+z');
  expect(await text(page)).toBe(file);
  await text(page, [3, 0]);
  await replace.click();
  await expect(panel.root).toContainText('Nothing is selected in script.py.');
  await text(page, [3, 0], [3, 5]);
  await replace.click();
  expect(await text(page)).toBe('def f():\n    \n\na = 1\n\nb = 2\n');
  await page.keyboard.type('!');
  expect(await text(page)).toBe('def f():\n    \n\na = 1\n\nb = 2!\n');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  expect(await text(page)).toBe(file);
  await execute(page, 'docmanager:save');
  expect(await fileText(page, path)).toBe(file);

  await execute(page, 'console:create', {
    kernelPreference: { name: 'python3' }
  });
  await page.waitForSelector('.jp-CodeConsole-promptCell .cm-content');
  const put = answer.getByRole('button', { name: 'Put into prompt' });
  await put.click();
  expect(await text(page)).toBe('a = 1\n\nb = 2');
  await expect(
    page.locator('.jp-CodeConsole-promptCell .cm-content')
  ).toBeFocused();
  await expect(page.locator('.jp-CodeConsole-content .jp-Cell')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  expect(await text(page)).toBe('');
});

test('a windowed notebook of 300 cells: far out of view, and 500 blocks', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/long.ipynb`;
  const cells = Array.from({ length: 300 }, (_, i) => ({
    id: `c${i}`,
    source: `x${i} = ${i}\nprint(x${i})`
  }));
  await openNotebook(page, path, cells);
  const before = await fileText(page, path);
  const panel = new GPTPanel(page);
  await panel.open();
  const answer = await askAbout(panel, 'c280', fence('x280 = 0\nprint(x280)'));
  const target = page.locator('.jp-Cell', { hasText: 'x280' });
  await expect(target).toHaveCount(0);
  await answer.getByRole('button', { name: 'Replace cell' }).click();
  const diff = page.getByRole('group', { name: /Suggested change/ });
  const accept = diff.getByRole('button', { name: 'Accept', exact: true });
  await expect(accept).toBeFocused();
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
});
