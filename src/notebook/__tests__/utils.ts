import type { ICodeCellModel } from '@jupyterlab/cells';
import type { Context } from '@jupyterlab/docregistry';
import type * as nbformat from '@jupyterlab/nbformat';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import { NotebookTracker } from '@jupyterlab/notebook';
import {
  initNotebookContext,
  NBTestUtils
} from '@jupyterlab/notebook/lib/testutils';
import { ServiceManagerMock } from '@jupyterlab/services/lib/testutils';
import { nullTranslator } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import type { IAskedCell } from '../../tokens';
import type { IChipDefaults } from '../chipdefaults';
import { GPTNotebook } from '../notebook';
import type { Feature } from '../../protocol/features';
import type { Upload } from '../upload';
import type { IFront, IFrontText } from '../texts';

// A page without a layout has nothing to scroll.
Element.prototype.scrollIntoView ??= () => undefined;

export const trans = nullTranslator.load('jupyterlab_gpt');

/** Three cells: code that ran, Markdown, code that failed. */
export const CONTENT: nbformat.INotebookContent = {
  cells: [
    {
      id: 'first',
      cell_type: 'code',
      source: 'import math\nmath.pi',
      metadata: {},
      execution_count: 7,
      outputs: [
        {
          output_type: 'execute_result',
          execution_count: 7,
          data: { 'text/plain': '3.14', 'image/png': 'iVBORw0KGgo=' },
          metadata: {}
        }
      ]
    },
    { id: 'prose', cell_type: 'markdown', source: '# Title', metadata: {} },
    {
      id: 'failed',
      cell_type: 'code',
      source: '1 / 0',
      metadata: {},
      execution_count: 8,
      outputs: [
        {
          output_type: 'error',
          ename: 'ZeroDivisionError',
          evalue: 'division by zero',
          traceback: [
            '\u001b[0;31mZeroDivisionError\u001b[0m',
            '\u001b[0;32m----> 1\u001b[0m 1 / 0'
          ]
        }
      ]
    }
  ],
  metadata: {
    kernelspec: { name: 'python3', display_name: 'Python 3' },
    language_info: { name: 'python' }
  },
  nbformat: 4,
  nbformat_minor: 5
};

/** What is in front beside notebooks: nothing, until a test says so. */
class Front implements IFront {
  text: IFrontText | null = null;
  readonly changed: Signal<IFront, void> = new Signal(this);
}

/** Notebooks in a tracker, drawn in a page, and our side of them. */
export class Bench {
  constructor(private readonly _upload?: Upload) {}

  /** What the administrator has switched off. */
  off: readonly Feature[] = [];

  readonly tracker = new NotebookTracker({ namespace: 'notebook' });
  defaults: IChipDefaults = { code: true, error: true, output: false };
  readonly front = new Front();
  runs = 0;
  readonly opened: { name: string; content: unknown }[] = [];
  readonly activated: string[] = [];
  readonly notebook = new GPTNotebook({
    tracker: this.tracker,
    trans,
    upload: this._upload,
    isOff: feature => this.off.includes(feature),
    defaults: () => this.defaults,
    activate: panel => {
      this.activated.push(panel.id);
    },
    front: this.front,
    run: async () => {
      this.runs += 1;
    },
    kernelspec: () => ({
      name: 'python3',
      display_name: 'Python 3',
      language: 'python'
    }),
    openNotebook: async (name, content) => {
      this.opened.push({ name, content });
    }
  });

  async open(
    path: string,
    content: nbformat.INotebookContent = CONTENT
  ): Promise<NotebookPanel> {
    const context: Context<INotebookModel> = await initNotebookContext({
      path,
      manager: this._manager
    });
    const panel = NBTestUtils.createNotebookPanel(context);
    panel.id = `panel-${path}`;
    context.model.fromJSON(JSON.parse(JSON.stringify(content)));
    context.model.sharedModel.clearUndoHistory();
    Widget.attach(panel, document.body);
    await this.tracker.add(panel);
    panel.content.activeCellIndex = 0;
    panel.node.dispatchEvent(new Event('focusin'));
    this._panels.push(panel);
    return panel;
  }

  dispose(): void {
    this.notebook.dispose();
    for (const panel of this._panels) {
      panel.context.dispose();
      panel.dispose();
    }
    this.tracker.dispose();
    MessageLoop.flush();
  }

  private readonly _manager = new ServiceManagerMock();
  private readonly _panels: NotebookPanel[] = [];
}

/** The file as it would be saved. */
export function saved(panel: NotebookPanel): string {
  return panel.context.model.toString();
}

export function sources(panel: NotebookPanel): string[] {
  const { cells } = panel.content.model!;
  return Array.from(cells, cell => cell.sharedModel.getSource());
}

export function codeModel(panel: NotebookPanel, index: number): ICodeCellModel {
  return panel.content.model!.cells.get(index) as ICodeCellModel;
}

/** Wait until something is so. */
export async function until(is: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 15_000;
  while (!is()) {
    if (Date.now() > end) {
      throw new Error(`not within fifteen seconds: ${what}`);
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

/** The changes that wait in a notebook. */
export function diffs(panel: NotebookPanel): HTMLElement[] {
  return [...panel.node.querySelectorAll<HTMLElement>('.jp-gpt-Diff')];
}

/** A button within a notebook; there must be exactly one. */
export function button(within: Element, name: string): HTMLButtonElement {
  const all = [...within.querySelectorAll('button')].filter(
    node => node.textContent === name
  );
  expect(all).toHaveLength(1);
  return all[0];
}

/** Ask for a change, and wait until it is shown. */
export async function propose(
  bench: Bench,
  panel: NotebookPanel,
  asked: IAskedCell,
  source: string
): Promise<HTMLElement> {
  const before = diffs(panel).length;
  const result = await bench.notebook.insert(asked, 'replace', [
    { kind: 'code', source, language: 'python' }
  ]);
  expect(result).toEqual({ inserted: false, proposed: true });
  await until(() => diffs(panel).length > before, 'a change is shown');
  return diffs(panel).find(node =>
    node.closest('.jp-Cell.jp-mod-active')
  ) as HTMLElement;
}
