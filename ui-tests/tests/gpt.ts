import { expect, type Locator, type Page } from '@playwright/test';

/** Address of the fake provider that the configuration started. */
export const PROVIDER_URL = process.env.GPT_PROVIDER_URL as string;

/** One request as the fake provider saw it. */
export interface IJournalEntry {
  path: string;
  headers: Record<string, string>;
  body: { model: string; messages: { role: string; content: string }[] };
  started: number;
  first_byte: number | null;
  ended: number | null;
  closed_by: 'client' | 'server' | null;
  sent_pieces: number;
}

/** The completions that the provider was asked for, oldest first. */
export async function journal(): Promise<IJournalEntry[]> {
  const response = await fetch(`${PROVIDER_URL}/_journal`);
  const all = (await response.json()) as IJournalEntry[];
  return all.filter(entry => entry.path.endsWith('/chat/completions'));
}

/** Forget what the provider has seen. */
export async function clearJournal(): Promise<void> {
  await fetch(`${PROVIDER_URL}/_journal`, { method: 'DELETE' });
}

/** Give a model name a fixed answer; `pauses` are silences in ms before a piece, by its index. */
export async function script(
  model: string,
  pieces: string[],
  delayMs = 0,
  pauses: Record<number, number> = {}
): Promise<void> {
  await fetch(`${PROVIDER_URL}/_script`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ model, pieces, delay_ms: delayMs, pauses })
  });
}

/**
 * Set a cell's source at once: typed text would be indented by the editor.
 */
export async function setSource(
  page: Page,
  index: number,
  source: string
): Promise<void> {
  await page.evaluate(
    ([at, text]) => {
      interface IApp {
        shell: {
          currentWidget: {
            content: {
              widgets: {
                model: { sharedModel: { setSource(text: string): void } };
              }[];
            };
          };
        };
      }
      const { jupyterapp } = window as unknown as { jupyterapp: IApp };
      const { widgets } = jupyterapp.shell.currentWidget.content;
      widgets[at as number].model.sharedModel.setSource(text as string);
    },
    [index, source] as const
  );
}

/**
 * The panel, by the names that screen readers use.
 */
export class GPTPanel {
  constructor(readonly page: Page) {}

  readonly root: Locator = this.page.getByRole('complementary', {
    name: 'GPT chat'
  });
  readonly prompt: Locator = this.root.getByRole('textbox', {
    name: 'Message GPT'
  });
  readonly transcript: Locator = this.root.getByRole('log', {
    name: 'Conversation'
  });
  readonly send: Locator = this.button('Send');
  readonly stop: Locator = this.button('Stop');

  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }

  /** The last article of GPT or of the user. */
  last(who: 'You' | 'GPT'): Locator {
    return this.transcript
      .getByRole('article', { name: who, exact: true })
      .last();
  }

  /** Run a command of the application. */
  async execute(id: string, args: Record<string, string> = {}): Promise<void> {
    interface IApp {
      commands: {
        hasCommand(id: string): boolean;
        execute(id: string, args: unknown): Promise<unknown>;
      };
      restored: Promise<void>;
    }
    // Plugins go on activating after the splash has gone.
    await this.page.waitForFunction(
      command =>
        (
          window as unknown as { jupyterapp?: IApp }
        ).jupyterapp?.commands.hasCommand(command),
      id
    );
    await this.page.evaluate(
      async ([command, commandArgs]) => {
        const { jupyterapp } = window as unknown as { jupyterapp: IApp };
        // What is opened before is folded away when the last layout comes back.
        await jupyterapp.restored;
        await jupyterapp.commands.execute(command as string, commandArgs);
      },
      [id, args] as const
    );
  }

  /** Show the panel and wait until one can type. */
  async open(): Promise<void> {
    await this.execute('jupyterlab-gpt:open');
    await expect(this.prompt).toBeVisible();
  }

  /** Choose a model in the picker. */
  async choose(model: string): Promise<void> {
    const picker = this.root.getByRole('combobox', { name: 'Model' });
    // The panel takes the focus once when it opens, which may be after this began.
    await expect(async () => {
      await picker.click();
      // Names that no list has are accepted too.
      await picker.fill(model);
      await picker.press('Enter');
      await expect(picker).toHaveValue(new RegExp(model), { timeout: 2000 });
    }).toPass({ timeout: 30_000 });
  }

  /** Type a prompt and send it with Enter. */
  async ask(prompt: string): Promise<void> {
    await this.prompt.fill(prompt);
    await this.prompt.press('Enter');
    await expect(this.last('You')).toContainText(prompt.slice(0, 40));
  }

  /** Wait until the last answer has this status. */
  async ended(status = 'complete', timeout = 30_000): Promise<Locator> {
    const answer = this.last('GPT');
    // Waits for the end, whatever it is: a wrong end fails at once and not after the time.
    await expect(answer).toHaveAttribute('data-status', /^(?!streaming)/, {
      timeout
    });
    await expect(answer).toHaveAttribute('data-status', status, {
      timeout: 1000
    });
    return answer;
  }

  /** Give the panel a width by moving the split handle's neighbour. */
  async setWidth(width: number): Promise<void> {
    await this.page.evaluate(pixels => {
      interface ISplit {
        setRelativeSizes(sizes: number[]): void;
        widgets: IPanel[];
      }
      interface IPanel {
        id: string;
        node: HTMLElement;
        parent: (IPanel & ISplit) | null;
      }
      const { jupyterapp } = window as unknown as {
        jupyterapp: { shell: { widgets(area: string): Iterable<IPanel> } };
      };
      const right = [...jupyterapp.shell.widgets('right')].find(
        widget => widget.id === 'jupyterlab-gpt-panel'
      );
      // The nearest split panel above: what stands between differs between versions.
      let stack: IPanel | undefined = right;
      while (stack?.parent && !('setRelativeSizes' in stack.parent)) {
        stack = stack.parent;
      }
      const split = stack?.parent;
      if (!stack || !split) {
        throw new Error('the panel is not in the right sidebar');
      }
      const total = split.node.getBoundingClientRect().width;
      const sizes = split.widgets.map(
        widget => widget.node.getBoundingClientRect().width
      );
      const at = split.widgets.indexOf(stack);
      const others = total - sizes[at];
      split.setRelativeSizes(
        sizes.map((size, index) =>
          index === at ? pixels : (size * (total - pixels)) / others
        )
      );
    }, width);
  }
}

/**
 * JupyterLab on a server with a token, logged in by cookie as a browser is.
 *
 * Two pages at once need a workspace each: it holds which conversation is open.
 */
export async function lab(
  page: Page,
  url = process.env.GPT_AUTH_URL as string,
  workspace = 'default'
): Promise<GPTPanel> {
  const path = workspace === 'default' ? '' : `/workspaces/${workspace}`;
  await page.goto(`${url}/lab${path}?token=test-token&reset`);
  await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
  // It is the last thing of a start, and takes the focus: later it would take it from a test.
  await page.waitForSelector('.jp-Launcher-body');
  const panel = new GPTPanel(page);
  await panel.open();
  return panel;
}
