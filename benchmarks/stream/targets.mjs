/**
 * What a stream is shown in: the panel in JupyterLab, and the bare pages beside it.
 *
 * A target opens a page of its own for each measurement, and shows a model's answer in it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chunks } from './pieces.mjs';
import { provider, root, script } from './servers.mjs';

const WATCH = readFileSync(
  path.join(root, 'benchmarks/stream/watch.js'),
  'utf8'
);

/** The panel, by the names that screen readers use. */
export class Panel {
  constructor(page) {
    this.page = page;
    this.root = page.getByRole('complementary', { name: 'GPT chat' });
    this.prompt = this.root.getByRole('textbox', { name: 'Message GPT' });
  }

  async open(url) {
    await this.page.goto(`${url}/lab?reset`);
    await this.page.waitForFunction(() =>
      window.jupyterapp?.commands.hasCommand('jupyterlab-gpt:open')
    );
    await this.page.evaluate(() => window.jupyterapp.restored);
    await this.page.evaluate(() =>
      window.jupyterapp.commands.execute('jupyterlab-gpt:open')
    );
    await this.prompt.waitFor();
  }

  async choose(model) {
    const picker = this.root.getByRole('combobox', { name: 'Model' });
    for (let i = 0; i < 15; i++) {
      await picker.click();
      await picker.fill(model);
      await picker.press('Enter');
      await this.page.waitForTimeout(300);
      if ((await picker.inputValue()).includes(model)) {
        return;
      }
    }
    throw new Error(`the picker does not take ${model}`);
  }

  async ask(text) {
    await this.prompt.fill(text);
    await this.prompt.press('Enter');
  }

  /** Wait, within the page, until there are so many answers and the last has ended. */
  async ended(answers, timeout) {
    await this.page.waitForFunction(
      count => {
        const all = document.querySelectorAll('.jp-gpt-Answer');
        const status = all[all.length - 1]?.dataset.status;
        return all.length >= count && status && status !== 'streaming';
      },
      answers,
      { timeout, polling: 100 }
    );
    const status = await this.page.evaluate(
      () =>
        Array.from(document.querySelectorAll('.jp-gpt-Answer')).pop().dataset
          .status
    );
    if (status !== 'complete') {
      throw new Error(`the answer ended ${status}`);
    }
  }
}

/** A page of its own, without what an earlier one has kept. */
export async function newPage(browser) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 }
  });
  return context.newPage();
}

/** Begin to watch; the page's `bench` tells what was seen. */
export async function watch(page, id) {
  await page.evaluate(WATCH);
  await page.evaluate(root => {
    window.bench = window.benchWatch(document.getElementById(root));
  }, id);
}

/** Ours. `history` are long messages that the conversation has before: half questions. */
export async function openPanel(browser, url, history = 0) {
  const page = await newPage(browser);
  const panel = new Panel(page);
  await panel.open(url);
  // The first answer loads what is loaded once: languages and the typesetter.
  await script('bench-warm', chunks('warm', 500).pieces, 0);
  await panel.choose('bench-warm');
  await panel.ask('Warm up');
  await panel.ended(1, 60_000);
  await panel.root
    .getByRole('button', { name: 'New conversation', exact: true })
    .click();
  const past = chunks('mixed', 1000).pieces.join('');
  if (history) {
    await script('bench-past', chunks('mixed', 1000).pieces, 0);
    await panel.choose('bench-past');
  }
  for (let i = 0; i < history / 2; i++) {
    await panel.ask(`Question ${i}\n\n${past.slice(0, 3000)}`);
    await page.waitForTimeout(500);
    await panel.ended(1, 60_000);
  }
  return {
    page,
    prepare: async model => {
      await panel.choose(model);
      await panel.prompt.fill('Bench');
    },
    watch: () => watch(page, 'jupyterlab-gpt-panel'),
    begin: () => panel.prompt.press('Enter'),
    ended: timeout => panel.ended(1, timeout)
  };
}

/** A bare page: `text` or `marked`. */
export async function openBare(browser, kind) {
  const page = await newPage(browser);
  await page.goto(`${provider}/page/index.html`);
  let model = '';
  let ended = null;
  return {
    page,
    prepare: async name => {
      model = name;
    },
    watch: () => watch(page, 'host'),
    begin: async () => {
      ended = page.evaluate(([k, m]) => window.stream(k, m), [kind, model]);
    },
    ended: () => ended
  };
}
