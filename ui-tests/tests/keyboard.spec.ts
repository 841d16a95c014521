/**
 * The whole way by keyboard alone, with the focus always to be seen.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Page } from '@playwright/test';
import { GPTPanel } from './gpt';

/** The accessible name of what has the focus, and whether it is drawn as such. */
async function focused(page: Page): Promise<{ name: string; seen: boolean }> {
  return page.evaluate(() => {
    const node = document.activeElement as HTMLElement;
    const marked = (element: Element | null): boolean => {
      const style = element ? getComputedStyle(element) : null;
      return (
        style !== null &&
        ((style.outlineStyle !== 'none' &&
          parseFloat(style.outlineWidth) > 0) ||
          style.boxShadow !== 'none')
      );
    };
    // The prompt box and the model picker let the frame around them light up.
    const frame = node.closest('.jp-gpt-Composer-box, .jp-gpt-Picker');
    return {
      name: node.getAttribute('aria-label') ?? node.textContent ?? '',
      seen: marked(node) || marked(frame)
    };
  });
}

/** Press Shift-Tab until something has the focus; every stop must be visible. */
async function backTo(page: Page, name: string): Promise<void> {
  const stops: string[] = [];
  for (let i = 0; i < 25; i++) {
    await page.keyboard.press('Shift+Tab');
    const stop = await focused(page);
    expect(stop.seen, `the focus on "${stop.name}" can be seen`).toBe(true);
    if (stop.name === name) {
      return;
    }
    stops.push(stop.name);
  }
  throw new Error(`"${name}" is not among ${stops.join(', ')}`);
}

test.beforeEach(async ({ page }) => {
  await page.notebook.createNew('keys.ipynb');
  await page.notebook.setCell(0, 'code', '6 * 7');
  await page.notebook.runCell(0, true);
});

test('from the cell to the prompt, to the code, to a new cell that runs', async ({
  page
}) => {
  const panel = new GPTPanel(page);
  await page.notebook.selectCells(0);
  await page.keyboard.press('Alt+Shift+G');
  await expect(panel.prompt).toBeFocused();
  await expect(
    panel.root.getByRole('group', { name: 'Context: In [1]' })
  ).toBeVisible();
  await page.keyboard.type('What is this?');
  await page.keyboard.press('Enter');
  await panel.ended();
  await expect(panel.prompt).toBeFocused();

  await backTo(page, 'Insert below');
  await page.keyboard.press('Enter');
  const cell = page.locator('.jp-Notebook .jp-Cell').nth(1);
  await expect(cell).toHaveClass(/jp-mod-active/);
  await page.keyboard.press('Shift+Enter');
  await expect(cell.locator('.jp-OutputArea-output')).toContainText(
    'from the fake'
  );
});

test(
  'Escape goes back to the notebook, ArrowUp brings the last prompt back',
  { tag: '@all' },
  async ({ page }) => {
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.ask('The first question');
    await panel.ended();
    await page.keyboard.press('ArrowUp');
    await expect(panel.prompt).toHaveValue('The first question');
    await page.keyboard.press('ArrowDown');
    await expect(panel.prompt).toHaveValue('');

    await page.keyboard.press('Escape');
    await expect(panel.prompt).not.toBeFocused();
    // Command mode: "b" is a new cell, not a letter.
    await page.keyboard.press('b');
    await expect(page.locator('.jp-Notebook .jp-Cell')).toHaveCount(2);
    await page.keyboard.press('Alt+g');
    await expect(panel.prompt).toBeFocused();
  }
);

test(
  'the model picker and the conversations, without a mouse',
  { tag: '@all' },
  async ({ page }) => {
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.ask('Something to find again');
    await panel.ended();

    await page.keyboard.press('Shift+Tab');
    await panel.prompt.focus();
    await page.keyboard.press('Tab');
    const picker = panel.root.getByRole('combobox', { name: 'Model' });
    await expect(picker).toBeFocused();
    expect((await focused(page)).seen).toBe(true);
    await page.keyboard.press('ArrowDown');
    await expect(picker).toHaveAttribute('aria-expanded', 'true');
    await page.keyboard.type('fake-code');
    await page.keyboard.press('Enter');
    await expect(picker).toHaveValue('fake-code');
    await expect(panel.prompt).toBeFocused();

    await page.keyboard.press('Alt+Shift+N');
    await expect(panel.prompt).toBeFocused();
    await page.keyboard.press('Alt+Shift+H');
    const search = panel.root.getByRole('searchbox', {
      name: 'Search conversations'
    });
    await expect(search).toBeFocused();
    await page.keyboard.type('find again');
    await expect(
      panel.root.getByText('Something to find again').first()
    ).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(panel.prompt).toBeFocused();
  }
);
