/**
 * What a chip says when the kernel cannot be asked, and that the preview of chips is what leaves.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Page } from '@playwright/test';
import { clearJournal, GPTPanel, journal, setSource } from './gpt';

/** Shut down the kernel of the notebook in front. */
async function shutDown(page: Page): Promise<void> {
  await page.evaluate(async () => {
    interface IApp {
      shell: {
        currentWidget: { sessionContext: { shutdown(): Promise<void> } };
      };
    }
    const { jupyterapp } = window as unknown as { jupyterapp: IApp };
    await jupyterapp.shell.currentWidget.sessionContext.shutdown();
  });
}

test('no variables without a kernel; the preview is what leaves', async ({
  page
}) => {
  await clearJournal();
  await page.notebook.createNew('refused.ipynb');
  await setSource(page, 0, '```\nłañ = "\u{1f600}" # ```');
  const panel = new GPTPanel(page);
  await panel.open();
  // A cell that is not there: nothing is attached.
  await panel.execute('jupyterlab-gpt:ask-about-cell', {
    cellId: 'nowhere',
    path: 'nowhere.ipynb'
  });
  const chips = panel.root.getByRole('group', { name: /^Context: / });
  await expect(chips).toHaveCount(0);

  await page.notebook.selectCells(0);
  await panel.execute('jupyterlab-gpt:ask-about-cell');
  const variables = async (sentence: string): Promise<void> => {
    await chips.getByRole('button', { name: /^More of/ }).click();
    await chips
      .getByRole('menuitem', { name: 'Variables used', exact: true })
      .click();
    await expect(chips.getByRole('alert')).toContainText(sentence);
  };
  await shutDown(page);
  await variables('No kernel is running: start one');

  await panel.prompt.fill('What is it?');
  await panel.button('Preview').click();
  const dialog = page.getByRole('dialog', { name: 'Preview' });
  await expect(dialog).toContainText('What is it?');
  const shown = (await dialog.locator('pre').allTextContents()).join('');
  // Empty lines around an item are there, but not drawn; the server's tests compare each byte.
  const drawn = (text: string): string => text.replace(/\n/g, '');
  await page.keyboard.press('Escape');
  await panel.prompt.press('Enter');
  await panel.ended();
  const { messages } = (await journal()).at(-1)!.body;
  const sent = messages.map(({ content }) => content).join('');
  expect(drawn(shown)).toBe(drawn(sent));
});
