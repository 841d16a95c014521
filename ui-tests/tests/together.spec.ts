/**
 * One user in several places: two tabs, another browser, and a network that goes and comes back.
 */
import { expect, type Page, test } from '@playwright/test';
import { clearJournal, type GPTPanel, journal, lab } from './gpt';

/** The text of the last answer as it stands. */
function grown(panel: GPTPanel): Promise<string> {
  // Without the line break that stands behind the last block.
  return panel
    .last('GPT')
    .locator('.jp-gpt-Answer-body')
    .evaluate(node => (node.textContent ?? '').trimEnd());
}

/** Open a conversation of the list. */
async function choose(panel: GPTPanel, title: string): Promise<void> {
  await panel.button('Conversations').click();
  await panel.root
    .locator('.jp-gpt-History-open')
    .filter({ hasText: title })
    .first()
    .click();
  await expect(panel.last('You')).toContainText(title);
}

/** Keep the sockets of a page, to cut them as a network does. */
async function keepSockets(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const kept: WebSocket[] = [];
    (window as unknown as { kept: WebSocket[] }).kept = kept;
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        kept.push(this);
      }
    };
  });
}

/** The network is gone: nothing new connects, and what was connected is cut. */
async function goOffline(page: Page): Promise<void> {
  await page.context().setOffline(true);
  await page.evaluate(() =>
    (window as unknown as { kept: WebSocket[] }).kept
      .filter(socket => socket.url.includes('/jupyterlab-gpt/'))
      .forEach(socket => socket.close())
  );
}

test('two tabs show one answer growing; what is asked and stopped in one is so in the other', async ({
  page,
  context
}) => {
  const first = await lab(page);
  const second = await lab(await context.newPage());
  await first.button('New conversation').click();
  // Ten minutes long: a slow machine does not come to its end.
  await first.choose('fake-rate-10-6000');
  await first.ask('Count in two tabs');
  await expect(first.last('GPT')).toContainText('w00003');
  await choose(second, 'Count in two tabs');
  await expect(second.last('GPT')).toContainText('w00003');
  for (let moment = 0; moment < 5; moment++) {
    const texts = await Promise.all([grown(first), grown(second)]);
    const [short, long] = texts.sort((a, b) => a.length - b.length);
    expect(long.startsWith(short)).toBe(true);
    await page.waitForTimeout(300);
  }
  await second.stop.click();
  const stopped = Date.now();
  await first.ended('cancelled', 20_000);
  const seconds = (Date.now() - stopped) / 1000;
  console.log(`Stop in one tab to its end in the other: ${seconds} s`);
  expect(seconds).toBeLessThan(20);
  await second.ended('cancelled');
  expect(await grown(second)).toBe(await grown(first));

  await second.choose('fake-rate-100-50');
  await second.ask('Asked in the second tab');
  await expect(first.last('You')).toContainText('Asked in the second tab');
  await Promise.all([first.ended(), second.ended()]);
  expect(await grown(first)).toBe(await grown(second));
  await expect(first.last('GPT')).toContainText('w00050');
});

test(
  'another browser, with a login of its own, finds the same history',
  { tag: '@all' },
  async ({ page, browser }) => {
    const panel = await lab(page);
    await panel.button('New conversation').click();
    await panel.choose('fake-gpt');
    await panel.ask('Where will this be found?');
    await panel.ended();
    const context = await browser.newContext();
    const other = await lab(await context.newPage());
    await choose(other, 'Where will this be found?');
    expect(await grown(other)).toBe(await grown(panel));
    const [mine, theirs] = await Promise.all(
      [page.context(), context].map(async some =>
        (await some.cookies()).find(({ name }) => name.startsWith('username-'))
      )
    );
    expect(mine && theirs && mine.value !== theirs.value).toBe(true);
    await context.close();
  }
);

test('a question that is asked offline waits, and goes out once', async ({
  page
}) => {
  await keepSockets(page);
  const panel = await lab(page);
  await panel.button('New conversation').click();
  await panel.choose('fake-gpt');
  await clearJournal();
  await goOffline(page);
  await expect(panel.root).toContainText('Reconnecting…');
  await panel.ask('Asked without a network');
  await expect(panel.last('GPT')).toContainText('Waiting for the connection');
  expect(await journal()).toEqual([]);
  await page.context().setOffline(false);
  await panel.ended();
  await expect(panel.root).not.toContainText('Reconnecting…');
  await expect(panel.transcript.getByRole('article')).toHaveCount(2);
  expect(await journal()).toHaveLength(1);
});
