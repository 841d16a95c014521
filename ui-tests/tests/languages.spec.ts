/**
 * The panel in French, beside JupyterLab's own language pack, and text that reads from the right.
 */
import { expect, galata, test } from '@jupyterlab/galata';
import { GPTPanel, script } from './gpt';

/** All that is cut off sideways in a place, by its text. */
const cutOff = (root: Element): string[] =>
  Array.from(root.querySelectorAll<HTMLElement>('button, p, label'))
    .filter(
      node => node.offsetParent && node.scrollWidth > node.clientWidth + 1
    )
    .map(node => node.textContent || node.getAttribute('aria-label') || '');

test.describe('in French', { tag: '@all' }, () => {
  test.use({
    mockSettings: {
      ...galata.DEFAULT_SETTINGS,
      '@jupyterlab/translation-extension:plugin': { locale: 'fr_FR' }
    },
    // Galata's own looks for the launcher by its English name.
    waitForApplication: async ({}, use) => {
      await use(async page => {
        await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
      });
    }
  });

  test('the panel, its buttons and the settings have French names', async ({
    page
  }) => {
    await script('bavard', [
      'Voici :\n\n```python\nprint(1)\n```\n\nC’est tout.'
    ]);
    const panel = new GPTPanel(page);
    await panel.execute('jupyterlab-gpt:open');
    const root = page.getByRole('complementary', { name: 'Discussion GPT' });
    const prompt = root.getByRole('textbox', { name: 'Message à GPT' });
    await expect(prompt).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'fr-FR');
    const picker = root.getByRole('combobox', { name: 'Modèle' });
    await expect(async () => {
      await picker.click();
      await picker.fill('bavard');
      await picker.press('Enter');
      await expect(picker).toHaveValue(/bavard/, { timeout: 2000 });
    }).toPass({ timeout: 30_000 });
    await panel.setWidth(250);
    await prompt.fill('Écris un programme.');
    await expect(
      root.getByRole('status', { name: 'Coût estimé' })
    ).toContainText(/jetons/);
    await root.getByRole('button', { name: 'Envoyer', exact: true }).click();
    const answer = root.getByRole('article', { name: 'GPT' }).last();
    await expect(answer).toHaveAttribute('data-status', 'complete');
    await expect(
      root.getByRole('article', { name: 'Vous' }).last()
    ).toContainText('Écris un programme.');
    await answer.hover();
    for (const name of ['Régénérer', 'Copier la réponse', 'Copier le code']) {
      await expect(answer.getByRole('button', { name })).toBeVisible();
    }
    await page.screenshot({ path: 'screenshots/french-250.png' });
    expect(await root.evaluate(cutOff)).toEqual([]);
    expect(
      await root.evaluate(node => node.scrollWidth - node.clientWidth)
    ).toBeLessThanOrEqual(0);

    await root.getByRole('button', { name: 'Conversations' }).click();
    await expect(
      root.getByRole('searchbox', { name: 'Chercher une conversation' })
    ).toBeVisible();
    await page.screenshot({ path: 'screenshots/french-history-250.png' });

    await root
      .getByRole('button', { name: 'Retour à la conversation' })
      .click();
    await root.getByRole('button', { name: 'Paramètres' }).click();
    const form = page.locator('.jp-SettingsForm');
    await expect(form).toContainText('Fixé par votre administrateur');
    await expect(
      page.getByRole('textbox', { name: 'Clé d’API' }).first()
    ).toBeVisible();
    await page.screenshot({ path: 'screenshots/french-settings.png' });
  });
});

test(
  'Arabic reads from the right, and the code within it from the left',
  { tag: '@all' },
  async ({ page }) => {
    await script('arabic', [
      'هذه الدالة `mean()` تحسب المتوسط.\n\n',
      '1. اقرأ الملف\n2. احسب `df.mean()`\n\n   ```python\n   df.mean()\n   ```\n\n',
      '> ملاحظة مهمة\n\n| اسم | قيمة |\n|---|---|\n| أ | 1 |\n\nIn English again.'
    ]);
    const panel = new GPTPanel(page);
    await panel.open();
    await panel.choose('arabic');
    await panel.setWidth(350);
    await panel.prompt.fill('اشرح هذه الخلية من فضلك');
    const direction = (node: Element): string =>
      getComputedStyle(node).direction;
    expect(await panel.prompt.evaluate(direction)).toBe('rtl');
    await panel.prompt.press('Enter');
    const answer = await panel.ended();
    const block = (selector: string): Promise<string> =>
      answer.locator(selector).first().evaluate(direction);
    for (const selector of ['p', 'ol', 'blockquote', 'table']) {
      expect(
        await block(
          `.jp-gpt-markdown > ${selector}, .jp-gpt-table > ${selector}`
        )
      ).toBe('rtl');
    }
    expect(await block('ol pre')).toBe('ltr');
    expect(await block('p code')).toBe('ltr');
    expect(
      await answer.locator('.jp-gpt-markdown > p').last().evaluate(direction)
    ).toBe('ltr');
    await page.screenshot({ path: 'screenshots/arabic-350.png' });
  }
);
