/**
 * A page that goes offline, is hidden, or sleeps as in a closed laptop while an answer arrives: on
 * waking the answer goes on at once, nothing is missing and nothing is there twice.
 */
import { type CDPSession, expect, test } from '@playwright/test';
import { numbered } from './cuts';
import { type GPTPanel, lab, script } from './gpt';
import { Proxy } from './proxy';
import { shownText, storedAnswer } from './stored';

// Time for a step on a machine that tests other things too, in ms.
const LIMIT = 40_000;
// From waking until the answer goes on, in ms: ten times the 2 s that are promised, on a machine
// that tests other things too; the figure itself is printed.
const RESUMED = 20_000;
// How long the page is away, in ms: longer than the heartbeat of a running turn, 2 s.
const AWAY = 4000;
// Pieces of the answer, and the time between two, in ms: it lasts for longer than the page is away.
const PIECES = 480;
const STEADY = 25;

let proxy: Proxy;
let panel: GPTPanel;
let prompt: string;
let cdp: CDPSession;

test.beforeEach(async ({ page, context }, { title }) => {
  prompt = `${title} ${Date.now()}`;
  proxy = await Proxy.start(process.env.GPT_AUTH_URL as string);
  panel = await lab(page, proxy.url, 'asleep');
  cdp = await context.newCDPSession(page);
  await script('fake-asleep', numbered(PIECES), STEADY);
  await panel.choose('fake-asleep');
  await panel.button('New conversation').click();
  await panel.ask(prompt);
  await expect(panel.last('GPT')).toContainText('w00010', { timeout: LIMIT });
});

test.afterEach(() => proxy.stop());

interface IWakeWindow {
  gptWoke: { at: number | null; after: number | null };
}

/**
 * From now on, note how long after waking the answer's text grows.
 *
 * @param event - What says that the page is awake; null: its timers, which stood still.
 */
async function watch(event: 'online' | 'visibilitychange' | null) {
  await panel.page.evaluate(name => {
    const woke: IWakeWindow['gptWoke'] = { at: null, after: null };
    (window as unknown as IWakeWindow).gptWoke = woke;
    const wake = () => {
      if (document.visibilityState === 'visible') {
        woke.at ??= performance.now();
      }
    };
    if (name) {
      window.addEventListener(name, wake, { capture: true });
    } else {
      let last = performance.now();
      setInterval(() => {
        if (performance.now() - last > 2000) {
          wake();
        }
        last = performance.now();
      }, 50);
    }
    const bodies = document.querySelectorAll('.jp-gpt-Answer-body');
    new MutationObserver(() => {
      if (woke.at !== null) {
        woke.after ??= performance.now() - woke.at;
      }
    }).observe(bodies[bodies.length - 1], {
      childList: true,
      characterData: true,
      subtree: true
    });
  }, event);
}

/** The answer went on in time, and is whole in the end. */
async function wholeAfterWaking(): Promise<void> {
  const after = () =>
    panel.page.evaluate(() => (window as unknown as IWakeWindow).gptWoke.after);
  await expect.poll(after, { timeout: RESUMED + 5000 }).not.toBeNull();
  console.log(`  the answer went on ${Math.round((await after())!)} ms later`);
  expect(await after()).toBeLessThan(RESUMED);
  await panel.ended('complete', LIMIT);
  const sent = numbered(PIECES).join('');
  expect(await storedAnswer(prompt)).toBe(sent);
  const blank = /\s+/g;
  await expect
    .poll(async () => (await shownText(panel)).replace(blank, ''))
    .toBe(sent.replace(blank, ''));
}

/**
 * Let the page sleep: no line of it runs. (`Page.setWebLifecycleState` freezes no page that is
 * seen, and headless ones always are.)
 */
async function sleep(): Promise<void> {
  await cdp.send('Debugger.enable');
  await cdp.send('Debugger.pause');
}

async function wake(): Promise<void> {
  await cdp.send('Debugger.resume');
  await cdp.send('Debugger.disable');
}

test('offline and online again', async ({ context, page }) => {
  await watch('online');
  // No radio: what is under way is lost, and nobody is told.
  await proxy.freeze();
  await context.setOffline(true);
  await page.waitForTimeout(AWAY);
  await context.setOffline(false);
  await wholeAfterWaking();
});

test('offline for a moment', { tag: '@all' }, async ({ context, page }) => {
  await watch('online');
  await proxy.freeze();
  await context.setOffline(true);
  await page.waitForTimeout(700);
  await context.setOffline(false);
  await wholeAfterWaking();
});

test('asleep, and the socket lives', { tag: '@all' }, async ({ page }) => {
  await watch(null);
  await sleep();
  await page.waitForTimeout(AWAY);
  await wake();
  await wholeAfterWaking();
});

for (const [cut, tag] of [
  ['reset', '@all'],
  ['freeze', '@sample']
] as const) {
  test(
    `asleep, and the socket dies meanwhile (${cut})`,
    { tag },
    async ({ page }) => {
      await watch(null);
      await sleep();
      await proxy[cut]();
      await page.waitForTimeout(AWAY);
      await wake();
      await wholeAfterWaking();
    }
  );
}

test(
  'hidden behind another tab, and the socket dies meanwhile',
  { tag: '@all' },
  async ({ page }) => {
    await watch('visibilitychange');
    await page.evaluate(() => {
      // Headless pages are never hidden: what a browser says of one that is.
      const as = (state: DocumentVisibilityState) => {
        Object.defineProperty(document, 'visibilityState', {
          configurable: true,
          get: () => state
        });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      as('hidden');
      Object.assign(window, { gptShow: () => as('visible') });
    });
    await proxy.freeze();
    await page.waitForTimeout(AWAY);
    await page.evaluate(() =>
      (window as unknown as { gptShow: () => void }).gptShow()
    );
    await wholeAfterWaking();
  }
);
