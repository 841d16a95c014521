/**
 * Pictures of the panel at its three widths in both themes, to be looked at.
 */
import { expect, test } from '@jupyterlab/galata';
import { GPTPanel, setSource } from './gpt';

const themes = ['JupyterLab Light', 'JupyterLab Dark'] as const;

for (const theme of themes) {
  test(`pictures in ${theme}`, { tag: '@all' }, async ({ page }) => {
    const shade = theme.endsWith('Dark') ? 'dark' : 'light';
    await page.theme.setTheme(theme);
    await page.notebook.createNew('demo.ipynb');
    await setSource(
      page,
      0,
      'def double(x):\n    return 2 * x\n\nprint(double(21))'
    );
    await page.notebook.runCell(0, true);
    const panel = new GPTPanel(page);
    await panel.open();
    for (const width of [250, 350, 600]) {
      await panel.setWidth(width);
      await page.screenshot({
        path: `screenshots/empty-${width}-${shade}.png`
      });
    }
    await page.notebook.selectCells(0);
    await panel.execute('jupyterlab-gpt:explain-cell');
    await panel.ended();
    await page.notebook.selectCells(0);
    await panel.execute('jupyterlab-gpt:ask-about-cell');
    await panel.prompt.fill('And now make it faster');
    for (const width of [250, 350, 600]) {
      await panel.setWidth(width);
      await expect(panel.prompt).toBeVisible();
      const box = await panel.root.boundingBox();
      expect(box!.width).toBeLessThan(width + 40);
      const overflow = await panel.root.evaluate(
        node => node.scrollWidth - node.clientWidth
      );
      expect(overflow).toBeLessThanOrEqual(1);
      await page.screenshot({
        path: `screenshots/answer-${width}-${shade}.png`
      });
    }
    await panel.choose('fake-401');
    await panel.ask('This one fails');
    await panel.ended('failed');
    await panel.setWidth(350);
    await page.screenshot({ path: `screenshots/failed-350-${shade}.png` });
    await panel.button('Conversations').click();
    await page.screenshot({ path: `screenshots/history-350-${shade}.png` });
  });
}
