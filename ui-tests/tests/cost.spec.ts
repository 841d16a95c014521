/**
 * The price before and after: estimate, preview, budget, and what stands under the answer.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Locator, Page } from '@playwright/test';
import { clearJournal, GPTPanel, journal, script, setSource } from './gpt';

/** Dollars per million tokens of the fake models, while a test has set them. */
const INPUT = 1000;
const OUTPUT = 2000;

const api = (route: string): string =>
  `${process.env.TARGET_URL}/jupyterlab-gpt/api/${route}`;

/** Set the user's prices: of the models that match, or of none. */
async function setPrices(page: Page, ...patterns: string[]): Promise<void> {
  const response = await page.request.put(api('prices'), {
    data: {
      overrides: patterns.map(pattern => ({
        base_url: '',
        pattern,
        input: String(INPUT),
        output: String(OUTPUT)
      }))
    }
  });
  expect(response.ok()).toBe(true);
}

/** Set the month's budget, or take it away. */
async function setBudget(page: Page, usd: string | null): Promise<void> {
  const response = await page.request.put(api('budget'), {
    data: { monthly_usd: usd, tz: 'UTC' }
  });
  expect(response.ok()).toBe(true);
}

/** Milliseconds from a keystroke to the estimate that belongs to it, by the page's own clock. */
function estimateLag(panel: GPTPanel): Promise<number> {
  return panel.prompt.evaluate(async node => {
    const box = node as HTMLTextAreaElement;
    const line = document.querySelector('[aria-label="Estimated cost"]')!;
    const before = line.textContent;
    const begun = performance.now();
    box.value += ' and a good deal more than there was before';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise<void>(done => {
      const observer = new MutationObserver(() => {
        if (line.textContent !== before) {
          observer.disconnect();
          done();
        }
      });
      const all = { childList: true, subtree: true, characterData: true };
      observer.observe(line, all);
    });
    return performance.now() - begun;
  });
}

/** The line under the prompt box. */
const estimate = (panel: GPTPanel): Locator =>
  panel.root.getByRole('status', { name: 'Estimated cost' });

const preview = (panel: GPTPanel): Locator =>
  panel.root.getByRole('dialog', { name: 'Preview' });

test.beforeEach(async ({ page }) => {
  await clearJournal();
  await setPrices(page, 'fake-*');
});

test.afterEach(async ({ page }) => {
  await setPrices(page);
  await setBudget(page, null);
});

test('the estimate follows what is typed', async ({ page }) => {
  const panel = new GPTPanel(page);
  await panel.open();
  await panel.button('New conversation').click();
  await expect(estimate(panel)).toBeEmpty();
  await panel.prompt.pressSequentially('What does this cell do?');
  await expect(estimate(panel)).toContainText(/tok/);
  await expect(estimate(panel)).toContainText(/\$\d/);
  await expect(estimate(panel)).toContainText('fake-gpt');
  const lags: number[] = [];
  for (let i = 0; i < 10; i++) {
    lags.push(Math.round(await estimateLag(panel)));
    await page.waitForTimeout(300);
  }
  lags.sort((a, b) => a - b);
  console.log(`estimate after a keystroke: ${lags.join(', ')} ms`);
  expect(lags[5]).toBeLessThan(1500); // 10 × the stated 150 ms
  const before = await estimate(panel).textContent();
  await panel.prompt.fill('word '.repeat(2000));
  await expect(estimate(panel)).not.toHaveText(before!);
  await expect(estimate(panel)).toContainText(/[\d.]+k tok/);
  await panel.prompt.fill('');
  await expect(estimate(panel)).toBeEmpty();
  expect(await journal()).toHaveLength(0);
});

test('what is previewed is what is sent', async ({ page }) => {
  const panel = new GPTPanel(page);
  await page.notebook.createNew('preview.ipynb');
  await setSource(page, 0, 'secret = "not for everybody"');
  await panel.execute('jupyterlab-gpt:ask-about-cell');
  await panel.button('New conversation').click();
  await panel.prompt.fill('What is in here?');
  await panel.execute('jupyterlab-gpt:preview');
  const dialog = preview(panel);
  await expect(dialog).toContainText('not for everybody');
  await expect(dialog).toContainText('What is in here?');
  await expect(dialog).toContainText('max_output_tokens');
  await page.screenshot({ path: 'screenshots/preview.png' });

  await dialog.getByRole('button', { name: 'Leave out' }).first().click();
  await expect(dialog).not.toContainText('not for everybody');
  await expect(dialog.getByRole('button', { name: 'Put back' })).toBeVisible();
  // Of the question one part must stay.
  await expect(dialog.getByRole('button', { name: 'Leave out' })).toHaveCount(
    0
  );
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(panel.prompt).toBeFocused();
  await expect(estimate(panel)).toContainText('1 part left out');

  await panel.button('Preview').click();
  await expect(preview(panel)).toContainText('What is in here?');
  const shown = await preview(panel).locator('pre').allTextContents();
  await preview(panel)
    .getByRole('button', { name: 'Send', exact: true })
    .click();
  await panel.ended();
  const [request] = await journal();
  const sent = request.body.messages.map(message => message.content);
  expect(sent).toEqual(shown);
  expect(sent.join()).not.toContain('not for everybody');
  await expect(estimate(panel)).toBeEmpty();
});

