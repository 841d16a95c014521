import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type {
  IAttachment,
  ICellRef,
  IContextFound,
  INotebookSide
} from '../tokens';
import type { Feature, IsOff } from '../protocol/features';
import { nothingOff, switchedOff } from '../protocol/features';
import { CellsAttachment, MAX_CELLS } from './cells';
import type { IChipDefaults } from './chipdefaults';
import { FileAttachment } from './files';
import { NotebookFinder } from './finder';
import { checkImage, ImageAttachment } from './images';
import { ContextSearch } from './search';
import { selectedRefs } from './selected';
import type { Upload } from './upload';
import type { UploadedAttachment } from './uploaded';
import { VariableAttachment } from './variable';

/**
 * Makes chips of all that can go along with a prompt, and finds it. Loaded when first needed.
 */
export class ContextMaker {
  constructor(options: ContextMaker.IOptions) {
    this._options = options;
    this._finder = new NotebookFinder(options.tracker);
    this._search = new ContextSearch({
      contents: options.contents,
      trans: options.trans,
      isOff: options.isOff ?? nothingOff,
      panel: () => options.tracker.currentWidget,
      attach: {
        cell: ref => this.attachCells([ref]),
        notebook: async () => this._have(options.notebook.attachNotebook()),
        file: path => this.attachFile(path),
        variable: (panel, name) => this._variable(panel, name)
      }
    });
  }

  find(
    query: string,
    limit: number,
    signal?: AbortSignal
  ): Promise<IContextFound> {
    return this._search.find(query, limit, signal);
  }

  attachSelected(): Promise<IAttachment> {
    return this.attachCells(selectedRefs(this._options.tracker.currentWidget));
  }

  async attachCells(refs: readonly ICellRef[]): Promise<IAttachment> {
    const { defaults, notebook, trans } = this._options;
    if (refs.length === 0) {
      throw new Error(trans.__('No notebook is open.'));
    }
    if (refs.length === 1) {
      return this._have(notebook.attach(refs[0]));
    }
    if (refs.length > MAX_CELLS) {
      throw new Error(
        trans.__(
          '%1 cells are more than the %2 that go along at most: select fewer, or add the whole notebook.',
          refs.length,
          MAX_CELLS
        )
      );
    }
    return new CellsAttachment({
      refs,
      trans,
      finder: this._finder,
      defaults: defaults(),
      reveal: ref => {
        const chip = notebook.attach(ref);
        chip?.reveal();
        chip?.dispose();
      }
    });
  }

  async attachFile(path: string): Promise<IAttachment> {
    const { contents, open, trans, upload } = this._options;
    this._check('files');
    return reading(new FileAttachment({ path, contents, open, trans, upload }));
  }

  async attachImage(image: Blob, name?: string): Promise<IAttachment> {
    const { trans, upload } = this._options;
    this._check('images');
    checkImage(image, trans);
    return reading(new ImageAttachment({ image, name, trans, upload }));
  }

  private async _variable(
    panel: NotebookPanel,
    name: string
  ): Promise<IAttachment> {
    const { sessionContext: session, context } = panel;
    const { trans } = this._options;
    const { path } = context;
    return reading(new VariableAttachment({ name, path, session, trans }));
  }

  private _check(feature: Feature): void {
    if (this._options.isOff?.(feature)) {
      throw new Error(switchedOff(this._options.trans, feature));
    }
  }

  private _have(attachment: IAttachment | null): IAttachment {
    if (attachment === null) {
      throw new Error(
        this._options.trans.__('This cell is not there any more.')
      );
    }
    return attachment;
  }

  private readonly _options: ContextMaker.IOptions;
  private readonly _finder: NotebookFinder;
  private readonly _search: ContextSearch;
}

/**
 * A namespace for `ContextMaker` statics.
 */
export namespace ContextMaker {
  /**
   * The options of a `ContextMaker`.
   */
  export interface IOptions {
    readonly tracker: INotebookTracker;
    readonly notebook: INotebookSide;
    readonly contents: Contents.IManager;
    readonly trans: TranslationBundle;
    readonly upload: Upload;
    readonly isOff?: IsOff;
    /** What a chip includes when it is made: read anew for each. */
    readonly defaults: () => IChipDefaults;
    /** Show a file. */
    readonly open: (path: string) => void;
  }
}

/** Begin to read; the chip is there meanwhile, and says so. */
function reading(attachment: UploadedAttachment): IAttachment {
  void attachment.read();
  return attachment;
}
