/**
 * A part whose code is loaded on first use, and not with the page.
 */
export interface ILazy<T> {
  /** The part if it is loaded, else null. */
  readonly loaded: T | null;
  /** Load it, once; a load that failed is tried again by the next call. */
  load(): Promise<T>;
}

/**
 * Loads a part on first use: plugins hold what JupyterLab needs from the start, names and
 * enablement, and the rest in one of these.
 */
export class Lazy<T> implements ILazy<T> {
  /**
   * @param create - Loads the code and makes the part.
   */
  constructor(private readonly _create: () => Promise<T>) {}

  get loaded(): T | null {
    return this._loaded;
  }

  load(): Promise<T> {
    this._loading ??= this._create().then(
      part => (this._loaded = part),
      reason => {
        // The chunk could not be fetched: the next try may.
        this._loading = null;
        throw reason;
      }
    );
    return this._loading;
  }

  private _loaded: T | null = null;
  private _loading: Promise<T> | null = null;
}
