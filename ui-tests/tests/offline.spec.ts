/**
 * No connection for a while: what the user is told, and how soon it goes on.
 */
import { expect, test } from '@playwright/test';
import { numbered } from './cuts';
import { type GPTPanel, journal, lab, script } from './gpt';
import { Proxy } from './proxy';
import { shownText, storedAnswer } from './stored';

const BANNER = 'Reconnecting…';
// Time for a step on a machine that tests other things too, in ms.
const LIMIT = 40_000;

let proxy: Proxy;
let panel: GPTPanel;
let prompt: string;

test.beforeEach(async ({ page }, { title }) => {
  prompt = `${title} ${Date.now()}`;
  proxy = await Proxy.start(process.env.GPT_AUTH_URL as string);
  panel = await lab(page, proxy.url, 'offline');
  await script('fake-offline', numbered(80), 25);
  await panel.choose('fake-offline');
  await panel.button('New conversation').click();
});

test.afterEach(() => proxy.stop());

/** Cut the connection until the client waits for longer than a test may. */
async function longCut(): Promise<void> {
  await proxy.down();
  await expect(panel.root).toContainText(BANNER, { timeout: LIMIT });
  // Attempts that fail: each wait is twice the one before; by then it is 8 to 16 s.
  await panel.page.waitForTimeout(9000);
}

async function whole(timeout = LIMIT): Promise<void> {
  await panel.ended('complete', timeout);
  const sent = numbered(80).join('');
  expect(await storedAnswer(prompt)).toBe(sent);
  const blank = /\s+/g;
  await expect
    .poll(async () => (await shownText(panel)).replace(blank, ''))
    .toBe(sent.replace(blank, ''));
}

test('ended during the cut', async () => {
  await panel.ask(prompt);
  await expect(panel.last('GPT')).toContainText('w00010', { timeout: LIMIT });
  await proxy.down();
  await expect(async () => {
    const mine = (await journal()).find(({ body }) =>
      body.messages.some(({ content }) => content.includes(prompt))
    );
    expect(mine?.ended).toBeTruthy();
  }).toPass({ timeout: LIMIT });
  await proxy.up();
  await whole();
});

test('asked offline', async ({ page }) => {
  await proxy.down();
  await panel.ask(prompt);
  await expect(panel.root).toContainText(
    'your prompt will be sent when the server is back',
    { timeout: LIMIT }
  );
  for (const [theme, shade] of [
    ['JupyterLab Dark', 'dark'],
    ['JupyterLab Light', 'light']
  ]) {
    await panel.execute('apputils:change-theme', { theme });
    for (const width of [250, 350, 600]) {
      await panel.setWidth(width);
      await page.screenshot({
        path: `screenshots/offline-${width}-${shade}.png`
      });
      const overflow = await panel.root.evaluate(
        node => node.scrollWidth - node.clientWidth
      );
      expect(overflow).toBeLessThanOrEqual(0);
    }
  }
  await proxy.up();
  await whole();
  await expect(panel.root).not.toContainText(BANNER);
});

test('online again', async ({ context }) => {
  await panel.ask(prompt);
  await longCut();
  await context.setOffline(true);
  await proxy.up();
  const begun = Date.now();
  await context.setOffline(false);
  await expect(panel.root).not.toContainText(BANNER, { timeout: 5000 });
  console.log(`faults: online to connected ${Date.now() - begun} ms`);
  await whole();
});

test('frozen, as a laptop that sleeps', async ({ page, context }) => {
  await panel.ask(prompt);
  await expect(panel.last('GPT')).toContainText('w00010', { timeout: LIMIT });
  const devtools = await context.newCDPSession(page);
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  // The network is another one when it wakes up: nobody tells either side.
  await proxy.freeze();
  await page.waitForTimeout(7000);
  const begun = Date.now();
  await devtools.send('Page.setWebLifecycleState', { state: 'active' });
  await whole();
  console.log(`faults: awake to the whole answer ${Date.now() - begun} ms`);
});
