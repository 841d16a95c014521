/**
 * The first run: no key, OpenAI's own address, no weights and no network.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { expectAccessible } from './axe';
import { GPTPanel, lab } from './gpt';
import { LOCAL_PORT, startLocalServer } from './localserver';

// Apart from the ports of the configuration's own three servers.
const PORT = Number(process.env.GPT_LANE_PORT) + 5;
const URL = `http://127.0.0.1:${PORT}`;
// A port where nothing listens: what would leave the machine is refused at once.
const NOWHERE = 'http://127.0.0.1:9';

let server: ChildProcess;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = spawn(
    'jupyter',
    [
      'lab',
      '--config=jupyter_server_auth_config.py',
      `--ServerApp.port=${PORT}`,
      '--GPTExtension.base_url=',
      '--GPTExtension.model='
    ],
    {
      cwd: path.join(__dirname, '..'),
      stdio: 'ignore',
      env: {
        ...process.env,
        GPT_UI_MODELS: '',
        OPENAI_API_KEY: '',
        HTTPS_PROXY: NOWHERE,
        https_proxy: NOWHERE,
        PIP_CONFIG_FILE: '/dev/null',
        PIP_NO_INDEX: '1',
        PIP_FIND_LINKS: ''
      }
    }
  );
  await expect(async () => {
    expect((await fetch(`${URL}/login`)).ok).toBe(true);
  }).toPass({ timeout: 100_000 });
});

test.afterAll(() => {
  server.kill();
});

test(
  'a text that cannot be a key is refused with a reason, and only there',
  { tag: '@all' },
  async ({ page }) => {
    const panel = await lab(page, URL);
    const key = panel.root.getByLabel('API key');
    for (const [text, reason] of [
      ['not a key', /spaces/],
      ['https://platform.openai.com/api-keys', /address/],
      ['sk-proj-…abcd', /cannot be a key|masked/]
    ] as const) {
      await key.fill(text);
      await key.press('Enter');
      const alert = panel.root.getByRole('alert');
      await expect(alert).toContainText(reason);
      await expect(alert).toHaveCount(1);
      await expect(key).toBeFocused();
      // What was typed stays: it may only need a correction.
      await expect(key).toHaveValue(text);
    }
  }
);

test(
  'the built-in model names its source, and a failed download says what to do',
  { tag: '@all' },
  async ({ page }) => {
    const panel = await lab(page, URL);
    const way = panel.root.getByRole('region', { name: 'The built-in model' });
    await expect(way).toContainText(/98 MB/);
    await expect(way).toContainText('from huggingface.co');
    await way.getByRole('button', { name: 'Download' }).click();
    await expect(way.getByRole('alert')).toContainText('failed', {
      timeout: 60_000
    });
    await expect(way).toContainText(
      /jupyter-gpt fetch-model --model smollm2-135m --dir \S+ --from FILE/
    );
    for (const width of [250, 350, 600]) {
      await panel.setWidth(width);
      const overflow = await way.evaluate(
        node => node.scrollWidth - node.clientWidth
      );
      expect(overflow).toBeLessThanOrEqual(0);
      await page.screenshot({ path: `screenshots/onboarding-${width}.png` });
    }
    await expect(
      way.getByRole('button', { name: 'Try the download again' })
    ).toBeEnabled();
  }
);

test('a prompt that nothing can answer is not lost', async ({ page }) => {
  const panel: GPTPanel = await lab(page, URL);
  for (const theme of ['JupyterLab Dark', 'JupyterLab Light']) {
    await panel.execute('apputils:change-theme', { theme });
    await expect(page.locator('body')).toHaveAttribute(
      'data-jp-theme-name',
      theme
    );
    await expectAccessible(
      page,
      '#jupyterlab-gpt-panel',
      `first run, ${theme}`
    );
  }
  await panel.ask('Is anybody there?');
  const answer = await panel.ended('failed');
  await expect(answer.locator('.jp-gpt-ErrorCard')).toContainText(/key|model/);
  await expect(panel.last('You')).toContainText('Is anybody there?');
  await panel.root.getByRole('button', { name: 'Set up' }).click();
  await expect(panel.root.getByLabel('API key')).toBeVisible();
});

test('a local server that is found answers after one more click', async ({
  page
}) => {
  const name = `127.0.0.1:${LOCAL_PORT}`;
  const local = await startLocalServer();
  try {
    const panel = await lab(page, URL);
    await panel.button('New conversation').click();
    const way = panel.root.getByRole('region', { name: 'A local server' });
    await way.getByRole('button', { name: 'Look for local servers' }).click();
    const use = way.getByRole('button', { name: `Use ${name}` });
    await expect(use).toBeVisible();
    await expectAccessible(page, '#jupyterlab-gpt-panel', 'local servers');
    for (const width of [250, 350, 600]) {
      await panel.setWidth(width);
      const overflow = await way.evaluate(
        node => node.scrollWidth - node.clientWidth
      );
      expect(overflow).toBeLessThanOrEqual(0);
      await use.scrollIntoViewIfNeeded();
      await page.screenshot({ path: `screenshots/local-servers-${width}.png` });
    }
    await use.click();
    await expect(panel.prompt).toBeFocused();
    await expect(way).toHaveCount(0);
    await panel.ask('Is anybody there?');
    await panel.ended();
  } finally {
    local.kill();
    const id = name.replace(/[^a-z0-9]+/g, '-');
    await page.request.delete(`${URL}/jupyterlab-gpt/api/providers/${id}`, {
      headers: { Authorization: 'token test-token' }
    });
  }
});
