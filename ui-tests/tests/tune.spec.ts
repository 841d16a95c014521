/**
 * How the model answers: effort, verbosity and temperature, for each model.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import { expectAccessible } from './axe';
import { clearJournal, GPTPanel, journal } from './gpt';

const NAME = 'How the model answers';

const button = (panel: GPTPanel): Locator =>
  panel.root.getByRole('button', { name: NAME });

test.beforeEach(() => clearJournal());

test('what is set is sent, kept for its model, and taken back', async ({
  page
}) => {
  const panel = new GPTPanel(page);
  await panel.open();
  await panel.choose('fake-echo');
  await button(panel).focus();
  await page.keyboard.press('Enter');
  const box = panel.root.getByRole('dialog', { name: NAME });
  // By keyboard alone: the first choice has the focus, Tab goes on, Escape goes back.
  await expect(box.getByLabel('Reasoning effort')).toBeFocused();
  await page.keyboard.press('h');
  await expect(box.getByLabel('Reasoning effort')).toHaveValue('high');
  await box.getByLabel('Temperature').fill('0.2');
  // Out of range: what held before holds.
  await box.getByLabel('Temperature').fill('7');
  await page.keyboard.press('Escape');
  await expect(box).toBeHidden();
  await expect(button(panel)).toBeFocused();
  await expect(button(panel)).toHaveAttribute(
    'title',
    'Effort: High · Temperature: 0.2'
  );
  await panel.ask('With all that');
  await panel.ended();
  await panel.choose('fake-gpt');
  await expect(button(panel)).toHaveAttribute('title', NAME);
  await panel.ask('Without');
  await panel.ended();
  await panel.choose('fake-echo');
  await expect(button(panel)).toHaveAttribute('title', /Effort: High/);
  await button(panel).click();
  await box.getByRole('button', { name: 'Reset' }).click();
  // A click beside it closes it.
  await panel.root.click({ position: { x: 100, y: 100 } });
  await expect(box).toBeHidden();
  await panel.ask('Without again');
  await panel.ended();
  const bodies = (await journal()).map(({ body }) => body);
  expect(bodies).toHaveLength(3);
  expect(bodies[0]).toMatchObject({
    reasoning_effort: 'high',
    temperature: 0.2
  });
  for (const body of bodies.slice(1)) {
    expect(body).not.toHaveProperty('reasoning_effort');
    expect(body).not.toHaveProperty('temperature');
  }
});

test(
  'what a model does not take is not offered, and what it refused says so',
  { tag: '@all' },
  async ({ page }) => {
    const panel = new GPTPanel(page);
    await panel.open();
    // Its list names what it takes: a temperature, and no effort.
    await panel.choose('fake-plain');
    await button(panel).click();
    const box = panel.root.getByRole('dialog', { name: NAME });
    await expect(box.getByLabel('Temperature')).toBeVisible();
    await expect(box.getByLabel('Reasoning effort')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await panel.choose('fake-strict');
    await button(panel).click();
    // A server asks it once only, whichever test that was.
    if (await box.getByLabel('Temperature').isEnabled()) {
      await box.getByLabel('Temperature').fill('0.2');
      await page.keyboard.press('Escape');
      await panel.ask('Hello');
      await panel.ended();
      await button(panel).click();
    }
    await expect(box.getByLabel('Temperature')).toBeDisabled();
    await expect(box.getByText('This model refused it')).toBeVisible();
    await expectAccessible(page, '.jp-gpt-Panel', 'answer options');
  }
);

test(
  'a favourite stands on top of the picker, by keyboard and by its star',
  { tag: '@all' },
  async ({ page }) => {
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.choose('fake-echo');
    await button(panel).focus();
    await page.keyboard.press('Enter');
    const box = panel.root.getByRole('dialog', { name: NAME });
    const star = box.getByRole('button', { name: 'Favourite' });
    await star.focus();
    await page.keyboard.press('Enter');
    await expect(star).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('Escape');
    const picker = panel.root.getByRole('combobox', { name: 'Model' });
    await picker.click();
    const group = panel.root.getByRole('group', { name: 'Favourites' });
    await expect(group.getByRole('option')).toHaveText(/fake-echo/);
    await expectAccessible(page, '.jp-gpt-Panel', 'picker with a favourite');
    // The row's own star takes it back, and chooses nothing.
    await group.locator('.jp-gpt-Picker-star').click();
    await expect(group).toHaveCount(0);
    await expect(
      panel.root.getByRole('listbox', { name: 'Models' })
    ).toBeVisible();
  }
);
