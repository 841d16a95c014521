/**
 * Chips over the prompt box: found by their names, made by hand.
 */
import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import type { GPTPanel } from './gpt';
import { journal } from './gpt';
import type { ITestCell } from './notebooks';

/** Cells by their sources, with the ids `cell-1`, `cell-2` … */
export function cellsOf(sources: readonly string[]): ITestCell[] {
  return sources.map((source, at) => ({ id: `cell-${at + 1}`, source }));
}

/** A chip by what it is called. */
export function chip(panel: GPTPanel, name: string | RegExp): Locator {
  const label = typeof name === 'string' ? `Context: ${name}` : name;
  return panel.root.locator('.jp-gpt-Composer').getByRole('group', {
    name: label,
    exact: typeof name === 'string'
  });
}

/** All chips. */
export function chips(panel: GPTPanel): Locator {
  return chip(panel, /^Context: /);
}

/** Choose one of the rarely wanted things of a chip. */
export async function more(of: Locator, name: string): Promise<void> {
  await of.getByRole('button', { name: /^More of/ }).click();
  await of.getByRole('menuitem', { name, exact: true }).click();
}

/** What the provider received as the last question. */
export async function received(): Promise<string> {
  const { messages } = (await journal()).at(-1)!.body;
  const content: unknown = messages.at(-1)!.content;
  return typeof content === 'string' ? content : JSON.stringify(content);
}

/** Drag as a hand does: Lumino wants to see the pointer move. */
export async function drag(
  page: Page,
  from: Locator,
  to: Locator
): Promise<void> {
  const start = (await from.boundingBox())!;
  const end = (await to.boundingBox())!;
  await page.mouse.move(start.x + 12, start.y + 8);
  await page.mouse.down();
  await page.mouse.move(start.x + 30, start.y + 24, { steps: 4 });
  await page.mouse.move(end.x + 30, end.y + 12, { steps: 12 });
  await page.mouse.move(end.x + 32, end.y + 14, { steps: 2 });
  await page.mouse.up();
}

/** The prompt of a cell, by which it is dragged. */
export function handle(page: Page, index: number): Locator {
  return page.locator('.jp-Notebook .jp-InputArea-prompt').nth(index);
}

/** What the panel says in words at the prompt box. */
export async function expectComplaint(
  panel: GPTPanel,
  sentence: string
): Promise<void> {
  await expect(
    panel.root.getByRole('alert').filter({ hasText: sentence })
  ).toBeVisible();
}
