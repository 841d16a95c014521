/**
 * Pictures of the documentation: each is taken by a test, so that none shows what is no more.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';

/** Where the documentation has its pictures. */
export const IMAGES = path.join(__dirname, '../../docs/images');

/** Whether pictures are written (`make pictures`), or compared with those that are there. */
export const WRITES = Boolean(process.env.GPT_DOC_PICTURES);

// Pixels by which a picture may differ from the one in the documentation: fonts of another system
// are a line taller or a letter wider here and there; one more row of buttons is 24 px and more.
const TOLERANCE = 12;

// A PNG file has its width and height as 32-bit numbers behind signature and chunk header.
const WIDTH_AT = 16;
const HEIGHT_AT = 20;

function sizeOf(png: Buffer): { width: number; height: number } {
  return {
    width: png.readUInt32BE(WIDTH_AT),
    height: png.readUInt32BE(HEIGHT_AT)
  };
}

/**
 * Take a picture of the documentation, in the light theme.
 *
 * With GPT_DOC_PICTURES it is written; else the one that is there must have the same size.
 *
 * @param page - the page, whose viewport gives the size
 * @param name - the file below docs/images, spelled out: tests/test_pictures.py reads the calls
 * @param part - what of the page is shown, or all
 */
export async function docPicture(
  page: Page,
  name: string,
  part?: Locator
): Promise<void> {
  await expect(page.locator('body')).toHaveAttribute(
    'data-jp-theme-light',
    'true'
  );
  // Away from what it would highlight, which differs from run to run.
  await page.mouse.move(0, 0);
  const file = path.join(IMAGES, name);
  const taken = await (part ?? page).screenshot({
    animations: 'disabled',
    caret: 'hide',
    scale: 'css',
    path: WRITES ? file : undefined
  });
  if (WRITES) {
    return;
  }
  expect(existsSync(file), `${name} is there; make pictures`).toBe(true);
  const kept = sizeOf(readFileSync(file));
  const now = sizeOf(taken);
  for (const side of ['width', 'height'] as const) {
    expect(
      Math.abs(now[side] - kept[side]),
      `${name} is stale, its ${side} was ${kept[side]} and is ${now[side]}; make pictures`
    ).toBeLessThanOrEqual(TOLERANCE);
  }
}
