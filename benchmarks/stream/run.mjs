/**
 * What the renderer alone costs the page's main thread, in headless Chromium.
 *
 *     node benchmarks/stream/run.mjs [--runs 3] [--kinds prose,code] [--tokens 2000,20000] [--width 420]
 *
 * Prints JSON: for each kind and length the medians of main-thread time, longest task and wall time,
 * the ratio to a bare page that only appends the text (same run), and the exponent with which
 * main-thread time grows from the shortest to the longest text.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, html } from './bundle.mjs';
import { answer } from './texts.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const { chromium } = createRequire(path.join(root, 'ui-tests/package.json'))(
  'playwright-core'
);

function option(name, fallback) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
}

const runs = Number(option('runs', '3'));
const kinds = option('kinds', 'prose,code,table,list,mixed,paragraph').split(
  ','
);
const lengths = option('tokens', '2000,20000').split(',').map(Number);
/** At 60 frames a second 3,000 tokens/s: faster than any provider, and 20,000 take 400 frames. */
const perFrame = Number(option('per-frame', '50'));

const median = values => values.sort((a, b) => a - b)[values.length >> 1];
const round = value => Math.round(value * 100) / 100;

async function measure(page, session, mode, kind, tokens) {
  const text = answer(kind, tokens);
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = name => metrics.find(metric => metric.name === name).value;
    return {
      task: of('TaskDuration') * 1000,
      script: of('ScriptDuration') * 1000,
      layout: (of('LayoutDuration') + of('RecalcStyleDuration')) * 1000
    };
  };
  const before = await busy();
  const result = await page.evaluate(
    ([m, t, n]) => window.run(m, t, n),
    [mode, text, perFrame]
  );
  const after = await busy();
  return {
    main: after.task - before.task,
    script: after.script - before.script,
    layout: after.layout - before.layout,
    ...result
  };
}

const folder = mkdtempSync(path.join(tmpdir(), 'jupyterlab-gpt-bench-'));
const script = await bundle(path.join(here, 'page.ts'), folder);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
});
try {
  const page = await browser.newPage({
    viewport: { width: Number(option('width', '420')), height: 800 }
  });
  await page.setContent(html(root));
  await page.addScriptTag({ path: script });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  // The page's own start, and each path once, so that code is compiled.
  await measure(page, session, 'ours', 'mixed', 1000);
  await measure(page, session, 'bare', 'mixed', 1000);
  const report = {};
  for (const kind of kinds) {
    report[kind] = {};
    for (const tokens of lengths) {
      const ours = [];
      const bare = [];
      for (let i = 0; i < runs; i++) {
        ours.push(await measure(page, session, 'ours', kind, tokens));
        bare.push(await measure(page, session, 'bare', kind, tokens));
      }
      const of = (list, key) => round(median(list.map(one => one[key])));
      report[kind][tokens] = {
        mainMs: of(ours, 'main'),
        scriptMs: of(ours, 'script'),
        layoutMs: of(ours, 'layout'),
        longestTaskMs: round(Math.max(...ours.map(one => one.longest))),
        wallMs: of(ours, 'wall'),
        nodes: of(ours, 'nodes'),
        bareMainMs: of(bare, 'main'),
        bareLongestTaskMs: round(Math.max(...bare.map(one => one.longest))),
        ratio: round(of(ours, 'main') / of(bare, 'main'))
      };
    }
    const [first, last] = [lengths[0], lengths[lengths.length - 1]];
    const growth = key =>
      round(
        Math.log(report[kind][last][key] / report[kind][first][key]) /
          Math.log(last / first)
      );
    report[kind].exponent = growth('mainMs');
    report[kind].bareExponent = growth('bareMainMs');
  }
  console.log(JSON.stringify({ perFrame, runs, kinds: report }, null, 2));
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
