/**
 * The wheel as users get it, on a JupyterLab (the oldest, if nothing else is said) and Notebook 7.
 */
import { expect, test, type Page } from '@playwright/test';
import { GPTPanel } from '../tests/gpt';

const LAB_URL = process.env.GPT_COMPAT_LAB_URL as string;
const NOTEBOOK_URL = process.env.GPT_COMPAT_NOTEBOOK_URL as string;

/** Put a notebook with one cell onto the server. */
async function makeNotebook(page: Page, url: string): Promise<void> {
  const notebook = {
    type: 'notebook',
    format: 'json',
    content: {
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
      cells: [
        {
          cell_type: 'code',
          id: 'first',
          execution_count: null,
          metadata: {},
          outputs: [],
          source: 'print("from the notebook")'
        }
      ]
    }
  };
  const response = await page.request.put(`${url}/api/contents/demo.ipynb`, {
    headers: { Authorization: 'token test-token' },
    data: notebook
  });
  expect(response.ok()).toBe(true);
}

/** Explain the cell, put the answer's code below it, and in its place; take both back. */
async function explainAndInsert(page: Page, panel: GPTPanel): Promise<void> {
  const cells = page.locator('.jp-Notebook .jp-Cell');
  const button = (name: string) =>
    page.getByRole('button', { name, exact: true }).first();
  await cells.first().click();
  await panel.execute('jupyterlab-gpt:explain-cell');
  await panel.ended();
  await button('Insert below').click();
  await expect(cells).toHaveCount(2);
  await expect(cells.nth(1)).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(cells).toHaveCount(1);

  await button('Replace cell').click();
  await expect(button('Accept')).toBeFocused();
  await expect(page.getByRole('group', { name: /^Suggested/ })).toContainText(
    'print("from the notebook")'
  );
  await page.keyboard.press('Enter');
  await expect(cells.first()).toContainText('import math');
  await expect(cells.first()).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(cells.first()).not.toContainText('import math');
  await expect(cells.first()).toContainText('print("from the notebook")');
  await button('Insert below').click();
  await expect(cells).toHaveCount(2);
}

test('JupyterLab: the panel opens, and works', async ({ page }) => {
  await page.goto(`${LAB_URL}/login`);
  await makeNotebook(page, LAB_URL);
  await page.goto(`${LAB_URL}/lab/tree/demo.ipynb?token=test-token&reset`);
  await page.waitForSelector('.jp-Notebook .jp-Cell');
  const panel = new GPTPanel(page);
  await panel.open();
  await explainAndInsert(page, panel);
  await page.screenshot({ path: 'screenshots/compat-lab.png' });
});

test('Notebook 7: the panel opens from toolbar and menu, and works', async ({
  page
}) => {
  await page.goto(`${NOTEBOOK_URL}/login`);
  await makeNotebook(page, NOTEBOOK_URL);
  await page.goto(`${NOTEBOOK_URL}/notebooks/demo.ipynb?token=test-token`);
  await page.waitForSelector('.jp-Notebook .jp-Cell');
  const panel = new GPTPanel(page);
  // There is no side tab bar: the button is the door that one sees.
  await page.locator('[data-jp-item-name=jupyterlab-gpt-open] button').click();
  await expect(panel.prompt).toBeFocused();
  await page.getByRole('menuitem', { name: 'View', exact: true }).click();
  await page.getByRole('menuitem', { name: 'GPT Chat' }).click();
  await expect(panel.prompt).toBeVisible();
  await explainAndInsert(page, panel);
  await page.screenshot({ path: 'screenshots/compat-notebook.png' });
});
