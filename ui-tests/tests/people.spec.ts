/**
 * The panel for eyes and hands of all kinds: the system's own few colours, twice the size, no
 * motion, and a way through all of it without a mouse.
 */
import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator, Page } from '@playwright/test';
import { GPTPanel, script } from './gpt';
import { fence, openNotebook } from './notebooks';

const ANSWER = `Some **prose** with \`code\` and a [link](https://example.org).

| a | b |
| - | - |
| 1 | 2 |

${fence('def double(x):\n    return 2 * x  # a line that is longer than a narrow panel is wide')}
`;

/** The panel beside a notebook, with an answer that has all its parts. */
async function begin(
  page: IJupyterLabPageFixture,
  folder: string
): Promise<GPTPanel> {
  await openNotebook(page, `${folder}/people.ipynb`, [
    { id: 'first', source: 'double(21)' }
  ]);
  const panel = new GPTPanel(page);
  await panel.open();
  await page.sidebar.close('left');
  await panel.setWidth(350);
  await script('people', [ANSWER]);
  await panel.choose('people');
  await panel.ask('What is this?');
  await panel.ended();
  return panel;
}

/** Whether an edge, drawn or outlined, is told apart from the page by its colour. */
async function hasEdge(target: Locator): Promise<boolean> {
  return target.evaluate(node => {
    const style = getComputedStyle(node);
    const ground = getComputedStyle(document.body).backgroundColor;
    const edge = (width: string, kind: string, colour: string): boolean =>
      parseFloat(width) > 0 && kind !== 'none' && colour !== ground;
    return (
      edge(style.outlineWidth, style.outlineStyle, style.outlineColor) ||
      edge(style.borderTopWidth, style.borderTopStyle, style.borderTopColor)
    );
  });
}

/** Whether an element's ground is another colour than the page's. */
async function hasGround(target: Locator): Promise<boolean> {
  return target.evaluate(node => {
    const own = getComputedStyle(node).backgroundColor;
    return (
      own !== 'rgba(0, 0, 0, 0)' &&
      own !== getComputedStyle(document.body).backgroundColor
    );
  });
}

/** What runs by itself in the page and is ours. */
async function running(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    document.getAnimations().flatMap(({ effect }) => {
      const target = (effect as KeyframeEffect | null)?.target;
      return target?.closest('[class*="jp-gpt-"], [class*="jp-mod-gpt"]')
        ? [target.className]
        : [];
    })
  );
}

test(
  'with the colours of the system alone, all that matters is seen',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    await page.emulateMedia({ forcedColors: 'active' });
    const panel = await begin(page, tmpPath);
    await page.notebook.selectCells(0);
    await panel.execute('jupyterlab-gpt:ask-about-cell');
    const chip = panel.root.getByRole('group', { name: /^Context: / });
    expect(await hasEdge(chip), 'a chip').toBe(true);
    await panel.prompt.fill('More');
    expect(await hasEdge(panel.send), 'Send').toBe(true);
    expect(
      await hasEdge(panel.root.locator('.jp-gpt-Composer-box')),
      'the prompt box'
    ).toBe(true);
    const option = chip.locator('[aria-pressed="true"]').first();
    const more = chip.locator('button:not([aria-pressed])').first();
    const ground = (node: Element): string =>
      getComputedStyle(node).backgroundColor;
    expect(await option.evaluate(ground), 'a switch that is on').not.toBe(
      await more.evaluate(ground)
    );
    await page.keyboard.press('Tab');
    const picker = panel.root.getByRole('combobox', { name: 'Model' });
    await expect(picker).toBeFocused();
    expect(await hasEdge(picker), 'the focus').toBe(true);
    await page.screenshot({ path: 'screenshots/forced-panel.png' });

    await panel
      .last('GPT')
      .getByRole('button', { name: 'Replace cell' })
      .click();
    const diff = page.getByRole('group', { name: /Suggested change to/ });
    for (const line of ['.cm-deletedLine', '.cm-changedLine']) {
      const first = diff.locator(line).first();
      await expect(first).toBeVisible();
      const sign = await first.evaluate(
        node => getComputedStyle(node, '::before').content
      );
      expect(sign, line).toMatch(/[−+]/);
    }
    await page.screenshot({ path: 'screenshots/forced-diff.png' });
    await page.getByRole('button', { name: 'Reject', exact: true }).click();

    await panel.button('Conversations').click();
    await panel.root.getByRole('searchbox').fill('What');
    const mark = panel.root.locator('mark').first();
    await expect(mark).toBeVisible();
    expect(await hasGround(mark), 'a hit').toBe(true);
    await page.screenshot({ path: 'screenshots/forced-history.png' });
  }
);

