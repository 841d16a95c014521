/**
 * Asking in a cell: `%%gpt` and `Chat().show()` in a real notebook with a real kernel.
 */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import { clearJournal, journal, script, setSource } from './gpt';

const HOST = 'evil.example';

const hostile = [
  `![pixel](https://${HOST}/a.png) <img src="https://${HOST}/b.png" onerror="window.gptHit=1">`,
  `[click](javascript:window.gptHit=1) [fine](https://${HOST}/page "x" onmouseover="window.gptHit=1")`,
  `<script>window.gptHit=1</script><iframe src="https://${HOST}/f"></iframe>`,
  `<svg onload="window.gptHit=1"><style>@import url(https://${HOST}/s.css)</style></svg>`,
  '```mermaid\ngraph TD; A["<img src=https://' + HOST + '/m.png>"]-->B\n```',
  '```html\n</code></pre><img src="https://' + HOST + '/c.png">\n```',
  `$\\href{javascript:window.gptHit=1}{x}$ $$\\style{background:url(https://${HOST}/bg.png)}{y}$$`,
  `\\begin{align}\\href{https://${HOST}/e}{x}\\end{align} \\(\\includegraphics{https://${HOST}/g.png}\\)`,
  `$\\def\\x{\\href{https://${HOST}/d}{x}}\\x$ and $x^2$ for $5`,
  `| <img src=https://${HOST}/td.png> | \`</code><img src=https://${HOST}/t.png>\` |\n|---|---|\n| a | b |`,
  'The end of it.'
].join('\n\n');

interface IUsage {
  totals: { calls: number };
}

async function calls(page: IJupyterLabPageFixture): Promise<number> {
  const response = await page.request.get('/jupyterlab-gpt/api/usage');
  return ((await response.json()) as IUsage).totals.calls;
}

/** Make the sources the cells of a new notebook. */
async function notebook(
  page: IJupyterLabPageFixture,
  ...sources: string[]
): Promise<void> {
  await page.notebook.createNew('cells.ipynb');
  for (let index = 0; index < sources.length; index++) {
    if (index > 0) {
      await page.notebook.addCell('code', '');
    }
    await setSource(page, index, sources[index]);
  }
}

async function outputOf(
  page: IJupyterLabPageFixture,
  index: number
): Promise<Locator> {
  const cell = await page.notebook.getCellLocator(index);
  return cell!.locator('.jp-Cell-outputWrapper');
}

test('%%gpt streams into the cell, and its row is in the ledger', async ({
  page
}) => {
  await clearJournal();
  const before = await calls(page);
  await notebook(
    page,
    '%load_ext jupyterlab_gpt',
    "%%gpt\nWhat's this,\nand why?"
  );
  await page.notebook.runCell(0);
  await page.notebook.runCell(1);
  const output = await outputOf(page, 1);
  await expect(output).toContainText('That is all there is to it.');
  await expect(output.locator('table')).toBeVisible();
  await expect(output).toContainText(/fake-gpt · \d+ in · \d+ out · /);
  const [asked] = await journal();
  expect(asked.body.messages.slice(1)).toEqual([
    { role: 'user', content: "What's this,\nand why?" }
  ]);
  expect(await calls(page)).toBe(before + 1);
});

test(
  'a hostile answer in a cell makes no request and runs nothing',
  { tag: '@all' },
  async ({ page }) => {
    await script('fake-hostile-cell', hostile.match(/[\s\S]{1,7}/g) ?? [], 5);
    await notebook(
      page,
      '%load_ext jupyterlab_gpt',
      '%gpt -m fake-hostile-cell Be hostile'
    );
    await page.notebook.runCell(0);
    const asked: string[] = [];
    page.on('request', request => asked.push(request.url()));
    await page.notebook.runCell(1);
    const output = await outputOf(page, 1);
    await expect(output).toContainText('The end of it.');
    // The one formula that is harmless is set.
    await expect(output.locator('mjx-container')).toHaveCount(1);
    await page.waitForTimeout(1500);
    const own = new URL(page.url()).origin;
    expect(asked.filter(url => new URL(url).origin !== own)).toEqual([]);
    expect(asked.filter(url => url.includes(HOST))).toEqual([]);
    expect(
      await page.evaluate(() => (window as { gptHit?: number }).gptHit)
    ).toBeUndefined();
    const bad =
      'img, script, iframe, style, link, svg, [onerror], [onload], [onmouseover]';
    await expect(output.locator('.jp-RenderedHTML').locator(bad)).toHaveCount(
      0
    );
    for (const link of await output.locator('a').all()) {
      await expect(link).toHaveAttribute('href', /^https:/);
    }
  }
);

test(
  'Chat().show() asks, goes on, and stops',
  { tag: '@all' },
  async ({ page }) => {
    await clearJournal();
    const before = await calls(page);
    await notebook(
      page,
      'from jupyterlab_gpt import Chat\nChat().show()',
      'Chat(model="fake-slow").show()'
    );
    await page.notebook.runCell(0);
    const output = await outputOf(page, 0);
    const prompt = output.getByPlaceholder('Message GPT');
    const send = output.getByRole('button', { name: 'Send', exact: true });
    await prompt.fill('First <b>question</b>');
    await expect(output).toContainText(/≈ \d+ tok/);
    await send.click();
    await expect(output).toContainText('That is all there is to it.');
    await expect(output).toContainText(/fake-gpt · \d+ in · \d+ out/);
    await expect(prompt).toHaveValue('');
    await expect(output).toContainText('First <b>question</b>');
    await prompt.fill('And then?');
    await send.click();
    await expect(output.getByText('You asked: And then?')).toBeVisible();
    await expect(send).toBeEnabled();
    const [, second] = await journal();
    expect(second.body.messages.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'user'
    ]);
    await page.notebook.runCell(1);
    const slow = await outputOf(page, 1);
    await slow.getByPlaceholder('Message GPT').fill('Go on and on');
    await slow.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(slow).toContainText('w0010');
    await slow.getByRole('button', { name: 'Stop' }).click();
    await expect(slow).toContainText('· stopped');
    expect(await calls(page)).toBe(before + 3);
  }
);
