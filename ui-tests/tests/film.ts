/**
 * The animated picture of the documentation: frames that a test takes one by one.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { IMAGES, WRITES } from './images';

const ANIMATE = path.join(__dirname, '../../scripts/animate.py');

// An animated WebP file has its width and height less one, as 24-bit numbers, in its first chunk.
const WIDTH_AT = 24;
const HEIGHT_AT = 27;

/** Frames, each of which stands for some time. */
export class Film {
  private readonly _folder: string;
  private _frames = 0;

  /**
   * @param page - the page, whose viewport gives the size
   * @param name - the file below docs/images, spelled out: tests/test_pictures.py reads it
   */
  constructor(
    private readonly page: Page,
    private readonly name: string
  ) {
    this._folder = path.join(__dirname, '../screenshots', name);
    rmSync(this._folder, { recursive: true, force: true });
    mkdirSync(this._folder, { recursive: true });
  }

  /** Take what the page shows as the next frame, which stands for so many milliseconds. */
  async frame(milliseconds: number): Promise<void> {
    const number = String(this._frames++).padStart(3, '0');
    await this.page.screenshot({
      path: path.join(this._folder, `${number}-${milliseconds}.png`),
      animations: 'disabled',
      caret: 'hide'
    });
  }

  /** Make the file of the frames with GPT_DOC_PICTURES; else it must be there, in this size. */
  end(): void {
    const file = path.join(IMAGES, this.name);
    if (WRITES) {
      execFileSync('python', [ANIMATE, this._folder, file]);
    }
    expect(existsSync(file), `${this.name} is there; make pictures`).toBe(true);
    const kept = readFileSync(file);
    expect({
      width: kept.readUIntLE(WIDTH_AT, 3) + 1,
      height: kept.readUIntLE(HEIGHT_AT, 3) + 1
    }).toEqual(this.page.viewportSize());
  }
}
