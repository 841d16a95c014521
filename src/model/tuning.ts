import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import type { IModelInfo } from '../protocol/frames';
import { Memory } from './memory';
import type { IChoice } from './choice';
import { keyOf } from './choice';

// Models that are remembered, the last ones: as many as those whose missing price was accepted.
const REMEMBERED = 100;

/** Levels that all models with a choice of efforts or verbosities have in common. */
const LEVELS: readonly string[] = ['low', 'medium', 'high'];

/**
 * How a model is to answer; what is absent is left to the model, or to the settings.
 */
// A type and not an interface: only types count as JSON for the state database.
export type Tuning = {
  effort?: string;
  verbosity?: string;
  temperature?: number;
};

/** The name of one of it. */
export type TuningName = keyof Tuning;

/**
 * What of it a model takes.
 */
export interface ITunable {
  /** Levels of effort; empty where it takes none. */
  readonly effort: readonly string[];
  /** Levels of verbosity; empty where it takes none. */
  readonly verbosity: readonly string[];
  readonly temperature: boolean;
  /** What it refused when it was asked: it is left out from then on. */
  readonly refused: ReadonlySet<string>;
}

/**
 * What a model takes; what is not known may be tried, as the server leaves out what is refused.
 *
 * @param info - Null for a model that is not in the list.
 */
export function tunableOf(info: IModelInfo | null): ITunable {
  return {
    effort: info?.effort ?? LEVELS,
    verbosity: info?.verbosity === false ? [] : LEVELS,
    temperature: info?.temperature !== false,
    refused: new Set(info?.refused ?? [])
  };
}

/**
 * How each model is to answer, as the user set it in the panel.
 */
export class TuningModel implements IDisposable {
  /**
   * Construct it.
   *
   * @param changed - Called after each change.
   */
  constructor(state: IStateDB | null, changed: () => void) {
    this._memory = new Memory(state, 'tuning');
    this._changed = changed;
    void this._memory.read().then(stored => {
      const known = Object.entries(stored?.models ?? {});
      if (known.length && !this.isDisposed) {
        this._models = new Map([...known, ...this._models]);
        this._changed();
      }
    });
  }

  /** Whether it is disposed. */
  get isDisposed(): boolean {
    return this._memory.isDisposed;
  }

  /** How a model is to answer. */
  of(choice: IChoice): Tuning {
    return this._models.get(keyOf(choice)) ?? {};
  }

  /** Set one of it; undefined leaves it to the model. */
  set<K extends TuningName>(
    choice: IChoice,
    name: K,
    value: Tuning[K] | undefined
  ): void {
    const next = { ...this.of(choice), [name]: value };
    if (value === undefined) {
      delete next[name];
    }
    this._put(choice, next);
  }

  /** Leave all of it to the model. */
  reset(choice: IChoice): void {
    this._put(choice, {});
  }

  /** Let go. */
  dispose(): void {
    this._memory.dispose();
  }

  private _put(choice: IChoice, next: Tuning): void {
    const key = keyOf(choice);
    // Put in again at the end: the first is the one that was changed longest ago.
    this._models.delete(key);
    if (Object.keys(next).length) {
      this._models.set(key, next);
    }
    const kept = [...this._models].slice(-REMEMBERED);
    this._memory.write({ models: Object.fromEntries(kept) });
    this._changed();
  }

  private _memory: Memory<{ models: { [key: string]: Tuning } }>;
  private _models = new Map<string, Tuning>();
  private _changed: () => void;
}
