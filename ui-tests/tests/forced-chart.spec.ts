/**
 * The bars of the Usage tab where the system's own few colours are all there is.
 */
import { expect, test } from '@jupyterlab/galata';
import { GPTPanel } from './gpt';
import { setPrices } from './prices';

const URL = process.env.TARGET_URL as string;

test.afterEach(({ page }) => setPrices(page, URL));

for (const colorScheme of ['light', 'dark'] as const) {
  test(
    `bars and their words are told apart from the ground, ${colorScheme}`,
    { tag: '@all' },
    async ({ page }) => {
      await setPrices(page, URL, 'fake-*');
      const panel = new GPTPanel(page);
      await panel.open();
      await panel.choose('fake-gpt');
      await panel.ask('What do you cost?');
      await panel.ended();
      await page.emulateMedia({ forcedColors: 'active', colorScheme });
      await panel.execute('jupyterlab-gpt:usage');
      const chart = page.locator('#jupyterlab-gpt-usage .jp-gpt-Chart');
      const bar = chart.locator('g > .jp-gpt-Chart-bar').last();
      await expect(bar).toBeVisible();
      /** The colour that the system gives to a name. */
      const system = (name: string): Promise<string> =>
        page.evaluate(colour => {
          const probe = document.body.appendChild(document.createElement('i'));
          probe.style.color = colour;
          const { color } = getComputedStyle(probe);
          probe.remove();
          return color;
        }, name);
      const ground = await system('Canvas');
      const ink = await system('CanvasText');
      expect(ink).not.toBe(ground);
      const paint = (node: Element): { fill: string; stroke: string } => {
        const { fill, stroke } = getComputedStyle(node);
        return { fill, stroke };
      };
      const { fill, stroke } = await bar.evaluate(paint);
      expect(fill, 'a bar').not.toBe(ground);
      expect(stroke, "a bar's edge").toBe(ink);
      for (const text of await chart.locator('svg text').all()) {
        expect((await text.evaluate(paint)).fill).not.toBe(ground);
      }
      const today = chart.locator('.jp-gpt-mod-today');
      expect((await today.evaluate(paint)).fill, 'today').toBe(ink);
      await page.screenshot({
        path: `screenshots/forced-usage-${colorScheme}.png`
      });
    }
  );
}
