/**
 * What notebooks do to a conversation: closed, renamed, changed, read-only, or not there.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Page } from '@playwright/test';
import { GPTPanel, script, setSource } from './gpt';

interface INotebookView {
  readonly context: {
    save(): Promise<void>;
    rename(name: string): Promise<void>;
  };
  readonly content: {
    activeCellIndex: number;
    readonly model: {
      readOnly: boolean;
      readonly sharedModel: {
        moveCell(from: number, to: number): void;
        deleteCell(index: number): void;
      };
    };
  };
  dispose(): void;
}

/** Do something with the notebook in front that no button does in one step. */
async function withNotebook(
  page: Page,
  action: 'close' | 'rename' | 'move' | 'delete' | 'lock'
): Promise<void> {
  await page.evaluate(async what => {
    const { jupyterapp } = window as unknown as {
      jupyterapp: { shell: { currentWidget: INotebookView } };
    };
    const view = jupyterapp.shell.currentWidget;
    const { model } = view.content;
    switch (what) {
      case 'close':
        await view.context.save();
        view.dispose();
        break;
      case 'rename':
        await view.context.rename('renamed.ipynb');
        break;
      case 'move':
        model.sharedModel.moveCell(0, 1);
        break;
      case 'delete':
        model.sharedModel.deleteCell(0);
        break;
      case 'lock':
        model.readOnly = true;
    }
  }, action);
}

const cells = (page: Page) => page.locator('.jp-Notebook .jp-Cell');

test.describe('with a notebook', () => {
  test.beforeEach(async ({ page }) => {
    await page.notebook.createNew('edge.ipynb');
    await setSource(page, 0, 'first = 1');
    await page.notebook.addCell('markdown', '# Title');
    await page.notebook.selectCells(0);
  });

  test('closed while its answer streams: the answer goes on', async ({
    page
  }) => {
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.choose('fake-rate-40-80');
    await page.notebook.selectCells(0);
    await panel.execute('jupyterlab-gpt:explain-cell');
    await expect(panel.last('GPT')).toContainText('w00010');
    await withNotebook(page, 'close');
    const answer = await panel.ended();
    await expect(answer).toContainText('w00080');
    await expect(
      answer.getByRole('button', { name: 'Insert all as cells' })
    ).toHaveAttribute('aria-disabled', 'true');
  });

  test(
    'renamed and its cell moved: the answer still goes below it',
    { tag: '@all' },
    async ({ page }) => {
      const panel = new GPTPanel(page);
      await panel.open();
      await page.notebook.selectCells(0);
      await panel.execute('jupyterlab-gpt:explain-cell');
      const answer = await panel.ended();
      await withNotebook(page, 'rename');
      await withNotebook(page, 'move');
      await answer
        .getByRole('button', { name: 'Insert below', exact: true })
        .first()
        .click();
      await expect(cells(page)).toHaveCount(3);
      await expect(cells(page).nth(1)).toContainText('first = 1');
      await expect(cells(page).nth(2)).toHaveClass(/jp-mod-active/);
      await page.keyboard.press('z');
      await expect(cells(page)).toHaveCount(2);
    }
  );

  test(
    'its cell deleted: the chip says so, the answer aims at the active cell',
    { tag: '@all' },
    async ({ page }) => {
      const panel = new GPTPanel(page);
      await panel.execute('jupyterlab-gpt:ask-about-cell');
      await expect(panel.prompt).toBeFocused();
      await panel.ask('What is it?');
      const answer = await panel.ended();
      await page.notebook.selectCells(0);
      await panel.execute('jupyterlab-gpt:ask-about-cell');
      await withNotebook(page, 'delete');
      await expect(panel.root.locator('.jp-gpt-Composer')).toContainText(
        'deleted'
      );
      await expect(
        answer
          .getByRole('button', { name: 'Insert below', exact: true })
          .first()
      ).toHaveAttribute('title', /the active cell/);
    }
  );

  test(
    'read-only: refused with a reason, nothing is written',
    { tag: '@all' },
    async ({ page }) => {
      const panel = new GPTPanel(page);
      await panel.open();
      await panel.ask('Code, please');
      const answer = await panel.ended();
      await withNotebook(page, 'lock');
      await answer.getByRole('button', { name: 'Insert all as cells' }).click();
      await expect(panel.root).toContainText('This notebook is read-only.');
      await expect(cells(page)).toHaveCount(2);
    }
  );

  test(
    'a Markdown cell is replaced by code and comes back',
    { tag: '@all' },
    async ({ page }) => {
      const panel = new GPTPanel(page);
      await panel.open();
      await page.notebook.selectCells(1);
      await panel.execute('jupyterlab-gpt:explain-cell');
      const answer = await panel.ended();
      await expect(panel.last('You')).toContainText('Markdown cell');
      await answer
        .getByRole('button', { name: 'Replace cell' })
        .first()
        .click();
      await expect(cells(page).nth(1)).toContainText('It becomes a code cell.');
      await page.getByRole('button', { name: 'Accept', exact: true }).click();
      await expect(cells(page).nth(1)).toHaveClass(/jp-CodeCell/);
      await page.keyboard.press('Control+z');
      await expect(cells(page).nth(1)).toHaveClass(/jp-MarkdownCell/);
      await expect(cells(page).nth(1)).toContainText('Title');
    }
  );

  test('thirty blocks are one step', { tag: '@all' }, async ({ page }) => {
    const block = (i: number) =>
      `Step ${i}\n\n\`\`\`python\nx${i} = ${i}\n\`\`\`\n\n`;
    await script(
      'scripted-thirty',
      Array.from({ length: 30 }, (_, i) => block(i))
    );
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.choose('scripted-thirty');
    await panel.ask('All the steps');
    const answer = await panel.ended();
    await answer.getByRole('button', { name: 'Insert all as cells' }).click();
    const count = () =>
      page.evaluate(
        () =>
          (
            window as unknown as {
              jupyterapp: {
                shell: {
                  currentWidget: { content: { widgets: unknown[] } };
                };
              };
            }
          ).jupyterapp.shell.currentWidget.content.widgets.length
      );
    await expect.poll(count).toBe(62);
    await page.keyboard.press('Control+z');
    await expect.poll(count).toBe(2);
  });
});

test(
  'no notebook: the buttons say why, and offer one',
  { tag: '@all' },
  async ({ page }) => {
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.choose('fake-code');
    await panel.ask('Code, please');
    const answer = await panel.ended();
    const insert = answer
      .getByRole('button', { name: 'Insert below', exact: true })
      .first();
    await expect(insert).toHaveAttribute('aria-disabled', 'true');
    await expect(insert).toHaveAttribute('title', 'No notebook is open');
    await panel.setWidth(250);
    const bar = answer.locator('.jp-gpt-codeblock-header').first();
    expect(
      await bar.evaluate(node => node.scrollWidth - node.clientWidth)
    ).toBeLessThanOrEqual(0);
    // In one go: the block is in the new notebook.
    await answer.getByRole('button', { name: 'New notebook' }).first().click();
    await expect(cells(page)).toHaveCount(1);
    await expect(insert).not.toHaveAttribute('aria-disabled', 'true');
    await insert.click();
    await expect(cells(page)).toHaveCount(2);
    expect(await cells(page).nth(0).locator('.cm-content').innerText()).toBe(
      await cells(page).nth(1).locator('.cm-content').innerText()
    );
  }
);
