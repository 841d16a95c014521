/**
 * What cannot go along says why, and changes nothing; and the preview of chips is what leaves.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Page } from '@playwright/test';
import {
  cellsOf,
  chip,
  chips,
  drag,
  expectComplaint,
  handle,
  more,
  received
} from './chips';
import { clearJournal, GPTPanel, journal } from './gpt';
import { change, execute, fileText, openNotebook, sources } from './notebooks';

/** Shut down the kernel of the notebook in front. */
async function shutDown(page: Page): Promise<void> {
  await page.evaluate(async () => {
    interface IApp {
      shell: {
        currentWidget: { sessionContext: { shutdown(): Promise<void> } };
      };
    }
    const { jupyterapp } = window as unknown as { jupyterapp: IApp };
    await jupyterapp.shell.currentWidget.sessionContext.shutdown();
  });
}

test.beforeEach(() => clearJournal());

test(
  'no variables without a kernel; the preview is what leaves',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    const cells = cellsOf(['```\nłañ = "\u{1f600}" # ```']);
    await openNotebook(page, `${tmpPath}/refused.ipynb`, cells);
    const panel = new GPTPanel(page);
    await panel.execute('jupyterlab-gpt:ask-about-cell', { cellId: 'cell-1' });
    await shutDown(page);
    await more(chips(panel), 'Variables used');
    await expect(chips(panel).getByRole('alert')).toContainText(
      'No kernel is running: start one'
    );

    await panel.prompt.fill('What is it?');
    await panel.button('Preview').click();
    const dialog = page.getByRole('dialog', { name: 'Preview' });
    await expect(dialog).toContainText('What is it?');
    const shown = (await dialog.locator('pre').allTextContents()).join('');
    // Empty lines around an item are there, but not drawn; another test compares each byte.
    const drawn = (text: string): string => text.replace(/\n/g, '');
    await page.keyboard.press('Escape');
    await panel.prompt.press('Enter');
    await panel.ended();
    const { messages } = (await journal()).at(-1)!.body;
    const sent = messages.map(({ content }) => content).join('');
    expect(drawn(shown)).toBe(drawn(sent));
  }
);

test(
  'no notebook, and a cell that is in none',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    const panel = new GPTPanel(page);
    await panel.execute('jupyterlab-gpt:ask-about-cell');
    await expectComplaint(panel, 'No notebook is open.');
    await expect(panel.prompt).toBeFocused();
    await panel.button('Add context').click();
    const active = panel.root.getByRole('menuitem', { name: 'Active cell' });
    await expect(active).toHaveAttribute('aria-disabled', 'true');
    await expect(active).toHaveAttribute('title', 'No notebook is open');
    await page.keyboard.press('Escape');

    const path = `${tmpPath}/unknown.ipynb`;
    await openNotebook(page, path, cellsOf(['x = 1']));
    const before = await fileText(page, path);
    for (const command of ['ask-about-cell', 'explain-cell', 'fix-error']) {
      const nowhere = { cellId: 'nowhere', path };
      await panel.execute(`jupyterlab-gpt:${command}`, nowhere);
      await expectComplaint(panel, 'This cell is not there any more.');
    }
    await expect(chips(panel)).toHaveCount(0);
    expect(await journal()).toHaveLength(0);
    await execute(page, 'docmanager:save');
    expect(await fileText(page, path)).toBe(before);
  }
);

test(
  'a read-only notebook can be asked about, and is left alone',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    const path = `${tmpPath}/locked.ipynb`;
    await openNotebook(page, path, cellsOf(['x = 1', 'y = 2']));
    // As a server says it whose user may not write there any more.
    await page.route(/\/api\/contents\/.*locked\.ipynb/, async route => {
      const response = await route.fetch();
      const model = (await response.json()) as object;
      return route.fulfill({ response, json: { ...model, writable: false } });
    });
    await execute(page, 'docmanager:reload');
    const panel = new GPTPanel(page);
    await panel.execute('jupyterlab-gpt:ask-about-cell', { cellId: 'cell-1' });
    await panel.ask('What is x?');
    const answer = await panel.ended();
    expect(await received()).toContain('x = 1');
    for (const name of ['Insert below', 'Replace cell']) {
      await answer.getByRole('button', { name, exact: true }).first().click();
      await expectComplaint(panel, 'This notebook is read-only.');
      expect(await sources(page)).toEqual(['x = 1', 'y = 2']);
    }
  }
);

test(
  '500 cells are more than a chip takes',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    // JupyterLab takes its time to draw them on a busy machine.
    test.slow();
    const path = `${tmpPath}/many.ipynb`;
    const all = Array.from({ length: 500 }, (_, at) => `x${at} = ${at}`);
    await openNotebook(page, path, cellsOf(all));
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.prompt.fill('What is all this?');
    // JupyterLab makes the widgets of a long notebook when it has time, and selects those it has.
    await page.waitForFunction(() => {
      const { jupyterapp } = window as unknown as {
        jupyterapp: {
          shell: { currentWidget: { content: { widgets: unknown[] } } };
        };
      };
      return jupyterapp.shell.currentWidget.content.widgets.length === 500;
    });
    await change(page, { activate: 0 });
    await execute(page, 'notebook:select-all');
    const refused =
      '500 cells are more than the 100 that go along at most: select fewer, or add the whole notebook.';
    await drag(page, handle(page, 0), panel.prompt);
    await expectComplaint(panel, refused);
    await panel.button('Add context').click();
    await panel.root
      .getByRole('menuitem', { name: '500 selected cells' })
      .click();
    await expectComplaint(panel, refused);
    await expect(chips(panel)).toHaveCount(0);
    await expect(panel.prompt).toHaveValue('What is all this?');
    expect(await sources(page)).toEqual(all);
    expect(await journal()).toHaveLength(0);

    // The whole notebook is what it offers instead.
    await panel.button('Add context').click();
    await panel.root.getByRole('menuitem', { name: 'Whole notebook' }).click();
    await expect(chip(panel, 'notebook')).toContainText('500 cells');
    await panel.prompt.press('Enter');
    await panel.ended();
    expect(await received()).toContain('x499 = 499');
  }
);
