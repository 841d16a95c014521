import type { ConversationModel } from './conversation';
import type { MessageModel } from './message';
import type { IChoice } from './choice';
import type { Sender } from './sender';
import { choiceOf } from './sender';

/**
 * Asks again what was asked: the same question, the same in other words, or to go on. Each makes a
 * branch, and what was there stays. Each says whether it went out (see the composer's `problem`).
 */
export class BranchSender {
  /** Construct it for the conversation that is open. */
  constructor(options: BranchSender.IOptions) {
    this._options = options;
  }

  /** Ask the question of a failed answer again, with the model that is chosen now. */
  sendAgain(answerId: string): boolean {
    return this._try((sender, conversation) =>
      sender.sendAgain(conversation, answerId)
    );
  }

  /** Another answer, by the model that wrote the one that is there, or by another one. */
  regenerate(answerId: string, choice?: IChoice): boolean {
    const by = choice ?? this._writer(answerId);
    return this._try((sender, conversation) =>
      sender.sendAgain(conversation, answerId, by)
    );
  }

  /** Send again, though the price of the model that was asked is not known: from now on, too. */
  sendAnyway(answerId: string): boolean {
    const by = this._writer(answerId);
    return this._try((sender, conversation) => {
      sender.acceptUnpriced(by);
      return sender.sendAgain(conversation, answerId, by);
    });
  }

  /** Ask a stored question in other words. */
  edit(questionId: string, text: string): boolean {
    const question = this._message(questionId);
    return this._try(
      (sender, conversation) =>
        !!question && sender.edit(conversation, question, text)
    );
  }

  /** Go on with an answer that was cut. */
  goOn(answerId: string): boolean {
    const answer = this._message(answerId);
    return this._try(
      (sender, conversation) => !!answer && sender.goOn(conversation, answer)
    );
  }

  private _message(id: string): MessageModel | undefined {
    return this._options.conversation().messages.find(m => m.id === id);
  }

  private _writer(answerId: string): IChoice | undefined {
    const answer = this._message(answerId);
    return answer && choiceOf(answer);
  }

  private _try(
    send: (sender: Sender, conversation: ConversationModel) => boolean
  ): boolean {
    const { attempt, conversation, sender } = this._options;
    return attempt(() => send(sender, conversation())) ?? false;
  }

  private _options: BranchSender.IOptions;
}

/** A namespace for BranchSender statics. */
export namespace BranchSender {
  /** Options of a sender of branches. */
  export interface IOptions {
    readonly sender: Sender;
    /** The conversation that is open. */
    readonly conversation: () => ConversationModel;
    /** Do something that may fail, and remember why it did. */
    readonly attempt: <T>(work: () => T) => T | null;
  }
}
