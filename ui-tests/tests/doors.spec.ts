/**
 * Every way to ask, and that each is about what it was asked on.
 */
import { expect, galata, test } from '@jupyterlab/galata';
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { received } from './chips';
import { clearJournal, GPTPanel, journal, setSource } from './gpt';
import { docPicture } from './images';
import { execute, fileText, openNotebook as openWithKernel } from './notebooks';

const FAILING = 'rows = {"a": 3, "b": 4}\n\nrows["c"]';

/** A file with code cells that have run; the last one has failed. */
function notebookOf(count: number): string {
  const cells = Array.from({ length: count }, (_, at) => ({
    id: `cell-${at + 1}`,
    cell_type: 'code',
    metadata: {},
    execution_count: at + 1,
    source: `source_${at + 1} = ${at + 1}`,
    outputs:
      at + 1 < count
        ? [{ output_type: 'stream', name: 'stdout', text: `shown ${at + 1}\n` }]
        : [
            {
              output_type: 'error',
              ename: 'KeyError',
              evalue: "'c'",
              traceback: ['Traceback (most recent call last)', "KeyError: 'c'"]
            }
          ]
  }));
  return JSON.stringify({
    cells,
    metadata: {
      kernelspec: { name: 'python3', display_name: 'Python 3' },
      language_info: { name: 'python' }
    },
    nbformat: 4,
    nbformat_minor: 5
  });
}

/** Make a cell the active one and scroll to it, at once: a hand would turn its wheel for long. */
async function activate(
  page: IJupyterLabPageFixture,
  index: number
): Promise<void> {
  await page.evaluate(async at => {
    interface INotebook {
      activeCellIndex: number;
      scrollToItem(index: number): Promise<void>;
      activate(): void;
    }
    interface IApp {
      shell: { currentWidget: { content: INotebook } };
    }
    const { jupyterapp } = window as unknown as { jupyterapp: IApp };
    const { content } = jupyterapp.shell.currentWidget;
    content.activeCellIndex = at;
    await content.scrollToItem(at).catch(() => undefined);
    content.activate();
  }, index);
}

async function openNotebook(
  page: IJupyterLabPageFixture,
  path: string,
  count: number
): Promise<void> {
  await page.contents.uploadContent(notebookOf(count), 'text', path);
  await execute(page, 'docmanager:open', { path });
  await page.locator('.jp-Notebook .jp-Cell').first().waitFor();
}

const SETTINGS: typeof galata.DEFAULT_SETTINGS = {
  ...galata.DEFAULT_SETTINGS,
  'jupyterlab-gpt:plugin': {
    prompts: [{ name: 'review', prompt: 'Review {output} {cursor}please.' }]
  }
};

test.use({ mockSettings: SETTINGS });

test.beforeEach(() => clearJournal());

test(
  'a button beside a traceback, also of a cell that ran long ago',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    const panel = new GPTPanel(page);
    await openNotebook(page, `${tmpPath}/old.ipynb`, 80);
    const fix = page.getByRole('button', { name: 'Fix error', exact: true });
    await expect(fix).toHaveCount(0);
    await activate(page, 79);
    await expect(fix).toBeVisible();
    // The one that is active is another.
    await activate(page, 78);
    await fix.press('Enter');
    await panel.ended();

    expect(await received()).toContain('source_80 = 80');
    expect(await received()).toContain('KeyError');
    expect(await received()).not.toContain('source_79');
  }
);

