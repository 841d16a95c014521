/**
 * The real small model: weights, a child process, its words in the panel.
 */
import { expect, test } from '@jupyterlab/galata';
import { GPTPanel } from './gpt';

// SmolLM2 135M on two busy cores: a second to load, then about 30 tokens a second.
const PATIENCE = 180_000;

test('the built-in model explains a cell, and its answer goes into the notebook', async ({
  page
}) => {
  test.setTimeout(PATIENCE + 60_000);
  const panel = new GPTPanel(page);
  await page.notebook.createNew('local.ipynb');
  await page.notebook.setCell(0, 'code', 'print(sum(range(10)))');
  await page.notebook.runCell(0, true);
  await panel.open();
  const picker = panel.root.getByRole('combobox', { name: 'Model' });
  await expect(async () => {
    await picker.click();
    await picker.fill('smollm2');
    await page
      .getByRole('option', { name: /runs on this computer/ })
      .click({ timeout: 2000 });
    await expect(picker).toHaveValue(/SmolLM2/, { timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  await page.notebook.selectCells(0);
  await panel.execute('jupyterlab-gpt:explain-cell');
  const answer = await panel.ended('complete', PATIENCE);
  expect((await answer.innerText()).trim().length).toBeGreaterThan(40);
  await answer.getByRole('button', { name: 'Insert all as cells' }).click();
  await expect
    .poll(() => page.locator('.jp-Notebook .jp-Cell').count())
    .toBeGreaterThan(1);
});
