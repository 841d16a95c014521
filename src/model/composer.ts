import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IClientError } from '../connection/errors';
import { GPTClientError } from '../connection/errors';
import type { IAttachment } from '../tokens';
import type { ConversationModel } from './conversation';
import type { ConversationsModel } from './conversations';
import { Chips } from './chips';
import { Memory } from './memory';
import { Sender } from './sender';
import { PromptHistory } from './history';

/** The prompt box: a draft, its chips, and how it gets out. */
export class ComposerModel implements IDisposable {
  /** Construct a composer and restore the draft. */
  constructor(options: ComposerModel.IOptions) {
    this._conversations = options.conversations;
    this._sender = new Sender(options);
    this._memory = new Memory(options.state, 'draft');
    this._conversation = this._conversations.current;
    this._conversation.changed.connect(this._onState, this);
    this._conversations.currentChanged.connect(this._onCurrent, this);
    this._sender.outbox.changed.connect(this._remember, this);
    this._chips.listChanged.connect(this._onChips, this);
    this._chips.itemChanged.connect(this._onState, this);
    this.restored = this._restore();
  }

  /** Resolves when the draft is there again. Never rejects. */
  readonly restored: Promise<void>;

  /** The text in the box. */
  get text(): string {
    return this._text;
  }
  set text(value: string) {
    if (value !== this._text) {
      this._history.leave();
      this._setText(value);
    }
  }

  /** Emitted when the text changes, by whomever. */
  get textChanged(): ISignal<ComposerModel, void> {
    return this._textChanged;
  }

  /** The chips, in the order in which they were added. */
  get attachments(): readonly IAttachment[] {
    return this._chips.list;
  }

  /** Emitted when chips come or go. */
  get attachmentsChanged(): ISignal<ComposerModel, void> {
    return this._attachmentsChanged;
  }

  /** Whether an answer is being written: Stop stands in place of Send. */
  get running(): boolean {
    return this._conversation.running !== null;
  }

  /** Whether there is something to send, and it may go out now. */
  get canSend(): boolean {
    const some = this.attachments.some(attachment => attachment.available);
    return !this.running && (some || this._text.trim() !== '');
  }

  /** What kept the last prompt from going out; gone with the next change of the draft. */
  get problem(): IClientError | null {
    return this._problem;
  }

  /** Emitted when `canSend`, `running` or `problem` may have changed. */
  get changed(): ISignal<ComposerModel, void> {
    return this._changed;
  }

  /** Whether the model is disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Add a chip, which is ours from now on; one of the same id takes the old one's place.
   */
  add(attachment: IAttachment): void {
    this._chips.add(attachment);
  }

  /** Take a chip away. */
  remove(id: string): void {
    this._chips.remove(id);
  }

  /**
   * Send the draft.
   *
   * @returns Whether it went out; if not, everything stays in the box (see `problem`).
   */
  send(): boolean {
    if (!this.canSend) {
      return false;
    }
    const text = this._text.trim();
    const { attachments } = this;
    const sent = this._try(() =>
      this._sender.send(this._conversation, text, attachments, false)
    );
    if (!sent) {
      return false;
    }
    this._chips.take();
    this._history.leave();
    this._setText('');
    return true;
  }

  /**
   * Send a prompt with one attachment at once and nothing of the history (Explain, Fix error). The
   * draft stays as it is; the attachment is ours from now on.
   *
   * @returns Whether it went out (see `problem`).
   */
  ask(prompt: string, attachment: IAttachment): boolean {
    const sent = this._try(() =>
      this._sender.send(this._conversation, prompt, [attachment], true)
    );
    if (!sent) {
      attachment.dispose();
    }
    return sent;
  }

  /** Stop the answer that is being written; false if none is. */
  stop(): boolean {
    return this._conversation.stop();
  }

  /**
   * Ask the question of a failed answer again, with the model that is chosen now.
   *
   * @returns Whether it went out (see `problem`).
   */
  sendAgain(answerId: string): boolean {
    return this._try(() =>
      this._sender.sendAgain(this._conversation, answerId)
    );
  }

