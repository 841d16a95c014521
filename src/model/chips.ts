import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IAttachment } from '../tokens';

/**
 * The chips of a draft; it owns them until they are taken.
 */
export class Chips implements IDisposable {
  /** The chips, in the order in which they were added. */
  get list(): readonly IAttachment[] {
    return this._list;
  }

  /** Why they have to wait, translated: something is still being read. Null: they need not. */
  get pending(): string | null {
    return this._list.find(a => a.available && a.pending)?.pending ?? null;
  }

  /** Emitted when chips come or go. */
  get listChanged(): ISignal<Chips, void> {
    return this._listChanged;
  }

  /** Emitted when what a chip says of itself changes. */
  get itemChanged(): ISignal<Chips, void> {
    return this._itemChanged;
  }

  /** Whether the chips are disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Add a chip; one of the same id takes the old one's place.
   */
  add(attachment: IAttachment): void {
    const old = this._list.find(a => a.id === attachment.id);
    if (old === attachment) {
      return;
    }
    if (old) {
      this._drop(old);
      this._list = this._list.map(a => (a === old ? attachment : a));
    } else {
      this._list = [...this._list, attachment];
    }
    attachment.changed.connect(this._onItem, this);
    this._listChanged.emit();
  }

  /**
   * Take a chip away.
   */
  remove(id: string): void {
    const gone = this._list.filter(attachment => attachment.id === id);
    this._list = this._list.filter(attachment => attachment.id !== id);
    gone.forEach(attachment => this._drop(attachment));
    this._listChanged.emit();
  }

  /**
   * Hand all chips over.
   */
  take(): readonly IAttachment[] {
    const taken = this._list;
    for (const attachment of taken) {
      attachment.changed.disconnect(this._onItem, this);
    }
    this._list = [];
    this._listChanged.emit();
    return taken;
  }

  /**
   * Let go of all.
   */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._list.forEach(attachment => this._drop(attachment));
      Signal.clearData(this);
    }
  }

  private _drop(attachment: IAttachment): void {
    attachment.changed.disconnect(this._onItem, this);
    attachment.dispose();
  }

  private _onItem(): void {
    this._itemChanged.emit();
  }

  private _list: readonly IAttachment[] = [];
  private _isDisposed = false;
  private _listChanged = new Signal<Chips, void>(this);
  private _itemChanged = new Signal<Chips, void>(this);
}
