import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONValue } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';

// Wait in ms after the last change before it is stored: about two keys of a quick typist.
const WAIT = 300;

/**
 * One value in the browser's state database, written some time after its last change.
 */
export class Memory<T extends ReadonlyPartialJSONValue> implements IDisposable {
  /**
   * Construct a memory.
   *
   * @param state - The state database; without one nothing is remembered.
   * @param key - The value's key.
   */
  constructor(state: IStateDB | null, key: string) {
    this._state = state;
    this._key = `jupyterlab-gpt:${key}`;
  }

  /**
   * Whether the memory is disposed.
   */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * What was stored, or null. Never rejects.
   */
  async read(): Promise<T | null> {
    try {
      const value = await this._state?.fetch(this._key);
      return (value as T | undefined) ?? null;
    } catch (reason) {
      console.warn(`${this._key} could not be restored.`, reason);
      return null;
    }
  }

  /**
   * Store a value soon.
   */
  write(value: T): void {
    window.clearTimeout(this._timer);
    this._value = value;
    this._timer = window.setTimeout(() => this.flush(), WAIT);
  }

  /**
   * Store what waits to be stored now.
   */
  flush(): void {
    window.clearTimeout(this._timer);
    if (this._value === undefined) {
      return;
    }
    const value = this._value;
    this._value = undefined;
    this.store(value);
  }

  /**
   * Store what waits, and let go.
   */
  dispose(): void {
    if (!this._isDisposed) {
      this.flush();
      this._isDisposed = true;
    }
  }

  /**
   * Store a value.
   */
  protected store(value: T): void {
    this._state?.save(this._key, value).catch(reason => {
      console.warn(`${this._key} could not be stored.`, reason);
    });
  }

  private _state: IStateDB | null;
  private _key: string;
  private _value: T | undefined;
  private _timer = 0;
  private _isDisposed = false;
}
