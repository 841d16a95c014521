/**
 * The settings editor: typed settings, provider and key in fields of their own.
 */
import { expect, test } from '@jupyterlab/galata';
import { GPTPanel } from './gpt';

const CANARY = 'sk-canary-settings-0123456789';

test('the key is saved from the settings editor and never reads back', async ({
  page
}) => {
  const panel = new GPTPanel(page);
  await panel.open();
  await panel.button('Settings').click();
  const form = page.locator('.jp-gpt-Providers');
  const key = form.getByRole('textbox', { name: 'API key' });
  const save = form.getByRole('button', { name: 'Save', exact: true });
  await expect(form.getByRole('textbox', { name: 'Base URL' })).toHaveValue(
    /127\.0\.0\.1/
  );
  await expect(form).toContainText('No key is set');

  await key.fill('not a key at all');
  await save.click();
  await expect(form.getByRole('alert')).toContainText('spaces');

  // The provider's free call says so, before anything is saved.
  await key.fill('sk-refused-0123456789abcdef');
  await save.click();
  await expect(form.getByRole('alert')).toContainText('does not accept');
  await expect(form).toContainText('No key is set');

  await key.fill(`  ${CANARY}\n`);
  await save.click();
  await expect(form).toContainText('Set, ends in …6789');
  await expect(form.getByRole('status')).toContainText('Saved');
  await expect(key).toHaveValue('');
  expect(await page.content()).not.toContain(CANARY);
  await page.screenshot({ path: 'screenshots/settings.png' });

  await form.getByRole('button', { name: 'Remove key' }).click();
  await expect(form).toContainText('No key is set');
});

test(
  'an address where nothing listens is not saved unless told so',
  { tag: '@all' },
  async ({ page }) => {
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.button('Settings').click();
    const form = page.locator('.jp-gpt-Providers');
    const url = form.getByRole('textbox', { name: 'Base URL' });
    const before = await url.inputValue();
    await url.fill('http://127.0.0.1:9/v1');
    await form.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(form.getByRole('alert')).toContainText('nothing listens');

    await form.getByRole('button', { name: 'Save anyway' }).click();
    await expect(form.getByRole('status')).toContainText('Saved, not checked');
    await panel.ask('Nobody hears this');
    const answer = await panel.ended('failed');
    const card = answer.locator('.jp-gpt-ErrorCard');
    await expect(card).toContainText('nothing listens');
    await expect(card.getByRole('button', { name: 'Edit' })).toBeVisible();

    await url.fill(before);
    await form.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(form.getByRole('status')).toContainText('Saved');
    await card.getByRole('button', { name: 'Send again' }).click();
    await panel.ended();
  }
);

test('what the administrator set is read there, and cannot be changed', async ({
  page
}) => {
  const panel = new GPTPanel(page);
  await panel.open();
  await panel.button('Settings').click();
  const group = page.getByRole('group', { name: 'Set by your administrator' });
  await expect(group.getByRole('term')).toHaveText([
    'Base URL',
    'Default model',
    'Questions in a minute'
  ]);
  await expect(group).toContainText('No limit');
  await expect(group.getByRole('textbox')).toHaveCount(0);
  await group.scrollIntoViewIfNeeded();
  await page.screenshot({ path: 'screenshots/policy.png' });
});
