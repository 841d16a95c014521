/**
 * The settings editor: typed settings, provider and key in fields of their own.
 */
import { expect, test } from '@jupyterlab/galata';
import { expectAccessible } from './axe';
import { GPTPanel, PROVIDER_URL } from './gpt';

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

test('a second provider is added, keyed, offered and removed', async ({
  page
}) => {
  const panel = new GPTPanel(page);
  await panel.open();
  await panel.button('Settings').click();
  const form = page.locator('.jp-gpt-Providers');
  await form.getByRole('button', { name: 'Add a provider' }).click();
  await expect(form.getByRole('combobox', { name: 'Kind' })).toBeFocused();
  await form.getByRole('combobox', { name: 'Kind' }).selectOption('Ollama');
  const fresh = form.getByRole('group', { name: 'Add a provider' });
  await expect(fresh.getByRole('textbox', { name: 'Base URL' })).toHaveValue(
    'http://localhost:11434/v1'
  );
  await page.screenshot({ path: 'screenshots/provider-new.png' });
  await fresh.getByRole('textbox', { name: 'Name' }).fill('Second');
  const url = fresh.getByRole('textbox', { name: 'Base URL' });
  await url.fill('ftp://example.org');
  await url.press('Enter');
  await expect(form.getByRole('alert')).not.toBeEmpty();
  await url.fill(`${PROVIDER_URL}/v1`);
  await url.press('Enter');

  const second = form.getByRole('group', { name: 'Second' });
  const key = second.getByRole('textbox', { name: 'API key' });
  await expect(key).toBeFocused();
  await key.fill(CANARY);
  await second.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(second).toContainText('Set, ends in …6789');
  await expect(form.getByRole('group').first()).toContainText('No key is set');
  await page.screenshot({ path: 'screenshots/provider-second.png' });

  // The same names of both, told apart by their provider.
  await panel.root.getByRole('combobox', { name: 'Model' }).click();
  const list = page.getByRole('listbox', { name: 'Models' });
  await expect(list.getByRole('group', { name: 'Second' })).toBeVisible();
  await page.keyboard.press('Escape');

  await second.getByRole('button', { name: 'Remove provider' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(second).toHaveCount(0);
  await expect(
    form.getByRole('button', { name: 'Add a provider' })
  ).toBeFocused();

  // Azure's address is only known to its owner, and what stands for it is not saved.
  await page.keyboard.press('Enter');
  await form
    .getByRole('combobox', { name: 'Kind' })
    .selectOption('Azure OpenAI');
  await fresh.getByRole('textbox', { name: 'Name' }).press('Enter');
  await expect(form.getByRole('alert').last()).toContainText('YOUR-RESOURCE');
  await page.keyboard.press('Escape');
});

test('a provider is renamed and gets a header, whose value never reads back', async ({
  page
}) => {
  const panel = new GPTPanel(page);
  await panel.open();
  await panel.button('Settings').click();
  const form = page.locator('.jp-gpt-Providers');
  await form.getByRole('button', { name: 'Add a provider' }).click();
  const fresh = form.getByRole('group', { name: 'Add a provider' });
  await fresh.getByRole('textbox', { name: 'Name' }).fill('Third');
  const url = fresh.getByRole('textbox', { name: 'Base URL' });
  await url.fill(`${PROVIDER_URL}/v1`);
  await url.press('Enter');

  const third = form.getByRole('group', { name: 'Third' });
  const save = third.getByRole('button', { name: 'Save', exact: true });
  await third.getByText('Headers: none').click();
  await third
    .getByRole('textbox', { name: 'Name of a new header' })
    .fill('X-Team');
  await third
    .getByRole('textbox', { name: 'Value of the new header' })
    .fill(CANARY);
  await expectAccessible(page, '.jp-gpt-Providers', 'headers');
  await save.click();
  await expect(third.getByRole('status')).toContainText('Saved');
  await expect(third).toContainText('Headers: X-Team');
  expect(await page.content()).not.toContain(CANARY);
  for (const field of await third.getByRole('textbox').all()) {
    expect(await field.inputValue()).not.toContain(CANARY);
  }
  // It went along with the check already.
  const seen = await (await fetch(`${PROVIDER_URL}/_journal`)).text();
  expect(seen).toContain(`"x-team": "${CANARY}"`);
  await page.screenshot({ path: 'screenshots/provider-headers.png' });

  await third.getByRole('textbox', { name: 'Name', exact: true }).fill('Lab');
  await save.click();
  const lab = form.getByRole('group', { name: 'Lab' });
  await expect(lab.getByRole('status')).toContainText('Saved.');
  await lab.getByRole('button', { name: 'Remove X-Team' }).click();
  await lab.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(lab).toContainText('Headers: none');

  await lab.getByRole('button', { name: 'Remove provider' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(lab).toHaveCount(0);
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
    'Local servers are looked for at',
    'Questions in a minute'
  ]);
  await expect(group).toContainText('No limit');
  await expect(group.getByRole('textbox')).toHaveCount(0);
  await group.scrollIntoViewIfNeeded();
  await page.screenshot({ path: 'screenshots/policy.png' });
});
