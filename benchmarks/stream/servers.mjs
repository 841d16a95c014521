/** The processes that a run needs, each waited for, and ended with it. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../..'
);
export const { chromium } = createRequire(
  path.join(root, 'ui-tests/package.json')
)('playwright-core');

const port = Number(process.env.BENCH_PORT ?? '20800');
export const provider = `http://127.0.0.1:${port}`;

async function answers(url, child) {
  for (let i = 0; i < 2400; i++) {
    if (child.exitCode !== null) {
      throw new Error(`${child.spawnargs.join(' ')} ended`);
    }
    const ok = await fetch(url).then(
      response => response.ok,
      () => false
    );
    if (ok) {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(`nothing answers at ${url}`);
}

function started(command, args, options) {
  const child = spawn(command, args, { stdio: 'ignore', ...options });
  const ended = new Promise(resolve => child.once('exit', resolve));
  const end = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
  };
  return { child, end };
}

/** The provider; `pages` is a folder that it serves under /page/. */
export async function startProvider(pages) {
  const args = ['-m', 'benchmarks.provider', '--port', String(port)];
  const { child, end } = started(
    'python',
    pages ? [...args, '--pages', pages] : args,
    { cwd: root }
  );
  await answers(`${provider}/v1/models`, child);
  return { end };
}

/** JupyterLab from an environment (`BENCH_LAB`, `BENCH_PLAIN`), with nothing of an earlier run. */
export async function startLab(bin, number = 1) {
  const url = `http://127.0.0.1:${port + number}`;
  const { child, end } = started(
    path.join(bin, 'jupyter'),
    [
      'lab',
      '--config',
      'jupyter_server_test_config.py',
      // A word that tells its number has five tokens: 50,000 of them pass the usual limit.
      '--GPTExtension.reply_tokens_reasoning=1000000',
      `--ServerApp.port=${port + number}`
    ],
    {
      cwd: path.join(root, 'ui-tests'),
      env: {
        ...process.env,
        PATH: `${bin}:${process.env.PATH}`,
        GPT_PROVIDER_URL: provider
      }
    }
  );
  await answers(`${url}/api/status`, child);
  return { url, end, pid: child.pid };
}

/** JupyterLab from an environment, with all that it reads and writes under `home`. */
export async function startPlain(bin, home, number) {
  const url = `http://127.0.0.1:${port + number}`;
  const { child, end } = started(
    path.join(bin, 'jupyter'),
    [
      'lab',
      '--no-browser',
      '--allow-root',
      `--ServerApp.port=${port + number}`,
      '--ServerApp.port_retries=0',
      '--IdentityProvider.token=',
      '--LabApp.expose_app_in_browser=True'
    ],
    {
      cwd: home,
      // A group of its own: what it has started ends with it.
      detached: true,
      env: {
        ...process.env,
        HOME: home,
        PATH: `${bin}:${process.env.PATH}`,
        JUPYTER_CONFIG_DIR: path.join(home, 'config'),
        JUPYTER_DATA_DIR: path.join(home, 'data'),
        JUPYTER_RUNTIME_DIR: path.join(home, 'runtime')
      }
    }
  );
  await answers(`${url}/api/status`, child);
  return {
    url,
    pid: child.pid,
    end: async () => {
      await end();
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Nothing of it is left.
      }
    }
  };
}

/** Give the provider an answer. */
export async function script(model, pieces, rate) {
  await fetch(`${provider}/_script`, {
    method: 'POST',
    body: JSON.stringify({ model, pieces, rate })
  });
}

/** When its chunks left, in seconds since the epoch. */
export async function times(model) {
  return (await fetch(`${provider}/_times/${model}`)).json();
}

export function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--enable-precise-memory-info'
    ]
  });
}

/** Leave nothing behind, whatever happens; a second Ctrl-C ends at once. */
export async function withAll(folder, ends, work) {
  const stopped = new Promise((_, reject) => {
    for (const signal of ['SIGTERM', 'SIGINT']) {
      process.once(signal, () => reject(new Error(signal)));
    }
  });
  try {
    await Promise.race([work(), stopped]);
  } finally {
    for (const end of ends.reverse()) {
      await end().catch(error => console.error(error));
    }
    if (folder) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
