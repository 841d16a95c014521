/**
 * What goes along with a prompt: chips of real notebooks, kernels and files.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Locator, Page } from '@playwright/test';
import { clearJournal, GPTPanel, journal, setSource } from './gpt';

/** A PNG of one pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const FAILING = [
  'import json\n\nTABLE = {"a": 1}',
  'def look(name):\n    return TABLE[name]',
  'unused = 3',
  'value = 1\nlook("b")\nprint(value)'
];

/** A chip by what it is called. */
function chip(panel: GPTPanel, name: string | RegExp): Locator {
  const label = typeof name === 'string' ? `Context: ${name}` : name;
  return panel.root.locator('.jp-gpt-Composer').getByRole('group', {
    name: label,
    exact: typeof name === 'string'
  });
}

/** Fill a new notebook with cells. */
async function fill(page: Page, sources: readonly string[]): Promise<void> {
  await page.evaluate(cells => {
    interface IApp {
      shell: {
        currentWidget: {
          content: {
            model: {
              sharedModel: {
                insertCells(at: number, cells: unknown[]): void;
                deleteCellRange(from: number, to: number): void;
                cells: unknown[];
              };
            };
          };
        };
      };
    }
    const { jupyterapp } = window as unknown as { jupyterapp: IApp };
    const { sharedModel } = jupyterapp.shell.currentWidget.content.model;
    sharedModel.insertCells(
      0,
      cells.map(source => ({
        cell_type: 'code',
        source,
        metadata: {},
        outputs: []
      }))
    );
    sharedModel.deleteCellRange(cells.length, cells.length + 1);
  }, sources);
}

/** Choose one of the rarely wanted things of a chip. */
async function more(of: Locator, name: string): Promise<void> {
  await of.getByRole('button', { name: /^More of/ }).click();
  await of.getByRole('menuitem', { name, exact: true }).click();
}

/** What the provider received as the last question. */
async function received(): Promise<string> {
  const asked = await journal();
  const { messages } = asked[asked.length - 1].body;
  const { content } = messages[messages.length - 1];
  return typeof content === 'string' ? content : JSON.stringify(content);
}

test.beforeEach(async ({ page }) => {
  await clearJournal();
  await page.notebook.createNew('context.ipynb');
});

test('a selection, definitions and the cells above', async ({ page }) => {
  await fill(page, FAILING);
  for (const index of [0, 1, 2, 3]) {
    await page.notebook.runCell(index, true);
  }
  const panel = new GPTPanel(page);
  await panel.open();
  await page.notebook.selectCells(3);
  await panel.execute('jupyterlab-gpt:ask-about-cell');
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
  await page.notebook.enterCellEditingMode(3);
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+End');
  await panel.execute('jupyterlab-gpt:ask-about-cell');
  const lines = chip(panel, 'In [4] lines 2–3');
  await expect(lines).toContainText('of 3 lines');
  await lines.getByRole('button', { name: 'Selected lines only' }).click();
  await expect(chip(panel, 'In [4]')).toContainText('3 lines');
  await more(chip(panel, 'In [4]'), 'Cells above');
  await expect(chip(panel, 'In [4]')).toContainText('3 cells above');
  await setSource(page, 3, 'look("c")');
  await expect(chip(panel, 'In [4]')).toContainText('edited since');
});

test('variables of an idle kernel, and of a busy one', async ({ page }) => {
  await fill(page, [
    'class Loud:\n    def __repr__(self):\n        raise SystemExit\nloud = Loud()\nrows = list(range(10**6))',
    'len(rows), loud.x',
    'import time; time.sleep(30)'
  ]);
  await page.notebook.runCell(0, true);
  const panel = new GPTPanel(page);
  await panel.open();
  await page.notebook.selectCells(1);
  await panel.execute('jupyterlab-gpt:ask-about-cell');
  const cell = chip(panel, 'In [ ]');
  await more(cell, 'Variables used');
  await expect(cell).toContainText('2 variables');
  await panel.ask('What is in there?');
  await panel.ended();
  const sent = await received();
  expect(sent).toContain('Variable `rows` (list):');
  expect(sent).toContain('1,000,000 items');
  expect(sent).toContain('Variable `loud` (Loud)');
  // The kernel has not noticed: the next cell is number 2.
  await page.notebook.runCell(1, true);
  await expect(page.locator('.jp-InputPrompt').nth(1)).toHaveText('[2]:');

  await page.notebook.selectCells(2);
  await page.keyboard.press('Shift+Enter');
  await expect(page.locator('.jp-InputPrompt').nth(2)).toHaveText('[*]:');
  await page.notebook.selectCells(1);
  await panel.execute('jupyterlab-gpt:ask-about-cell');
  const busy = chip(panel, 'In [2]');
  await more(busy, 'Variables used');
  await expect(busy.getByRole('alert')).toContainText('The kernel is busy');
  await panel.execute('notebook:interrupt-kernel');
});

test('images that are pasted, and files of the workspace', async ({
  page,
  tmpPath
}) => {
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

  // A file is dragged out of the file browser.
  await page.filebrowser.openDirectory(tmpPath);
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
});

test('a cell and several cells', async ({ page }) => {
  await fill(page, ['a = 1', 'b = 2', 'c = 3']);
  const panel = new GPTPanel(page);
  await panel.open();
  await page.notebook.selectCells(1);
  const prompt = page.locator('.jp-Notebook .jp-InputArea-prompt').nth(1);
  await drag(page, prompt, panel.prompt);
  await expect(chip(panel, 'In [ ]')).toContainText('1 line');
  await chip(panel, 'In [ ]').getByRole('button', { name: 'Remove' }).click();

  await page.notebook.selectCells(0, 2);
  await panel.button('Add context').click();
  await panel.root.getByRole('menuitem', { name: '3 selected cells' }).click();
  await expect(chip(panel, '3 cells')).toContainText('3 lines');
  await page.notebook.selectCells(2);
  await panel.execute('notebook:delete-cell');
  await expect(chip(panel, '3 cells')).toContainText('1 deleted');
});

/** Drag as a hand does: Lumino wants to see the pointer move. */
async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  const start = (await from.boundingBox())!;
  const end = (await to.boundingBox())!;
  await page.mouse.move(start.x + 12, start.y + 8);
  await page.mouse.down();
  await page.mouse.move(start.x + 30, start.y + 24, { steps: 4 });
  await page.mouse.move(end.x + 30, end.y + 12, { steps: 12 });
  await page.mouse.move(end.x + 32, end.y + 14, { steps: 2 });
  await page.mouse.up();
}
