/**
 * Looking at an answer fetches nothing and runs nothing; formulas are typeset, prices are not.
 */
import { expect, test } from '@jupyterlab/galata';
import { GPTPanel, script } from './gpt';

const HOST = 'evil.example';

const hostile = [
  `![pixel](https://${HOST}/a.png) ![ref][r] <img src="https://${HOST}/b.png" onerror="window.gptHit=1">`,
  `[r]: https://${HOST}/ref.png`,
  `[click](javascript:window.gptHit=1) [data](data:text/html,<script>window.gptHit=1</script>) [rel](/lab/tree/x)`,
  `[fine](https://${HOST}/page) <https://${HOST}/auto> www.${HOST}`,
  `<script>window.gptHit=1</script>`,
  `<iframe src="https://${HOST}/frame"></iframe><svg onload="window.gptHit=1"><use href="https://${HOST}/u.svg#a"/></svg>`,
  `<style>@import url(https://${HOST}/s.css); body{display:none}</style>`,
  `<link rel="stylesheet" href="https://${HOST}/l.css"><video src="https://${HOST}/v.mp4" autoplay></video>`,
  `<form action="https://${HOST}/f"><input name="q" autofocus onfocus="window.gptHit=1"></form>`,
  '```mermaid\ngraph TD; A["<img src=https://' + HOST + '/m.png>"]-->B\n```',
  '```html\n<img src="https://' +
    HOST +
    '/code.png" onerror="window.gptHit=1">\n```',
  `$\\href{https://${HOST}/math}{x}$ $\\includegraphics{https://${HOST}/g.png}$ $\\style{background:url(https://${HOST}/bg.png)}{y}$`,
  `| ![t](https://${HOST}/t.png) | <img src=https://${HOST}/td.png> |\n|---|---|\n| <b onclick=window.gptHit=1>x</b> | y |`,
  'The end of it.'
].join('\n\n');

test('a hostile answer makes no request and runs nothing', async ({ page }) => {
  await script('fake-hostile', hostile.match(/[\s\S]{1,7}/g) ?? []);
  const panel = new GPTPanel(page);
  await panel.open();
  await panel.ask('Warm up');
  await panel.ended();
  await panel.choose('fake-hostile');
  const asked: string[] = [];
  page.on('request', request => asked.push(request.url()));
  await panel.ask('Be hostile');
  const answer = await panel.ended();
  await expect(answer).toContainText('The end of it.');
  await page.waitForTimeout(1500);
  expect(asked.filter(url => url.includes(HOST))).toEqual([]);
  // What else the page asked for is the panel's own: the Jupyter server's addresses.
  const own = new URL(page.url()).origin;
  expect(asked.filter(url => new URL(url).origin !== own)).toEqual([]);
  expect(
    await page.evaluate(() => (window as { gptHit?: number }).gptHit)
  ).toBeUndefined();
  const body = answer.locator('.jp-gpt-Answer-body');
  const bad =
    'img, script, iframe, style, link, video, form, object, embed, [onerror], [onload], [onclick], [id]';
  await expect(body.locator(bad)).toHaveCount(0);
  for (const link of await body.locator('a').all()) {
    await expect(link).toHaveAttribute('href', /^https?:/);
    await expect(link).toHaveAttribute('rel', /noopener noreferrer/);
  }
  await expect(body.getByText('graph TD', { exact: false })).toBeVisible();
});

test('formulas are typeset, prices are not, code is coloured', async ({
  page
}) => {
  const text =
    'Inline $x^2$ and \\(y_1\\).\n\n$$\\sum_{i=1}^n i$$\n\nIt costs $5 and $10 today.\n\n' +
    '```python\ndef f(a):\n    return "text"\n```\n\n```javascript\nconst a = 1;\n```\n\n```bash\nif true; then echo hi; fi\n```\n';
  await script('fake-formulas', text.match(/[\s\S]{1,3}/g) ?? []);
  const panel = new GPTPanel(page);
  await panel.open();
  await panel.choose('fake-formulas');
  await panel.ask('Formulas');
  const body = (await panel.ended()).locator('.jp-gpt-Answer-body');
  await expect(body.locator('.jp-mod-typeset mjx-container')).toHaveCount(3, {
    timeout: 20_000
  });
  await expect(body).toContainText('It costs $5 and $10 today.');
  for (const language of ['python', 'javascript', 'bash']) {
    const block = body.getByRole('group', { name: `Code, ${language}` });
    await expect(block.locator('.jp-gpt-tok-keyword').first()).toBeVisible();
  }
});
