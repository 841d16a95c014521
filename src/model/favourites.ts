import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import type { IModelInfo } from '../protocol/frames';
import { keyOf } from './choice';
import { Memory } from './memory';

/** What a model is known by: the same name at two providers is two models. */
type ModelRef = Pick<IModelInfo, 'provider' | 'id'>;

/**
 * The models that the user wants on top of the list.
 */
export class FavouritesModel implements IDisposable {
  /**
   * Construct it.
   *
   * @param changed - Called after each change.
   */
  constructor(state: IStateDB | null, changed: () => void) {
    this._memory = new Memory(state, 'favourites');
    this._changed = changed;
    void this._memory.read().then(stored => {
      const known = stored?.models ?? [];
      if (known.length && !this.isDisposed) {
        this._keys = new Set([...known, ...this._keys]);
        this._changed();
      }
    });
  }

  /** Whether it is disposed. */
  get isDisposed(): boolean {
    return this._memory.isDisposed;
  }

  /** Whether a model is one. */
  has({ provider, id }: ModelRef): boolean {
    return this._keys.has(keyOf({ provider, model: id }));
  }

  /** Make a model one, or take it back. */
  toggle({ provider, id }: ModelRef): void {
    const key = keyOf({ provider, model: id });
    if (!this._keys.delete(key)) {
      this._keys.add(key);
    }
    this._memory.write({ models: [...this._keys] });
    this._changed();
  }

  /** Let go. */
  dispose(): void {
    this._memory.dispose();
  }

  private _memory: Memory<{ models: string[] }>;
  private _keys = new Set<string>();
  private _changed: () => void;
}
