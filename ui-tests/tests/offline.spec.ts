/**
 * No connection for a while: the answer that ended meanwhile is whole on return.
 */
import { expect, test } from '@playwright/test';
import { numbered } from './cuts';
import { type GPTPanel, journal, lab, script } from './gpt';
import { Proxy } from './proxy';
import { shownText, storedAnswer } from './stored';

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

async function whole(timeout = LIMIT): Promise<void> {
  await panel.ended('complete', timeout);
  const sent = numbered(80).join('');
  expect(await storedAnswer(prompt)).toBe(sent);
  const blank = /\s+/g;
  await expect
    .poll(async () => (await shownText(panel)).replace(blank, ''))
    .toBe(sent.replace(blank, ''));
}

test('ended during the cut', { tag: '@all' }, async () => {
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

test('stopped while it waits', async ({ page }) => {
  await proxy.down();
  await expect(panel.root).toContainText('Connection lost', { timeout: LIMIT });
  await panel.ask(prompt);
  await expect(panel.last('GPT')).toContainText('Waiting for the connection');
  await panel.stop.click();
  // The words are where they can be changed, and nowhere else.
  await expect(panel.prompt).toHaveValue(prompt);
  await expect(panel.prompt).toBeFocused();
  await expect(panel.transcript.getByRole('article')).toHaveCount(0);
  await proxy.up();
  await page.keyboard.press('Enter');
  await whole();
});
