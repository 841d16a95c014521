/**
 * Pictures of a change that waits in its cell, for the documentation and to be looked at.
 */
import { expect, test } from '@jupyterlab/galata';
import { GPTPanel } from './gpt';
import { docPicture } from './images';
import { askAbout, execute, fence, openNotebook } from './notebooks';
import { setPrices } from './prices';

const LOAD = `import pandas as pd

def load(path):
    rows = []
    for line in open(path):
        rows.append(line.strip().split(","))
    return pd.DataFrame(rows[1:], columns=rows[0])

sales = load("sales.csv")
sales.head()`;

const BETTER = `import pandas as pd

def load(path):
    return pd.read_csv(path, parse_dates=["date"])

sales = load("sales.csv")
sales.head(10)`;

const CELLS = [
  {
    id: 'title',
    source: '# Sales of the year',
    type: 'markdown' as const
  },
  { id: 'load', source: LOAD },
  { id: 'plot', source: 'sales.groupby("month").total.sum().plot.bar()' },
  { id: 'end', source: 'sales.to_parquet("sales.parquet")' }
];

const URL = process.env.TARGET_URL as string;

test.describe.configure({ timeout: 180_000 });

test.beforeEach(({ page }) => setPrices(page, URL, 'scripted-*'));

test.afterEach(({ page }) => setPrices(page, URL));

for (const shade of ['light', 'dark'] as const) {
  test(
    `a change that waits, ${shade}`,
    { tag: ['@all', '@picture'] },
    async ({ page, tmpPath }) => {
      await page.theme.setTheme(
        shade === 'dark' ? 'JupyterLab Dark' : 'JupyterLab Light'
      );
      await openNotebook(page, `${tmpPath}/sales.ipynb`, CELLS);
      const panel = new GPTPanel(page);
      await panel.open();
      await page.sidebar.close('left');
      await panel.setWidth(420);
      const answer = await askAbout(
        panel,
        'load',
        `Let pandas read the file; it parses the dates too:\n\n${fence(BETTER)}`
      );
      await answer.getByRole('button', { name: 'Replace cell' }).click();
      const diff = page.getByRole('group', { name: /Suggested change to/ });
      await expect(
        diff.getByRole('button', { name: 'Accept' }).first()
      ).toBeFocused();
      if (shade === 'light') {
        await docPicture(page, 'diff-light.png');
      }

      // Several at once, also in a narrow notebook.
      const other = await askAbout(
        panel,
        'plot',
        fence(
          '(\n    sales.groupby("month")\n    .total.sum()\n    .plot.bar()\n)'
        )
      );
      await other.getByRole('button', { name: 'Replace cell' }).click();
      await expect(diff).toHaveCount(2);
      await expect(
        diff.nth(1).getByRole('button', { name: 'Accept' }).first()
      ).toBeFocused();
      if (shade === 'light') {
        await docPicture(page, 'staged-light.png');
      }
      for (const width of [250, 350, 600]) {
        await panel.setWidth(width);
        await page.screenshot({
          path: `screenshots/diff-${width}-${shade}.png`
        });
      }
      await panel.setWidth(900);
      await page.screenshot({ path: `screenshots/diff-narrow-${shade}.png` });
      await execute(page, 'docmanager:save');
    }
  );
}
