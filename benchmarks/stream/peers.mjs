/**
 * The other assistants, driven by what they show, each in a JupyterLab of its own.
 *
 * Their model is always the same one: each of them is told of it before its start, and the answer
 * of a row is put under its name.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { provider, startPlain } from './servers.mjs';
import { measure } from './measure.mjs';
import { newPage, watch } from './targets.mjs';

export const MODEL = 'bench-peer';

function write(file, content) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}

/** `setUp` writes what a user would have set; `open` shows the panel and returns its prompt box. */
const PEERS = {
  'jupyterlite-ai': {
    setUp: home =>
      write(
        path.join(
          home,
          'config/lab/user-settings/@jupyternaut/persona/settings-model.jupyterlab-settings'
        ),
        {
          useSecretsManager: false,
          toolsEnabled: false,
          providers: [
            {
              id: 'bench',
              name: 'Bench',
              provider: 'generic',
              model: MODEL,
              apiKey: 'none',
              baseURL: `${provider}/v1`
            }
          ],
          defaultProvider: 'bench'
        }
      ),
    command: '@jupyterlite/ai:open-or-reveal-chat',
    panel: '@jupyterlite/ai:chat-panel',
    prompt: '.jp-chat-input-container textarea:not([readonly])'
  },
  'notebook-intelligence': {
    setUp: home => {
      const model = {
        provider: 'openai-compatible',
        model: 'openai-compatible-chat-model',
        properties: [
          { id: 'api_key', value: 'none' },
          { id: 'model_id', value: MODEL },
          { id: 'base_url', value: `${provider}/v1` },
          { id: 'context_window', value: '128000' }
        ]
      };
      write(path.join(home, '.jupyter/nbi/config.json'), {
        chat_model: model,
        inline_completion_model: { provider: 'none', model: 'none' }
      });
    },
    command: 'notebook-intelligence:focus-chat-input',
    prompt: '#sidebar-user-input textarea'
  }
};

/** Start the peers whose environments are there (in the folder `BENCH_PEERS`); what measures each. */
export async function startPeers(browser, ends) {
  const folder = process.env.BENCH_PEERS;
  if (!folder) {
    return {};
  }
  const targets = {};
  for (const [number, [name, peer]] of Object.entries(PEERS).entries()) {
    const home = mkdtempSync(path.join(tmpdir(), 'jupyterlab-gpt-bench-'));
    ends.push(async () => rmSync(home, { recursive: true, force: true }));
    peer.setUp(home);
    const lab = await startPlain(
      path.join(folder, name, 'bin'),
      home,
      2 + number
    );
    ends.push(lab.end);
    targets[name] = async row =>
      measure(await open(browser, lab.url, peer), row);
  }
  return targets;
}

async function open(browser, url, { command, panel, prompt }) {
  const page = await newPage(browser);
  await page.goto(`${url}/lab?reset`);
  await page.waitForFunction(
    id => window.jupyterapp?.commands.hasCommand(id),
    command,
    { timeout: 60_000 }
  );
  await page.evaluate(() => window.jupyterapp.restored);
  await page.evaluate(
    ([id, side]) => {
      void window.jupyterapp.commands.execute(id);
      if (side) {
        window.jupyterapp.shell.activateById(side);
      }
    },
    [command, panel]
  );
  const box = page.locator(prompt).first();
  await box.waitFor({ timeout: 60_000 });
  return {
    page,
    model: MODEL,
    prepare: async () => {
      await box.fill('Bench');
      await page.evaluate(() => {
        document.body.id ||= 'bench-page';
      });
    },
    watch: async () => {
      const id = await page.evaluate(() => document.body.id);
      await watch(page, id);
    },
    begin: () => box.press('Enter'),
    // It may never show all of it.
    patience: 60_000,
    ended: async () => undefined
  };
}
