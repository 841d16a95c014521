/**
 * What was spent: the Usage tab, the status bar, and budget and prices in the settings editor.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Locator, Page } from '@playwright/test';
import { GPTPanel, script } from './gpt';

const api = (route: string): string =>
  `${process.env.TARGET_URL}/jupyterlab-gpt/api/${route}`;

/** The tab by the name that screen readers use. */
const usage = (page: Page): Locator =>
  page.getByRole('region', { name: 'GPT usage' });

/** Prices for the models of the fake provider, in dollars per million tokens. */
async function setPrices(page: Page, pattern: string | null): Promise<void> {
  const price = { base_url: '', pattern, input: '1000', output: '2000' };
  const overrides = pattern === null ? [] : [price];
  const response = await page.request.put(api('prices'), {
    data: { overrides }
  });
  expect(response.ok()).toBe(true);
}

test.afterEach(async ({ page }) => {
  await setPrices(page, null);
  await page.request.put(api('budget'), { data: { monthly_usd: null } });
});

test('an answer stands in the status bar and in the Usage tab', async ({
  page
}) => {
  await setPrices(page, 'fake-*');
  const panel = new GPTPanel(page);
  await panel.open();
  await panel.ask('How much are you?');
  const answer = await panel.ended();
  const cost = await answer
    .locator('[data-cost-usd]')
    .getAttribute('data-cost-usd');
  expect(Number(cost)).toBeGreaterThan(0);

  const spend = page.getByRole('button', { name: 'GPT spend today' });
  await expect(spend).toContainText(/GPT (≥ |≈ )?\$\d.* today/);
  await spend.click();
  const view = usage(page);
  await expect(page.getByRole('tab', { name: 'GPT usage' })).toBeVisible();
  await expect(view.getByRole('img', { name: /Cost by day in/ })).toBeVisible();
  const models = view.getByRole('region', { name: 'By model' });
  // Another test may have asked a model of this name at a second provider.
  await expect(
    models.getByRole('row', { name: /fake-gpt/ }).first()
  ).toBeVisible();
  await expect(
    view.getByRole('region', { name: 'By conversation' })
  ).toContainText('How much are you?');

  // A day by keyboard; the same figures as a table.
  const days = view.getByRole('group', { name: 'Days' });
  await days.locator('button[tabindex="0"]').focus();
  await expect(view.locator('.jp-gpt-Chart-tip')).toContainText('fake-gpt');
  await view.getByRole('button', { name: 'Show as table' }).click();
  const table = view.getByRole('table', { name: 'Cost by day' });
  // The last one is today's: a run over midnight has two.
  await expect(
    table.getByRole('row', { name: /fake-gpt/ }).last()
  ).toBeVisible();
  await view.getByRole('button', { name: 'Show as table' }).click();

  const download = page.waitForEvent('download');
  await view.getByRole('button', { name: 'Export CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(
    /^gpt-usage-\d{4}-\d{2}\.csv$/
  );

  // The next answer is in it by itself.
  const total = view.getByRole('region', { name: 'Spent' });
  const before = await total.textContent();
  await panel.ask('And now?');
  await panel.ended();
  await expect(total).not.toHaveText(before!);
});

test(
  'a model without a price shows no zero',
  { tag: '@all' },
  async ({ page }) => {
    await script('fake-nobody-knows', ['Nobody ', 'knows.']);
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.choose('fake-nobody-knows');
    await panel.ask('Who are you?');
    await panel.ended();
    await panel.execute('jupyterlab-gpt:usage');
    const view = usage(page);
    const row = view
      .getByRole('region', { name: 'By model' })
      .getByRole('row', { name: /fake-nobody-knows/ });
    await expect(row).toContainText('price unknown');
    await expect(row).not.toContainText('$');
    await expect(view).toContainText(/≥|price unknown/);
  }
);

test('the budget is set in two clicks', async ({ page }) => {
  const panel = new GPTPanel(page);
  await panel.execute('jupyterlab-gpt:usage');
  const view = usage(page);
  await view.getByRole('button', { name: 'Set budget…' }).click();
  const field = view.getByRole('textbox', { name: /Monthly budget/ });
  await expect(field).toBeFocused();
  await field.fill('a lot');
  await view.getByRole('button', { name: 'Save' }).click();
  await expect(view.getByRole('alert')).toContainText('not an amount');
  await field.fill('12.50');
  await view.getByRole('button', { name: 'Save' }).click();
  await expect(view.getByRole('region', { name: /Budget for/ })).toContainText(
    'of $12.50'
  );
  const stored = await (await page.request.get(api('budget'))).json();
  expect(Number(stored.limit)).toBe(12.5);
});

test(
  'the tab comes back after a reload, an earlier month is empty',
  { tag: '@all' },
  async ({ page }) => {
    const panel = new GPTPanel(page);
    await panel.execute('jupyterlab-gpt:usage');
    await expect(usage(page).getByRole('heading').first()).toBeVisible();
    await page.waitForTimeout(1500); // JupyterLab saves its layout after a second.
    // Galata would wait for a launcher, and the restored tab stands in its place.
    await page.reload({ waitForIsReady: false });
    await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
    const view = usage(page);
    await expect(view.getByRole('heading', { level: 1 })).toBeVisible();
    const utc = view.getByRole('checkbox', {
      name: 'UTC, as the provider bills'
    });
    if (await utc.isVisible()) {
      await utc.check();
      await expect(view.getByRole('heading', { level: 1 })).toBeVisible();
    }
  }
);

test(
  'budget and prices are kept from the settings editor',
  { tag: '@all' },
  async ({ page }) => {
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.button('Settings').click();
    const budget = page.getByRole('group', { name: 'Monthly budget' }).last();
    await budget.getByRole('textbox', { name: /Monthly budget/ }).fill('7');
    await budget.getByRole('button', { name: 'Save' }).click();
    await expect(budget.getByRole('status')).toContainText('Saved');

    await page.getByRole('button', { name: 'Add a price' }).click();
    const price = page.getByRole('group', { name: /^Price 1/ });
    await price.getByRole('textbox', { name: 'Model' }).fill('fake-*');
    await price.getByRole('textbox', { name: 'Input', exact: true }).fill('x');
    await page.getByRole('button', { name: 'Save prices' }).click();
    await expect(price.getByRole('alert').first()).toContainText(
      'not an amount'
    );
    await price.getByRole('button', { name: 'Local, no charge' }).click();
    await page.getByRole('button', { name: 'Save prices' }).click();
    await expect(page.getByText('Saved.').last()).toBeVisible();
    const { overrides } = await (await page.request.get(api('prices'))).json();
    expect(overrides).toMatchObject([
      { pattern: 'fake-*', input: '0', output: '0' }
    ]);
  }
);
