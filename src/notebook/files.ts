import { PathExt } from '@jupyterlab/coreutils';
import type * as nbformat from '@jupyterlab/nbformat';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { INotebookCell } from '../protocol/frames';
import { IMAGE_TYPES } from './images';
import type { Upload } from './upload';
import { fromBase64 } from './upload';
import type { IContent } from './uploaded';
import { UploadedAttachment } from './uploaded';

/**
 * A file of the workspace: a text, a picture, or a notebook without its outputs. The server reads
 * it, unless it is on another drive; it is read anew when JupyterLab saves it.
 */
export class FileAttachment extends UploadedAttachment {
  constructor(options: FileAttachment.IOptions) {
    super(`file:${options.path}`, options.trans);
    this._path = options.path;
    this._options = options;
    options.contents.fileChanged.connect(this._onFile, this);
  }

  get label(): string {
    return PathExt.basename(this._options.contents.localPath(this._path));
  }

  reveal(): void {
    this._options.open(this._path);
  }

  protected async load(): Promise<IContent> {
    const path = this._path;
    if (PathExt.extname(path) === '.ipynb') {
      return this._loadNotebook(path);
    }
    const { sha256, bytes, mime } = await this._options.upload(
      await this._source()
    );
    if (IMAGE_TYPES.includes(mime)) {
      return { part: { type: 'image', mime, blob: sha256 }, bytes };
    }
    if (mime !== 'text/plain') {
      throw new Error(
        this.trans.__('%1 is neither a text nor an image.', this.label)
      );
    }
    if (bytes === 0) {
      throw new Error(this.trans.__('%1 is empty.', this.label));
    }
    return { part: { type: 'file', path, blob: sha256 }, bytes };
  }

  /** Where the server can read it itself: on a drive of its own a path names another file. */
  private async _source(): Promise<Blob | { path: string }> {
    const { contents } = this._options;
    if (!contents.driveName(this._path)) {
      return { path: this._path };
    }
    let content: unknown;
    try {
      ({ content } = await contents.get(this._path, {
        type: 'file',
        format: 'base64'
      }));
    } catch {
      content = null;
    }
    const blob = typeof content === 'string' ? fromBase64(content, '') : null;
    if (blob === null) {
      throw new Error(this.trans.__('%1 cannot be read.', this.label));
    }
    return blob;
  }

  private async _loadNotebook(path: string): Promise<IContent> {
    const { contents } = this._options;
    let content: nbformat.INotebookContent;
    try {
      const model = await contents.get(this._path, { type: 'notebook' });
      content = model.content as nbformat.INotebookContent;
    } catch {
      throw new Error(this.trans.__('%1 cannot be read.', this.label));
    }
    const cells = content.cells.map(notebookCell);
    return { part: { type: 'notebook', path, cells }, bytes: 0 };
  }

  private _onFile(
    _: Contents.IManager,
    { type, oldValue, newValue }: Contents.IChangedArgs
  ): void {
    if (type === 'save' && newValue?.path === this._path) {
      void this.read();
    } else if (type === 'rename' && oldValue?.path === this._path) {
      this._path = newValue?.path ?? this._path;
      void this.read();
    } else if (type === 'delete' && oldValue?.path === this._path) {
      this.fail(this.trans.__('%1 was deleted.', this.label));
    }
  }

  private readonly _options: FileAttachment.IOptions;
  private _path: string;
}

/**
 * A namespace for `FileAttachment` statics.
 */
export namespace FileAttachment {
  /**
   * The options of a `FileAttachment`.
   */
  export interface IOptions {
    /** As the contents manager knows it, a drive's name included. */
    readonly path: string;
    readonly contents: Contents.IManager;
    readonly trans: TranslationBundle;
    readonly upload: Upload;
    /** Show the file. */
    readonly open: (path: string) => void;
  }
}

function notebookCell(cell: nbformat.ICell, index: number): INotebookCell {
  const { cell_type: kind, source } = cell;
  return {
    // Notebooks before 4.5 have no ids: the place has to do.
    id: typeof cell.id === 'string' ? cell.id : String(index),
    kind: kind === 'code' || kind === 'markdown' ? kind : 'raw',
    source: Array.isArray(source) ? source.join('') : source
  };
}
