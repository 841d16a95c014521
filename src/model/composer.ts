import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IClientError } from '../connection/errors';
import { GPTClientError } from '../connection/errors';
import type { IAttachment } from '../tokens';
import { BranchSender } from './branchsender';
import type { ConversationModel } from './conversation';
import type { ConversationsModel } from './conversations';
import { Chips } from './chips';
import { DraftMemory } from './draftmemory';
import type { IExchange } from './exchanges';
import { Excludes } from './excludes';
import { PromptHistory } from './history';
import type { IUnsent } from './outbox';
import type { IQuestion } from './question';
import { Sender } from './sender';

/** The prompt box: a draft, its chips, and how it gets out. */
export class ComposerModel implements IDisposable {
  /** Construct a composer and restore the draft. */
  constructor(options: ComposerModel.IOptions) {
    this._conversations = options.conversations;
    this._sender = new Sender(options);
    this.branches = new BranchSender({
      sender: this._sender,
      conversation: () => this._conversation,
      attempt: work => this._try(work)
    });
    this._memory = new DraftMemory(options.state, this._conversations);
    this._conversation = this._conversations.current;
    this._conversation.changed.connect(this._onState, this);
    this._conversations.currentChanged.connect(this._onCurrent, this);
    this._sender.outbox.changed.connect(this._remember, this);
    this._sender.outbox.returned.connect((_, it) => this._takeBack(it));
    this._chips.listChanged.connect(this._onChips, this);
    this._chips.itemChanged.connect(this._onState, this);
    this.restored = this._restore();
  }

  /** Resolves when the draft is there again. Never rejects. */
  readonly restored: Promise<void>;

  /** Asks again what was asked. */
  readonly branches: BranchSender;

  /** What of the draft the user left out. */
  readonly excludes = new Excludes();

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
    const ready = !this.running && this.pending === null;
    return ready && (some || this._text.trim() !== '');
  }

  /** Why the draft has to wait for its chips, translated; null: it need not. */
  get pending(): string | null {
    return this._chips.pending;
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

  /** Add a chip, which is ours from now on; one of the same id takes the old one's place. */
  add(attachment: IAttachment): void {
    this._chips.add(attachment);
  }

  /** Take a chip away. */
  remove(id: string): void {
    this._chips.remove(id);
  }

  /** The draft as a question, as it would be sent now; null when there is nothing to send. */
  get question(): IQuestion | null {
    const question = this._sender.question(this._draft);
    return question.parts.length ? question : null;
  }

  /** Send the draft; false if it did not go out: then all stays in the box (see `problem`). */
  send(): boolean {
    return this.sendPreviewed(null) !== null;
  }

  /** Send the draft as it was previewed: what goes out has that digest, or nothing does. */
  sendPreviewed(digest: string | null): IExchange | null {
    const exchange = this.canSend
      ? this._try(() =>
          this._sender.send(this._conversation, this._draft, { digest })
        )
      : null;
    if (exchange) {
      this._chips.take();
      this.excludes.clear();
      this._history.leave();
      this._setText('');
    }
    return exchange;
  }

  /**
   * Send a prompt with one attachment at once and nothing of the history (Explain, Fix error). The
   * draft stays as it is; the attachment is ours from now on. False: nothing did (see `problem`).
   */
  ask(text: string, attachment: IAttachment): boolean {
    const draft = { text, attachments: [attachment] };
    const sent = this._try(() =>
      this._sender.send(this._conversation, draft, { oneShot: true })
    );
    if (!sent) {
      attachment.dispose();
    }
    return sent !== null;
  }

  /** Stop the answer that is being written; a question still on its way comes back into the box. */
  stop(): boolean {
    return this._conversation.stop();
  }

  /** Take a question back into the box; one that was never stored leaves the page. */
  edit(questionId: string): void {
    const { messages } = this._conversation;
    const question = messages.find(message => message.id === questionId);
    if (!question) {
      return;
    }
    const answer = messages.find(message => message.parentId === questionId);
    let unsent: IUnsent | null = null;
    if (!question.stored && answer && answer !== this._conversation.running) {
      unsent = this._sender.outbox.remove(answer.id);
      this._conversation.discard(questionId);
    }
    this._takeBack(unsent ?? question);
  }

  /** ArrowUp in an empty box, or again: the prompt before; false if there is none to show. */
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
      const parts = [this._memory, this._sender, this._chips, this.excludes];
      parts.forEach(part => part.dispose());
      Signal.clearData(this);
    }
  }

  /** A prompt comes back into the box, before what stands there, and brings its chips. */
  private _takeBack(it: Pick<IUnsent, 'text'> & Partial<IUnsent>): void {
    it.attachments?.forEach(attachment => this.add(attachment));
    this.excludes.restore(it.excluded ?? []);
    this.text = [it.text, this._text].filter(some => some).join('\n\n');
    void this.question; // what is left out is named by its place among the parts of both
  }

  private get _draft(): Sender.IDraft {
    const { attachments, excludes } = this;
    return { text: this._text.trim(), attachments, excludes };
  }

  private _try<T>(send: () => T): T | null {
    try {
      const sent = send();
      this._setProblem(null);
      return sent;
    } catch (reason) {
      this._setProblem(GPTClientError.from(reason));
      return null;
    }
  }

  private _browse(text: string | null): boolean {
    if (text !== null) {
      this._setText(text);
    }
    return text !== null;
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
    this._memory.write(this._text, this._sender.outbox.texts);
  }

  private async _restore(): Promise<void> {
    const texts = [...(await this._memory.read()), this._text];
    const text = texts.filter(some => some).join('\n\n');
    if (!this._isDisposed && text !== this._text) {
      this._setText(text);
    }
  }

  private _onCurrent(_: ConversationsModel, current: ConversationModel): void {
    this._conversation.changed.disconnect(this._onState, this);
    this._conversation = current;
    this._conversation.changed.connect(this._onState, this);
    this._history.leave();
    this.excludes.keepDraft();
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
  private _memory: DraftMemory;
  private _sender: Sender;
  private _history = new PromptHistory();
  private _text = '';
  private _chips = new Chips();
  private _problem: IClientError | null = null;
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
  }
}