for (const [name, theme] of [
  ['light', 'JupyterLab Light'],
  ['dark', 'JupyterLab Dark']
]) {
  test.describe(theme, () => {
    test.use({
      mockSettings: {
        ...SETTINGS,
        '@jupyterlab/apputils-extension:themes': {
          ...SETTINGS['@jupyterlab/apputils-extension:themes'],
          theme
        }
      }
    });

    test(
      'a button beside a new traceback, which the document knows nothing of',
      { tag: ['@all', '@picture'] },
      async ({ page, tmpPath }) => {
        const panel = new GPTPanel(page);
        const path = `${tmpPath}/new.ipynb`;
        await openWithKernel(page, path, [{ id: 'new', source: FAILING }]);
        await execute(page, 'notebook:run-cell');
        const output = page.locator('.jp-OutputArea-output');
        const fix = output.getByRole('button', {
          name: 'Fix error',
          exact: true
        });
        await expect(fix).toBeVisible();
        // Neither selected nor copied with the output.
        const text = await output.evaluate(node => {
          getSelection()!.selectAllChildren(node);
          return getSelection()!.toString();
        });
        expect(text).toContain("KeyError: 'c'");
        expect(text).not.toContain('Fix');
        await page.evaluate(() => getSelection()!.removeAllRanges());
        if (name === 'light') {
          await docPicture(
            page,
            'fix-light.png',
            page.locator('.jp-Notebook .jp-Cell')
          );
        }

        await fix.click();
        await panel.ended();
        await expect(panel.prompt).toBeFocused();
        expect(await received()).toContain(FAILING);
        expect(await received()).toContain('KeyError');
        await execute(page, 'docmanager:save');
        const saved = await fileText(page, path);
        expect(saved).toContain('KeyError');
        expect(saved).not.toMatch(/Fix error|jp-gpt/);

        // It goes with the error.
        await setSource(page, 0, 'print("fine")');
        await execute(page, 'notebook:run-cell');
        await expect(fix).toHaveCount(0);
      }
    );
  });
}

test('the clicked cell is meant, with the output that was clicked', async ({
  page,
  tmpPath
}) => {
  const panel = new GPTPanel(page);
  await openNotebook(page, `${tmpPath}/seven.ipynb`, 7);
  await activate(page, 6);
  const third = page.locator('.jp-Notebook .jp-Cell').nth(2);
  await third.locator('.jp-OutputArea-output').click({ button: 'right' });
  await page
    .getByRole('menuitem', { name: 'Ask GPT about this cell…' })
    .click();
  await expect(panel.prompt).toBeFocused();
  expect(await journal()).toHaveLength(0);
  await activate(page, 6);
  await panel.ask('What is shown?');
  await panel.ended();
  expect(await received()).toContain('source_3 = 3');
  expect(await received()).toContain('shown 3');
  expect(await received()).not.toContain('source_7');
});

test('editor, prompt, cell toolbar, shortcut and palette', async ({
  page,
  tmpPath
}) => {
  const panel = new GPTPanel(page);
  await openNotebook(page, `${tmpPath}/doors.ipynb`, 3);
  const cells = page.locator('.jp-Notebook .jp-Cell');
  const about = async (at: number): Promise<void> => {
    const chip = panel.root.getByRole('group', { name: `Context: In [${at}]` });
    await expect(chip).toBeVisible();
    await expect(panel.prompt).toBeFocused();
    await chip.getByRole('button', { name: 'Remove' }).click();
    await expect(
      panel.root.getByRole('group', { name: /^Context/ })
    ).toHaveCount(0);
  };
  const menu = page.getByRole('menuitem', { name: 'Ask GPT about this cell…' });
  await activate(page, 2);
  await cells.nth(0).locator('.jp-Editor').click({ button: 'right' });
  await menu.click();
  await about(1);
  await cells.nth(1).locator('.jp-InputPrompt').click({ button: 'right' });
  await menu.click();
  await about(2);
  await activate(page, 2);
  await page
    .locator('.jp-cell-toolbar')
    .getByRole('button', { name: /Ask GPT about this cell/ })
    .click();
  await about(3);
  await activate(page, 1);
  await page.keyboard.press('Alt+Shift+G');
  await about(2);
  await activate(page, 0);
  await page.keyboard.press('Control+Shift+C');
  await page.keyboard.insertText('Ask GPT about this cell');
  await page.keyboard.press('Enter');
  await about(1);
  expect(await journal()).toHaveLength(0);
});

