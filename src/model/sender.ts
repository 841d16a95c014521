import type { IDisposable } from '@lumino/disposable';
import type { IStateDB } from '@jupyterlab/statedb';
import { GPTClientError } from '../connection/errors';
import type { Part } from '../protocol/frames';
import type { IAttachment, INotebookSide, IGPTSettings } from '../tokens';
import { AcceptedModels } from './accepted';
import type { ConversationModel } from './conversation';
import type { IExchange } from './exchanges';
import type { Excludes } from './excludes';
import { goingAlong } from './goalong';
import type { MessageModel } from './message';
import type { IChoice } from './choice';
import type { ModelsModel } from './models';
import { Outbox } from './outbox';
import type { IHow, IQuestion } from './question';
import { paramsOf } from './question';

/**
 * Makes questions of prompts, and keeps what they were made of until they are stored.
 */
export class Sender implements IDisposable {
  /**
   * Construct a sender.
   */
  constructor(options: Sender.IOptions) {
    this._accepted = new AcceptedModels(options.state);
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
   * What a draft would be as a question, with what its attachments give now.
   *
   * @param oneShot - Whether it goes without the history.
   */
  question(draft: Sender.IDraft, oneShot = false): IQuestion {
    // Context first and the question last: what repeats stands in front, for the cache.
    const parts = goingAlong(
      draft.attachments,
      this._models.chosen?.images !== false,
      (part, id) => draft.excludes?.own(part, id)
    );
    if (oneShot && !parts.length) {
      throw new GPTClientError('source_gone', 'The source is gone');
    }
    if (draft.text) {
      parts.push({ type: 'text', text: draft.text });
    }
    return { ...this._how(oneShot), ...excluding(draft, parts), parts };
  }

  /**
   * Send a draft; its attachments are the sender's from then on.
   *
   * @param how - Whether it goes without the history, and the digest of its preview.
   *
   * @throws GPTClientError when it cannot go out; then nothing has changed.
   */
  send(
    conversation: ConversationModel,
    draft: Sender.IDraft,
    how: { oneShot?: boolean; digest?: string | null } = {}
  ): IExchange {
    const { oneShot = false, digest } = how;
    const question = this.question(draft, oneShot);
    const exchange = conversation.submit(
      digest ? { ...question, digest } : question
    );
    this._note(exchange, oneShot);
    const { text, attachments, excludes } = draft;
    const excluded = excludes?.list ?? [];
    this.outbox.add(exchange, { text, attachments, excluded });
    return exchange;
  }

  /**
   * Ask the question of an answer again, as it was asked.
   *
   * @param choice - The model, where it is not the chosen one.
   *
   * @returns Whether there is such a question.
   *
   * @throws GPTClientError when it cannot go out.
   */
  sendAgain(
    conversation: ConversationModel,
    answerId: string,
    choice?: IChoice
  ): boolean {
    const question = conversation.questionOf(answerId);
    if (!question) {
      return false;
    }
    const oneShot = this._oneShots.has(question);
    const exclude = this.outbox.get(answerId)?.excluded.map(({ id }) => id);
    const exchange = conversation.sendAgain(answerId, {
      ...this._how(oneShot, choice),
      ...(exclude?.length ? { exclude } : {})
    });
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
   * Ask a stored question in other words, with the context that it had.
   *
   * @returns Whether there is such a question.
   *
   * @throws GPTClientError when it cannot go out.
   */
  edit(
    conversation: ConversationModel,
    question: MessageModel,
    text: string
  ): boolean {
    const oneShot = this._oneShots.has(question);
    const context = question.parts.filter(part => part.type !== 'text');
    const parts: Part[] = [...context, { type: 'text', text }];
    const asked = { ...this._how(oneShot), parts };
    const exchange = conversation.edit(question.id, asked);
    if (!exchange) {
      return false;
    }
    this._note(exchange, oneShot);
    this.outbox.add(exchange, { text, attachments: [], excluded: [] });
    return true;
  }

  /**
   * Go on with an answer that was cut, with the model that wrote it.
   *
   * @returns Whether it can be gone on with.
   *
   * @throws GPTClientError when it cannot go out.
   */
  goOn(conversation: ConversationModel, answer: MessageModel): boolean {
    const question = conversation.questionOf(answer.id);
    const oneShot = question !== null && this._oneShots.has(question);
    const how = this._how(oneShot, choiceOf(answer));
    return conversation.goOn(answer, how) !== null;
  }

  /** A model (the chosen one) may be asked from now on, though its price is not known. */
  acceptUnpriced(choice = this._models.choice): void {
    this._accepted.add(choice);
  }

  /**
   * Let go.
   */
  dispose(): void {
    this.outbox.dispose();
    this._accepted.dispose();
  }

  private _how(oneShot: boolean, choice = this._models.choice): IHow {
    const accepted = this._accepted.has(choice);
    return {
      ...choice,
      params: {
        ...paramsOf(this._settings?.current ?? null, oneShot, accepted),
        // Of this model, so it goes before the settings, which are for all.
        ...this._models.tuning.of(choice)
      },
      notebook: this._notebook?.path ?? null
    };
  }

  private _note({ question }: IExchange, oneShot: boolean): void {
    if (oneShot) {
      this._oneShots.add(question);
    }
  }

  private _accepted: AcceptedModels;
  private _models: ModelsModel;
  private _settings: IGPTSettings | null;
  private _notebook: INotebookSide | null;
  // Questions that went without history: so they do when they are sent again.
  private _oneShots = new WeakSet<MessageModel>();
}

/**
 * A namespace for Sender statics.
 */
export namespace Sender {
  /**
   * What a prompt is made of before it is sent.
   */
  export interface IDraft {
    readonly text: string;
    readonly attachments: readonly IAttachment[];
    /** What of it the user left out. */
    readonly excludes?: Excludes;
  }

  /**
   * Options of a sender.
   */
  export interface IOptions {
    models: ModelsModel;
    settings: IGPTSettings | null;
    notebook: INotebookSide | null;
    /** Where it is kept which models may be asked without a price; without one, it is not. */
    state: IStateDB | null;
  }
}

/** What of a draft is not to be sent; nothing where all of it is. */
/** The model that wrote an answer; none where nobody knows. */
export function choiceOf({
  provider,
  model
}: MessageModel): IChoice | undefined {
  return model === null ? undefined : { provider, model };
}

function excluding(
  { excludes }: Sender.IDraft,
  parts: readonly Part[]
): Pick<IQuestion, 'exclude'> {
  const exclude = excludes?.of(parts) ?? [];
  return exclude.length ? { exclude } : {};
}
