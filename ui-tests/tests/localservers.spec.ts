/**
 * The look for local servers in the settings editor: real servers on loopback, asked on request.
 */
import { expect, test } from '@jupyterlab/galata';
import { expectAccessible } from './axe';
import { GPTPanel } from './gpt';
import {
  LOCAL_PORT,
  LOCAL_URL,
  localServerPaths,
  startLocalServer
} from './localserver';

const NAME = `127.0.0.1:${LOCAL_PORT}`;

test('a local server is found on request, added, and answers', async ({
  page
}) => {
  const server = await startLocalServer();
  try {
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.button('Settings').click();
    const form = page.locator('.jp-gpt-Providers');
    const look = form.getByRole('button', { name: 'Look for local servers' });
    await expect(look).toBeVisible();
    // Nothing is asked before the click.
    expect(await localServerPaths()).toEqual([]);

    await look.focus();
    await page.keyboard.press('Enter');
    const list = form.getByRole('list', { name: 'Local servers that answer' });
    await expect(list.getByRole('listitem')).toHaveCount(2);
    expect(await localServerPaths()).toEqual(['/v1/models']);
    // The provider that answers already is no news.
    await expect(list.getByRole('listitem').first()).toContainText('Added');
    const row = list.getByRole('listitem').filter({ hasText: NAME });
    await expect(row).toContainText(/\d+ models/);
    const add = row.getByRole('button', { name: `Add ${NAME}` });
    await expect(add).toBeFocused();
    await expectAccessible(page, '.jp-gpt-Providers', 'local servers');

    await page.keyboard.press('Enter');
    await expect(row).toContainText('Added');
    await expect(add).toHaveCount(0);
    await expect(
      form.getByRole('button', { name: 'Look again' })
    ).toBeFocused();
    const added = form.getByRole('group', { name: NAME });
    await expect(added.getByRole('textbox', { name: 'Base URL' })).toHaveValue(
      LOCAL_URL
    );
    await panel.root.getByRole('combobox', { name: 'Model' }).click();
    await page
      .getByRole('group', { name: NAME })
      .getByRole('option', { name: /^fake-gpt price/ })
      .click();
    await panel.ask('Is anybody there?');
    await panel.ended();
    expect(await localServerPaths()).toContain('/v1/chat/completions');

    await added.getByRole('button', { name: 'Remove provider' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(added).toHaveCount(0);
    // What is gone can be added again.
    await expect(add).toBeVisible();
  } finally {
    server.kill();
  }
});
