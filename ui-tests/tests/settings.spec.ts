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
  const editor = page.locator('.jp-SettingsPanel, .jp-PluginEditor').first();
  await expect(editor).toBeVisible();
  const key = page.getByLabel('API key').first();
  await key.scrollIntoViewIfNeeded();

  await key.fill('not a key at all');
  await page.getByRole('button', { name: 'Save key' }).first().click();
  await expect(page.getByText(/space|key/i).first()).toBeVisible();

  await key.fill(`  ${CANARY}\n`);
  await page.getByRole('button', { name: 'Save key' }).first().click();
  await expect(page.getByText(/6789/).first()).toBeVisible();
  await expect(key).toHaveValue('');
  expect(await page.content()).not.toContain(CANARY);
  await page.screenshot({ path: 'screenshots/settings.png' });
});
