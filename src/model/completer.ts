import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type {
  IContextCandidate,
  IContextFound,
  IGPTContext,
  IPromptTemplate
} from '../tokens';
import { matchPrompts } from './prompts';
import type { ITrigger } from './trigger';
import { triggerAt } from './trigger';

/**
 * How long one must pause before a search begins, in ms: less than between two keys of a slow
 * typist costs a search a key, more is felt.
 */
const PAUSE_MS = 80;

/** Candidates asked for: more than anybody looks through. */
const LIMIT = 20;

/**
 * Something that the prompt box offers.
 */
export interface IOffer {
  readonly id: string;
  readonly kind: 'prompt' | IContextCandidate['kind'];
  readonly label: string;
  /** A second, quieter text. */
  readonly detail: string;
  /** Of kind `prompt`. */
  readonly prompt?: IPromptTemplate;
  /** Of every other kind. */
  readonly candidate?: IContextCandidate;
}

/**
 * What the prompt box offers while a prompt (`/`) or a piece of context (`@`) is named.
 */
export class CompleterModel implements IDisposable {
  constructor(options: CompleterModel.IOptions) {
    this._options = options;
  }

  /** What is being named; null: nothing, and no list is open. */
  get trigger(): ITrigger | null {
    return this._trigger;
  }

  /** What fits, best first. */
  get offers(): readonly IOffer[] {
    return this._offers;
  }

  /** Which of them is chosen now. */
  get index(): number {
    return this._index;
  }

  /** Whether a search goes on. */
  get loading(): boolean {
    return this._loading;
  }

  /** Why something could not be searched, or was not; translated. */
  get notes(): readonly string[] {
    return this._notes;
  }

  /** Whether there is something to show. */
  get isOpen(): boolean {
    const { _trigger, _offers, _notes, _loading } = this;
    // What was meant as plain text ("@ home", "/usr") finds nothing, and says nothing.
    const name = _trigger?.kind === 'context' && !_trigger.query.includes(' ');
    return (
      _trigger !== null &&
      (_offers.length > 0 || (name && (_loading || _notes.length > 0)))
    );
  }

  /** Emitted when any of these changes. */
  get changed(): ISignal<CompleterModel, void> {
    return this._changed;
  }

  /** Whether the model is disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * The text or the caret has changed.
   *
   * @param typed - False where only the caret moved: that opens nothing.
   */
  update(text: string, caret: number, typed: boolean): void {
    const next = triggerAt(text, caret);
    const before = this._trigger;
    if (next === null || (next.kind === 'context' && !this._options.context)) {
      this._closedAt = -1;
      this.close();
    } else if (next.start === this._closedAt || (!typed && before === null)) {
      this.close();
    } else if (next.start !== before?.start || next.query !== before.query) {
      this._closedAt = -1;
      this._search(next, next.start !== before?.start);
    }
  }

  /** Close the list; it stays closed until something else is named. */
  dismiss(): void {
    this._closedAt = this._trigger?.start ?? -1;
    this.close();
  }

  /** Close the list. */
  close(): void {
    this._stop();
    if (this._trigger !== null) {
      this._trigger = null;
      this._set([], []);
    }
  }

  /** Choose the next (1) or the one before (-1), round and round. */
  move(step: 1 | -1): void {
    const count = this._offers.length;
    if (count > 0) {
      this._index = (this._index + step + count) % count;
      this._changed.emit();
    }
  }

  /**
   * What is chosen, as soon as the search that goes on has ended; null if there is nothing, or
   * something else was typed meanwhile.
   */
  async chosen(): Promise<IOffer | null> {
    const trigger = this._trigger;
    await this._searching;
    return this._trigger === trigger
      ? (this._offers[this._index] ?? null)
      : null;
  }

  /** Stop searching, and let go. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._stop();
      Signal.clearData(this);
    }
  }

  private _search(trigger: ITrigger, anew: boolean): void {
    this._stop();
    this._trigger = trigger;
    const { context, prompts } = this._options;
    if (trigger.kind === 'prompt') {
      const { summary } = this._options;
      const found = matchPrompts(prompts(), trigger.query);
      this._set(
        found.map(prompt => offerOfPrompt(prompt, summary(prompt.prompt))),
        []
      );
    } else if (context) {
      // Until the search has ended, what was found before and still fits.
      const wanted = trigger.query.toLowerCase();
      const still = this._offers.filter(
        ({ label }) => !anew && label.toLowerCase().includes(wanted)
      );
      const abort = new AbortController();
      this._abort = abort;
      this._loading = true;
      this._set(still, anew ? [] : this._notes);
      this._searching = this._find(context, trigger.query, abort.signal);
    }
  }

  private async _find(
    context: IGPTContext,
    query: string,
    signal: AbortSignal
  ): Promise<void> {
    let found: IContextFound = { candidates: [], notes: [] };
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
    if (signal.aborted) {
      return;
    }
    try {
      found = await context.find(query, LIMIT, signal);
    } catch (reason) {
      if (!signal.aborted) {
        console.error('JupyterLab GPT: the search for context failed', reason);
        found = { candidates: [], notes: [this._options.failed] };
      }
    }
    if (!signal.aborted) {
      this._loading = false;
      const none = this._options.nothing;
      this._set(
        found.candidates.map(offerOfCandidate),
        found.candidates.length || found.notes.length ? found.notes : [none]
      );
    }
  }

  private _set(offers: readonly IOffer[], notes: readonly string[]): void {
    this._offers = offers;
    this._notes = notes;
    this._index = 0;
    this._changed.emit();
  }

  private _stop(): void {
    this._abort?.abort();
    this._abort = null;
    this._loading = false;
    this._searching = null;
  }

  private readonly _options: CompleterModel.IOptions;
  private readonly _changed = new Signal<CompleterModel, void>(this);
  private _trigger: ITrigger | null = null;
  private _offers: readonly IOffer[] = [];
  private _notes: readonly string[] = [];
  private _index = 0;
  private _loading = false;
  private _abort: AbortController | null = null;
  private _searching: Promise<void> | null = null;
  private _closedAt = -1;
  private _isDisposed = false;
}

function offerOfPrompt(prompt: IPromptTemplate, detail: string): IOffer {
  return {
    id: `prompt:${prompt.name}`,
    kind: 'prompt',
    label: prompt.name,
    detail,
    prompt
  };
}

function offerOfCandidate(candidate: IContextCandidate): IOffer {
  const { id, kind, label, detail } = candidate;
  return { id, kind, label, detail, candidate };
}

/** Types of `CompleterModel`. */
export namespace CompleterModel {
  /** What a completer works with. */
  export interface IOptions {
    /** Null: `@` offers nothing. */
    readonly context: IGPTContext | null;
    /** The prompts as they are now. */
    readonly prompts: () => readonly IPromptTemplate[];
    /** A prompt as one reads it in a list. */
    readonly summary: (prompt: string) => string;
    /** What to say when nothing was found; translated. */
    readonly nothing: string;
    /** What to say when the search failed; translated. */
    readonly failed: string;
  }
}
