import { PathExt } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type {
  IAttachment,
  IContextCandidate,
  IContextFound,
  ICellRef
} from '../tokens';
import type { IsOff } from '../protocol/features';
import { switchedOff } from '../protocol/features';
import { cellLabel } from './finder';
import { sentenceOf } from './upload';
import { readVariables } from './variables';

/** Milliseconds that a list is good for: a search is made at each keystroke. */
const FRESH_MS = 3000;

/** Milliseconds that a folder has to be listed: a slow drive must not keep the cells waiting. */
const PATIENCE_MS = 1500;

/** Variables that are listed: more than anybody looks through. */
const MAX_VARIABLES = 500;

/** Characters of a cell's first line: what fits a row of the narrowest panel, and is cut there. */
const DETAIL = 60;

/** How well a text matches; null: not at all. */
function rank(text: string, query: string): number | null {
  const at = text.toLowerCase().indexOf(query);
  return at < 0 ? null : at > 0 ? 2 : text.length > query.length ? 1 : 0;
}

/** Something found, and how well it matches. */
interface IHit {
  readonly rank: number;
  readonly candidate: IContextCandidate;
}

/** What makes the chips. */
export interface IAttach {
  cell(ref: ICellRef): Promise<IAttachment>;
  notebook(): Promise<IAttachment>;
  file(path: string): Promise<IAttachment>;
  variable(panel: NotebookPanel, name: string): Promise<IAttachment>;
}

/**
 * Looks for what can go along: cells, variables and files, by what one types.
 */
export class ContextSearch {
  constructor(options: ContextSearch.IOptions) {
    this._options = options;
  }

  /**
   * What matches a text, best first.
   */
  async find(
    query: string,
    limit: number,
    signal?: AbortSignal
  ): Promise<IContextFound> {
    const panel = this._options.panel();
    const wanted = query.trim().toLowerCase();
    const notes: string[] = [];
    const noted = (hits: Promise<IHit[]>): Promise<IHit[]> =>
      hits.catch(reason => {
        notes.push(sentenceOf(reason));
        return [];
      });
    const found = await Promise.all([
      panel ? this._cells(panel, wanted) : [],
      panel ? noted(this._variables(panel, wanted)) : [],
      noted(this._files(panel?.context.path ?? '', query.trim()))
    ]);
    if (signal?.aborted) {
      return { candidates: [], notes: [] };
    }
    const hits = wanted ? found.flat() : fairly(found, limit);
    // Stable: of two that match alike the cell stands before the variable, that before the file.
    hits.sort((a, b) => a.rank - b.rank);
    const candidates = hits.slice(0, limit).map(({ candidate }) => candidate);
    return { candidates, notes };
  }

  private _cells(panel: NotebookPanel, wanted: string): IHit[] {
    const { attach, trans } = this._options;
    const { path } = panel.context;
    const name = PathExt.basename(path);
    const hits: IHit[] = [];
    const whole = rank(trans.__('notebook'), wanted) ?? rank(name, wanted);
    if (whole !== null) {
      const candidate: IContextCandidate = {
        id: `notebook:${path}`,
        kind: 'notebook',
        label: trans.__('notebook'),
        detail: name,
        attach: () => attach.notebook()
      };
      hits.push({ rank: whole, candidate });
    }
    const active = panel.content.activeCell?.model.id;
    for (const model of panel.content.model?.cells ?? []) {
      const label = cellLabel(model, trans);
      const source = model.sharedModel.getSource().trim();
      const line = source.split('\n', 1)[0].slice(0, DETAIL);
      // `7`, `In [7]` and `in7` are the cell of that number before they are anything else.
      const number = label.replace(/\D/g, '');
      const exact = number && wanted.replace(/^in\W*|\W*$/g, '') === number;
      const found = exact ? 0 : (rank(label, wanted) ?? rank(line, wanted));
      if (found !== null && source) {
        const ref = { cellId: model.id, path };
        const candidate: IContextCandidate = {
          id: `cell:${path}#${model.id}`,
          kind: 'cell',
          label,
          detail: line,
          attach: () => attach.cell(ref)
        };
        hits.push({
          rank: wanted || model.id !== active ? found : 0,
          candidate
        });
      }
    }
    return hits;
  }

