import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { GPTClientError } from '../connection/errors';
import type { IConversation, ICost } from '../protocol/frames';
import { Branches } from './branches';
import { CostSoFar } from './costsofar';
import type { IExchange } from './exchanges';
import { newId } from './ids';
import type { IDescription } from './list';
import { MessageModel } from './message';
import type { IHow, IQuestion } from './question';
import { emptyAnswer, newQuestion, submitFrame, titleOf } from './question';
import type { ITurnSocket, TurnFrame } from './turn';
import { Turn } from './turn';
import { Turns } from './turns';
import type { Uploads } from './uploads';

/** A conversation: its messages and the turns that run. */
export class ConversationModel extends Branches implements IDisposable {
  /** Construct a conversation, new until it is loaded or asked. */
  constructor(options: ConversationModel.IOptions) {
    super(options.id ?? newId(), options.client);
    this._turns = new Turns(options);
    this._turns.started.connect(this._onStarted, this);
    this._turns.ended.connect(this._onEnded, this);
    this._turns.lost.connect(this.reload, this);
  }

  /** The title; empty for a new conversation. */
  get title(): string {
    return this._title;
  }

  /** Path of the notebook it belongs to. */
  get notebook(): string | null {
    return this._notebook;
  }

  /** Whether it is pinned in the list. */
  get pinned(): boolean {
    return this._pinned;
  }

  /** Whether nothing of it is stored. */
  get isNew(): boolean {
    return this._isNew;
  }

  /** Whether its messages are being read. */
  get loading(): boolean {
    return this._loading > 0;
  }

  /** What all calls of it cost, those of other branches too; null: there was none. */
  get cost(): ICost | null {
    return this._cost.current;
  }

  /** The answer that is being written, or null. */
  get running(): MessageModel | null {
    return this._turns.latest?.answer ?? null;
  }

  /** Emitted when title, pin, notebook, cost, `loading`, `isNew` or `running` change. */
  get changed(): ISignal<ConversationModel, void> {
    return this._changed;
  }

  /** Whether the conversation is disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Ask: question and empty answer are there at once.
   * @throws GPTClientError when it cannot go out; then nothing has changed.
   */
  submit(question: IQuestion): IExchange {
    const { parts, ...how } = question;
    const message = newQuestion(this.leaf, parts);
    return this._ask(new MessageModel(message, false), how);
  }

  /**
   * Ask a stored question in other words: a branch beside it. Null if there is no such question.
   * @throws GPTClientError when it cannot go out.
   */
  edit(questionId: string, question: IQuestion): IExchange | null {
    const old = this.messages.find(({ id }) => id === questionId);
    if (!old?.stored) {
      return null;
    }
    const { parts, ...how } = question;
    const message = newQuestion(old.parentId, parts);
    return this._ask(new MessageModel(message, false), how, { beside: true });
  }

  /**
   * Go on with an answer that was cut: a branch beside it, which begins with a copy of it. Null if
   * it answers nothing that is stored.
   * @throws GPTClientError when it cannot go out.
   */
  goOn(answer: MessageModel, how: IHow): IExchange | null {
    const question = this.questionOf(answer.id);
    return question?.stored
      ? this._ask(question, how, { beside: true, cut: answer })
      : null;
  }

  /**
   * Ask the question of an answer again, under a new request; null if there is none. A stored
   * question gets another answer beside the one it has.
   * @param how - Model and parameters, which may be others now.
   * @throws GPTClientError when it cannot go out.
   */
  sendAgain(answerId: string, how: IHow): IExchange | null {
    const question = this.questionOf(answerId);
    if (!question) {
      return null;
    }
    if (question.stored) {
      return this._ask(question, how, { beside: true });
    }
    const exchange = this.submit({ ...how, parts: question.parts });
    this.discard(question.id);
    return exchange;
  }

  /** Stop the answer that is being written; false if none is. */
  stop(): boolean {
    return this._turns.stop();
  }

  /** Whether a request is one of this conversation's turns. */
  owns(requestId: string): boolean {
    return this._turns.has(requestId);
  }

  /** A frame of one of its turns arrived. */
  handle(frame: TurnFrame): void {
    this._turns.handle(frame);
  }

