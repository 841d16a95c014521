/**
 * Pictures of the chips and of the preview, at the panel's three widths and in both themes.
 */
import { expect, test, type Page } from '@playwright/test';
import { lab } from './gpt';
import { docPicture } from './images';
import { setPrices } from './prices';

const CELLS = [
  'import json\n\nPRICES = {"apple": 0.5, "pear": 0.8}',
  'basket = ["apple", "plum"]',
  'for line in range(120):\n    print("row", line)\nsum(PRICES[name] for name in basket)'
];

/** What of the application's shell is needed to fill a notebook and to select cells in it. */
interface IApp {
  shell: {
    currentWidget: {
      content: {
        activeCellIndex: number;
        deselectAll(): void;
        extendContiguousSelectionTo(index: number): void;
        model: {
          sharedModel: {
            insertCells(at: number, cells: unknown[]): void;
          };
        } | null;
      };
    };
  };
}

/** Fill the notebook in front. */
async function fill(page: Page): Promise<void> {
  await page.evaluate(sources => {
    const { jupyterapp } = window as unknown as { jupyterapp: IApp };
    const { content } = jupyterapp.shell.currentWidget;
    const cells = sources.map(source => ({
      cell_type: 'code',
      source,
      metadata: {},
      outputs: []
    }));
    content.model!.sharedModel.insertCells(0, cells);
  }, CELLS);
}

/** Select cells of the notebook in front. */
async function select(page: Page, from: number, to = from): Promise<void> {
  await page.evaluate(
    ([first, last]) => {
      const { jupyterapp } = window as unknown as { jupyterapp: IApp };
      const { content } = jupyterapp.shell.currentWidget;
      content.deselectAll();
      content.activeCellIndex = first;
      if (last > first) {
        content.extendContiguousSelectionTo(last);
      }
    },
    [from, to] as const
  );
}

const URL = process.env.GPT_AUTH_URL as string;

test.afterEach(({ page }) => setPrices(page, URL));

test('pictures of chips', { tag: ['@all', '@picture'] }, async ({ page }) => {
  test.setTimeout(180_000);
  await setPrices(page, URL, 'fake-gpt');
  const panel = await lab(page);
  await panel.execute('notebook:create-new', { kernelName: 'python3' });
  await page.waitForFunction(() => {
    const { jupyterapp } = window as unknown as { jupyterapp: IApp };
    return Boolean(jupyterapp.shell.currentWidget?.content?.model);
  });
  // What is run before the kernel is there is not run.
  await expect(
    page.locator('#jp-main-statusbar').getByText(/\| Idle/)
  ).toBeVisible({ timeout: 60_000 });
  await fill(page);
  await expect(page.locator('.jp-Notebook')).toContainText('PRICES');
  await panel.execute('notebook:run-all-cells');
  await expect(page.locator('.jp-Notebook')).toContainText('KeyError:', {
    timeout: 60_000
  });
  await select(page, 2);
  await panel.execute('jupyterlab-gpt:ask-about-cell');
  const chip = panel.root.getByRole('group', { name: 'Context: In [3]' });
  await chip.getByRole('button', { name: 'Output', exact: true }).click();
  await select(page, 0, 1);
  await panel.button('Add context').click();
  await panel.root.getByRole('menuitem', { name: '2 selected cells' }).click();
  await panel.prompt.focus();
  await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 64;
    const drawing = canvas.getContext('2d')!;
    drawing.fillStyle = 'steelblue';
    drawing.fillRect(8, 24, 16, 40);
    drawing.fillRect(32, 8, 16, 56);
    canvas.toBlob(blob => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([blob!], 'plot.png', { type: 'image/png' }));
      document.activeElement!.dispatchEvent(
        new ClipboardEvent('paste', {
          clipboardData: transfer,
          bubbles: true,
          cancelable: true
        })
      );
    });
  });
  await expect(
    panel.root.getByRole('group', { name: /^Context: image/ })
  ).toContainText('tok');
  await panel.prompt.fill('Why does this fail?');
  for (const theme of ['JupyterLab Light', 'JupyterLab Dark']) {
    const shade = theme.endsWith('Dark') ? 'dark' : 'light';
    await panel.execute('apputils:change-theme', { theme });
    await expect(page.locator('body')).toHaveAttribute(
      'data-jp-theme-name',
      theme
    );
    for (const width of [250, 350, 600]) {
      await panel.setWidth(width);
      const overflow = await panel.root.evaluate(
        node => node.scrollWidth - node.clientWidth
      );
      expect(overflow).toBeLessThanOrEqual(1);
      await page.screenshot({
        path: `screenshots/chip-${width}-${shade}.png`,
        clip: (await panel.root.boundingBox())!
      });
    }
    await panel.setWidth(350);
    if (shade === 'light') {
      await docPicture(page, 'chip-light.png', panel.root);
    }
    await chip.getByRole('button', { name: /^More of/ }).click();
    await expect(chip.getByRole('menuitem').first()).toBeFocused();
    await page.screenshot({
      path: `screenshots/chip-menu-${shade}.png`,
      clip: (await panel.root.boundingBox())!
    });
    await page.keyboard.press('Escape');
    await panel.setWidth(600);
    await panel.button('Preview').click();
    await expect(panel.root.getByRole('dialog')).toContainText('KeyError');
    if (shade === 'light') {
      await docPicture(page, 'chip-preview-light.png', panel.root);
    }
    await page.screenshot({
      path: `screenshots/chip-preview-${shade}.png`,
      clip: (await panel.root.boundingBox())!
    });
    await page.keyboard.press('Escape');
  }
});
