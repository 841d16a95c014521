/**
 * Many conversations: the list, the search, several answers at once; out and in.
 */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { type GPTPanel, lab, script } from './gpt';

/** Ask in a new conversation, and wait for the answer. */
async function converse(
  panel: GPTPanel,
  question: string,
  answer: string
): Promise<void> {
  await script('fake-history', [answer]);
  await panel.button('New conversation').click();
  await panel.choose('fake-history');
  await panel.ask(question);
  await panel.ended();
}

/** Take an entry of the menu of the page that is shown. */
async function menu(panel: GPTPanel, entry: string): Promise<void> {
  await panel.button('More actions').click();
  await panel.root.getByRole('menuitem', { name: entry, exact: true }).click();
}

test('the search marks the hit as one types, and opens its message', async ({
  page
}) => {
  const panel = await lab(page);
  await converse(panel, 'What is a heron?', 'A bird with a zanzibarian beak.');
  await converse(panel, 'What is a stork?', 'Another bird.');
  await panel.button('Conversations').click();
  const search = panel.root.getByRole('searchbox', {
    name: 'Search conversations'
  });
  await expect(search).toBeFocused();
  await search.pressSequentially('zanzibar');
  await expect(panel.root.locator('mark').first()).toHaveText(/^zanzibar/i);
  await panel.root
    .getByRole('button', { name: /What is a heron/ })
    .first()
    .click();
  await expect(panel.last('GPT')).toContainText('zanzibarian');
  await expect(panel.last('GPT')).toBeFocused();

  await panel.button('Conversations').click();
  await search.fill('no conversation has this');
  await panel.button('Show all conversations').click();
  await expect(search).toHaveValue('');
});

test('answers run in several conversations, and the list shows which', async ({
  page
}) => {
  const panel = await lab(page);
  await panel.button('New conversation').click();
  await panel.choose('fake-slow');
  await panel.ask('Count in the background');
  await expect(panel.last('GPT')).toContainText('w0002');
  await converse(panel, 'Meanwhile?', 'Here.');
  await panel.button('Conversations').click();
  const row = panel.root
    .getByRole('listitem')
    .filter({ hasText: 'Count in the background' })
    .first();
  await expect(row.getByRole('img', { name: 'Being answered' })).toBeVisible();
  await row.getByRole('button').first().click();
  await expect(panel.last('GPT')).toHaveAttribute('data-status', 'streaming');
  await panel.stop.click();
  await panel.ended('cancelled');
});

test(
  'a conversation leaves as a file, as a notebook, and comes back',
  { tag: '@all' },
  async ({ page }) => {
    const panel = await lab(page);
    const answer = 'Try:\n\n```python\nprint(1)\n```\n';
    await converse(panel, 'How to print, for export?', answer);
    const download = page.waitForEvent('download');
    await menu(panel, 'Export as notebook');
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/How to print.*\.ipynb$/);
    const notebook = JSON.parse(await readFile(await file.path(), 'utf8')) as {
      cells: { cell_type: string; source: string | string[] }[];
    };
    expect(notebook.cells.some(cell => cell.cell_type === 'code')).toBe(true);

    await menu(panel, 'Open as notebook');
    await expect(
      page.getByRole('tab', { name: /How to print/ }).first()
    ).toBeVisible();

    await panel.execute('jupyterlab-gpt:open');
    const whole = page.waitForEvent('download');
    await menu(panel, 'Export as JSON');
    const json = await (await whole).path();
    await panel.button('Conversations').click();
    await panel.root.locator('input[type=file]').setInputFiles(json);
    await expect(panel.root).toContainText('1 conversation is imported');
  }
);

test(
  'everything is deleted after a question that says what stays',
  { tag: '@all' },
  async ({ page }) => {
    const panel = await lab(page);
    await converse(panel, 'Shall this go?', 'Yes.');
    await panel.button('Conversations').click();
    await menu(panel, 'Delete all…');
    const dialog = panel.root.getByRole('alertdialog');
    await expect(dialog).toContainText('What they cost stays');
    await dialog
      .getByRole('button', { name: 'Delete all', exact: true })
      .click();
    await expect(panel.root).toContainText('No conversations yet');
  }
);
