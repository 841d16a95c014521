/**
 * axe-core finds no fault in any of our views, in both themes.
 */
import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expectAccessible } from './axe';
import { GPTPanel, script } from './gpt';
import { askAbout, fence, openNotebook } from './notebooks';

const PANEL = '#jupyterlab-gpt-panel';

/** All that an answer may have. */
const ANSWER = `# A heading

Some *prose* with a [link](https://example.org), \`code\` and $x^2$.

| a | b |
| - | - |
| 1 | 2 |

- one
- two

> quoted

${fence('def double(x):\n    # twice as much\n    return 2 * x')}
`;

/** The panel beside a notebook, in a theme. */
async function begin(
  page: IJupyterLabPageFixture,
  folder: string,
  shade: 'light' | 'dark'
): Promise<GPTPanel> {
  await page.theme.setTheme(
    shade === 'dark' ? 'JupyterLab Dark' : 'JupyterLab Light'
  );
  await openNotebook(page, `${folder}/axe.ipynb`, [
    { id: 'first', source: 'double(21)' }
  ]);
  const panel = new GPTPanel(page);
  await panel.open();
  return panel;
}

for (const shade of ['light', 'dark'] as const) {
  const tag = shade === 'light' ? [] : ['@all'];

  test(`the panel, ${shade}`, { tag }, async ({ page, tmpPath }) => {
    const panel = await begin(page, tmpPath, shade);
    await panel.setWidth(350);
    await panel.button('New conversation').click();
    await expectAccessible(page, PANEL, 'the empty panel');

    await script('axe', [ANSWER]);
    await panel.choose('axe');
    await panel.execute('jupyterlab-gpt:ask-about-cell');
    await panel.prompt.fill('What is this?');
    await expectAccessible(page, PANEL, 'a chip and the estimate');
    await panel.prompt.fill('/');
    await expect(panel.root.getByRole('listbox')).toBeVisible();
    await expectAccessible(page, PANEL, 'prompts that are offered');
    await panel.prompt.fill('What is this?');
    await panel.execute('jupyterlab-gpt:preview');
    await expect(panel.root.page().getByRole('dialog')).toContainText(
      'max_output_tokens'
    );
    await expectAccessible(page, PANEL, 'the preview');
    await page.keyboard.press('Escape');
    await panel.prompt.press('Enter');
    await panel.ended();
    await expectAccessible(page, PANEL, 'an answer');

    await panel.root.getByRole('button', { name: 'Regenerate' }).last().click();
    await expectAccessible(page, PANEL, 'the menu of Regenerate');
    await page.keyboard.press('Escape');
    await panel.root.getByRole('combobox', { name: 'Model' }).click();
    await expectAccessible(page, PANEL, 'the model picker');
    await page.keyboard.press('Escape');

    await panel.choose('fake-401');
    await panel.ask('This one fails');
    await panel.ended('failed');
    await expectAccessible(page, PANEL, 'an error');

    await panel.button('Conversations').click();
    await expectAccessible(page, PANEL, 'the list of conversations');
    await panel.root.getByRole('searchbox').fill('heading');
    await expect(panel.root.locator('mark').first()).toBeVisible();
    await expectAccessible(page, PANEL, 'hits of a search');
  });

  test(
    `diff, settings and usage, ${shade}`,
    { tag: '@all' },
    async ({ page, tmpPath }) => {
      const panel = await begin(page, tmpPath, shade);
      const answer = await askAbout(panel, 'first', fence('print(double(21))'));
      await answer.getByRole('button', { name: 'Replace cell' }).click();
      await expect(
        page.getByRole('group', { name: /Suggested change to/ })
      ).toBeVisible();
      await expectAccessible(
        page,
        '[aria-label^="Suggested change to"]',
        'a diff'
      );
      await page.getByRole('button', { name: 'Reject', exact: true }).click();

      await panel.execute('jupyterlab-gpt:settings');
      const form = page.locator('.jp-gpt-Providers');
      await expect(form).toContainText('No key is set');
      await expectAccessible(page, '.jp-gpt-Providers', 'providers');
      await expect(page.locator('.jp-gpt-Fields')).toHaveCount(3);
      await expectAccessible(page, '.jp-gpt-Fields', 'budget, prices, policy');
      await panel.execute('jupyterlab-gpt:usage');
      await expect(
        page.getByRole('region', { name: 'GPT usage' })
      ).toContainText('axe');
      await expectAccessible(page, '#jupyterlab-gpt-usage', 'usage');
    }
  );
}
