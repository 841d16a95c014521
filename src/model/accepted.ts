import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import { Memory } from './memory';
import type { IChoice } from './choice';
import { keyOf } from './choice';

// Models that are remembered, the last ones: a user who tries models by the dozen is asked again.
const REMEMBERED = 100;

/**
 * The models without a known price that the user said yes to, once for each.
 */
export class AcceptedModels implements IDisposable {
  /** Construct a memory of them. */
  constructor(state: IStateDB | null) {
    this._memory = new Memory(state, 'accept-unpriced');
    void this._memory.read().then(stored => {
      stored?.models.forEach(key => this._keys.add(key));
    });
  }

  /** Whether it is disposed. */
  get isDisposed(): boolean {
    return this._memory.isDisposed;
  }

  /** Whether the user said yes to this model. */
  has(choice: IChoice): boolean {
    return this._keys.has(keyOf(choice));
  }

  /** The user says yes. */
  add(choice: IChoice): void {
    this._keys.add(keyOf(choice));
    this._memory.write({ models: [...this._keys].slice(-REMEMBERED) });
  }

  /** Let go. */
  dispose(): void {
    this._memory.dispose();
  }

  private _memory: Memory<{ models: string[] }>;
  private _keys = new Set<string>();
}
