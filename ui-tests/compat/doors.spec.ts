/**
 * The doors in Notebook 7: the panel, the context menu of a cell, and the button beside a traceback.
 */
import { expect, test, type Page } from '@playwright/test';
import { chip, chips, received } from '../tests/chips';
import { clearJournal, GPTPanel, journal, setSource } from '../tests/gpt';
import { change } from '../tests/notebooks';

const URL = process.env.GPT_COMPAT_NOTEBOOK_URL as string;

const FAILING = 'rows = {"a": 3}\nrows["c"]';

/** A notebook of three cells; the last one is still to fail. */
async function openNotebook(page: Page, name: string): Promise<void> {
  const sources = ['one = 1', 'two = 2', FAILING];
  const content = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: 'python3',
        display_name: 'Python 3',
        language: 'python'
      },
      language_info: { name: 'python' }
    },
    cells: sources.map((source, at) => ({
      cell_type: 'code',
      id: `cell-${at + 1}`,
      execution_count: at < 2 ? at + 1 : null,
      metadata: {},
      outputs:
        at < 2
          ? [{ output_type: 'stream', name: 'stdout', text: `shown ${at + 1}` }]
          : [],
      source
    }))
  };
  await page.goto(`${URL}/login`);
  const response = await page.request.put(`${URL}/api/contents/${name}`, {
    headers: { Authorization: 'token test-token' },
    data: { type: 'notebook', format: 'json', content }
  });
  expect(response.ok()).toBe(true);
  await page.goto(`${URL}/notebooks/${name}?token=test-token`);
  await page.waitForSelector('.jp-Notebook .jp-Cell');
}

test.beforeEach(() => clearJournal());

test('Notebook 7: the context menu asks about the cell that was clicked', async ({
  page
}) => {
  await openNotebook(page, 'menu.ipynb');
  const panel = new GPTPanel(page);
  await panel.open();
  const cells = page.locator('.jp-Notebook .jp-Cell');
  await cells.nth(0).locator('.jp-InputPrompt').click();
  await cells
    .nth(1)
    .locator('.jp-OutputArea-output')
    .click({ button: 'right' });
  await page
    .getByRole('menuitem', { name: 'Ask GPT about this cell…' })
    .click();
  await expect(panel.prompt).toBeFocused();
  const second = chip(panel, 'In [2]');
  await expect(second).toContainText('1 line');
  await expect(second).toContainText('≈');
  // The output that was clicked goes along.
  await expect(
    second.getByRole('button', { name: 'Output', exact: true })
  ).toHaveAttribute('aria-pressed', 'true');
  expect(await journal()).toHaveLength(0);
  await panel.ask('What is shown?');
  await panel.ended();
  expect(await received()).toContain('two = 2');
  expect(await received()).toContain('shown 2');
  expect(await received()).not.toContain('one = 1');

  // Its editor, too; the chip follows its cell, and goes.
  await cells.nth(0).locator('.jp-Editor').click({ button: 'right' });
  await page
    .getByRole('menuitem', { name: 'Ask GPT about this cell…' })
    .click();
  const first = chip(panel, 'In [1]');
  await expect(first).toBeVisible();
  await page.evaluate(() => {
    const { jupyterapp } = window as unknown as {
      jupyterapp: {
        shell: {
          currentWidget: {
            content: {
              model: {
                sharedModel: { moveCell(from: number, to: number): void };
              };
            };
          };
        };
      };
    };
    const { model } = jupyterapp.shell.currentWidget.content;
    model.sharedModel.moveCell(0, 1);
  });
  await setSource(page, 1, 'one = 11');
  await expect(first).toContainText('edited since');
  await first.getByRole('button', { name: 'Remove' }).click();
  await expect(chips(panel)).toHaveCount(0);
});

test('Notebook 7: prompt, cell toolbar, shortcut and palette; by @ and by /', async ({
  page
}) => {
  await openNotebook(page, 'doors.ipynb');
  const panel = new GPTPanel(page);
  await panel.open();
  const cells = page.locator('.jp-Notebook .jp-Cell');
  const activate = async (at: number): Promise<void> => {
    await change(page, { activate: at });
    await cells.nth(at).locator('.jp-InputPrompt').click();
  };
  const about = async (at: number): Promise<void> => {
    await expect(chip(panel, `In [${at}]`)).toBeVisible();
    await expect(panel.prompt).toBeFocused();
    await chip(panel, `In [${at}]`)
      .getByRole('button', { name: 'Remove' })
      .click();
    await expect(chips(panel)).toHaveCount(0);
  };
  await activate(0);
  await cells.nth(1).locator('.jp-InputPrompt').click({ button: 'right' });
  await page
    .getByRole('menuitem', { name: 'Ask GPT about this cell…' })
    .click();
  await about(2);
  await activate(0);
  await page
    .locator('.jp-cell-toolbar')
    .getByRole('button', { name: /Ask GPT about this cell/ })
    .click();
  await about(1);
  await activate(1);
  await page.keyboard.press('Alt+Shift+G');
  await about(2);
  await activate(0);
  await page.keyboard.press('Control+Shift+C');
  await page.keyboard.insertText('Ask GPT about this cell');
  await page.keyboard.press('Enter');
  await about(1);

  await panel.prompt.pressSequentially('Why does @In [2');
  await panel.root
    .getByRole('listbox', { name: 'Context' })
    .getByRole('option', { name: /In \[2\]/ })
    .click();
  await expect(chip(panel, 'In [2]')).toBeVisible();
  await panel.prompt.fill('');
  await chip(panel, 'In [2]').getByRole('button', { name: 'Remove' }).click();
  await panel.prompt.pressSequentially('/sp');
  await panel.prompt.press('Tab');
  await expect(panel.prompt).toHaveValue(/^Make In \[1\] faster/);
  await expect(chip(panel, 'In [1]')).toBeVisible();
  expect(await journal()).toHaveLength(0);
});

test('Notebook 7: the button beside a traceback', async ({ page }) => {
  await openNotebook(page, 'fix.ipynb');
  const failing = page.locator('.jp-Notebook .jp-Cell').nth(2);
  await failing.locator('.jp-InputPrompt').click();
  await page.keyboard.press('Control+Enter');
  const fix = failing.getByRole('button', { name: 'Fix error', exact: true });
  await expect(fix).toBeVisible({ timeout: 30_000 });
  await fix.click();
  const panel = new GPTPanel(page);
  await panel.ended();
  await expect(panel.prompt).toBeFocused();
  expect(await received()).toContain(FAILING);
  expect(await received()).toContain('KeyError');
  expect(await received()).not.toContain('one = 1');
});
