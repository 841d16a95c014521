import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import type { TestServer } from '../../connection/__tests__/server';
import { Page, extra, modelServer, until } from '../../model/__tests__/fixture';
import type {
  IAttachment,
  ICellRef,
  IContextCandidate,
  IContextFound,
  IGPTContext,
  INotebookSide,
  IInsertBlock,
  IInsertResult,
  IInsertTarget,
  InsertPlace
} from '../../tokens';
import type { GPTPanel } from '../panel';
import { createPanel } from '../panel';

export { until };

/**
 * A notebook of two cells that remembers what was asked of it.
 */
export class Notebook implements INotebookSide {
  readonly activeChanged: Signal<INotebookSide, void> = new Signal(this);
  active: ICellRef | null = { cellId: 'c8', path: 'a.ipynb' };
  path: string | null = 'a.ipynb';
  readonly inserts: {
    place: InsertPlace;
    blocks: readonly IInsertBlock[];
  }[] = [];
  readonly lights: (ICellRef | null)[] = [];
  focused = 0;
  readonly opened: (readonly IInsertBlock[])[] = [];
  kind: IInsertTarget['kind'] = 'cell';
  result: IInsertResult = { inserted: true };

  attachNotebook(): IAttachment | null {
    return null;
  }
  attach(_: ICellRef): IAttachment | null {
    return null;
  }
  target(asked: ICellRef | null): IInsertTarget {
    const ref = asked ?? this.active;
    return this.path === null || ref === null
      ? { label: '', which: 'none', kind: this.kind, ref: null }
      : {
          label: ref.cellId === 'c8' ? 'In [8]' : 'In [7]',
          which: asked ? 'asked' : 'active',
          kind: this.kind,
          ref
        };
  }
  highlight(ref: ICellRef | null): void {
    this.lights.push(ref);
  }
  insert(
    _: ICellRef | null,
    place: InsertPlace,
    blocks: readonly IInsertBlock[]
  ): Promise<IInsertResult> {
    this.inserts.push({ place, blocks });
    return Promise.resolve(this.result);
  }
  readonly canUndoInsert = false;
  undoInsert(): boolean {
    return false;
  }
  focus(): void {
    this.focused += 1;
  }
  openAsNotebook(blocks: readonly IInsertBlock[]): Promise<IInsertResult> {
    this.opened.push(blocks);
    return Promise.resolve(this.result);
  }
}

/**
 * Finds what a test puts in, when the test lets it.
 */
export class Context implements Pick<IGPTContext, 'find'> {
  candidates: IContextCandidate[] = [];
  notes: string[] = [];
  readonly asked: string[] = [];
  aborted = 0;
  /** What a search waits for. */
  ready: Promise<unknown> = Promise.resolve();

  async find(
    query: string,
    limit: number,
    signal?: AbortSignal
  ): Promise<IContextFound> {
    this.asked.push(query);
    signal?.addEventListener('abort', () => (this.aborted += 1));
    await this.ready;
    const candidates = this.candidates
      .filter(({ label }) => label.toLowerCase().includes(query.toLowerCase()))
      .slice(0, limit);
    return { candidates, notes: this.notes };
  }
}

/**
 * A panel on a page: the real models on a real server of the test's own.
 */
export class Bench {
  static async open(routes: Record<string, unknown> = {}): Promise<Bench> {
    const server = await modelServer();
    extra.set(server, {
      'GET status': {
        provider: 'default',
        model: 'm-default',
        needs_setup: false,
        policy: { disabled_features: [] }
      },
      ...routes
    });
    const bench = new Bench(server);
    await until(() => bench.page.socket.state === 'open');
    await until(() => bench.box !== null);
    await bench.page.models.conversations.restored;
    return bench;
  }

  private constructor(readonly server: TestServer) {
    this.page = new Page(server);
    const trans = nullTranslator.load('jupyterlab_gpt');
    this.panel = createPanel({
      ...this.page.models,
      trans,
      notebook: this.notebook,
      // The panel does more with it than complete; no test here does.
      context: this.context as unknown as IGPTContext,
      settings: null,
      openSettings: () => {
        this.settingsOpened += 1;
      },
      openUsage: () => {
        this.usageOpened += 1;
      },
      openNotebook: (name, content) => {
        this.notebooksOpened.push({ name, content });
        return Promise.resolve();
      },
      latexTypesetter: null,
      languages: null
    });
    Widget.attach(this.panel, document.body);
  }

  readonly page: Page;
  readonly panel: GPTPanel;
  readonly notebook = new Notebook();
  /** What `@` finds: all candidates whose label holds the query. */
  readonly context = new Context();
  settingsOpened = 0;
  usageOpened = 0;
  readonly notebooksOpened: { name: string; content: unknown }[] = [];

  get node(): HTMLElement {
    return this.panel.node;
  }

  /** The prompt box. */
  get box(): HTMLTextAreaElement {
    return this.find('textarea') as HTMLTextAreaElement;
  }

  find(selector: string): HTMLElement | null {
    return this.node.querySelector<HTMLElement>(selector);
  }

  /** The buttons of a name, as a screen reader hears it. */
  buttons(name: string, within: Element = this.node): HTMLButtonElement[] {
    return [...within.querySelectorAll('button')].filter(
      button =>
        (button.getAttribute('aria-label') ?? button.textContent) === name
    );
  }

  /** Wait for a button and press it. */
  async press(name: string): Promise<void> {
    await until(() => this.buttons(name).length > 0);
    this.buttons(name)[0].click();
  }

  /** The answers that are shown. */
  answers(): HTMLElement[] {
    return [
      ...this.node.querySelectorAll<HTMLElement>('article[aria-label="GPT"]')
    ];
  }

  /** Type into an input, as React sees it. */
  type(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
    const prototype = Object.getPrototypeOf(field) as object;
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /** Press a key in a field; false if its default was prevented. */
  key(field: Element, key: string, init: KeyboardEventInit = {}): boolean {
    return field.dispatchEvent(
      new KeyboardEvent('keydown', {
        key,
        bubbles: true,
        cancelable: true,
        ...init
      })
    );
  }

  async close(): Promise<void> {
    this.panel.dispose();
    this.page.close();
    await this.server.stop();
  }
}
