/**
 * A prompt's way, end to end: ask about a cell, watch the answer, put it back.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Page } from '@playwright/test';
import { clearJournal, GPTPanel, journal, setSource } from './gpt';

const CODE = 'def double(x):\n    return 2 * x\n\nprint(double(21))';

/** The bytes of a file as they lie on the disk of the server. */
async function bytes(page: Page, path: string): Promise<string> {
  const url = `${process.env.TARGET_URL}/files/${path}?_=${Date.now()}`;
  return (await page.request.get(url)).text();
}

test.describe('about a cell', () => {
  test.beforeEach(async ({ page }) => {
    await clearJournal();
    await page.notebook.createNew('demo.ipynb');
    await setSource(page, 0, CODE);
    await page.notebook.runCell(0, true);
    await page.notebook.addCell('code', 'double("a", "b")');
    await page.notebook.runCell(1, true);
    await page.notebook.save();
  });

  test('explain, watch, insert below, one undo restores the file', async ({
    page,
    tmpPath
  }) => {
    const panel = new GPTPanel(page);
    const path = `${tmpPath}/demo.ipynb`;
    const before = await bytes(page, path);

    const cell = await page.notebook.getCellLocator(0);
    await cell!.locator('.jp-InputPrompt').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Explain', exact: true }).click();
    const answer = await panel.ended();
    await expect(panel.last('You')).toContainText('In [1]');
    await expect(answer.locator('.jp-gpt-codeblock').first()).toBeVisible();

    const [request] = await journal();
    expect(request.body.messages.at(-1)!.content).toContain(CODE);

    await answer
      .getByRole('button', { name: 'Insert below', exact: true })
      .first()
      .click();
    await expect(page.locator('.jp-Notebook .jp-Cell')).toHaveCount(3);
    // Focus goes where the hand goes next: the new cell, in command mode, not run.
    const inserted = page.locator('.jp-Notebook .jp-Cell').nth(1);
    await expect(inserted).toHaveClass(/jp-mod-active/);
    await expect(inserted.locator('.jp-InputPrompt')).toHaveText('[ ]:');

    await page.keyboard.press('Escape');
    await page.keyboard.press('z');
    await expect(page.locator('.jp-Notebook .jp-Cell')).toHaveCount(2);
    await page.notebook.save();
    expect(await bytes(page, path)).toBe(before);
  });

  test('Ctrl-Z takes an insert back until the new cell is edited', async ({
    page,
    tmpPath
  }) => {
    const panel = new GPTPanel(page);
    const path = `${tmpPath}/demo.ipynb`;
    const before = await bytes(page, path);
    await panel.open();
    await panel.ask('Say something with code');
    const answer = await panel.ended();
    await answer.getByRole('button', { name: 'Insert all as cells' }).click();
    await expect
      .poll(() => page.locator('.jp-Notebook .jp-Cell').count())
      .toBeGreaterThan(3);
    await page.keyboard.press('Control+z');
    await expect(page.locator('.jp-Notebook .jp-Cell')).toHaveCount(2);
    await page.notebook.save();
    expect(await bytes(page, path)).toBe(before);
  });

  test(
    'the clicked cell is meant, not the active one',
    { tag: '@all' },
    async ({ page }) => {
      const panel = new GPTPanel(page);
      await page.notebook.selectCells(1);
      const cell = await page.notebook.getCellLocator(0);
      await cell!.locator('.jp-InputPrompt').click({ button: 'right' });
      await page
        .getByRole('menuitem', { name: 'Ask GPT about this cell…' })
        .click();
      await expect(
        panel.root.getByRole('group', { name: 'Context: In [1]' })
      ).toBeVisible();
      await expect(panel.prompt).toBeFocused();
      expect(await journal()).toHaveLength(0);
    }
  );

  test('fix takes the error along', async ({ page }) => {
    const panel = new GPTPanel(page);
    const cell = await page.notebook.getCellLocator(1);
    await cell!.locator('.jp-OutputArea').click({ button: 'right' });
    await page
      .getByRole('menuitem', { name: 'Fix error', exact: true })
      .click();
    await panel.ended();
    const [request] = await journal();
    const sent = request.body.messages.at(-1)!.content;
    expect(sent).toContain('double("a", "b")');
    expect(sent).toContain('TypeError');
    expect(sent).not.toContain('\u001b');
  });

  test(
    'replace changes the cell in one step of its own undo',
    { tag: '@all' },
    async ({ page }) => {
      const panel = new GPTPanel(page);
      const cell = await page.notebook.getCellLocator(0);
      await cell!.locator('.jp-InputPrompt').click({ button: 'right' });
      await page
        .getByRole('menuitem', { name: 'Explain', exact: true })
        .click();
      const answer = await panel.ended();
      await answer
        .getByRole('button', { name: 'Replace cell', exact: true })
        .first()
        .click();
      const accept = page.getByRole('button', { name: 'Accept', exact: true });
      await expect(accept).toBeFocused();
      await accept.click();
      await expect
        .poll(async () => (await page.notebook.getCellTextInput(0)) === CODE)
        .toBe(false);
      await expect(page.locator('.jp-Notebook .jp-Cell')).toHaveCount(2);
      await page.notebook.enterCellEditingMode(0);
      await page.keyboard.press('Control+z');
      await expect
        .poll(async () => page.notebook.getCellTextInput(0))
        .toBe(CODE);
    }
  );
});

test('an empty prompt is not sent', { tag: '@all' }, async ({ page }) => {
  const panel = new GPTPanel(page);
  await clearJournal();
  await panel.open();
  await panel.prompt.press('Enter');
  await expect(panel.send).toBeDisabled();
  await expect(panel.transcript.getByRole('article')).toHaveCount(0);
  expect(await journal()).toHaveLength(0);
});

test('a prompt of 2 MB goes out whole', { tag: '@all' }, async ({ page }) => {
  const panel = new GPTPanel(page);
  await clearJournal();
  await panel.open();
  // Two lines: the fake's answer repeats the last, and a text box of 100,000 lines is slow in
  // the browser itself.
  const long = `${'lorem ipsum '.repeat(175_000)}\nWhat is it about?`;
  await panel.prompt.fill(long);
  await panel.prompt.press('Enter');
  await panel.ended();
  const [request] = await journal();
  expect(request.body.messages.at(-1)!.content).toContain(long);
});

test(
  'a cell of 100,000 lines goes out whole',
  { tag: '@all' },
  async ({ page }) => {
    const panel = new GPTPanel(page);
    await clearJournal();
    const lines = Array.from({ length: 100_000 }, (_, i) => `x${i} = ${i}`);
    await page.notebook.createNew('large.ipynb');
    await setSource(page, 0, lines.join('\n'));
    await panel.execute('jupyterlab-gpt:explain-cell');
    await panel.ended('complete', 60_000);
    const [request] = await journal();
    expect(request.body.messages.at(-1)!.content).toContain('x99999 = 99999');
  }
);

test(
  'without a kernel a cell can be asked about',
  { tag: '@all' },
  async ({ page }) => {
    const panel = new GPTPanel(page);
    await page.notebook.createNew('idle.ipynb');
    await page.menu.clickMenuItem('Kernel>Shut Down Kernel');
    await page.notebook.setCell(0, 'code', 'answer = 42');
    await panel.execute('jupyterlab-gpt:explain-cell');
    await panel.ended();
    await expect(panel.last('You')).toContainText('In [ ]');
  }
);
