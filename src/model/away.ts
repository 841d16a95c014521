import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { GPTClient } from '../connection/rest';
import type { ConversationsModel } from './conversations';
import { PageMemory } from './pagememory';
import type { MessageModel } from './message';

/** An answer, and whose it is. */
export interface IAnswerRef {
  readonly conversation: string;
  readonly answer: string;
  readonly title: string;
}

/**
 * Knows which answers ended while nobody watched: those of another conversation than the open one,
 * and those that were being written when the page went.
 */
export class AwayModel implements IDisposable {
  /** Construct it, and look after the answers that the page before was waiting for. */
  constructor(options: AwayModel.IOptions) {
    this._client = options.client;
    this._conversations = options.conversations;
    this._memory = new PageMemory(options.state, 'running');
    this._conversations.listChanged.connect(this._onList, this);
    this._conversations.currentChanged.connect(this._onCurrent, this);
    this.restored = this._restore();
  }

  /** Resolves when the answers of the page before were looked after. Never rejects. */
  readonly restored: Promise<void>;

  /** Whether the panel is seen: then nothing of the open conversation is missed. */
  watched = true;

  /** The answer that ended last while nobody watched, or null. */
  get latest(): IAnswerRef | null {
    return this._missed[this._missed.length - 1] ?? null;
  }

  /** Emitted when `latest` changes. */
  get changed(): ISignal<AwayModel, void> {
    return this._changed;
  }

  /** Whether the model is disposed. */
  get isDisposed(): boolean {
    return this._memory.isDisposed;
  }

  /** The answer was seen, or need not be. */
  dismiss(): void {
    this._missed.pop();
    this._changed.emit();
  }

  /** Let go. */
  dispose(): void {
    if (!this.isDisposed) {
      this._memory.dispose();
      Signal.clearData(this);
    }
  }

  private _onList(): void {
    const before = this._running;
    const now = new Map<MessageModel, AwayModel.Stored>();
    for (const { id, title, running } of this._conversations.running) {
      if (running) {
        now.set(running, { conversation: id, answer: running.id, title });
      }
    }
    this._running = now;
    const ended = [...before.keys()].filter(answer => !now.has(answer));
    if (ended.length || before.size !== now.size) {
      this._memory.write({ answers: [...now.values()] });
      // A reload may come at once.
      this._memory.flush();
    }
    const missed: IAnswerRef[] = [];
    for (const answer of ended) {
      const ref = before.get(answer);
      // What never got to the server, or was stopped, is no news.
      if (ref && answer.stored && answer.status !== 'cancelled') {
        missed.push(...(this._isSeen(ref) ? [] : [ref]));
      }
    }
    this._miss(missed);
  }

  private _isSeen({ conversation }: IAnswerRef): boolean {
    return this.watched && conversation === this._conversations.current.id;
  }

  private _onCurrent(): void {
    const { id } = this._conversations.current;
    const missed = this._missed.filter(ref => ref.conversation !== id);
    if (missed.length < this._missed.length) {
      this._missed = missed;
      this._changed.emit();
    }
  }

  private _miss(refs: readonly IAnswerRef[]): void {
    if (refs.length && !this.isDisposed) {
      this._missed = [...this._missed, ...refs];
      this._changed.emit();
    }
  }

  private async _restore(): Promise<void> {
    const stored = await this._memory.read();
    await this._conversations.restored;
    for (const ref of stored?.answers ?? []) {
      const info = await this._client
        .conversation(ref.conversation)
        .catch(() => null);
      const answer = info?.messages.find(({ id }) => id === ref.answer);
      // One that still runs will be seen; one that is deleted was meant to be.
      const over = answer && answer.status !== 'streaming';
      if (over && answer.status !== 'cancelled') {
        this._miss([{ ...ref, title: info?.title ?? ref.title }]);
      }
    }
  }

  private _client: Pick<GPTClient, 'conversation'>;
  private _conversations: ConversationsModel;
  private _memory: PageMemory<{ answers: AwayModel.Stored[] }>;
  private _running = new Map<MessageModel, AwayModel.Stored>();
  private _missed: IAnswerRef[] = [];
  private _changed = new Signal<AwayModel, void>(this);
}

/** A namespace for AwayModel statics. */
export namespace AwayModel {
  /** An answer as the browser remembers it. */
  export type Stored = { conversation: string; answer: string; title: string };

  /** Options of the model. */
  export interface IOptions {
    readonly client: Pick<GPTClient, 'conversation'>;
    readonly conversations: ConversationsModel;
    /** Where the answers that run are remembered; without one, they are not. */
    readonly state: IStateDB | null;
  }
}
