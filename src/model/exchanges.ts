import type { MessageModel } from './message';

/**
 * A question and its answer.
 */
export interface IExchange {
  readonly question: MessageModel;
  readonly answer: MessageModel;
}

interface IUnstored extends IExchange {
  /** Whether it is a branch beside what is stored: then nothing is shown below it. */
  readonly beside: boolean;
}

/**
 * What is on the page and not (yet) at the server: a question on its way, or one that failed
 * before it was stored. It stays at its place while the conversation goes on.
 */
export class Exchanges {
  /**
   * Add an exchange; another attempt at the same question takes the place of the one before.
   *
   * @param beside - Whether it is shown in the place of a stored message and all below that.
   */
  add(exchange: IExchange, beside: boolean): void {
    const before = this._list.find(e => e.question === exchange.question);
    this._list = this._list.filter(e => e !== before);
    this._list.push({
      ...exchange,
      beside: beside || (before?.beside ?? false)
    });
  }

  /**
   * Take the exchange with this answer out, for it is stored now.
   */
  remove(answerId: string): IExchange | null {
    const found = this._list.find(e => e.answer.id === answerId) ?? null;
    this._list = this._list.filter(e => e !== found);
    return found;
  }

  /**
   * Take out a message that turned out to be stored; its exchange is no longer ours.
   */
  take(id: string): MessageModel | null {
    for (const { question, answer } of this._list) {
      if (answer.id === id) {
        this.remove(id);
        return answer;
      }
      if (question.id === id) {
        return question;
      }
    }
    return null;
  }

  /**
   * Drop the exchanges with this question that were never stored.
   */
  discard(questionId: string): boolean {
    const before = this._list.length;
    this._list = this._list.filter(
      e => e.question.id !== questionId || e.question.stored
    );
    return this._list.length < before;
  }

  /**
   * Drop the branches that came to nothing: another one is to be shown.
   */
  dropBranches(): void {
    this._list = this._list.filter(
      e => !e.beside || e.answer.status === 'streaming'
    );
  }

  /**
   * Whether an answer of the list is a branch beside what is stored.
   */
  isBranch(answerId: string): boolean {
    return this._list.some(e => e.answer.id === answerId && e.beside);
  }

  /**
   * The messages to show: a stored branch, and each exchange after the message it followed.
   */
  weave(branch: readonly MessageModel[]): MessageModel[] {
    const stored = new Set(branch.map(m => m.id));
    const shown: MessageModel[] = [];
    /** Whether the branch goes on below. */
    const follow = (id: string | null): boolean => {
      let goesOn = true;
      for (const { question, answer, beside } of this._list) {
        const known = stored.has(question.id);
        if ((known ? question.id : question.parentId) === id) {
          shown.push(...(known ? [answer] : [question, answer]));
          goesOn &&= !beside;
        }
      }
      return goesOn;
    };
    let goesOn = follow(null);
    for (let at = 0; goesOn && at < branch.length; at++) {
      shown.push(branch[at]);
      goesOn = follow(branch[at].id);
    }
    return shown;
  }

  private _list: IUnstored[] = [];
}
