import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Part } from '../protocol/frames';
import type { IAttachment } from '../tokens';
import { roughTokens } from './rough';
import { sentenceOf } from './upload';

/**
 * What was read of a source.
 */
export interface IContent {
  readonly part: Part;
  /** Bytes of what lies on the server. */
  readonly bytes: number;
}

/**
 * Something that is read when its chip is made: until then it cannot go out, and what could not be
 * read says why and stays here.
 */
export abstract class UploadedAttachment implements IAttachment {
  constructor(
    readonly id: string,
    protected readonly trans: TranslationBundle
  ) {}

  abstract readonly label: string;
  abstract reveal(): void;

  /** Read the source. @throws Error with a translated sentence. */
  protected abstract load(): Promise<IContent>;

  readonly options = [];

  get kind(): Part['type'] {
    return this._content?.part.type ?? 'file';
  }

  get note(): string {
    if (this._problem !== null) {
      return this.trans.__('stays here');
    }
    return this._content && this._content.bytes > 0
      ? sizeText(this._content.bytes)
      : '';
  }

  get available(): boolean {
    return this._problem === null;
  }

  get pending(): string | null {
    return this._content === null && this._problem === null
      ? this.trans.__('Reading %1…', this.label)
      : null;
  }

  get problem(): string | null {
    return this._problem;
  }

  get tokens(): number | null {
    if (this._content === null) {
      return null;
    }
    const { part, bytes } = this._content;
    return roughTokens([part], part.type === 'image' ? 0 : bytes);
  }

  get changed(): ISignal<IAttachment, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  setOption(): void {
    // It goes along as a whole, or not.
  }

  parts(): Part[] {
    return this._content ? [this._content.part] : [];
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  /** Read it, or read it anew; what was read before goes along until then. */
  async read(): Promise<void> {
    this._round += 1;
    const round = this._round;
    let content: IContent | null = null;
    let problem: string | null = null;
    try {
      content = await this.load();
    } catch (reason) {
      problem = sentenceOf(reason);
    }
    if (round === this._round && !this._isDisposed) {
      this._content = content;
      this.fail(problem);
    }
  }

  /** There is something wrong with the source; null: not any more. */
  protected fail(problem: string | null): void {
    this._problem = problem;
    if (problem !== null) {
      this._content = null;
    }
    this._changed.emit();
  }

  private readonly _changed = new Signal<IAttachment, void>(this);
  private _content: IContent | null = null;
  private _problem: string | null = null;
  private _isDisposed = false;
  // Counts the readings: an earlier one that ends later is not news.
  private _round = 0;
}

/** `1.2 MB`; decimal units, as file browsers have them. */
function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB'];
  const unit = bytes < 1000 ? 0 : bytes < 999_500 ? 1 : 2;
  const value = bytes / 1000 ** unit;
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
