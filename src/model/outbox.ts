import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IAttachment } from '../tokens';
import type { IExchange } from './exchanges';
import type { IExcluded } from './excludes';
import type { MessageModel } from './message';

/**
 * What a prompt was made of.
 */
export interface IUnsent {
  readonly text: string;
  readonly attachments: readonly IAttachment[];
  /** What of it was left out by the user. */
  readonly excluded: readonly IExcluded[];
}

/**
 * The prompts that have left the box and are not stored by the server yet: the draft keeps their
 * text over a reload, and their chips can come back into the box.
 */
export class Outbox implements IDisposable {
  /** Emitted when the texts change. */
  get changed(): ISignal<Outbox, void> {
    return this._changed;
  }

  /** Emitted when a prompt was stopped before it was stored: it is the listener's from then on. */
  get returned(): ISignal<Outbox, IUnsent> {
    return this._returned;
  }

  /** The texts, oldest first. */
  get texts(): string[] {
    return [...this._unsent.values()].map(unsent => unsent.text);
  }

  /** Whether the outbox is disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Keep a prompt until its answer says that it is stored.
   */
  add({ answer }: IExchange, unsent: IUnsent): void {
    this._unsent.set(answer.id, unsent);
    answer.changed.connect(this._onAnswer, this);
    this._changed.emit();
  }

  /**
   * What a prompt was made of, as long as it is not stored.
   */
  get(answerId: string): IUnsent | null {
    return this._unsent.get(answerId) ?? null;
  }

  /**
   * Hand a prompt over, with its chips.
   */
  remove(answerId: string): IUnsent | null {
    const unsent = this._unsent.get(answerId) ?? null;
    if (this._unsent.delete(answerId)) {
      this._changed.emit();
    }
    return unsent;
  }

  /**
   * Let go of all.
   */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    for (const { attachments } of this._unsent.values()) {
      attachments.forEach(attachment => attachment.dispose());
    }
    Signal.clearData(this);
  }

  private _onAnswer(answer: MessageModel): void {
    const stopped = !answer.stored && answer.status === 'cancelled';
    if (!answer.stored && !stopped && this._unsent.has(answer.id)) {
      return;
    }
    answer.changed.disconnect(this._onAnswer, this);
    const unsent = this.remove(answer.id);
    if (unsent && stopped) {
      this._returned.emit(unsent);
      return;
    }
    unsent?.attachments.forEach(attachment => attachment.dispose());
  }

  private _unsent = new Map<string, IUnsent>();
  private _isDisposed = false;
  private _changed = new Signal<Outbox, void>(this);
  private _returned = new Signal<Outbox, IUnsent>(this);
}