  /** The socket is open again. */
  reconnected(): void {
    this._turns.reconnected();
  }

  /**
   * Read the stored messages (again), and join the answers that are being written.
   * @throws GPTRequestError
   */
  async load(): Promise<void> {
    this._loading += 1;
    this._changed.emit();
    try {
      let turns: number;
      let info: IConversation;
      do {
        // What was read while a turn began or ended is neither before nor after it.
        turns = this._turnCount;
        info = await this.client.conversation(this.id);
      } while (turns !== this._turnCount);
      if (!this._isDisposed) {
        this._take(info);
      }
    } finally {
      this._loading -= 1;
      this._changed.emit();
    }
  }

  /** The same where nobody waits for it: what is on the page stays when it fails. */
  async reload(): Promise<void> {
    try {
      await this.load();
    } catch (reason) {
      console.warn('The conversation could not be read again.', reason);
    }
  }

  /** The title or the pin was changed through the list. */
  describe(change: IDescription): void {
    this._title = change.title ?? this._title;
    this._pinned = change.pinned ?? this._pinned;
    this._changed.emit();
  }

  /** Let go of the conversation; its turns go on at the server. */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._turns.dispose();
    Signal.clearData(this);
  }

  private _ask(
    question: MessageModel,
    how: IHow,
    branch: { beside: boolean; cut?: MessageModel } = { beside: false }
  ): IExchange {
    if (this._turns.latest) {
      throw new GPTClientError('answer_running', 'An answer is being written');
    }
    const frame = submitFrame(this.id, question, how, branch.cut?.id);
    const answer = new MessageModel(
      emptyAnswer(frame, branch.cut?.parts),
      false
    );
    const exchange = { question, answer };
    this._turns.start(new Turn(frame.request_id, answer, frame));
    this.transcript.add(exchange, branch.beside);
    this._title ||= titleOf(question.text);
    // As the server does.
    this._notebook ??= how.notebook;
    this.touchMessages();
    this._changed.emit();
    return exchange;
  }

  private _take(info: IConversation): void {
    const stored = this.transcript.merge(
      info,
      id => this._turns.writes(id),
      this.isMoving
    );
    this._title = info.title;
    this._notebook = info.notebook;
    this._pinned = info.pinned;
    this._isNew = false;
    const runs = stored.some(({ status }) => status === 'streaming');
    this._cost.take(info.cost, runs || this.running !== null);
    stored.forEach((message, index) => {
      if (message.status === 'streaming') {
        this._turns.join(message, info.messages[index].live);
      }
    });
    this.touchMessages();
  }

  private _onStarted(_: Turns, turn: Turn): void {
    this._turnCount += 1;
    this._isNew = false;
    this.transcript.markStored(turn.answer);
    this.touchMessages();
    this._changed.emit();
  }

  private _onEnded(_: Turns, { answer }: Turn): void {
    this._turnCount += 1;
    if (this.transcript.withdraw(answer)) {
      this._title = this.messages.length ? this._title : '';
      this.touchMessages();
    }
    this._cost.add(answer.cost);
    this._changed.emit();
    if (this._cost.isPartial && !this.running) {
      void this._readCost();
    }
  }

  private async _readCost(): Promise<void> {
    const turns = this._turnCount;
    const info = await this.client.conversation(this.id).catch(() => null);
    if (info && turns === this._turnCount && !this._isDisposed) {
      this._cost.take(info.cost, false);
      this._changed.emit();
    }
  }

  private _turns: Turns;
  // Turns that have begun and turns that have ended, together.
  private _turnCount = 0;
  private _title = '';
  private _notebook: string | null = null;
  private _pinned = false;
  private _cost = new CostSoFar();
  private _isNew = true;
  private _loading = 0;
  private _isDisposed = false;
  private _changed = new Signal<ConversationModel, void>(this);
}

/** A namespace for ConversationModel statics. */
export namespace ConversationModel {
  /** Options of a conversation. */
  export interface IOptions {
    /** Its id; left out for a new one. */
    id?: string;
    client: Branches.IClient;
    socket: ITurnSocket;
    uploads: Uploads;
  }
}
