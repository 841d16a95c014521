/** One measurement of one target: from the first chunk until the last was painted. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { chunks } from './pieces.mjs';
import { provider, root, script, times } from './servers.mjs';

export const round = value => Math.round(value * 100) / 100;

export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

async function metrics(session) {
  const { metrics: list } = await session.send('Performance.getMetrics');
  const of = name => list.find(one => one.name === name)?.value ?? 0;
  return {
    main: of('TaskDuration') * 1000,
    script: of('ScriptDuration') * 1000,
    layout: (of('LayoutDuration') + of('RecalcStyleDuration')) * 1000,
    heap: of('JSHeapUsedSize'),
    nodes: of('Nodes')
  };
}

async function attach(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await session.send('HeapProfiler.collectGarbage');
  return session;
}

function lags(seen, left) {
  const values = seen.map(([index, at]) => at - left[index] * 1000);
  return {
    lagP50Ms: round(quantile(values, 0.5)),
    lagP95Ms: round(quantile(values, 0.95)),
    lagMaxMs: round(Math.max(...values)),
    lagLastMs: round(values[values.length - 1])
  };
}

/** Show a workload's answer in a target, and close its page. */
export async function measure(target, { kind, tokens, rate }) {
  const model = target.model ?? `bench-${kind}-${tokens}-${rate}`;
  const { pieces, marked } = chunks(kind, tokens);
  const last = marked[marked.length - 1];
  await script(model, pieces, rate);
  const { page } = target;
  try {
    await target.prepare(model);
    const session = await attach(page);
    // Behind the collection of garbage, which stops the page's timers.
    await target.watch();
    const before = await metrics(session);
    const sending = rate ? (1000 * tokens) / rate : 0;
    const timeout = sending + (target.patience ?? 120_000);
    await target.begin();
    await page
      .waitForFunction(index => window.bench.shown(index), last, {
        timeout,
        polling: 250
      })
      .catch(async error => {
        // What a peer has not shown by then is a figure too.
        if (!target.patience || error.name !== 'TimeoutError') {
          const shown = await page.locator('body').innerText();
          throw new Error(`${model}: ${shown}`, { cause: error });
        }
      });
    await target.ended(timeout);
    const after = await metrics(session);
    const watched = await page.evaluate(() => window.bench.stop());
    await session.send('HeapProfiler.collectGarbage');
    const rest = await metrics(session);
    const seen = watched.seen.sort((a, b) => a[0] - b[0]);
    return {
      ...lags(seen, await times(model)),
      chunksSeen: seen.length,
      chunksMarked: marked.length,
      mainMs: round(after.main - before.main),
      scriptMs: round(after.script - before.script),
      layoutMs: round(after.layout - before.layout),
      longestTaskMs: round(watched.longest),
      longTasks: watched.longTasks,
      worstTimerMs: round(watched.worstTimer),
      heapMB: round((rest.heap - before.heap) / 1e6),
      nodes: rest.nodes - before.nodes
    };
  } finally {
    await page.context().close();
  }
}

/** A complete rendering of the finished text, in a bare page. */
export async function renderOnce(browser, { kind, tokens }) {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 }
  });
  try {
    await page.goto(`${provider}/page/index.html`);
    const session = await attach(page);
    const before = await metrics(session);
    const text = chunks(kind, tokens).pieces.join('');
    await page.evaluate(whole => window.once(whole), text);
    const after = await metrics(session);
    return {
      mainMs: round(after.main - before.main),
      nodes: after.nodes - before.nodes
    };
  } finally {
    await page.close();
  }
}

/** A bare Python client that only reads. */
export async function readOnly({ kind, tokens, rate }) {
  const model = `bench-${kind}-${tokens}-${rate}`;
  await script(model, chunks(kind, tokens).pieces, rate);
  const { stdout } = await promisify(execFile)(
    'python',
    ['-m', 'benchmarks.client', provider, model],
    { cwd: root, maxBuffer: 64 << 20 }
  );
  const arrived = JSON.parse(stdout);
  return lags(
    [...arrived.entries()].map(([i, at]) => [i, at * 1000]),
    await times(model)
  );
}
