/**
 * Notebooks as files and as what is open, for tests that care for each byte.
 */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, type Locator, type Page } from '@playwright/test';
import { GPTPanel, script } from './gpt';

/** A cell of a notebook of a test. */
export interface ITestCell {
  readonly id: string;
  readonly source: string;
  readonly type?: 'code' | 'markdown';
}

const PYTHON = { display_name: 'Python 3 (ipykernel)', name: 'python3' };

/** The bytes of a notebook in which nothing has run. */
export function notebookText(
  cells: readonly ITestCell[],
  kernel = PYTHON
): string {
  return JSON.stringify({
    cells: cells.map(({ id, source, type = 'code' }) => ({
      cell_type: type,
      id,
      metadata: {},
      source,
      ...(type === 'code' && { execution_count: null, outputs: [] })
    })),
    metadata: {
      kernelspec: { ...kernel, language: 'python' },
      language_info: { name: 'python' }
    },
    nbformat: 4,
    nbformat_minor: 5
  });
}

/** Write a notebook as JupyterLab itself would, and open it. */
export async function openNotebook(
  page: IJupyterLabPageFixture,
  path: string,
  cells: readonly ITestCell[],
  kernel = PYTHON
): Promise<void> {
  await page.contents.uploadContent(notebookText(cells, kernel), 'text', path);
  await execute(page, 'docmanager:open', { path });
  await written(page);
}

/** Wait until the notebook in front is as it will be when nobody touches it, and save it. */
export async function written(page: Page): Promise<void> {
  await page.waitForSelector('.jp-Notebook .jp-Cell');
  await idle(page);
  // JupyterLab writes what the kernel tells of itself into the file; what comes later is the
  // test's.
  await page.evaluate(async () => {
    const { jupyterapp } = window as unknown as {
      jupyterapp: { shell: { currentWidget: IKernelView } };
    };
    const { session } = jupyterapp.shell.currentWidget.sessionContext;
    await Promise.all([session?.kernel?.info, session?.kernel?.spec]);
    await new Promise(resolve => setTimeout(resolve));
  });
  await execute(page, 'docmanager:save');
}

/** The bytes of a file: it is empty for a moment while the server writes it. */
export async function fileText(page: Page, path: string): Promise<string> {
  const url = new URL(page.url()).origin;
  let text = '';
  await expect
    .poll(async () => {
      const response = await page.request.get(
        `${url}/api/contents/${path}?content=1&type=file&format=text`
      );
      ({ content: text } = (await response.json()) as { content: string });
      return text;
    })
    .not.toBe('');
  return text;
}

interface IKernelView {
  readonly sessionContext: {
    readonly session: {
      readonly kernel: {
        readonly status: string;
        readonly info: Promise<unknown>;
        readonly spec: Promise<unknown>;
      } | null;
    } | null;
  };
}

/** Wait until the kernel of the document in front has nothing to do. */
export async function idle(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      (
        window as unknown as {
          jupyterapp: { shell: { currentWidget: IKernelView | null } };
        }
      ).jupyterapp.shell.currentWidget?.sessionContext.session?.kernel
        ?.status === 'idle'
  );
}

/** Run a command of JupyterLab. */
export async function execute(
  page: Page,
  id: string,
  args: Record<string, unknown> = {}
): Promise<void> {
  await page.evaluate(
    async ([command, commandArgs]) => {
      const { jupyterapp } = window as unknown as {
        jupyterapp: {
          commands: { execute(id: string, args: unknown): Promise<unknown> };
        };
      };
      await jupyterapp.commands.execute(command as string, commandArgs);
    },
    [id, args] as const
  );
}

interface INotebookView {
  readonly content: {
    activeCellIndex: number;
    mode: string;
    readonly model: {
      readonly cells: Iterable<{
        readonly id: string;
        readonly executionCount?: number | null;
        readonly sharedModel: {
          getSource(): string;
          setSource(source: string): void;
        };
      }>;
      readonly sharedModel: {
        moveCell(from: number, to: number): void;
        deleteCell(index: number): void;
      };
    };
  };
}

/** A cell as it is in the document. */
export interface ISeenCell {
  readonly id: string;
  readonly source: string;
  readonly count: number | null;
}

/** The cells of the notebook in front, and which is active. */
export async function seen(
  page: Page
): Promise<{ cells: ISeenCell[]; active: string }> {
  return page.evaluate(() => {
    const { jupyterapp } = window as unknown as {
      jupyterapp: { shell: { currentWidget: INotebookView } };
    };
    const { content } = jupyterapp.shell.currentWidget;
    const cells = [...content.model.cells].map(cell => ({
      id: cell.id,
      source: cell.sharedModel.getSource(),
      count: cell.executionCount ?? null
    }));
    return { cells, active: cells[content.activeCellIndex]?.id ?? '' };
  });
}

/** The sources of the notebook in front. */
export async function sources(page: Page): Promise<string[]> {
  return (await seen(page)).cells.map(cell => cell.source);
}

/** Change the document in front as another hand would. */
export async function change(
  page: Page,
  what:
    | { readonly move: readonly [number, number] }
    | { readonly remove: number }
    | { readonly write: readonly [number, string] }
    | { readonly activate: number }
): Promise<void> {
  await page.evaluate(step => {
    const { jupyterapp } = window as unknown as {
      jupyterapp: { shell: { currentWidget: INotebookView } };
    };
    const { content } = jupyterapp.shell.currentWidget;
    const { sharedModel } = content.model;
    if ('move' in step) {
      sharedModel.moveCell(...step.move);
    } else if ('remove' in step) {
      sharedModel.deleteCell(step.remove);
    } else if ('write' in step) {
      const [index, source] = step.write;
      [...content.model.cells][index].sharedModel.setSource(source);
    } else {
      content.activeCellIndex = step.activate;
      content.mode = 'command';
    }
  }, what);
}

/** Ask about a cell, whichever is active, and get a fixed answer. */
export async function askAbout(
  panel: GPTPanel,
  cellId: string | null,
  answer: string
): Promise<Locator> {
  const model = 'scripted-insert';
  await script(model, [answer]);
  const picker = panel.root.getByRole('combobox', { name: 'Model' });
  // Seconds each time, for what stays chosen.
  if ((await picker.inputValue()) !== model) {
    await panel.choose(model);
  }
  if (cellId !== null) {
    await panel.execute('jupyterlab-gpt:ask-about-cell', { cellId });
    await panel.prompt.focus();
  }
  await panel.ask(`About ${cellId ?? 'nothing'}`);
  return panel.ended();
}

/** A code block of an answer. */
export function fence(source: string): string {
  return `\`\`\`python\n${source}\n\`\`\`\n`;
}
