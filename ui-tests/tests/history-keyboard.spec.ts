/**
 * The list of conversations by the keyboard alone: the focus goes where the hand goes next.
 */
import { expect, test } from '@playwright/test';
import { type GPTPanel, lab, script } from './gpt';

/** Ask in a new conversation, and wait for the answer. */
async function converse(panel: GPTPanel, question: string): Promise<void> {
  await panel.button('New conversation').click();
  await panel.ask(question);
  await panel.ended();
}

test('rows are renamed, pinned, deleted and brought back by keyboard', async ({
  page
}) => {
  const panel = await lab(page);
  await script('fake-keys', ['Yes.']);
  await panel.choose('fake-keys');
  const id = Date.now();
  const [one, two, three] = ['one', 'two', 'three'].map(n => `Row ${n} ${id}`);
  for (const question of [three, two, one]) {
    await converse(panel, question);
  }
  const { keyboard } = page;
  const row = (title: string) =>
    panel.root.getByRole('listitem').filter({ hasText: title });
  const opens = (title: string) => row(title).getByRole('button').first();
  await panel.button('Conversations').click();
  const search = panel.root.getByRole('searchbox');
  await search.fill(String(id));
  await expect(panel.root.getByRole('listitem')).toHaveCount(3);

  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowUp');
  await expect(search).toBeFocused();
  await keyboard.press('ArrowDown');
  const first = panel.root.getByRole('listitem').first();
  await expect(first.getByRole('button').first()).toBeFocused();

  // By Escape the title stays, by Enter it changes; the row has the focus again.
  await opens(two).focus();
  await keyboard.press('F2');
  await expect(
    panel.root.getByRole('textbox', { name: 'Title' })
  ).toBeFocused();
  await keyboard.type('Not this');
  await keyboard.press('Escape');
  await expect(opens(two)).toBeFocused();
  await keyboard.press('F2');
  const renamed = `Renamed ${id}`;
  await keyboard.type(renamed);
  await keyboard.press('Enter');
  await expect(opens(renamed)).toBeFocused();

  // Pinned, it goes to the top, and takes the focus along.
  const pin = row(renamed).getByRole('button', { name: 'Pin' });
  await pin.focus();
  await keyboard.press('Enter');
  await expect(first).toContainText(renamed);
  await expect(pin).toBeFocused();
  await expect(pin).toHaveAttribute('aria-pressed', 'true');
  await keyboard.press('Enter');
  await expect(pin).toHaveAttribute('aria-pressed', 'false');
  await expect(pin).toBeFocused();

  // Undo is at hand, and brings the focus back to the row.
  await opens(one).focus();
  await keyboard.press('Delete');
  await expect(panel.button('Undo')).toBeFocused();
  await expect(row(one)).toHaveCount(0);
  await keyboard.press('Enter');
  await expect(opens(one)).toBeFocused();

  // Who does not want it goes on with the row that took the place.
  const rows = panel.root.getByRole('listitem');
  await rows.first().getByRole('button').first().focus();
  const next = (await rows.nth(1).textContent())!;
  await keyboard.press('Delete');
  await expect(panel.button('Undo')).toBeFocused();
  await expect(rows).toHaveCount(2);
  await keyboard.press('Escape');
  await expect(panel.button('Undo')).toHaveCount(0);
  await expect(rows.first()).toHaveText(next);
  await expect(rows.first().getByRole('button').first()).toBeFocused();
});
