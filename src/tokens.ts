import type { IDisposable } from '@lumino/disposable';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { ILazy } from './lazy';
import type { Part } from './protocol/frames';

/**
 * Something that goes along with a prompt: a cell, later a file, a variable, an image.
 *
 * An attachment knows its source by identity (a cell by its id), so that `parts` reads what is
 * there when the prompt is sent, not when the chip was made.
 */
export interface IAttachment extends IDisposable {
  /** Stable for the attachment's life. */
  readonly id: string;
  /** `cell` … : the type of the part that it mainly gives. */
  readonly kind: Part['type'];
  /** What the chip shows after "Context: ": `In [7]`, a file name, a variable's name. */
  readonly label: string;
  /** A second, quieter line: `14 lines`, `edited since`, `deleted`. */
  readonly note: string;
  /** False when the source is gone: the chip says so and nothing of it is sent. */
  readonly available: boolean;
  /** What the chip can switch on and off. */
  readonly options: readonly IAttachmentOption[];
  /** About how many tokens go along, guessed here; absent or null: nobody knows yet. */
  readonly tokens?: number | null;
  /**
   * Why it cannot go out yet, translated: `Reading variables…`. Absent or null: it can. It ends by
   * itself, within seconds.
   */
  readonly pending?: string | null;
  /** A translated sentence on what the user asked of the chip and it could not do. */
  readonly problem?: string | null;
  /** A small picture of it: an address of something that the page has (`blob:`, `data:`). */
  readonly thumbnail?: string | null;
  /** Emitted when label, note, options or availability change. */
  readonly changed: ISignal<IAttachment, void>;
  /** Switch an option. */
  setOption(id: string, enabled: boolean): void;
  /** What is sent, as of now. Content of any size is inline; the composer uploads what is large. */
  parts(): Part[];
  /** Scroll to the source and light it up. */
  reveal(): void;
}

/**
 * A switch on a chip.
 */
export interface IAttachmentOption {
  readonly id: 'code' | 'error' | 'output' | string;
  /** Translated. */
  readonly label: string;
  readonly enabled: boolean;
  /** Rarely wanted: a narrow chip hides it in its menu while it is off. */
  readonly minor?: boolean;
  /** What the model must be able to read. */
  readonly needs?: 'images';
}

/**
 * Where an insert goes: a cell known by its id.
 */
export interface ICellRef {
  readonly cellId: string;
  /** Path of the notebook, for finding and for naming it; empty: of whichever has the cell. */
  readonly path: string;
}

/**
 * The cell that a question was about.
 */
export interface IAskedCell extends ICellRef {
  /** Its source when it was asked about; absent where the question does not hold all of it. */
  readonly source?: string;
}

/**
 * A piece of an answer on its way into the notebook.
 */
export interface IInsertBlock {
  readonly kind: 'code' | 'markdown';
  readonly source: string;
  /** The fence's language, lower case, empty if none was given. */
  readonly language: string;
}

/**
 * The target of an insert as it is now.
 */
export interface IInsertTarget {
  /** `below In [7]`'s "In [7]", a file's or a console's name; empty where nothing is open. */
  readonly label: string;
  /** `asked`: the cell that was asked about; `active`: that one is gone, or none was asked about,
   *  and this is what is in front; `none`: nothing is open. */
  readonly which: 'asked' | 'active' | 'none';
  /** A cell of a notebook, the editor of a file, or the prompt of a console. */
  readonly kind: 'cell' | 'editor' | 'console';
  /** The cell, where it is one. */
  readonly ref: ICellRef | null;
}

export type InsertPlace = 'below' | 'above' | 'replace';

/**
 * What an insert did.
 */
export interface IInsertResult {
  readonly inserted: boolean;
  /** Whether a change now waits in its cell for Accept or Reject. */
  readonly proposed?: boolean;
  /** Whether the user was asked, and would rather not. */
  readonly cancelled?: boolean;
  /** Translated reason when nothing was inserted. */
  readonly reason?: string;
}

/**
 * The notebook as the panel sees it: context out, answers in.
 */
export interface INotebookSide {
  /** Emitted when the active cell, its notebook, its prompt number or its selection changes. */
  readonly activeChanged: ISignal<INotebookSide, void>;
  /** The active cell of the notebook in front, or null. */
  readonly active: ICellRef | null;
  /** Path of the notebook in front, or null. */
  readonly path: string | null;
  /** Whether `undoInsert` would take something back. */
  readonly canUndoInsert: boolean;
  /**
   * A chip for a cell, or null if there is no such cell. What is selected in the cell's editor
   * narrows it to those lines.
   *
   * @param whole - Mean the whole cell, whatever is selected in it.
   */
  attach(ref: ICellRef, whole?: boolean): IAttachment | null;
  /** A chip for the whole notebook in front, or null if there is none. */
  attachNotebook(): IAttachment | null;
  /** Where an answer to a question about `asked` would go now. */
  target(asked: IAskedCell | null): IInsertTarget;
  /** Light the target up, or stop. */
  highlight(ref: ICellRef | null): void;
  /**
   * Put blocks into the notebook: one undo step, focus to the first new cell, nothing runs. In the
   * place of a cell they are shown as a change that waits for Accept or Reject.
   */
  insert(
    asked: IAskedCell | null,
    place: InsertPlace,
    blocks: readonly IInsertBlock[]
  ): Promise<IInsertResult>;
  /** Take the last insert back if its cells are untouched; false if there is nothing to take back. */
  undoInsert(): boolean;
  /** Put the focus back into the notebook (Escape in the prompt box). */
  focus(): void;
  /** Open a new notebook with the cells that blocks become; nothing runs. */
  openAsNotebook(blocks: readonly IInsertBlock[]): Promise<IInsertResult>;
}

