import type { TranslationBundle } from '@jupyterlab/translation';
import type { Part } from '../protocol/frames';
import type { IsOff } from '../protocol/features';
import type { IFoundCell } from './opencells';
import type { ICellOption, IOptionSetting } from './option';
import type { IOutputImage } from './outputs';
import { outputImages } from './outputs';
import type { Upload } from './upload';
import { fromBase64, MAX_BLOB_BYTES, sentenceOf } from './upload';

/**
 * Pictures of one cell that go along at most: each costs up to 1,400 tokens, and what a cell draws
 * in a loop is alike.
 */
const MAX_IMAGES = 4;

/**
 * The pictures in a cell's outputs. They go up when they are switched on: a part names a picture by
 * its hash, which the server knows.
 */
export class OutputImages implements ICellOption {
  constructor(setting: IOptionSetting, upload: Upload) {
    this._trans = setting.trans;
    this._onNews = setting.onNews;
    this._isOff = setting.isOff;
    this._upload = upload;
  }

  readonly id = 'images';
  readonly needs = 'images';
  readonly minor = true;
  enabled = false;

  get pending(): string | null {
    return this._waiting > 0 ? this._trans.__('Reading the images…') : null;
  }

  get problem(): string | null {
    return this._problem;
  }

  label({ model }: IFoundCell): string {
    return this._trans._n('Image', 'Images', outputImages(model).length);
  }

  isShown({ model }: IFoundCell): boolean {
    return !this._isOff('images') && outputImages(model).length > 0;
  }

  notes({ model }: IFoundCell): string[] {
    const all = outputImages(model).length;
    return [
      all > MAX_IMAGES
        ? this._trans.__('first %1 of %2 images', MAX_IMAGES, all)
        : this._trans._n('%1 image', '%1 images', all, all)
    ];
  }

  parts({ model }: IFoundCell): Part[] {
    return outputImages(model)
      .slice(0, MAX_IMAGES)
      .flatMap<Part>(({ mime, data }) => {
        const blob = this._known.get(data);
        return blob ? [{ type: 'image', mime, blob }] : [];
      });
  }

  refresh({ model }: IFoundCell): void {
    this._problem = null;
    for (const image of outputImages(model).slice(0, MAX_IMAGES)) {
      if (!this._known.has(image.data)) {
        this._known.set(image.data, '');
        void this._put(image);
      }
    }
  }

  private async _put(image: IOutputImage): Promise<void> {
    this._waiting += 1;
    try {
      const bytes = fromBase64(image.data, image.mime);
      if (!bytes || bytes.size > MAX_BLOB_BYTES) {
        throw new Error(
          bytes
            ? this._trans.__('An image of this cell is larger than 8 MB.')
            : this._trans.__('An image of this cell cannot be read.')
        );
      }
      this._known.set(image.data, (await this._upload(bytes)).sha256);
    } catch (reason) {
      this._known.delete(image.data);
      this.enabled = false;
      this._problem = sentenceOf(reason);
    }
    this._waiting -= 1;
    this._onNews();
  }

  private readonly _isOff: IsOff;
  private readonly _trans: TranslationBundle;
  private readonly _onNews: () => void;
  private readonly _upload: Upload;
  /** Hashes by content; empty while it goes up. */
  private readonly _known = new Map<string, string>();
  private _waiting = 0;
  private _problem: string | null = null;
}
