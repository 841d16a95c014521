/**
 * The tree: regenerate, edit, go on, switch and delete branches, over a reload.
 */
import { expect, test } from '@playwright/test';
import { type GPTPanel, journal, lab, clearJournal, script } from './gpt';

/** Reload the page as a user does: the workspace and its state stay. */
async function reload(panel: GPTPanel): Promise<void> {
  const { page } = panel;
  await page.goto(`${process.env.GPT_AUTH_URL}/lab`);
  await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
  await panel.open();
}

test('an answer is regenerated, and the branch shown survives a reload', async ({
  page
}) => {
  const panel = await lab(page);
  // Another test's answer may still run in the conversation that was open.
  await panel.button('New conversation').click();
  await script('fake-tree', ['The first answer.']);
  await panel.choose('fake-tree');
  await panel.ask('Which one?');
  await panel.ended();
  await script('fake-tree', ['The second answer.']);
  const first = panel.last('GPT');
  await first.hover();
  await first.getByRole('button', { name: 'Regenerate', exact: true }).click();
  await expect(panel.last('GPT')).toContainText('The second answer.');
  await panel.ended();
  await expect(panel.last('GPT')).toContainText('2/2');
  await expect(panel.transcript.getByRole('article')).toHaveCount(2);

  const switched = panel.last('GPT').getByRole('button', {
    name: 'Previous branch',
    exact: true
  });
  await switched.click();
  await expect(panel.last('GPT')).toContainText('The first answer.');
  // The focus has gone along, so that the keyboard goes on.
  await expect(switched).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(panel.last('GPT')).toContainText('The second answer.');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(panel.last('GPT')).toContainText('The first answer.');

  await reload(panel);
  await expect(panel.last('GPT')).toContainText('The first answer.');
  await expect(panel.last('GPT')).toContainText('1/2');
});

test('a question is edited in its place, which makes a branch', async ({
  page
}) => {
  const panel = await lab(page);
  // Another test's answer may still run in the conversation that was open.
  await panel.button('New conversation').click();
  await script('fake-tree', ['An answer.']);
  await panel.choose('fake-tree');
  await panel.ask('In these words?');
  await panel.ended();
  await clearJournal();
  const question = panel.last('You');
  await question.hover();
  await question.getByRole('button', { name: 'Edit', exact: true }).click();
  const box = question.getByRole('textbox', { name: 'Edit question' });
  await expect(box).toBeFocused();
  await box.press('Escape');
  await expect(
    question.getByRole('button', { name: 'Edit', exact: true })
  ).toBeFocused();
  await page.keyboard.press('Enter');
  await box.fill('In other words?');
  await box.press('Enter');
  await expect(panel.last('You')).toContainText('In other words?');
  await panel.ended();
  await expect(panel.last('You')).toContainText('2/2');
  const [request] = await journal();
  const sent = JSON.stringify(request.body.messages);
  expect(sent).toContain('In other words?');
  expect(sent).not.toContain('In these words?');
  await panel
    .last('You')
    .getByRole('button', { name: 'Previous branch', exact: true })
    .click();
  await expect(panel.last('You')).toContainText('In these words?');
});

test('a stopped answer goes on, and a branch is deleted with an undo', async ({
  page
}) => {
  const panel = await lab(page);
  // Another test's answer may still run in the conversation that was open.
  await panel.button('New conversation').click();
  await panel.choose('fake-slow');
  await panel.ask('Count slowly');
  await expect(panel.last('GPT')).toContainText('w0005');
  await panel.stop.click();
  await panel.ended('cancelled');
  await panel.button('Continue').click();
  const answer = panel.last('GPT');
  await expect(answer).toHaveAttribute('data-status', 'streaming');
  // It begins with what was there.
  await expect(answer).toContainText('w0005');
  await panel.stop.click();
  await panel.ended('cancelled');
  await expect(answer).toContainText('2/2');
  await answer.hover();
  await answer.getByRole('button', { name: 'Delete branch' }).click();
  await expect(panel.last('GPT')).not.toContainText('2/2');
  await expect(panel.last('GPT')).toHaveAttribute('data-status', 'cancelled');
  await expect(panel.prompt).toBeFocused();
  // By the keyboard alone: what was deleted is one step above the prompt box.
  await panel.button('Undo').focus();
  await page.keyboard.press('Enter');
  await expect(panel.last('GPT')).toContainText('2/2');
  await expect(panel.last('GPT')).toBeFocused();
  await expect(panel.button('Undo')).toHaveCount(0);
  await panel.last('GPT').hover();
  await panel
    .last('GPT')
    .getByRole('button', { name: 'Delete branch' })
    .click();
  await expect(panel.last('GPT')).not.toContainText('2/2');
  await reload(panel);
  await expect(panel.transcript.getByRole('article')).toHaveCount(2);
});

test('where a long branch was deleted, a short one has nothing to jump to', async ({
  page
}) => {
  const panel = await lab(page);
  await panel.button('New conversation').click();
  await script('fake-tree', ['A line.\n\n'.repeat(60)]);
  await panel.choose('fake-tree');
  await panel.ask('How long?');
  await panel.ended();
  await script('fake-tree', ['Short.']);
  await panel.last('GPT').hover();
  await panel.button('Regenerate').click();
  await panel.ended();
  const step = (name: string) =>
    panel.last('GPT').getByRole('button', { name, exact: true });
  await step('Previous branch').click();
  await expect(panel.last('GPT')).toContainText('A line.');
  await step('Delete branch').focus();
  await panel.transcript.hover();
  await page.mouse.wheel(0, -5000);
  await expect(panel.button('Jump to latest')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(panel.last('GPT')).toContainText('Short.');
  await expect(panel.button('Jump to latest')).toHaveCount(0);
});

test(
  'two tabs show the same branch',
  { tag: '@all' },
  async ({ page, context }) => {
    const panel = await lab(page);
    // Another test's answer may still run in the conversation that was open.
    await panel.button('New conversation').click();
    await script('fake-tree', ['One.']);
    await panel.choose('fake-tree');
    await panel.ask('Which one, in both tabs?');
    await panel.ended();
    const other = await context.newPage();
    const second = await lab(other);
    await second.button('Conversations').click();
    await second.root
      .getByRole('button', { name: /Which one, in both tabs/ })
      .first()
      .click();
    await expect(second.last('GPT')).toContainText('One.');
    await script('fake-tree', ['Two.']);
    await panel.last('GPT').hover();
    await panel.button('Regenerate').click();
    await panel.ended();
    await expect(second.last('GPT')).toContainText('Two.');
    await second
      .last('GPT')
      .getByRole('button', { name: 'Previous branch', exact: true })
      .click();
    await expect(panel.last('GPT')).toContainText('One.');
  }
);
