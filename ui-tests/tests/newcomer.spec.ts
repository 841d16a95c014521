/**
 * A newcomer's way, from an empty home: open, choose the built-in model, ask about a cell, put the
 * answer into the notebook, see what it cost. Clicks and words are counted by the page.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { GPTPanel } from './gpt';
import { notebookText } from './notebooks';

// Apart from the ports of the configuration's own three servers and of the other tests'.
const PORT = Number(process.env.GPT_LANE_PORT) + 7;
const URL = `http://127.0.0.1:${PORT}`;
const SENTENCE = 'What does this cell print?';

// SmolLM2 135M on two busy cores: a second to load, then about 30 tokens a second.
const PATIENCE = 180_000;

let server: ChildProcess;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  const HOME = mkdtempSync(path.join(tmpdir(), 'jupyterlab-gpt-newcomer-'));
  const env: NodeJS.ProcessEnv = { ...process.env, HOME, OPENAI_API_KEY: '' };
  for (const name of Object.keys(env)) {
    if (/^(JUPYTER|XDG_|IPYTHON)/.test(name)) {
      delete env[name];
    }
  }
  server = spawn(
    'jupyter',
    [
      'lab',
      `--config=${path.join(__dirname, '../jupyter_server_auth_config.py')}`,
      `--ServerApp.port=${PORT}`,
      `--ServerApp.root_dir=${HOME}`,
      '--GPTExtension.base_url=',
      '--GPTExtension.model='
    ],
    { cwd: path.join(__dirname, '..'), stdio: 'ignore', env }
  );
  await expect(async () => {
    expect((await fetch(`${URL}/login`)).ok).toBe(true);
  }).toPass({ timeout: 100_000 });
});

test.afterAll(() => {
  server.kill();
});

/** Count what a hand does from now on. */
async function count(page: Page): Promise<void> {
  await page.evaluate(() => {
    const done = { clicks: 0, keys: '' };
    Object.assign(window, { done });
    // Real ones only, before anybody can stop them.
    window.addEventListener(
      'pointerdown',
      event => (done.clicks += event.isTrusted ? 1 : 0),
      true
    );
    window.addEventListener(
      'keydown',
      event => (done.keys += event.isTrusted ? event.key : ''),
      true
    );
  });
}

test('at most five clicks and one sentence', async ({ page }) => {
  test.setTimeout(PATIENCE + 60_000);
  await page.request.put(`${URL}/api/contents/demo.ipynb`, {
    headers: { Authorization: 'token test-token' },
    data: {
      type: 'notebook',
      format: 'json',
      content: JSON.parse(
        notebookText([{ id: 'first', source: 'print(sum(range(10)))' }])
      )
    }
  });
  await page.goto(`${URL}/lab/tree/demo.ipynb?token=test-token`);
  const cells = page.locator('.jp-Notebook .jp-Cell');
  await expect(cells).toHaveCount(1);
  await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
  const panel = new GPTPanel(page);
  await count(page);

  await cells.first().click();
  await cells
    .first()
    .getByRole('button', { name: 'Ask GPT about this cell…' })
    .click();
  // Its weights are there, and nothing else: it is chosen already. Who looks for it finds it so.
  await panel.root.getByRole('combobox', { name: 'Model' }).click();
  await page.getByRole('option', { name: /runs on this computer/ }).click();
  await expect(panel.prompt).toBeFocused();
  await expect(
    panel.root.getByRole('group', { name: /^Context: In/ })
  ).toBeVisible();
  await page.keyboard.type(SENTENCE);
  await page.keyboard.press('Enter');
  const answer = await panel.ended('complete', PATIENCE);
  await answer.getByRole('button', { name: 'Insert all as cells' }).click();
  await expect.poll(() => cells.count()).toBeGreaterThan(1);
  await expect(answer.locator('.jp-gpt-Footer')).toContainText('free');

  const done = await page.evaluate(
    () => (window as unknown as { done: { clicks: number; keys: string } }).done
  );
  expect(done.clicks).toBeLessThanOrEqual(5);
  expect(done.keys.replace(/Shift/g, '')).toBe(`${SENTENCE}Enter`);
  console.log(`a newcomer: ${done.clicks} clicks, "${SENTENCE}"`);
});
