/**
 * Code and tables that are wider than the panel show by a shade that they go on.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import { GPTPanel, script } from './gpt';
import { fence } from './notebooks';

const ANSWER = `| a column | another one | one more | the last of them |
| - | - | - | - |
| 1 | 2 | 3 | 4 |

${fence('print("a line that is a good deal longer than a narrow panel is wide")')}

${fence('short')}
`;

/** Pixels of an empty strip at an edge: above the text and below the round corner. */
async function strip(box: Locator, side: 'left' | 'right'): Promise<string> {
  const { x, y, width } = (await box.boundingBox())!;
  const left = side === 'left' ? x + 2 : x + width - 12;
  const picture = await box.page().screenshot({
    clip: { x: Math.round(left), y: Math.round(y) + 8, width: 10, height: 2 }
  });
  return picture.toString('base64');
}

for (const theme of ['JupyterLab Light', 'JupyterLab Dark']) {
  test(
    `a shade where more is to come, ${theme}`,
    { tag: '@all' },
    async ({ page }) => {
      await page.theme.setTheme(theme);
      await script('wide', [ANSWER]);
      const panel = new GPTPanel(page);
      await panel.open();
      await panel.setWidth(300);
      await panel.choose('wide');
      await panel.ask('Wide');
      const answer = await panel.ended();
      const code = answer.locator('.jp-gpt-codeblock-code');
      for (const box of [code.first(), answer.locator('.jp-gpt-table')]) {
        await expect(box).toHaveAttribute('tabindex', '0');
        await box.scrollIntoViewIfNeeded();
        const begin = {
          left: await strip(box, 'left'),
          right: await strip(box, 'right')
        };
        expect(begin.right).not.toBe(begin.left);
        await box.evaluate(node => node.scrollTo(node.scrollWidth, 0));
        expect(await strip(box, 'left')).not.toBe(begin.left);
        expect(await strip(box, 'right')).toBe(begin.left);
      }
      // What fits has none.
      const short = code.last();
      expect(await strip(short, 'right')).toBe(await strip(short, 'left'));
    }
  );
}
