/**
 * A conversation remembers its notebook, and the panel offers it when that notebook is in front.
 */
import { expect, type Page, test } from '@playwright/test';
import { type GPTPanel, lab, script } from './gpt';

/** Write a notebook without asking anybody, and open it. */
async function openNotebook(page: Page, path: string): Promise<void> {
  await page.evaluate(async name => {
    interface IApp {
      restored: Promise<void>;
      commands: { execute(id: string, args: unknown): Promise<unknown> };
      serviceManager: {
        contents: { save(path: string, model: unknown): Promise<unknown> };
      };
    }
    const { jupyterapp } = window as unknown as { jupyterapp: IApp };
    await jupyterapp.restored;
    const content = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
    await jupyterapp.serviceManager.contents.save(name, {
      type: 'notebook',
      format: 'json',
      content
    });
    await jupyterapp.commands.execute('docmanager:open', {
      path: name,
      kernelPreference: { shouldStart: false }
    });
  }, path);
  await expect(
    page.getByRole('tab', { name: new RegExp(path) }).first()
  ).toHaveAttribute('aria-selected', 'true');
}

async function converse(panel: GPTPanel, question: string): Promise<void> {
  await script('fake-about', [`An answer to: ${question}`]);
  await panel.open();
  await panel.button('New conversation').click();
  await panel.choose('fake-about');
  await panel.ask(question);
  await panel.ended();
}

test(
  'the conversation of a notebook is offered when it is opened, by keyboard too',
  { tag: '@all' },
  async ({ page }) => {
    // A server that is used again knows the conversations of the run before.
    const run = Date.now();
    const panel = await lab(page);
    await openNotebook(page, `first-${run}.ipynb`);
    await converse(panel, 'What is in the first?');
    await openNotebook(page, `second-${run}.ipynb`);
    // In the conversation about the other one, too; but there is none about this one yet.
    await expect(panel.root.getByText(/Go on with/)).toHaveCount(0);
    await converse(panel, 'What is in the second?');
    await openNotebook(page, `first-${run}.ipynb`);
    const offer = panel.button('Go on with “What is in the first?”');
    await expect(offer).toBeVisible();
    await page.screenshot({ path: 'screenshots/goon.png' });
    await panel.open();
    await expect(panel.prompt).toBeFocused();
    // It stands before the prompt box, so a few steps back lead to it.
    await expect(async () => {
      await page.keyboard.press('Shift+Tab');
      await expect(offer).toBeFocused({ timeout: 200 });
    }).toPass({ intervals: [0], timeout: 10_000 });
    await page.keyboard.press('Enter');
    await expect(panel.last('GPT')).toContainText('What is in the first?');
    await expect(panel.prompt).toBeFocused();
    await expect(offer).toHaveCount(0);

    await panel.button('New conversation').click();
    await expect(offer).toBeVisible();
    await panel.button('Dismiss').click();
    await expect(offer).toHaveCount(0);
    await expect(panel.prompt).toBeFocused();
  }
);
