/**
 * Live variables: what a kernel tells without noticing, and why another one is not asked.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Page } from '@playwright/test';
import { cellsOf, chip, chips, more, received } from './chips';
import { clearJournal, GPTPanel } from './gpt';
import { change, execute, idle, openNotebook } from './notebooks';

const VARIABLES = 'Variables used';

/** Ten million rows, and objects that do something when somebody looks at them. */
const DATA = `
import sys, time
import numpy as np
import pandas as pd
class Raises:
    def __repr__(self): raise SystemExit
class Sleeps:
    def __repr__(self): time.sleep(60)
class Prints:
    def __repr__(self): print('sprung'); return 'sprung'
raises, sleeps, prints = Raises(), Sleeps(), Prints()
table = pd.DataFrame({'n': np.arange(10_000_000)})
rows = list(range(10**6))
before = None
def told():
    history = get_ipython().history_manager.get_range()
    names = {n for n in globals() if not n.startswith('_')}
    return names, len(In), len(Out), len(list(history))
before = told()
`.trim();

/** The text of a cell's output. */
function output(page: Page, index: number) {
  return page
    .locator('.jp-Notebook .jp-Cell')
    .nth(index)
    .locator('.jp-OutputArea-output');
}

/** Start a cell and let it run. */
async function start(page: Page, index: number): Promise<void> {
  await change(page, { activate: index });
  await page.evaluate(() => {
    const { jupyterapp } = window as unknown as {
      jupyterapp: { commands: { execute(id: string): Promise<unknown> } };
    };
    // A cell whose kernel dies never ends.
    void jupyterapp.commands.execute('notebook:run-cell').catch(() => null);
  });
}

test.beforeEach(() => clearJournal());

test(
  'an idle kernel answers quickly and has not noticed; a busy one is not asked',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    // Galata's record of kernels reads each answer as JSON; that to an interrupt is empty.
    await page.route(/\/api\/kernels\/[^/]+\/interrupt/, route =>
      route.continue()
    );
    const cells = cellsOf([
      DATA,
      'raises, sleeps, prints, table, rows',
      // This one is in the history by now, and nothing else.
      'after = told(); (after[0] - before[0], [b - a for a, b in zip(before[1:], after[1:])])',
      'time.sleep(60)'
    ]);
    await openNotebook(page, `${tmpPath}/variables.ipynb`, cells);
    await change(page, { activate: 0 });
    await execute(page, 'notebook:run-cell');
    await idle(page);
    const panel = new GPTPanel(page);
    await panel.execute('jupyterlab-gpt:ask-about-cell', { cellId: 'cell-2' });
    const idling = chip(panel, 'In [ ]');
    const begun = Date.now();
    await more(idling, VARIABLES);
    await expect(idling).toContainText('5 variables');
    // With two clicks of a browser on a busy machine; the kernel takes milliseconds.
    expect(Date.now() - begun).toBeLessThan(5000);
    await panel.ask('What is in there?');
    await panel.ended();
    const sent = await received();
    expect(sent).toContain('Variable `rows` (list):');
    expect(sent).toContain('1,000,000 items');
    expect(sent).toContain('Variable `table` (pandas.DataFrame):');
    expect(sent).toContain('10,000,000 rows x 1 columns');
    expect(sent).toContain('Variable `raises` (Raises)');
    expect(sent).toContain('Variable `sleeps` (Sleeps)');
    expect(sent).toContain('Variable `prints` (Prints)');
    expect(sent).not.toContain('sprung');
    await change(page, { activate: 2 });
    await execute(page, 'notebook:run-cell');
    await expect(page.locator('.jp-InputPrompt').nth(2)).toHaveText('[2]:');
    await expect(output(page, 2)).toHaveText('(set(), [1, 0, 1])');

    await start(page, 3);
    await expect(page.locator('.jp-InputPrompt').nth(3)).toHaveText('[*]:');
    await panel.execute('jupyterlab-gpt:ask-about-cell', { cellId: 'cell-2' });
    const busy = chip(panel, 'In [ ]');
    await more(busy, VARIABLES);
    await expect(busy.getByRole('alert')).toContainText('The kernel is busy');
    await execute(page, 'notebook:interrupt-kernel');
    // Nothing was queued behind the cell that was interrupted.
    await idle(page);
    await change(page, { activate: 2 });
    await execute(page, 'notebook:run-cell');
    await expect(page.locator('.jp-InputPrompt').nth(2)).toHaveText('[4]:');
    await expect(output(page, 2)).toHaveText("({'after'}, [3, 1, 3])");
  }
);

test(
  'a kernel that died is not asked',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    const cells = cellsOf(['x = 1', 'import os; os._exit(1)', 'x']);
    await openNotebook(page, `${tmpPath}/dead.ipynb`, cells);
    const panel = new GPTPanel(page);
    await start(page, 1);
    await expect(page.getByRole('button', { name: 'No Kernel' })).toBeVisible({
      timeout: 30_000
    });
    await panel.execute('jupyterlab-gpt:ask-about-cell', { cellId: 'cell-3' });
    await more(chips(panel), VARIABLES);
    await expect(chips(panel).getByRole('alert')).toHaveText(
      'No kernel is running: start one to read its variables.'
    );
    // The question goes out without them.
    await panel.ask('What is x?');
    await panel.ended();
    expect(await received()).not.toContain('Variable');
  }
);

for (const [name, sentence] of [
  ['stranger', 'Variables of other kernels are not supported.'],
  [
    'wordless',
    'This kernel does not say its language: its variables cannot be read.'
  ]
]) {
  test(
    `a kernel of another language, or of none, is not asked: ${name}`,
    { tag: '@all' },
    async ({ page, tmpPath }) => {
      const cells = cellsOf(['x']);
      const kernel = { name, display_name: name };
      await openNotebook(page, `${tmpPath}/${name}.ipynb`, cells, kernel);
      const panel = new GPTPanel(page);
      await panel.execute('jupyterlab-gpt:ask-about-cell', {
        cellId: 'cell-1'
      });
      await more(chips(panel), VARIABLES);
      await expect(chips(panel).getByRole('alert')).toHaveText(sentence);
      await execute(page, 'notebook:run-cell');
      await expect(output(page, 0)).toHaveText('asked 1 times');
      // Its cells go along all the same.
      await panel.ask('What is x?');
      await panel.ended();
      expect(await received()).toContain('Cell In [1] of `');
    }
  );
}
