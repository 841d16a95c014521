import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Part } from '../protocol/frames';

/**
 * An item of the preview that the user left out.
 */
export interface IExcluded {
  readonly id: string;
  readonly label: string;
  /** What it is, for an item of the draft; null for one of the history, whose id stays. */
  readonly key: string | null;
}

// Items of the question that is not stored yet are named by their place: `new/0`, `new/1` …
const DRAFT_ITEM = /^new\/(\d+)$/;

/**
 * What of a draft is left out by the user.
 *
 * The wire names an item of the draft by its place among the parts, and places change: a failed
 * cell that ran again has no error any more, and what stands in its place then is the prompt. So
 * what is left out is known here by what it is, and its place looked up when it is needed.
 */
export class Excludes implements IDisposable {
  /** What is left out, in the order in which it was. */
  get list(): readonly IExcluded[] {
    return this._list;
  }

  /** Emitted when it changes. */
  get changed(): ISignal<Excludes, void> {
    return this._changed;
  }

  /** Whether it is disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Leave an item out.
   *
   * @param parts - The draft as it was previewed.
   */
  add(item: Omit<IExcluded, 'key'>, parts: readonly Part[]): void {
    const { id, label } = item;
    const place = DRAFT_ITEM.exec(id)?.[1];
    const part = place === undefined ? undefined : parts[Number(place)];
    const others = this._list.filter(e => e.id !== id);
    const key = part ? this._keyOf(part) : null;
    this._set([...others, { id, label, key }]);
  }

  /** Put an item back. */
  remove(id: string): void {
    this._set(this._list.filter(e => e.id !== id));
  }

  /** Say which chip a part comes from: two notebooks may hold a cell of the same id. */
  own(part: Part, attachmentId: string): void {
    this._owners.set(part, attachmentId);
  }

  /** Take over what was left out of a draft that comes back, beside what is left out of this. */
  restore(list: readonly IExcluded[]): void {
    const known = list.map(({ key, id }) => key ?? id);
    const ours = this._list.filter(({ key, id }) => !known.includes(key ?? id));
    this._set([...ours, ...list]);
  }

  /** Another conversation is open: what was left out of the history is not of this one. */
  keepDraft(): void {
    this._set(this._list.filter(({ key }) => key !== null));
  }

  /**
   * The ids that are left out of these parts; what is no longer among them is forgotten.
   */
  of(parts: readonly Part[]): string[] {
    if (this._list.length === 0) {
      return [];
    }
    const keys = parts.map(part => this._keyOf(part));
    const list = this._list.flatMap(excluded => {
      const { key } = excluded;
      if (key === null) {
        return [excluded];
      }
      const place = keys.indexOf(key);
      return place < 0 ? [] : [{ ...excluded, id: `new/${place}` }];
    });
    const ids = list.map(({ id }) => id);
    if (ids.join() !== this._list.map(({ id }) => id).join()) {
      this._set(list);
    }
    return ids;
  }

  /** The draft has gone. */
  clear(): void {
    this._set([]);
  }

  /** Let go. */
  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _keyOf(part: Part): string {
    return `${this._owners.get(part) ?? ''} ${keyOf(part)}`;
  }

  private _set(list: readonly IExcluded[]): void {
    if (list.length || this._list.length) {
      this._list = list;
      this._changed.emit();
    }
  }

  private _list: readonly IExcluded[] = [];
  private _owners = new WeakMap<Part, string>();
  private _isDisposed = false;
  private _changed = new Signal<Excludes, void>(this);
}

/**
 * What a part is; not what is in it. The prompt alone is its text: who writes another means it to
 * be sent.
 */
function keyOf(part: Part): string {
  switch (part.type) {
    case 'text':
      return `text ${part.text}`;
    case 'cell':
    case 'output':
    case 'error':
      return `${part.type} ${part.cell_id}`;
    case 'notebook':
    case 'file':
      return `${part.type} ${part.path}`;
    case 'variable':
      return `variable ${part.name}`;
    case 'image':
      return `image ${part.blob}`;
    default:
      return part.type;
  }
}
