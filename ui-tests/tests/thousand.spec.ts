/**
 * A conversation of 1,000 messages: it opens at its end at once, and the rest is met while scrolling.
 */
import { expect, type Page, test } from '@playwright/test';
import { answersFile } from './archive';
import { type GPTPanel, lab } from './gpt';

// Its snapshots walk the whole page, and were the longest tasks.
test.use({ trace: 'off' });

const TITLE = 'A thousand messages';
// The limits, ten times (a test asserts no time tighter than that).
const OPEN_MS = 10 * 300;
const TASK_MS = 10 * 50;

const ANSWERS = Array.from({ length: 500 }, (_, n) =>
  [
    `Answer number ${n + 1} has **some words** and \`code\`, and a list:`,
    '- the first of them, which is longer than the second',
    '- the second',
    '',
    '```python',
    `for step in range(${n}):`,
    '    print("step", step)  # what it does',
    '```',
    '',
    'And an end, in a sentence that takes about a line of the panel.'
  ].join('\n')
);

const SCROLLED = '.jp-gpt-Transcript-scroll';

/** Milliseconds from the click on its row to the last answer in a painted frame. */
function open(page: Page): Promise<number> {
  return page.evaluate(async title => {
    const row = [
      ...document.querySelectorAll<HTMLElement>('.jp-gpt-Panel button')
    ].find(button => button.textContent?.includes(title))!;
    const begun = performance.now();
    row.click();
    const last = (): boolean =>
      document
        .querySelector('.jp-gpt-Answer:last-child')
        ?.textContent?.includes('number 500 ') ?? false;
    while (!last()) {
      await new Promise(resolve => requestAnimationFrame(resolve));
    }
    await new Promise(resolve => {
      requestAnimationFrame(() => setTimeout(resolve));
    });
    return performance.now() - begun;
  }, TITLE);
}

/** Scroll up to the first message as a wheel does, and tell the longest task meanwhile. */
function scrollUp(page: Page): Promise<{ longest: number; jumps: number }> {
  return page.evaluate(async selector => {
    const tasks: number[] = [];
    new PerformanceObserver(list => {
      list.getEntries().forEach(entry => tasks.push(entry.duration));
    }).observe({ type: 'longtask' });
    const box = document.querySelector(selector)!;
    let jumps = 0;
    const deadline = performance.now() + 60_000;
    while (box.scrollTop > 0 && performance.now() < deadline) {
      const seen = [...box.querySelectorAll('article')].find(
        article =>
          article.getBoundingClientRect().bottom >
          box.getBoundingClientRect().top + 300
      )!;
      const before = seen.getBoundingClientRect().top;
      box.scrollTop -= 120;
      await new Promise(resolve => requestAnimationFrame(resolve));
      await new Promise(resolve => setTimeout(resolve));
      const moved = seen.getBoundingClientRect().top - before;
      // What is put above must not move what is read; the last step is a shorter one.
      jumps += Math.abs(moved - 120) > 4 && box.scrollTop > 0 ? 1 : 0;
    }
    return { longest: Math.max(0, ...tasks), jumps };
  }, SCROLLED);
}

const articles = (panel: GPTPanel): Promise<number> =>
  panel.root.locator('article').count();

test(
  'it opens at once, keeps its place while scrolling, and shows what is searched',
  { tag: '@all' },
  async ({ page }) => {
    test.setTimeout(240_000);
    const panel = await lab(page);
    await panel.button('Conversations').click();
    await panel.root.locator('input[type=file]').setInputFiles({
      name: 'conversations.json',
      mimeType: 'application/json',
      buffer: Buffer.from(answersFile(TITLE, ANSWERS))
    });
    await expect(panel.root).toContainText('1 conversation is imported');
    const ms = await open(page);
    const drawn = await articles(panel);
    expect(drawn).toBeLessThan(100);
    const { longest, jumps } = await scrollUp(page);
    expect(await articles(panel)).toBe(1000);
    expect(jumps).toBe(0);
    // Those that are not seen cost nothing.
    await expect(panel.root.locator('.jp-gpt-mod-settled')).toHaveCount(1000);
    await expect(
      panel.root.getByText('Question 1', { exact: true })
    ).toBeVisible();
    console.log(
      `1,000 messages: open ${Math.round(ms)} ms with ${drawn} drawn, longest task while scrolling to the first ${Math.round(longest)} ms`
    );
    expect(ms).toBeLessThan(OPEN_MS);
    expect(longest).toBeLessThan(TASK_MS);
  }
);

test(
  'a message far up is shown when it is searched, and by keyboard',
  { tag: '@all' },
  async ({ page }) => {
    test.setTimeout(120_000);
    const panel = await lab(page);
    await panel.button('Conversations').click();
    await panel.root.locator('input[type=file]').setInputFiles({
      name: 'conversations.json',
      mimeType: 'application/json',
      buffer: Buffer.from(
        answersFile(
          'Far up',
          ANSWERS.slice(0, 60).map((answer, n) =>
            n === 3 ? `${answer} The word is pomegranate.` : answer
          )
        )
      )
    });
    await expect(panel.root).toContainText('1 conversation is imported');
    await panel.root.getByRole('searchbox').fill('pomegranate');
    await panel.root
      .getByRole('button', { name: /pomegranate/ })
      .first()
      .click();
    await expect(panel.transcript.getByText('pomegranate')).toBeInViewport();
    await panel.button('New conversation').click();
    await panel.button('Conversations').click();
    await panel.root
      .getByRole('button', { name: /Far up/ })
      .first()
      .click();
    await expect(panel.root.getByText('Answer number 60 ')).toBeVisible();
    const before = await articles(panel);
    expect(before).toBeLessThan(120);
    await panel.root
      .getByRole('button', { name: 'Show earlier messages' })
      .focus();
    await page.keyboard.press('Enter');
    await expect(async () => {
      expect(await articles(panel)).toBeGreaterThan(before);
    }).toPass();
  }
);
