/**
 * What goes along with a prompt: chips of real notebooks, kernels and files.
 */
import { expect, test } from '@jupyterlab/galata';
import { cellsOf, chip, drag, handle, more, received } from './chips';
import { clearJournal, GPTPanel, script, setSource } from './gpt';
import { change, execute, openNotebook } from './notebooks';

/** A PNG of one pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const FAILING = [
  'import json\n\nTABLE = {"a": 1}',
  'def look(name):\n    return TABLE[name]',
  'unused = 3',
  'value = 1\nlook("b")\nprint(value)'
];

test.beforeEach(() => clearJournal());

test('a selection, definitions and the cells above', async ({
  page,
  tmpPath
}) => {
  await openNotebook(page, `${tmpPath}/context.ipynb`, cellsOf(FAILING));
  await execute(page, 'notebook:run-all-cells');
  const panel = new GPTPanel(page);
  await panel.execute('jupyterlab-gpt:ask-about-cell', { cellId: 'cell-4' });
  const failed = chip(panel, 'In [4]');
  await expect(failed).toContainText('1 definition');
  await expect(failed).toContainText('≈');
  await expect(
    failed.getByRole('button', { name: 'Definitions', exact: true })
  ).toHaveAttribute('aria-pressed', 'true');
  await panel.ask('Why does this fail?');
  await panel.ended();
  const sent = await received();
  expect(sent).toContain('KeyError');
  expect(sent).toContain('Cell In [2] of `');
  expect(sent).not.toContain('unused = 3');
  // The answer belongs to the cell that was asked about, not to one that defines its names.
  await expect(panel.last('GPT').getByText('In [4]').first()).toBeVisible();

  // Two lines of a cell.
  const lines = page
    .locator('.jp-Notebook .jp-Cell')
    .nth(3)
    .locator('.cm-line');
  await lines.nth(1).click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+End');
  await panel.execute('jupyterlab-gpt:ask-about-cell');
  const two = chip(panel, 'In [4] lines 2–3');
  await expect(two).toContainText('of 3 lines');
  await two.getByRole('button', { name: 'Selected lines only' }).click();
  await expect(chip(panel, 'In [4]')).toContainText('3 lines');
  await more(chip(panel, 'In [4]'), 'Cells above');
  await expect(chip(panel, 'In [4]')).toContainText('3 cells above');
  await setSource(page, 3, 'look("c")');
  await expect(chip(panel, 'In [4]')).toContainText('edited since');
});

test(
  'an answer about an error alone belongs to its cell',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    await openNotebook(page, `${tmpPath}/error.ipynb`, cellsOf(FAILING));
    await execute(page, 'notebook:run-all-cells');
    const panel = new GPTPanel(page);
    await panel.execute('jupyterlab-gpt:ask-about-cell', { cellId: 'cell-4' });
    const failed = chip(panel, 'In [4]');
    await failed.getByRole('button', { name: 'Code', exact: true }).click();
    await change(page, { activate: 0 });
    await panel.ask('What is missing?');
    const answer = await panel.ended();
    expect(await received()).not.toContain('value = 1\nlook');
    await answer
      .getByRole('button', { name: 'Insert below', exact: true })
      .first()
      .click();
    const cells = page.locator('.jp-Notebook .jp-Cell');
    await expect(cells).toHaveCount(5);
    await expect(cells.nth(4)).toBeFocused();
  }
);

test(
  'images that are pasted, and files of the workspace',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    await page.contents.uploadContent(
      'name,age\nAda,36\n',
      'text',
      `${tmpPath}/people.csv`
    );
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.prompt.focus();
    await page.evaluate(async data => {
      const blob = await (await fetch(`data:image/png;base64,${data}`)).blob();
      const transfer = new DataTransfer();
      transfer.items.add(new File([blob], 'image.png', { type: 'image/png' }));
      document.activeElement?.dispatchEvent(
        new ClipboardEvent('paste', {
          clipboardData: transfer,
          bubbles: true,
          cancelable: true
        })
      );
    }, PIXEL);
    const picture = chip(panel, /^Context: image \d+$/);
    await expect(picture).toContainText('tok');
    await expect(picture.locator('img')).toHaveAttribute('src', /^blob:/);

    // A file is dragged out of the file browser, which shows the test's folder.
    await drag(
      page,
      page.locator('.jp-DirListing-item', { hasText: 'people.csv' }),
      panel.prompt
    );
    const file = chip(panel, 'people.csv');
    await expect(file).toContainText('16 B');
    await panel.ask('Who is it?');
    await panel.ended();
    const sent = await received();
    expect(sent).toContain(`data:image/png;base64,${PIXEL}`);
    expect(sent).toContain('name,age\\nAda,36');
  }
);

test('several cells', { tag: '@all' }, async ({ page, tmpPath }) => {
  const cells = cellsOf(['a = 1', 'b = 2', 'c = 3']);
  await openNotebook(page, `${tmpPath}/several.ipynb`, cells);
  const panel = new GPTPanel(page);
  await panel.open();
  await change(page, { activate: 0 });
  await execute(page, 'notebook:extend-marked-cells-below');
  await execute(page, 'notebook:extend-marked-cells-below');
  await panel.button('Add context').click();
  await panel.root.getByRole('menuitem', { name: '3 selected cells' }).click();
  await expect(chip(panel, '3 cells')).toContainText('3 lines');
  await change(page, { remove: 2 });
  await expect(chip(panel, '3 cells')).toContainText('1 deleted');
});

/** Tokens as the line under the prompt box has them, once they are others than before. */
async function estimated(panel: GPTPanel, before: number): Promise<number> {
  const line = panel.root.getByRole('status', { name: 'Estimated cost' });
  let tokens = before;
  await expect(async () => {
    tokens = Number(/≈ (\d+) tok/.exec(await line.innerText())?.[1] ?? before);
    expect(tokens).not.toBe(before);
  }).toPass({ timeout: 15_000 });
  return tokens;
}

test(
  'one cell that is dragged in adds its own tokens and at most 30',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    const source =
      'import math\nradii = [1, 2, 3]\nareas = [math.pi * r**2 for r in radii]\nsum(areas)';
    const path = `${tmpPath}/dragged cell.ipynb`;
    await openNotebook(page, path, cellsOf([source]));
    const panel = new GPTPanel(page);
    await panel.open();
    // What other tests paid for has taught the estimate of their models.
    const model = `scripted-dragged-${Date.now()}`;
    await script(model, ['Because.']);
    await panel.choose(model);
    await panel.prompt.fill('Why?');
    const bare = await estimated(panel, 0);
    // What the source alone costs: typed behind the question.
    await panel.prompt.fill(`Why?\n${source}`);
    const typed = await estimated(panel, bare);
    await panel.prompt.fill('Why?');
    expect(await estimated(panel, typed)).toBe(bare);

    await drag(page, handle(page, 0), panel.prompt);
    await expect(chip(panel, 'In [ ]')).toContainText('4 lines');
    await expect(panel.prompt).toBeFocused();
    const dragged = await estimated(panel, bare);
    expect(typed - bare).toBeGreaterThan(20);
    expect(dragged - bare).toBeGreaterThanOrEqual(typed - bare);
    expect(dragged - typed).toBeLessThanOrEqual(30);
    await panel.prompt.press('Enter');
    await panel.ended();
    expect(await received()).toContain(source);
    expect(await received()).toContain('Why?');
  }
);