test(
  'prompts by a slash, and the browser’s own undo',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    const panel = new GPTPanel(page);
    await openNotebook(page, `${tmpPath}/slash.ipynb`, 3);
    await activate(page, 1);
    await panel.open();
    const list = panel.root.getByRole('listbox', { name: 'Prompts' });
    const option = (name: RegExp) => list.getByRole('option', { name });
    await panel.prompt.pressSequentially('/');
    await expect(list.getByRole('option')).toHaveCount(7);
    await panel.prompt.pressSequentially('sp');
    await expect(option(/^\/speed up/)).toHaveAttribute(
      'aria-selected',
      'true'
    );
    await panel.prompt.press('Tab');
    await expect(panel.prompt).toHaveValue(/^Make In \[2\] faster/);
    await expect(list).toHaveCount(0);
    await expect(
      panel.root.getByRole('group', { name: 'Context: In [2]' })
    ).toBeVisible();
    await panel.prompt.press('Control+z');
    await expect(panel.prompt).toHaveValue(/^\/s/);

    // One of the user's own, by mouse; what is typed goes to its caret.
    await panel.prompt.fill('');
    await panel.prompt.pressSequentially('/rev');
    await option(/^\/review/).click();
    await expect(panel.prompt).toBeFocused();
    await page.keyboard.type('briefly, ');
    const wanted = 'Review the output of In [2] briefly, please.';
    await expect(panel.prompt).toHaveValue(wanted);
    expect(await journal()).toHaveLength(0);
    await panel.prompt.press('Enter');
    await panel.ended();
    expect(await received()).toContain(wanted);
    expect(await received()).toContain('source_2 = 2');
    expect(await received()).toContain('shown 2');

    // Escape closes the list first, and then leaves the panel.
    await panel.prompt.pressSequentially('/');
    await expect(list).toBeVisible();
    await panel.prompt.press('Escape');
    await expect(list).toHaveCount(0);
    await expect(panel.prompt).toBeFocused();
    await panel.prompt.press('Escape');
    await expect(panel.prompt).not.toBeFocused();
  }
);

test(
  'cells by an at sign, in the middle of a sentence',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    const panel = new GPTPanel(page);
    await openNotebook(page, `${tmpPath}/at.ipynb`, 4);
    await panel.open();
    const named = await page.evaluate(() =>
      (
        window as unknown as {
          jupyterapp: { hasPlugin(id: string): boolean };
        }
      ).jupyterapp.hasPlugin('jupyterlab-gpt:context')
    );
    test.skip(!named, 'nothing finds context yet');
    const list = panel.root.getByRole('listbox', { name: 'Context' });
    await panel.prompt.pressSequentially('me@home, why does ');
    await expect(list).toHaveCount(0);
    await panel.prompt.pressSequentially('@In [3');
    await list.getByRole('option', { name: /In \[3\]/ }).click();
    await panel.prompt.pressSequentially('work?');
    const wanted = 'me@home, why does In [3] work?';
    await expect(panel.prompt).toHaveValue(wanted);
    await expect(
      panel.root.getByRole('group', { name: 'Context: In [3]' })
    ).toBeVisible();
    expect(await journal()).toHaveLength(0);
    await panel.prompt.press('Enter');
    await panel.ended();
    expect(await received()).toContain(wanted);
    expect(await received()).toContain('source_3 = 3');
  }
);

test(
  'the file editor: the selected lines, or the whole file',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    const panel = new GPTPanel(page);
    const path = `${tmpPath}/tool.py`;
    const lines = [
      'import math',
      '',
      'def area(r):',
      '    return math.pi * r',
      ''
    ];
    await page.contents.uploadContent(lines.join('\n'), 'text', path);
    await page.filebrowser.open(path);
    const editor = page.locator('.jp-FileEditor .cm-content');
    await editor.locator('.cm-line').nth(2).click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+End');
    // A click of the right button on the selection keeps it.
    await editor
      .locator('.cm-line')
      .nth(2)
      .click({ button: 'right', position: { x: 20, y: 8 } });
    await page
      .getByRole('menuitem', { name: 'Ask GPT about this selection…' })
      .click();
    await expect(panel.prompt).toBeFocused();
    await expect(
      panel.root.getByRole('group', { name: 'Context: tool.py:3-4' })
    ).toBeVisible();
    await panel.ask('Is it right?');
    await panel.ended();
    expect(await received()).toContain('def area(r):\n    return math.pi * r');
    expect(await received()).not.toContain('import math');

    await editor.locator('.cm-line').nth(0).click();
    await page.keyboard.press('Alt+Shift+G');
    await expect(
      panel.root.getByRole('group', { name: 'Context: tool.py', exact: true })
    ).toBeVisible();
    await panel.ask('And all of it?');
    await panel.ended();
    expect(await received()).toContain(lines.join('\n').trimEnd());
  }
);
