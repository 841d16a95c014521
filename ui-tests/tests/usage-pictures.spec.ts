/**
 * Pictures of the Usage tab for the documentation: a server of its own, with a month of calls.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { lab } from './gpt';
import { docPicture } from './images';

// Apart from the ports of the configuration's own three servers and of the first run's.
const PORT = Number(process.env.GPT_LANE_PORT) + 6;
const URL = `http://127.0.0.1:${PORT}`;
const cwd = path.join(__dirname, '..');

let server: ChildProcess;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  const data = mkdtempSync(path.join(tmpdir(), 'jupyterlab-gpt-usage-'));
  execFileSync('python', ['seed_usage.py', data], { cwd });
  server = spawn(
    'jupyter',
    [
      'lab',
      '--config=jupyter_server_auth_config.py',
      `--ServerApp.port=${PORT}`,
      `--GPTExtension.data_dir=${data}`
    ],
    { cwd, stdio: 'ignore' }
  );
  await expect(async () => {
    expect((await fetch(`${URL}/login`)).ok).toBe(true);
  }).toPass({ timeout: 100_000 });
});

test.afterAll(() => {
  server.kill();
});

for (const theme of ['JupyterLab Light', 'JupyterLab Dark'] as const) {
  test(
    `pictures of the Usage tab in ${theme}`,
    { tag: ['@all', '@picture'] },
    async ({ page }) => {
      const shade = theme.endsWith('Dark') ? 'dark' : 'light';
      const panel = await lab(page, URL);
      await panel.execute('apputils:change-theme', { theme });
      await panel.execute('jupyterlab-gpt:usage');
      await panel.execute('application:toggle-left-area');
      await panel.execute('application:toggle-right-area');
      const view = page.getByRole('region', { name: 'GPT usage' });
      const tab = page.locator('#jupyterlab-gpt-usage');
      await expect(view.getByRole('img')).toBeVisible();
      await expect(view).toContainText('cheaper than $20.00');
      for (const width of [600, 1400]) {
        // Again while the shell still gives the sidebars' room away.
        await expect(async () => {
          const { width: now } = (await tab.boundingBox())!;
          const { width: whole } = page.viewportSize()!;
          await page.setViewportSize({
            width: Math.round(whole + width - now),
            height: 1100
          });
          await page.waitForTimeout(200);
          expect(Math.round((await tab.boundingBox())!.width)).toBe(width);
        }).toPass({ timeout: 10_000 });
        const overflow = await tab.evaluate(
          node => node.scrollWidth - node.clientWidth
        );
        expect(overflow).toBeLessThanOrEqual(1);
        await page.screenshot({
          path: `screenshots/usage-${width}-${shade}.png`,
          clip: (await tab.boundingBox())!
        });
      }
      if (shade === 'light') {
        await docPicture(page, 'usage-1400-light.png', tab);
      }
    }
  );
}