test('the cost under an answer is its tokens times their prices', async ({
  page
}) => {
  const panel = new GPTPanel(page);
  await panel.open();
  await panel.button('New conversation').click();
  await panel.ask('How much are you?');
  const answer = await panel.ended();
  const cost = answer.locator('[data-cost-usd]');
  const usd = await cost.getAttribute('data-cost-usd');
  const facts = (await answer
    .locator('.jp-gpt-Footer-facts [title*="Input"]')
    .first()
    .getAttribute('title'))!;
  const [, input] = /Input: ([\d,]+)/.exec(facts)!;
  const [, output] = /Output: ([\d,]+)/.exec(facts)!;
  const count = (text: string): number => Number(text.replace(/,/g, ''));
  const expected = (count(input) * INPUT + count(output) * OUTPUT) / 1_000_000;
  expect(Number(usd)).toBeCloseTo(expected, 9);
  await expect(
    panel.root.locator('[data-conversation-cost-usd]')
  ).toHaveAttribute('data-conversation-cost-usd', usd!);
});

test('over the budget nothing is sent, and there are three ways out', async ({
  page
}) => {
  const panel = new GPTPanel(page);
  await panel.open();
  await panel.button('New conversation').click();
  await panel.choose('fake-gpt');
  // Less than any answer could cost.
  await setBudget(page, '0.01');
  await panel.ask('Too dear?');
  const answer = await panel.ended('failed');
  await expect(answer).toContainText(/This would cost up to \$\d/);
  await expect(answer).toContainText('budget for');
  await expect(
    answer.getByRole('button', { name: 'Less context' })
  ).toBeVisible();
  expect(await journal()).toHaveLength(0);
  await page.screenshot({ path: 'screenshots/over-budget.png' });

  await answer.getByRole('button', { name: 'Less context' }).click();
  await expect(preview(panel)).toContainText('Too dear?');
  await page.keyboard.press('Escape');
  await expect(panel.prompt).toHaveValue('Too dear?');
  await panel.prompt.press('Enter');
  const again = await panel.ended('failed');
  await again.getByRole('button', { name: 'Raise budget' }).click();
  await panel.ended('complete');
  expect(await journal()).toHaveLength(1);
});

test(
  'a price that nobody knows is asked about once, and is never zero',
  { tag: '@all' },
  async ({ page }) => {
    await setPrices(page);
    await setBudget(page, '5');
    await script('fake-unpriced', ['Nobody ', 'knows.']);
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.button('New conversation').click();
    await panel.choose('fake-unpriced');
    await panel.prompt.fill('What do you cost?');
    await expect(estimate(panel)).toContainText('price unknown');
    await panel.prompt.press('Enter');
    const refused = await panel.ended('failed');
    await refused.getByRole('button', { name: 'Send anyway' }).click();
    const answer = await panel.ended('complete');
    await expect(answer).toContainText('price unknown');
    await expect(answer.locator('[data-cost-usd]')).toHaveCount(0);
    await expect(panel.root.getByText('$0', { exact: true })).toHaveCount(0);
    await panel.ask('And again?');
    await panel.ended('complete');
  }
);

test(
  'the same question can be answered by looking',
  { tag: '@all' },
  async ({ page }) => {
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.button('New conversation').click();
    await panel.choose('fake-gpt');
    await panel.ask('Asked twice?');
    const answer = await panel.ended();
    await panel.prompt.fill('Asked twice?');
    await panel.button('Show that answer').click();
    await expect(answer).toBeFocused();
    await expect(
      panel.root.getByRole('button', { name: /^Ask again for/ })
    ).toBeVisible();
  }
);

test(
  'a whole notebook is sent once, and then what changed',
  { tag: '@all' },
  async ({ page }) => {
    const panel = new GPTPanel(page);
    await page.notebook.createNew('whole.ipynb');
    await setSource(page, 0, 'first_cell = 1');
    await page.notebook.addCell('code', 'second_cell = 2');
    await panel.open();
    await panel.button('New conversation').click();
    await panel.button('Add context').click();
    await panel.root.getByRole('menuitem', { name: 'Whole notebook' }).click();
    const chip = panel.root.getByRole('group', { name: 'Context: notebook' });
    await expect(chip.last()).toContainText('whole.ipynb · 2 cells');
    await panel.ask('What is in here?');
    await panel.ended();
    await setSource(page, 1, 'second_cell = 3');
    await panel.button('Add the notebook again').click();
    await panel.ask('And now?');
    await panel.ended();
    const [first, second] = await journal();
    expect(first.body.messages.at(-1)!.content).toContain('first_cell = 1');
    const last = second.body.messages.at(-1)!.content;
    expect(last).toContain('second_cell = 3');
    expect(last).not.toContain('first_cell');
    // What was sent before stands there as it was: the provider's cache knows it.
    expect(second.body.messages.slice(0, first.body.messages.length)).toEqual(
      first.body.messages
    );
  }
);

test(
  'what does not fit the model is said before it is sent',
  { tag: '@all' },
  async ({ page }) => {
    const panel = new GPTPanel(page);
    await panel.open();
    // `fake-small` reads and writes 2,000 tokens, by its list.
    await panel.choose('fake-small');
    await panel.prompt.fill('word '.repeat(300));
    await expect(estimate(panel)).toContainText('tok');
    const warning = panel.root.getByText('Too long: this model takes 2,000');
    await expect(warning).toBeHidden();
    await panel.prompt.fill('word '.repeat(3000));
    await expect(warning).toBeVisible();
    await panel.choose('fake-gpt');
    await expect(warning).toBeHidden();
    await panel.choose('fake-small');
    await panel.ask('Hello');
    await panel.ended();
    const [{ body }] = await journal();
    expect(body).toMatchObject({ max_tokens: 1000 });
  }
);