  private async _variables(
    panel: NotebookPanel,
    wanted: string
  ): Promise<IHit[]> {
    const { attach, isOff, trans } = this._options;
    if (isOff('variables')) {
      throw new Error(switchedOff(trans, 'variables'));
    }
    const { sessionContext, context } = panel;
    const key = sessionContext.session?.kernel?.id ?? '';
    const all = await this._fresh(`kernel ${key}`, () =>
      readVariables(sessionContext, { query: '', limit: MAX_VARIABLES }, trans)
    );
    return all.flatMap(({ name, var_type }) => {
      const found = rank(name, wanted);
      return found === null
        ? []
        : [
            {
              rank: found,
              candidate: {
                id: `variable:${context.path}#${name}`,
                kind: 'variable',
                label: name,
                detail: var_type ?? '',
                attach: () => attach.variable(panel, name)
              }
            }
          ];
    });
  }

  /** Files of the notebook's folder, or of the one that is typed: `data/a`, `/home/a`. */
  private async _files(notebook: string, typed: string): Promise<IHit[]> {
    const { attach, contents, isOff, trans } = this._options;
    if (isOff('files')) {
      throw new Error(switchedOff(trans, 'files'));
    }
    const drive = contents.driveName(notebook);
    const from = typed.startsWith('/')
      ? ''
      : PathExt.dirname(contents.localPath(notebook));
    const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
    const local = PathExt.join(from, folder).replace(/^\/|\/$/g, '');
    if (local.startsWith('..')) {
      return [];
    }
    const path = drive ? `${drive}:${local}` : local;
    const entries = await this._fresh(`folder ${path}`, () =>
      listing(contents, path, trans)
    );
    const name = typed.slice(folder.length).toLowerCase();
    return entries.flatMap(entry => {
      const found = rank(entry.name, name);
      return found === null || entry.path === notebook
        ? []
        : [
            {
              rank: found,
              candidate: {
                id: `file:${entry.path}`,
                kind: 'file',
                label: folder + entry.name,
                detail: '',
                attach: () => attach.file(entry.path)
              }
            }
          ];
    });
  }

  /** What was read a moment ago, or what is read now; a failure is not kept. */
  private _fresh<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this._known.get(key);
    if (known && Date.now() - known.at < FRESH_MS) {
      return known.value as Promise<T>;
    }
    const value = read();
    // The kernel's and the folder's lists are asked for at once: neither may drive out the other.
    for (const [old, { at }] of this._known) {
      if (Date.now() - at >= FRESH_MS) {
        this._known.delete(old);
      }
    }
    this._known.set(key, { at: Date.now(), value });
    value.catch(() => this._known.delete(key));
    return value;
  }

  private readonly _options: ContextSearch.IOptions;
  private readonly _known = new Map<
    string,
    { at: number; value: Promise<unknown> }
  >();
}

/**
 * A namespace for `ContextSearch` statics.
 */
export namespace ContextSearch {
  /**
   * The options of a `ContextSearch`.
   */
  export interface IOptions {
    readonly attach: IAttach;
    readonly contents: Contents.IManager;
    /** The notebook in front. */
    readonly panel: () => NotebookPanel | null;
    readonly trans: TranslationBundle;
    readonly isOff: IsOff;
  }
}

/** Some of each list: who has typed nothing yet shall see what there is. */
function fairly(lists: readonly IHit[][], limit: number): IHit[] {
  const share = Math.max(1, Math.floor(limit / lists.length));
  const first = lists.flatMap(list =>
    [...list].sort((a, b) => a.rank - b.rank).slice(0, share)
  );
  const rest = lists.flat().filter(hit => !first.includes(hit));
  return [...first, ...rest].slice(0, limit);
}

/** The files of a folder. */
async function listing(
  contents: Contents.IManager,
  path: string,
  trans: TranslationBundle
): Promise<Contents.IModel[]> {
  const slow = new Promise<never>((_, reject) => {
    setTimeout(
      () => reject(new Error(trans.__('The folder is not listed yet.'))),
      PATIENCE_MS
    );
  });
  let model: Contents.IModel | null;
  try {
    model = await Promise.race([contents.get(path), slow]);
  } catch (reason) {
    if ((reason as { response?: Response }).response) {
      // No such folder: so far it is only being typed.
      return [];
    }
    throw reason;
  }
  const entries = model.type === 'directory' ? model.content : [];
  return (entries as Contents.IModel[]).filter(
    ({ type }) => type !== 'directory'
  );
}
