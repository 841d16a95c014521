/**
 * How much JavaScript of ours a page loads, of the wheel as users get it; as gzip would send it,
 * since Jupyter Server sends it as it is.
 */
import { gzipSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { GPTPanel } from '../tests/gpt';

const LAB_URL = process.env.GPT_COMPAT_LAB_URL as string;

/** Before the panel is opened: a page's start must not pay for what nobody opens. */
const AT_START = 15_000;

/** With the panel: a tenth of what JupyterLab itself loads. */
const WITH_PANEL = 150_000;

/** Counts what is loaded from now on; tells the sum of the files, each by itself. */
function count(page: Page): () => Promise<number> {
  const files: Promise<number>[] = [];
  page.on('response', response => {
    const { pathname } = new URL(response.url());
    if (
      pathname.includes('/extensions/jupyterlab-gpt/') &&
      pathname.endsWith('.js')
    ) {
      files.push(response.body().then(body => gzipSync(body).length));
    }
  });
  return async () => (await Promise.all(files)).reduce((sum, n) => sum + n, 0);
}

test('the page loads little before the panel is opened', async ({ page }) => {
  const loaded = count(page);
  await page.goto(`${LAB_URL}/lab?reset&token=test-token`);
  await page.waitForFunction(() => 'jupyterapp' in window);
  await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
  // What was spent today is asked when the page has nothing else to do.
  await page.waitForTimeout(6000);
  const start = await loaded();
  const panel = new GPTPanel(page);
  await panel.open();
  await page.waitForTimeout(2000);
  const all = await loaded();
  console.log(
    `gzipped JavaScript: ${start} B at start, ${all} B with the panel`
  );
  expect(start).toBeGreaterThan(0);
  expect(start).toBeLessThanOrEqual(AT_START);
  expect(all).toBeGreaterThan(start);
  expect(all).toBeLessThanOrEqual(WITH_PANEL);
});
