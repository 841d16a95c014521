import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/**
 * Expect that axe-core finds no fault in what is ours of a page.
 *
 * @param root - Selector of what is looked at: the rest of the page is JupyterLab's.
 * @param view - What is shown, for the message.
 */
export async function expectAccessible(
  page: Page,
  root: string,
  view: string
): Promise<void> {
  // Half-way through a transition a colour has no contrast yet.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getTiming().iterations !== Infinity)
        .map(animation => animation.finished.catch(() => undefined))
    ).then(() => undefined)
  );
  const { violations } = await new AxeBuilder({ page }).include(root).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      node =>
        `${id}: ${help}\n  ${node.html.slice(0, 300)}\n  ${node.any[0]?.message ?? node.failureSummary}`
    )
  );
  expect.soft(found, view).toEqual([]);
}
