import { PageConfig } from '@jupyterlab/coreutils';
import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONValue } from '@lumino/coreutils';
import { Memory } from './memory';

/**
 * A value that belongs to this page and is there again after a reload at any moment.
 *
 * JupyterLab sends its state database to the server half a second after the last change, and not
 * at all while the server is away: what was asked just before a reload would be forgotten. So the
 * browser's session storage, which is written at once and is the page's own, has it too and is
 * asked first.
 */
export class PageMemory<T extends ReadonlyPartialJSONValue> extends Memory<T> {
  /**
   * Construct a memory.
   *
   * @param state - The state database; without one nothing is remembered.
   * @param key - The value's key.
   */
  constructor(state: IStateDB | null, key: string) {
    super(state, key);
    this._remembers = state !== null;
    // Servers and workspaces of one origin have states of their own.
    const place = ['baseUrl', 'workspace'].map(o => PageConfig.getOption(o));
    this._name = [...place, 'jupyterlab-gpt', key].join(':');
    window.addEventListener('pagehide', this._onHide);
  }

  override async read(): Promise<T | null> {
    if (this._remembers) {
      try {
        const text = sessionStorage.getItem(this._name);
        if (text !== null) {
          return JSON.parse(text) as T;
        }
      } catch {
        // Storage may be forbidden; the state database is not.
      }
    }
    return super.read();
  }

  override dispose(): void {
    window.removeEventListener('pagehide', this._onHide);
    super.dispose();
  }

  protected override store(value: T): void {
    try {
      if (this._remembers) {
        sessionStorage.setItem(this._name, JSON.stringify(value));
      }
    } catch {
      // Forbidden or full (5 MB): an older value would be wrong.
      this._forget();
    }
    super.store(value);
  }

  private _forget(): void {
    try {
      sessionStorage.removeItem(this._name);
    } catch {
      // Forbidden: then there is nothing to remove.
    }
  }

  private _onHide = (): void => this.flush();

  private _remembers: boolean;
  private _name: string;
}
