import type { TranslationBundle } from '@jupyterlab/translation';
import type { Upload } from './upload';
import { MAX_BLOB_BYTES } from './upload';
import type { IContent } from './uploaded';
import { UploadedAttachment } from './uploaded';

/** The pictures that models read. */
export const IMAGE_TYPES = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp'
];

/** Counts the pictures without a name: two that were pasted are two chips. */
let pasted = 0;

/**
 * A picture that was pasted or dropped.
 */
export class ImageAttachment extends UploadedAttachment {
  constructor(options: ImageAttachment.IOptions) {
    const { image, name, trans, upload } = options;
    pasted += 1;
    super(`image:${pasted}`, trans);
    this._image = image;
    this._upload = upload;
    this.label = name || trans.__('image %1', pasted);
    this.thumbnail = URL.createObjectURL(image);
  }

  readonly label: string;
  readonly thumbnail: string;

  reveal(): void {
    // It is nowhere but on its chip.
  }

  override dispose(): void {
    if (!this.isDisposed) {
      URL.revokeObjectURL(this.thumbnail);
      super.dispose();
    }
  }

  protected async load(): Promise<IContent> {
    checkImage(this._image, this.trans);
    const { sha256, mime, bytes } = await this._upload(this._image);
    if (!IMAGE_TYPES.includes(mime)) {
      throw notAnImage(this.trans);
    }
    return { part: { type: 'image', mime, blob: sha256 }, bytes };
  }

  private readonly _image: Blob;
  private readonly _upload: Upload;
}

/**
 * A namespace for `ImageAttachment` statics.
 */
export namespace ImageAttachment {
  /**
   * The options of an `ImageAttachment`.
   */
  export interface IOptions {
    readonly image: Blob;
    /** Of the file that was dropped; empty where it was pasted. */
    readonly name?: string;
    readonly trans: TranslationBundle;
    readonly upload: Upload;
  }
}

/**
 * Refuse what no model reads, before it goes anywhere.
 *
 * @throws Error with a translated sentence.
 */
export function checkImage(image: Blob, trans: TranslationBundle): void {
  if (!IMAGE_TYPES.includes(image.type)) {
    throw notAnImage(trans);
  }
  if (image.size > MAX_BLOB_BYTES) {
    throw new Error(
      trans.__('This image is larger than 8 MB: make it smaller first.')
    );
  }
}

function notAnImage(trans: TranslationBundle): Error {
  return new Error(
    trans.__('Only PNG, JPEG, GIF and WebP images can go along.')
  );
}
