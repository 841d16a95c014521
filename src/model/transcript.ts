import type { IConversation } from '../protocol/frames';
import type { IAskedCell } from '../tokens';
import type { IExchange } from './exchanges';
import { Exchanges } from './exchanges';
import { MessageModel } from './message';
import { MessageTree } from './tree';

/**
 * The messages of a conversation: the stored tree, and at their places the exchanges that are not
 * stored (yet).
 */
export class Transcript {
  /** The branch that is shown. */
  get messages(): readonly MessageModel[] {
    return this._messages;
  }

  /** The stored message at its end: the parent of what is asked next. */
  get leaf(): string | null {
    return this._tree.leaf;
  }

  /**
   * The question that a message answers.
   */
  questionOf(answerId: string): MessageModel | null {
    const answer = this._messages.find(m => m.id === answerId);
    return this._messages.find(m => m.id === answer?.parentId) ?? null;
  }

  /**
   * The cell that an answer is about.
   */
  askedCell(answerId: string): IAskedCell | null {
    const parts = this.questionOf(answerId)?.parts ?? [];
    // Without its code a cell is known by its output or error alone, which come before the
    // cells that define its names.
    const part = parts.find(one => 'cell_id' in one);
    if (!part || !('cell_id' in part)) {
      return null;
    }
    const cellId = part.cell_id;
    if (part.type !== 'cell') {
      return { cellId, path: '' };
    }
    // Lines of a cell, or a cell too large to be in the message, do not tell its source.
    const source = part.from_line || part.blob ? null : part.source;
    return {
      cellId,
      path: part.path,
      ...(typeof source === 'string' && { source })
    };
  }

  /**
   * Show an exchange that is on its way.
   *
   * @param beside - Whether it is a branch, shown in the place of a stored message.
   */
  add(exchange: IExchange, beside: boolean): void {
    this._unstored.add(exchange, beside);
    this._refresh();
  }

  /**
   * The stored messages beside one, itself included, in their order; none for one that is not
   * stored.
   */
  siblings(message: MessageModel): readonly MessageModel[] {
    return this._tree.get(message.id) === message
      ? this._tree.children(message.parentId)
      : [];
  }

  /** Whether a message is stored. */
  has(id: string): boolean {
    return this._tree.get(id) !== undefined;
  }

  /**
   * Show the branch through a stored message: as it was shown last, else to its latest end.
   */
  show(id: string): void {
    this._unstored.dropBranches();
    this._tree.leaf = this._tree.endBelow(id);
    this._refresh();
  }

  /**
   * Drop a branch that came to nothing; false if the answer is not one.
   */
  dropBranch(answerId: string): boolean {
    const found = this._unstored.isBranch(answerId);
    if (found) {
      this._unstored.dropBranches();
      this._refresh();
    }
    return found;
  }

  /**
   * Take an exchange off the page that was stopped before it was stored: its prompt is in the box
   * again. False if it was not.
   */
  withdraw({ id, stored, status }: MessageModel): boolean {
    const stopped = !stored && status === 'cancelled';
    if (stopped) {
      this._unstored.remove(id);
      this._refresh();
    }
    return stopped;
  }

  /**
   * The exchange with this answer is stored.
   */
  markStored(answer: MessageModel): void {
    const exchange = this._unstored.remove(answer.id);
    if (exchange) {
      exchange.question.markStored();
      this._tree.add(exchange.question);
      this._tree.add(answer);
    }
    this._tree.leaf = answer.id;
    this._refresh();
  }

  /**
   * Take a question that was never stored off the page; false if there is none.
   */
  discard(questionId: string): boolean {
    const found = this._unstored.discard(questionId);
    this._refresh();
    return found;
  }

  /**
   * Take over what is stored.
   *
   * @param writes - Whether a turn of ours writes an answer: it knows more than what was stored a
   * moment ago.
   * @param keepLeaf - Whether the branch that is shown stays, for the server is still to hear of it.
   *
   * @returns The stored messages.
   */
  merge(
    info: IConversation,
    writes: (answerId: string) => boolean,
    keepLeaf = false
  ): MessageModel[] {
    const gone = new Set(this._tree.ids);
    const stored = info.messages.map(message => {
      gone.delete(message.id);
      const known =
        this._tree.get(message.id) ?? this._unstored.take(message.id);
      const model = known ?? new MessageModel(message, true);
      this._tree.add(model);
      if (known && !writes(message.id)) {
        known.update(message);
      }
      return model;
    });
    gone.forEach(id => this._tree.remove(id));
    this._tree.sort(stored);
    const last = info.messages[info.messages.length - 1];
    if (!keepLeaf || this._tree.leaf === null) {
      this._tree.leaf = info.leaf ?? last?.id ?? null;
    }
    this._refresh();
    return stored;
  }

  private _refresh(): void {
    this._messages = this._unstored.weave(this._tree.branch());
  }

  private _tree = new MessageTree();
  private _unstored = new Exchanges();
  private _messages: readonly MessageModel[] = [];
}
