/**
 * What leaves the panel shows elsewhere what the panel showed: a notebook in JupyterLab, and the
 * Markdown in the panel itself.
 */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { archive } from './archive';
import { type GPTPanel, lab, script } from './gpt';

const TITLE = 'Prices from $5 to $10, *exported*';

/** Import the conversation and open it. */
async function open(panel: GPTPanel): Promise<void> {
  await panel.button('Conversations').click();
  await panel.root.locator('input[type=file]').setInputFiles({
    name: 'conversations.json',
    mimeType: 'application/json',
    buffer: Buffer.from(archive(TITLE))
  });
  await expect(panel.root).toContainText('1 conversation is imported');
  await panel.root
    .getByRole('button', { name: /Prices from/ })
    .first()
    .click();
  await expect(panel.transcript.getByRole('article')).toHaveCount(10);
}

/** Take an entry of the menu of the conversation. */
async function menu(panel: GPTPanel, entry: string): Promise<void> {
  await panel.button('More actions').click();
  await panel.root.getByRole('menuitem', { name: entry, exact: true }).click();
}

/** The path of what an entry of the menu lets the browser save. */
async function saved(panel: GPTPanel, entry: string): Promise<string> {
  const download = panel.page.waitForEvent('download');
  await menu(panel, entry);
  return (await download).path();
}

/** The blocks of each answer as they are drawn, without what the panel puts beside them. */
function blocks(page: Page): Promise<string[][]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.jp-gpt-Answer-body')].map(body =>
      [...body.children]
        .filter(part => !part.matches('details'))
        .flatMap(part => [...part.children])
        .map(block => {
          const copy = block.cloneNode(true) as HTMLElement;
          copy
            .querySelectorAll('.jp-gpt-codeblock-bar')
            .forEach(bar => bar.replaceChildren());
          // Of MathJax and of the scrolling of wide blocks: numbers of their own.
          return copy.outerHTML.replace(
            / (?:ctxtmenu_counter|tabindex)="\d+"/g,
            ''
          );
        })
    )
  );
}

/** Wait until nothing waits for the typesetter. */
async function typeset(page: Page): Promise<void> {
  await expect(
    page.locator('.jp-gpt-Answer-body .jp-gpt-math:not(:has(mjx-container))')
  ).toHaveCount(0, { timeout: 30_000 });
}

test(
  'the exported Markdown shows in the panel what the answers showed',
  { tag: '@all' },
  async ({ page }) => {
    const panel = await lab(page);
    await open(panel);
    await typeset(page);
    const shown = await blocks(page);
    expect(shown.map(answer => answer.length > 0)).toEqual([
      ...[true, true, true],
      ...[false, true]
    ]);
    const markdown = await readFile(
      await saved(panel, 'Export as Markdown'),
      'utf8'
    );
    await script('fake-markdown', [markdown]);
    await panel.button('New conversation').click();
    await panel.choose('fake-markdown');
    await panel.ask('Show it again');
    await panel.ended();
    await typeset(page);
    const [again] = await blocks(page);
    for (const answer of shown.filter(some => some.length > 0)) {
      const at = again.indexOf(answer[0]);
      expect(again.slice(at, at + answer.length)).toEqual(answer);
    }
    const answer = panel.last('GPT');
    await expect(answer.getByRole('heading', { level: 1 })).toHaveText(TITLE);
    await expect(answer).toContainText('There was no answer. bad_key');
    await expect(answer).not.toContainText('A thought that stays here');
    await page.screenshot({ path: 'screenshots/export-markdown.png' });
  }
);

test('the exported notebook is valid, and shows the same in JupyterLab', async ({
  page
}) => {
  // As high as the notebook: cells out of sight are not rendered.
  await page.setViewportSize({ width: 1280, height: 3600 });
  const panel = await lab(page);
  await open(panel);
  const file = await saved(panel, 'Export as notebook');
  const check =
    'import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], 4))';
  execFileSync('python', ['-c', check, file]);
  await menu(panel, 'Open as notebook');
  const notebook = page.locator('.jp-NotebookPanel:visible');
  const code = notebook.locator('.jp-CodeCell');
  await expect(code).toHaveCount(3, { timeout: 30_000 });
  await expect(code.nth(0)).toContainText('import math');
  await expect(code.nth(1)).toContainText('last = 1');
  await expect(code.nth(2)).toContainText('print(i');
  const prose = notebook.locator('.jp-MarkdownCell .jp-RenderedMarkdown');
  await expect(prose.first()).toContainText(/^Prices from \$5 to \$10/);
  const text = prose.filter({ hasText: 'It costs' });
  await expect(text).toContainText('It costs $5 to $10 a month, since');
  await expect(text.locator('mjx-container')).toHaveCount(5);
  await expect(text.locator('td').filter({ hasText: '$1' })).toBeVisible();
  await expect(notebook.locator('mjx-merror')).toHaveCount(0);
  // What would not run here stays a fence; so does what stands in a list or a quote.
  for (const word of [
    'echo $HOME $PATH',
    "price < '$5'",
    'in_a_list',
    'no fence'
  ]) {
    await expect(prose.locator('pre').filter({ hasText: word })).toHaveCount(1);
  }
  await expect(
    prose.locator('li pre').filter({ hasText: 'echo $A $B' })
  ).toHaveCount(1);
  await expect(
    prose.locator('blockquote pre').filter({ hasText: 'in_a_quote' })
  ).toHaveCount(1);
  await expect(prose.locator('blockquote').first()).toContainText(
    'Why is it $5 or $10?'
  );
  await expect(prose.locator('blockquote img')).toHaveCount(1);
  await expect(prose.locator('img[src*=evil]')).toHaveCount(0);
  await expect(prose.last()).toBeVisible();
  await expect(
    prose.filter({ hasText: 'with <b>HTML</b>, an image and a link' })
  ).toHaveCount(1);
  await expect(prose.filter({ hasText: 'There was no answer' })).toHaveCount(1);
  await expect(notebook).not.toContainText('A thought that stays here');
  await notebook.screenshot({ path: 'screenshots/export-notebook.png' });
});
