import type { ISessionContext } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IContent } from './uploaded';
import { UploadedAttachment } from './uploaded';
import { readVariables } from './variables';

/**
 * One live variable, as it was when its chip was made.
 */
export class VariableAttachment extends UploadedAttachment {
  constructor(options: VariableAttachment.IOptions) {
    super(`variable:${options.path}#${options.name}`, options.trans);
    this.label = options.name;
    this._session = options.session;
  }

  readonly label: string;

  override get kind(): 'variable' {
    return 'variable';
  }

  override get note(): string {
    return this._type || super.note;
  }

  reveal(): void {
    // It is in the kernel, which has no page.
  }

  protected async load(): Promise<IContent> {
    const request = { names: [this.label] };
    const [part] = await readVariables(this._session, request, this.trans);
    if (!part) {
      throw new Error(
        this.trans.__('The kernel has no variable %1.', this.label)
      );
    }
    this._type = part.var_type ?? '';
    return { part, bytes: 0 };
  }

  private readonly _session: ISessionContext;
  private _type = '';
}

/**
 * A namespace for `VariableAttachment` statics.
 */
export namespace VariableAttachment {
  /**
   * The options of a `VariableAttachment`.
   */
  export interface IOptions {
    readonly name: string;
    /** Of the notebook whose kernel has it. */
    readonly path: string;
    readonly session: ISessionContext;
    readonly trans: TranslationBundle;
  }
}
