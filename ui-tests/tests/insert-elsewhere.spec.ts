/**
 * Answers that go into a file and a console.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Page } from '@playwright/test';
import { GPTPanel } from './gpt';
import { askAbout, execute, fence, fileText } from './notebooks';

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

test(
  'a file and a console: at the cursor, for the selection, into the prompt',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
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
    expect(await text(page)).toBe(
      'def f():\n    a = 1\n\n    b = 2\n\nold()\n'
    );
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
    await expect(page.locator('.jp-CodeConsole-content .jp-Cell')).toHaveCount(
      0
    );
    await page.keyboard.press('Control+z');
    expect(await text(page)).toBe('');

    // At the caret of what stands in the prompt, and for what is selected in it.
    const prompt = page.locator('.jp-CodeConsole-promptCell .cm-content');
    await replace.click();
    await expect(panel.root).toContainText(
      /Nothing is selected in Console 1\./
    );
    await prompt.click();
    await page.keyboard.type('f(x)');
    await text(page, [0, 2]);
    await put.click();
    expect(await text(page)).toBe('f(a = 1\n\nb = 2x)');
    await page.keyboard.press('Control+z');
    expect(await text(page)).toBe('f(x)');
    await text(page, [0, 4], [0, 0]);
    await replace.click();
    expect(await text(page)).toBe('a = 1\n\nb = 2');
    await expect(prompt).toBeFocused();
    await page.keyboard.press('Control+z');
    expect(await text(page)).toBe('f(x)');
    // Nothing has run.
    await expect(page.locator('.jp-CodeConsole-content .jp-Cell')).toHaveCount(
      0
    );
    await expect(
      page.locator('.jp-CodeConsole-promptCell .jp-InputPrompt')
    ).toHaveText('[ ]:');
  }
);