test.describe('at twice the size', { tag: '@all' }, () => {
  test.use({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });

  test('nothing is cut, and nothing scrolls sideways', async ({
    page,
    tmpPath
  }) => {
    const panel = await begin(page, tmpPath);
    const sideways = (): Promise<number> =>
      panel.root.evaluate(node =>
        Math.max(
          ...[node, ...node.querySelectorAll('.jp-gpt-Transcript-scroll')].map(
            box => box.scrollWidth - box.clientWidth
          )
        )
      );
    /** Buttons that stand over the panel's edge, by their names. */
    const over = (): Promise<string[]> =>
      panel.root.evaluate(node => {
        const frame = node.getBoundingClientRect();
        return Array.from(node.querySelectorAll<HTMLElement>('button, input'))
          .filter(button => button.checkVisibility())
          .filter(button => {
            const box = button.getBoundingClientRect();
            return box.right > frame.right + 1 || box.left < frame.left - 1;
          })
          .map(
            button =>
              button.getAttribute('aria-label') ?? button.textContent ?? ''
          );
      });
    await panel.prompt.fill('Two\nlines');
    await expect(panel.send).toBeInViewport({ ratio: 1 });
    await page.screenshot({ path: 'screenshots/zoom-panel.png' });
    expect(await sideways()).toBeLessThanOrEqual(0);
    expect(await over()).toEqual([]);
    await panel.execute('jupyterlab-gpt:preview');
    const send = page.getByRole('dialog').getByRole('button', { name: 'Send' });
    await expect(send).toBeInViewport({ ratio: 1 });
    await page.screenshot({ path: 'screenshots/zoom-preview.png' });
    expect(await over()).toEqual([]);
    await page.keyboard.press('Escape');
    await panel.button('Conversations').click();
    await expect(panel.root.getByRole('searchbox')).toBeInViewport();
    expect(await sideways()).toBeLessThanOrEqual(0);
    expect(await over()).toEqual([]);
  });
});

test(
  'who wants no motion sees none',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    const panel = await begin(page, tmpPath);
    await script(
      'slowly',
      Array.from({ length: 200 }, () => 'word '),
      50
    );
    await panel.choose('slowly');
    await panel.ask('Slowly');
    // The same moment with motion: what is looked for is there to be found.
    await expect.poll(() => running(page)).not.toEqual([]);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await running(page)).toEqual([]);
    await panel.root.getByRole('combobox', { name: 'Model' }).click();
    expect(await running(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await panel.stop.click();
    await panel.ended('cancelled');
    expect(await running(page)).toEqual([]);
    const smooth = await panel.root.evaluate(node =>
      [node, ...node.querySelectorAll('*')].some(
        each => getComputedStyle(each).scrollBehavior === 'smooth'
      )
    );
    expect(smooth).toBe(false);
  }
);

test(
  'all the way without a mouse',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    await openNotebook(page, `${tmpPath}/keys.ipynb`, [
      { id: 'first', source: '6 * 7' }
    ]);
    const panel = new GPTPanel(page);
    await script(
      'slowly',
      Array.from({ length: 400 }, () => 'word '),
      50
    );
    const cells = page.locator('.jp-Notebook .jp-Cell');
    await page.notebook.selectCells(0);
    await page.evaluate(() => {
      const mouse: string[] = [];
      Object.assign(window, { mouse });
      for (const kind of ['pointerdown', 'mousedown']) {
        window.addEventListener(
          kind,
          event => event.isTrusted && mouse.push(kind),
          true
        );
      }
    });
    /** Press a key until what is looked for has the focus. */
    const walk = async (key: string, to: Locator): Promise<void> => {
      for (let i = 0; i < 40; i++) {
        if (await to.evaluate(node => node === document.activeElement)) {
          return;
        }
        await page.keyboard.press(key);
      }
      await expect(to).toBeFocused();
    };
    const picker = panel.root.getByRole('combobox', { name: 'Model' });
    const pick = async (model: string): Promise<void> => {
      await walk('Tab', picker);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.type(model);
      await page.keyboard.press('Enter');
      await expect(picker).toHaveValue(model);
      await expect(panel.prompt).toBeFocused();
    };

    await page.keyboard.press('Alt+Shift+G');
    await expect(panel.prompt).toBeFocused();
    await pick('slowly');
    await page.keyboard.type('Count');
    await page.keyboard.press('Enter');
    await expect(panel.last('GPT')).toContainText('word');
    await walk('Tab', panel.stop);
    await page.keyboard.press('Enter');
    await panel.ended('cancelled');
    await expect(panel.prompt).toBeFocused();

    await pick('fake-code');
    await page.keyboard.type('Write it');
    await page.keyboard.press('Enter');
    const answer = await panel.ended();
    await walk(
      'Shift+Tab',
      answer.getByRole('button', { name: 'Insert below' }).last()
    );
    await page.keyboard.press('Enter');
    await expect(cells).toHaveCount(2);
    await page.keyboard.press('Escape');
    await page.keyboard.press('z');
    await expect(cells).toHaveCount(1);

    await page.keyboard.press('Alt+Shift+N');
    await page.keyboard.type('Another one');
    await page.keyboard.press('Enter');
    await panel.ended();
    await page.keyboard.press('Alt+Shift+H');
    await expect(panel.root.getByRole('searchbox')).toBeFocused();
    await page.keyboard.type('Count');
    const hit = panel.root.locator('.jp-gpt-History-open').first();
    await expect(hit).toContainText('Count');
    await walk('Tab', hit);
    await page.keyboard.press('Enter');
    await expect(panel.transcript).toContainText('Write it');

    await page.keyboard.press('Alt+g');
    await expect(panel.prompt).toBeFocused();
    await page.keyboard.press('Escape');
    await page.keyboard.press('b');
    await expect(cells).toHaveCount(2);
    await page.keyboard.press('Alt+g');
    await walk('Shift+Tab', panel.button('Settings'));
    await page.keyboard.press('Enter');
    await expect(page.locator('.jp-gpt-Providers')).toBeVisible();
    expect(
      await page.evaluate(
        () => (window as unknown as { mouse: string[] }).mouse
      )
    ).toEqual([]);
  }
);