/**
 * The notebook side, loaded on first use.
 */
export type IGPTNotebook = ILazy<INotebookSide>;

/** Token of the notebook side. */
export const IGPTNotebook = new Token<IGPTNotebook>(
  'jupyterlab-gpt:IGPTNotebook',
  'The notebook as the GPT panel sees it: cells as context, answers inserted as cells.'
);

/**
 * Something that could go along with a prompt, offered by `@` and by the menu of the prompt box.
 */
export interface IContextCandidate {
  /** Stable from one search to the next. */
  readonly id: string;
  readonly kind: 'cell' | 'notebook' | 'variable' | 'file';
  /** What it is called in a prompt: `In [7]`, `df`, `data/a.csv`. */
  readonly label: string;
  /** A second, quieter text: the cell's first line, the variable's type. */
  readonly detail: string;
  /** Make its chip; rejects with an `Error` whose message is translated when that cannot be. */
  attach(): Promise<IAttachment>;
}

/**
 * What a search for context found.
 */
export interface IContextFound {
  /** Best first. */
  readonly candidates: readonly IContextCandidate[];
  /** Translated sentences on what could not be searched: `The kernel is busy: no variables.` */
  readonly notes: readonly string[];
}

/**
 * All that can go along with a prompt.
 *
 * What makes a chip rejects with an `Error` whose message is translated when that cannot be; then
 * nothing has changed.
 */
export interface IGPTContext {
  /** How many cells are selected in the notebook in front; 0 without one. */
  readonly selectedCells: number;
  /** One chip for the selected cells of the notebook in front. */
  attachSelected(): Promise<IAttachment>;
  /** One chip for these cells: the cell's own where it is one. */
  attachCells(refs: readonly ICellRef[]): Promise<IAttachment>;
  /** A chip for a file of the workspace: a text or a picture. */
  attachFile(path: string): Promise<IAttachment>;
  /** A chip for a picture that was pasted or dropped. */
  attachImage(image: Blob, name?: string): Promise<IAttachment>;
  /** What matches a text, which may be empty; at most `limit` candidates. */
  find(
    query: string,
    limit: number,
    signal?: AbortSignal
  ): Promise<IContextFound>;
}

/** Token of the context. */
export const IGPTContext = new Token<IGPTContext>(
  'jupyterlab-gpt:IGPTContext',
  'All that can go along with a prompt: cells, variables, files, the notebook.'
);

/**
 * A prompt of the user's own, taken by `/` and its name.
 */
export interface IPromptTemplate {
  readonly name: string;
  /** With placeholders: `{cell}`, `{error}`, `{output}`, `{notebook}`, `{language}`, `{cursor}`. */
  readonly prompt: string;
}

/**
 * The settings of the settings editor, typed.
 */
export interface ISettings {
  readonly provider: string;
  readonly model: string;
  readonly systemPrompt: string;
  /** Null: not sent. */
  readonly temperature: number | null;
  /** Null: the server's limit. */
  readonly maxOutputTokens: number | null;
  readonly chipCode: boolean;
  readonly chipError: boolean;
  readonly chipOutput: boolean;
  readonly enterSends: boolean;
  readonly prompts: readonly IPromptTemplate[];
  /** What the subscription costs a month that spending is compared with, in USD; 0: none. */
  readonly subscriptionPrice: number;
}

/**
 * The settings with their changes.
 */
export interface IGPTSettings {
  readonly current: ISettings;
  readonly changed: ISignal<IGPTSettings, ISettings>;
  /** Store one setting of the user's. */
  set<K extends keyof ISettings>(key: K, value: ISettings[K]): Promise<void>;
}

/** Token of the settings. */
export const IGPTSettings = new Token<IGPTSettings>(
  'jupyterlab-gpt:IGPTSettings',
  'The user settings of JupyterLab GPT, typed, with their changes.'
);

/**
 * What other extensions can do with the panel.
 */
export interface IGPTPanel {
  /** Show the panel and put the caret into the prompt box; resolves when it is usable. */
  open(): Promise<void>;
  /** Show the panel and say at the prompt box why something did not happen. */
  complain(reason: string): Promise<void>;
  /** Add a chip to the prompt. */
  attach(attachment: IAttachment): Promise<void>;
  /** Send a prompt with one attachment and nothing of the history (Explain, Fix error). */
  ask(prompt: string, attachment: IAttachment): Promise<void>;
  /** Start a new conversation. */
  newConversation(): Promise<void>;
  /** Show the list of conversations. */
  showConversations(): Promise<void>;
  /** Stop the running answer; false if none runs. */
  stop(): boolean;
  /** Insert the last answer of the open conversation as cells. */
  insertLastAnswer(): Promise<void>;
}

/** Token of the panel. */
export const IGPTPanel = new Token<IGPTPanel>(
  'jupyterlab-gpt:IGPTPanel',
  'The GPT chat panel: open it, attach context, ask.'
);