  /**
   * Take a question back into the box, before what stands there. One that was never stored leaves
   * the page and brings its chips.
   */
  edit(questionId: string): void {
    const messages = this._conversation.messages;
    const question = messages.find(message => message.id === questionId);
    if (!question) {
      return;
    }
    const answer = messages.find(message => message.parentId === questionId);
    if (!question.stored && answer && answer !== this._conversation.running) {
      this._sender.outbox
        .remove(answer.id)
        ?.attachments.forEach(attachment => this.add(attachment));
      this._conversation.discard(questionId);
    }
    this.text = [question.text, this._text].filter(text => text).join('\n\n');
  }

  /**
   * ArrowUp in an empty box, or again: the prompt before; false if there is none to show.
   */
  previous(): boolean {
    const { messages } = this._conversation;
    return this._browse(this._history.previous(messages, this._text));
  }

  /** ArrowDown while prompts are browsed; false if they are not. */
  next(): boolean {
    return this._browse(this._history.next());
  }

  /** The problem was read. */
  clearProblem(): void {
    this._setProblem(null);
  }

  /** Store the draft, and let go. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._memory.dispose();
      this._sender.outbox.dispose();
      this._chips.dispose();
      Signal.clearData(this);
    }
  }

  private _try(send: () => boolean | void): boolean {
    try {
      const sent = send() !== false;
      this._setProblem(null);
      return sent;
    } catch (reason) {
      this._setProblem(GPTClientError.from(reason));
      return false;
    }
  }

  private _browse(text: string | null): boolean {
    if (text === null) {
      return false;
    }
    this._setText(text);
    return true;
  }

  private _setText(text: string): void {
    this._text = text;
    this._remember();
    this._textChanged.emit();
    this._setProblem(null);
  }

  private _setProblem(problem: IClientError | null): void {
    this._problem = problem;
    this._changed.emit();
  }

  private _remember(): void {
    if (this._isRestored) {
      this._memory.write({
        text: this._text,
        unsent: this._sender.outbox.texts
      });
    }
  }

  private async _restore(): Promise<void> {
    const draft = await this._memory.read();
    // Questions that never reached the server come back in front of what was being typed.
    // Unless they did after all, and this page went before it heard of it.
    await this._conversations.restored;
    const { messages } = this._conversations.current;
    const unsent = (draft?.unsent ?? []).filter(
      text => !messages.some(m => m.role === 'user' && m.text === text)
    );
    const texts = [...unsent, draft?.text, this._text];
    const text = texts.filter(some => some).join('\n\n');
    this._isRestored = true;
    if (!this._isDisposed && text !== this._text) {
      this._setText(text);
    }
  }

  private _onCurrent(_: ConversationsModel, current: ConversationModel): void {
    this._conversation.changed.disconnect(this._onState, this);
    this._conversation = current;
    this._conversation.changed.connect(this._onState, this);
    this._history.leave();
    this._setProblem(null);
  }

  private _onState(): void {
    this._changed.emit();
  }

  private _onChips(): void {
    this._attachmentsChanged.emit();
    this._setProblem(null);
  }

  private _conversations: ConversationsModel;
  private _conversation: ConversationModel;
  private _memory: Memory<{ text: string; unsent: string[] }>;
  private _sender: Sender;
  private _history = new PromptHistory();
  private _text = '';
  private _chips = new Chips();
  private _problem: IClientError | null = null;
  private _isRestored = false;
  private _isDisposed = false;
  private _textChanged = new Signal<ComposerModel, void>(this);
  private _attachmentsChanged = new Signal<ComposerModel, void>(this);
  private _changed = new Signal<ComposerModel, void>(this);
}

/** A namespace for ComposerModel statics. */
export namespace ComposerModel {
  /** Options of a composer. */
  export interface IOptions extends Sender.IOptions {
    conversations: ConversationsModel;
    /** Where the draft is kept; without one, it is not. */
    state: IStateDB | null;
  }
}
