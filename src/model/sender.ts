import type { IDisposable } from '@lumino/disposable';
import { GPTClientError } from '../connection/errors';
import type { Part } from '../protocol/frames';
import type { IAttachment, IGPTNotebook, IGPTSettings } from '../tokens';
import type { ConversationModel } from './conversation';
import type { IExchange } from './exchanges';
import type { MessageModel } from './message';
import type { ModelsModel } from './models';
import { Outbox } from './outbox';
import type { IHow } from './question';
import { paramsOf } from './question';

/**
 * Makes questions of prompts, and keeps what they were made of until they are stored.
 */
export class Sender implements IDisposable {
  /**
   * Construct a sender.
   */
  constructor(options: Sender.IOptions) {
    this._models = options.models;
    this._settings = options.settings;
    this._notebook = options.notebook;
  }

  /** The prompts that are not stored yet. */
  readonly outbox = new Outbox();

  /** Whether the sender is disposed. */
  get isDisposed(): boolean {
    return this.outbox.isDisposed;
  }

  /**
   * Send a prompt with what the attachments give now, which are the sender's from then on.
   *
   * @param oneShot - Whether it goes without the history.
   *
   * @throws GPTClientError when it cannot go out; then nothing has changed.
   */
  send(
    conversation: ConversationModel,
    text: string,
    attachments: readonly IAttachment[],
    oneShot: boolean
  ): void {
    // Context first and the question last: what repeats stands in front, for the cache.
    const parts = attachments
      .filter(attachment => attachment.available)
      .flatMap<Part>(attachment => attachment.parts());
    if (oneShot && !parts.length) {
      throw new GPTClientError('source_gone', 'The source is gone');
    }
    if (text) {
      parts.push({ type: 'text', text });
    }
    const how = this._how(oneShot);
    const exchange = conversation.submit({ ...how, parts });
    this._note(exchange, oneShot);
    this.outbox.add(exchange, { text, attachments });
  }

  /**
   * Ask the question of a failed answer again, as it was asked but with the model of now.
   *
   * @returns Whether there is such a question.
   *
   * @throws GPTClientError when it cannot go out.
   */
  sendAgain(conversation: ConversationModel, answerId: string): boolean {
    const question = conversation.questionOf(answerId);
    if (!question) {
      return false;
    }
    const oneShot = this._oneShots.has(question);
    const exchange = conversation.sendAgain(answerId, this._how(oneShot));
    if (!exchange) {
      return false;
    }
    this._note(exchange, oneShot);
    const unsent = this.outbox.remove(answerId);
    if (unsent) {
      this.outbox.add(exchange, unsent);
    }
    return true;
  }

  /**
   * Let go.
   */
  dispose(): void {
    this.outbox.dispose();
  }

  private _how(oneShot: boolean): IHow {
    return {
      ...this._models.choice,
      params: paramsOf(this._settings?.current ?? null, oneShot),
      notebook: this._notebook?.path ?? null
    };
  }

  private _note({ question }: IExchange, oneShot: boolean): void {
    if (oneShot) {
      this._oneShots.add(question);
    }
  }

  private _models: ModelsModel;
  private _settings: IGPTSettings | null;
  private _notebook: IGPTNotebook | null;
  // Questions that went without history: so they do when they are sent again.
  private _oneShots = new WeakSet<MessageModel>();
}

/**
 * A namespace for Sender statics.
 */
export namespace Sender {
  /**
   * Options of a sender.
   */
  export interface IOptions {
    models: ModelsModel;
    settings: IGPTSettings | null;
    notebook: IGPTNotebook | null;
  }
}
