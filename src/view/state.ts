import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** What the panel's body shows. */
export type Page = 'chat' | 'conversations';

/**
 * The panel's own state, which outlives its views: moving the panel to another area of the shell
 * draws them anew.
 */
export class PanelState {
  /** What the body shows. */
  get page(): Page {
    return this._page;
  }

  /** Emitted when another page is shown. */
  get pageChanged(): ISignal<PanelState, Page> {
    return this._pageChanged;
  }

  /** Emitted when the caret should go into the prompt box. */
  get focusRequested(): ISignal<PanelState, void> {
    return this._focusRequested;
  }

  /** Emitted with a sentence for the screen reader. */
  get announced(): ISignal<PanelState, string> {
    return this._announced;
  }

  /** Emitted when the transcript should go to its end, wherever the reader is. */
  get endRequested(): ISignal<PanelState, void> {
    return this._endRequested;
  }

  /** Emitted with the id of a message that should be seen. */
  get messageRequested(): ISignal<PanelState, string> {
    return this._messageRequested;
  }

  /** Scroll to a message and light it up, now or as soon as it is drawn. */
  showMessage(id: string): void {
    this._wantedMessage = id;
    this.show('chat');
    this._messageRequested.emit(id);
  }

  /** For the transcript: the message that is to be seen, if it was not shown yet. */
  takeMessage(has: (id: string) => boolean): string | null {
    const wanted = this._wantedMessage;
    if (wanted === null || !has(wanted)) {
      return null;
    }
    this._wantedMessage = null;
    return wanted;
  }

  /** Emitted with the id of a question that should be edited in its place. */
  get editRequested(): ISignal<PanelState, string> {
    return this._editRequested;
  }

  /** Edit a stored question in its place. */
  editQuestion(id: string): void {
    this._editRequested.emit(id);
  }

  /** Emitted when another message is about to take the place of the one with a button. */
  get placeKept(): ISignal<PanelState, PanelState.IPlace> {
    return this._placeKept;
  }

  /**
   * Another branch is about to be shown: its message shall stand where this one does, and what had
   * the focus shall have it there too.
   */
  keepInPlace(id: string, button: HTMLElement): void {
    const top = button.closest('article')?.getBoundingClientRect().top ?? 0;
    const name = button.getAttribute('aria-label') ?? '';
    this._placeKept.emit({ id, top, name });
  }

  /** The branch that was deleted last; null when there is none to bring back. */
  get deleted(): PanelState.IDeleted | null {
    return this._deleted;
  }

  /** Emitted when another branch can be brought back, or none. */
  get deletedChanged(): ISignal<PanelState, void> {
    return this._deletedChanged;
  }

  /** A branch was deleted: it can be brought back. */
  rememberDeleted(deleted: PanelState.IDeleted): void {
    this._deleted = deleted;
    this._deletedChanged.emit();
  }

  /** It was brought back, or nobody wants it. */
  forgetDeleted(): void {
    if (this._deleted !== null) {
      this._deleted = null;
      this._deletedChanged.emit();
    }
  }

  /** Show another page. */
  show(page: Page): void {
    if (page !== this._page) {
      this._page = page;
      this._pageChanged.emit(page);
    }
  }

  /** Put the caret into the prompt box, now or as soon as the box is drawn. */
  focusPrompt(): void {
    this._wantsFocus = true;
    this.show('chat');
    this._focusRequested.emit();
  }

  /** For the prompt box: whether the caret was asked for since the last time. */
  takeFocus(): boolean {
    const wanted = this._wantsFocus;
    this._wantsFocus = false;
    return wanted;
  }

  /** Emitted when the model picker should open. */
  get pickRequested(): ISignal<PanelState, void> {
    return this._pickRequested;
  }

  /** Open the model picker. */
  pickModel(): void {
    this._pickRequested.emit();
  }

  /** Emitted with a sentence that stands at the prompt box for a while. */
  get complained(): ISignal<PanelState, string> {
    return this._complained;
  }

  /** The last complaint, for a view that is drawn after it; empty if there is none. */
  get complaint(): string {
    return this._complaint;
  }

  /** Say, visibly, why something did not happen; nothing: what was said is over. */
  complain(reason: string): void {
    this._complaint = reason;
    this._complained.emit(reason);
  }

  /** Let the screen reader say a sentence when it has finished its own. */
  announce(text: string): void {
    this._announced.emit(text);
  }

  /** Go to the end of the transcript. */
  scrollToEnd(): void {
    this._endRequested.emit();
  }

  /** Whether the offer to go on with this notebook's conversation was declined. */
  isDismissed(path: string): boolean {
    return this._dismissed.has(path);
  }

  /** Do not offer to go on with this notebook's conversation again. */
  dismiss(path: string): void {
    this._dismissed.add(path);
  }

  /** Disconnect whoever listens. */
  dispose(): void {
    Signal.clearData(this);
  }

  private _page: Page = 'chat';
  private _wantsFocus = false;
  private _deleted: PanelState.IDeleted | null = null;
  private readonly _deletedChanged = new Signal<PanelState, void>(this);
  private readonly _dismissed = new Set<string>();
  private _wantedMessage: string | null = null;
  private _complaint = '';
  private readonly _pageChanged = new Signal<PanelState, Page>(this);
  private readonly _focusRequested = new Signal<PanelState, void>(this);
  private readonly _pickRequested = new Signal<PanelState, void>(this);
  private readonly _complained = new Signal<PanelState, string>(this);
  private readonly _announced = new Signal<PanelState, string>(this);
  private readonly _messageRequested = new Signal<PanelState, string>(this);
  private readonly _editRequested = new Signal<PanelState, string>(this);
  private readonly _placeKept = new Signal<PanelState, PanelState.IPlace>(this);
  private readonly _endRequested = new Signal<PanelState, void>(this);
}

/** Types of `PanelState`. */
export namespace PanelState {
  /** A branch that was deleted. */
  export interface IDeleted {
    /** Its conversation. */
    readonly conversation: string;
    /** The message at its top. */
    readonly branch: string;
    /** The end of the branch that was shown then. */
    readonly leaf: string | null;
  }

  /** Where a message shall stand. */
  export interface IPlace {
    /** The message that is about to be shown. */
    readonly id: string;
    /** The upper edge of the one that is shown now, in the window. */
    readonly top: number;
    /** The name of the button within it that shall have the focus. */
    readonly name: string;
  }
}
