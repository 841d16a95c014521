/**
 * The stream: Stop, reload, a second browser, and the eight faults of a provider.
 */
import { expect, test } from '@playwright/test';
import { clearJournal, type GPTPanel, journal, lab } from './gpt';

const AUTH_URL = process.env.GPT_AUTH_URL as string;

/** The text of an answer's body, one space for any white space. */
async function words(panel: GPTPanel): Promise<string[]> {
  const text = await panel.last('GPT').innerText();
  return text.match(/w\d{5}/g) ?? [];
}

const expected = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => `w${String(i + 1).padStart(5, '0')}`);

test('Stop closes the connection of the provider; what arrived stays', async ({
  page
}) => {
  const panel = await lab(page);
  await clearJournal();
  await panel.choose('fake-slow');
  await panel.ask('Count slowly');
  await expect(panel.last('GPT')).toContainText('w0005');
  const stopped = Date.now() / 1000;
  await panel.stop.click();
  const answer = await panel.ended('cancelled');
  await expect(answer).toContainText('w0005');
  await expect(async () => {
    const [request] = await journal();
    expect(request.closed_by).toBe('client');
  }).toPass({ timeout: 5000 });
  const [request] = await journal();
  const seconds = (request.ended as number) - stopped;
  console.log(
    `Stop to closed at the provider: ${(seconds * 1000).toFixed()} ms`
  );
  expect(seconds).toBeLessThan(5);
  await expect(panel.send).toBeVisible();
});

test('a reload in the middle shows the whole answer, each character once', async ({
  page
}) => {
  const panel = await lab(page);
  await panel.choose('fake-rate-40-200');
  await panel.ask('Count');
  await expect(panel.last('GPT')).toContainText('w00020');
  await page.reload();
  await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
  await panel.open();
  await panel.ended();
  expect(await words(panel)).toEqual(expected(200));
});

test(
  'a second browser sees the same answer grow',
  { tag: '@all' },
  async ({ page, browser }) => {
    const panel = await lab(page);
    await panel.button('New conversation').click();
    await panel.choose('fake-rate-40-200');
    await panel.ask('Count for two browsers');
    await expect(panel.last('GPT')).toContainText('w00010');
    const context = await browser.newContext();
    const other = await lab(await context.newPage());
    await other.button('Conversations').click();
    await other.root.getByText('Count for two browsers').first().click();
    await expect(other.last('GPT')).toContainText('w00010');
    await panel.ended();
    await other.ended();
    expect(await words(other)).toEqual(expected(200));
    expect(await words(panel)).toEqual(expected(200));
    await context.close();
  }
);

const faults: [model: string, sentence: RegExp, status: string][] = [
  ['fake-401', /key/i, 'failed'],
  ['fake-404', /model/i, 'failed'],
  ['fake-429-always', /takes no more requests/i, 'failed'],
  ['fake-500', /500|provider/i, 'failed'],
  ['fake-cut', /cut|broke|connection/i, 'incomplete'],
  ['fake-html', /HTML|web page|not.*answer|stream/i, 'failed']
];

test('each failure is a sentence that says what to do, the prompt not lost', async ({
  page
}) => {
  const panel = await lab(page);
  for (const [model, sentence, status] of faults) {
    await panel.button('New conversation').click();
    await panel.choose(model);
    await panel.ask(`Please fail as ${model}`);
    const answer = await panel.ended(status, 60_000);
    // Not an alert: the panel's own live region says it once, also after a reload.
    const card = answer.locator('.jp-gpt-ErrorCard');
    await expect(card).toContainText(sentence);
    await expect(card.getByRole('button').first()).toBeVisible();
    await expect(panel.last('You')).toContainText(`Please fail as ${model}`);
  }
});

test('the page knows no key, and the answer makes no request', async ({
  page
}) => {
  const canary = 'sk-canary-0123456789abcdef';
  const foreign: string[] = [];
  page.on('request', request => {
    if (
      !request.url().startsWith(AUTH_URL) &&
      !request.url().startsWith('data:') &&
      !request.url().startsWith('blob:')
    ) {
      foreign.push(request.url());
    }
  });
  const panel = await lab(page);
  const seen: string[] = [];
  page.on('websocket', socket => {
    socket.on('framereceived', frame => seen.push(String(frame.payload)));
  });
  page.on('response', async response => {
    if (response.url().includes('/jupyterlab-gpt/')) {
      seen.push(await response.text().catch(() => ''));
    }
  });
  const status = await page.evaluate(async key => {
    const xsrf = document.cookie.match(/_xsrf=([^;]+)/)?.[1] ?? '';
    const response = await fetch('/jupyterlab-gpt/api/providers/default/key', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', 'X-XSRFToken': xsrf },
      body: JSON.stringify({ key: `  ${key}\n` })
    });
    return response.status;
  }, canary);
  expect(status).toBe(200);
  await clearJournal();
  await panel.choose('fake-key');
  await panel.ask('Use the key');
  await panel.ended();
  const [request] = await journal();
  expect(request.headers.authorization).toBe(`Bearer ${canary}`);
  const stored = await page.evaluate(async () => {
    const databases = await indexedDB.databases();
    return (
      document.documentElement.outerHTML +
      JSON.stringify({ ...localStorage, ...sessionStorage }) +
      JSON.stringify(databases)
    );
  });
  expect(stored).not.toContain(canary);
  expect(seen.join('\n')).not.toContain(canary);
  expect(foreign).toEqual([]);
  await page.evaluate(async () => {
    const xsrf = document.cookie.match(/_xsrf=([^;]+)/)?.[1] ?? '';
    await fetch('/jupyterlab-gpt/api/providers/default/key', {
      method: 'DELETE',
      headers: { 'X-XSRFToken': xsrf }
    });
  });
});
