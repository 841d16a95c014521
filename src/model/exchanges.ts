import type { MessageModel } from './message';

/**
 * A question and its answer.
 */
export interface IExchange {
  readonly question: MessageModel;
  readonly answer: MessageModel;
}

interface IUnstored extends IExchange {
  /** The stored answer in whose place this one is shown. */
  readonly replaces: string | null;
}

/**
 * What is on the page and not (yet) at the server: a question on its way, or one that failed
 * before it was stored. It stays at its place while the conversation goes on.
 */
export class Exchanges {
  /**
   * Add an exchange; another attempt at the same question takes the place of the one before.
   *
   * @param replaces - A failed answer whose place it takes, or null.
   */
  add(exchange: IExchange, replaces: string | null): void {
    const before = this._list.find(e => e.question === exchange.question);
    this._list = this._list.filter(e => e !== before);
    this._list.push({
      ...exchange,
      replaces: replaces ?? before?.replaces ?? null
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
   * The messages to show: a stored branch, and each exchange after the message it followed.
   */
  weave(branch: readonly MessageModel[]): MessageModel[] {
    const hidden = new Set(this._list.map(e => e.replaces));
    const stored = new Set(branch.map(m => m.id));
    const shown: MessageModel[] = [];
    const follow = (id: string | null): void => {
      for (const { question, answer } of this._list) {
        if (stored.has(question.id)) {
          shown.push(...(question.id === id ? [answer] : []));
        } else if (question.parentId === id) {
          shown.push(question, answer);
        }
      }
    };
    follow(null);
    for (const message of branch) {
      if (!hidden.has(message.id)) {
        shown.push(message);
      }
      follow(message.id);
    }
    return shown;
  }

  private _list: IUnstored[] = [];
}
