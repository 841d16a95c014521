/**
 * A streamed answer in the panel of a real JupyterLab, and in the bare pages beside it.
 *
 *     scripts/bench.sh stream                  # or, with its environment variables:
 *     node benchmarks/stream/live.mjs [--rows prose-500@50,code-5000@200]
 *
 * Writes the medians as JSON: for each row the panel ("panel"), a page that renders settled blocks
 * with `marked` once a frame ("marked"), one that appends text ("text"), one complete rendering of
 * the finished text ("once"), a Python client that reads the stream ("client"), and the other
 * assistants under their names (`peers.mjs`).
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundle, html } from './bundle.mjs';
import { quantile, measure, readOnly, renderOnce, round } from './measure.mjs';
import { load, machine, save } from './results.mjs';
import {
  browser as launch,
  root,
  startLab,
  startProvider,
  withAll
} from './servers.mjs';
import { startPeers } from './peers.mjs';
import { openBare, openPanel } from './targets.mjs';

const quick = Boolean(process.env.BENCH_QUICK);
const repeats = Number(process.env.BENCH_REPEATS ?? '5');

/** `kind-tokens@rate`; rate 0 is as fast as possible, `+40` comes after 40 long messages. */
const ROWS = quick
  ? ['prose-100@50', 'code-400@200', 'mixed-2000@0', 'prose-100@50+4']
  : [
      ...['500@50', '5000@200', '20000@200', '20000@0', '500@50+40'].map(
        size => `prose-${size}`
      ),
      ...['code', 'table', 'mixed', 'math'].flatMap(kind =>
        ['500@50', '5000@200', '20000@0'].map(size => `${kind}-${size}`)
      ),
      'list-5000@200',
      // How it grows with the length of the answer.
      ...['prose', 'code', 'table', 'mixed'].flatMap(kind =>
        ['1000@0', '5000@0', '50000@0'].map(size => `${kind}-${size}`)
      )
    ];

function parse(name) {
  const [, kind, tokens, rate, history] = name.match(
    /^(\w+)-(\d+)@(\d+)(?:\+(\d+))?$/
  );
  return {
    name,
    kind,
    tokens: Number(tokens),
    rate: Number(rate),
    history: Number(history ?? '0')
  };
}

function medians(runs) {
  const keys = Object.keys(runs[0]);
  return Object.fromEntries(
    keys.map(key => [
      key,
      round(
        quantile(
          runs.map(run => run[key]),
          0.5
        )
      )
    ])
  );
}

/** Where the peers are measured: in others they take minutes, or never show the end. */
function isForPeers({ kind, tokens, rate, history }) {
  return (
    ['prose', 'mixed'].includes(kind) && rate > 0 && tokens <= 5000 && !history
  );
}

const at = process.argv.indexOf('--rows');
const rows = (at < 0 ? ROWS : process.argv[at + 1].split(',')).map(parse);

/** Save the medians; rows of one's own take the places of those of an earlier run. */
function keep(runs, targets, version) {
  const measured = Object.entries(runs)
    .filter(([, of]) => targets.every(target => target in of))
    .map(([name, of]) => ({
      ...parse(name),
      repeats: of.client.length,
      ...Object.fromEntries(
        Object.entries(of).map(([target, list]) => [target, medians(list)])
      )
    }));
  const names = measured.map(({ name }) => name);
  const earlier = at < 0 ? [] : (load('stream')?.rows ?? []);
  const kept = earlier.filter(({ name }) => !names.includes(name));
  const order = ({ name }) => ROWS.indexOf(name) + 1 || ROWS.length + 1;
  save('stream', {
    machine: { ...machine(), browser: version },
    repeats,
    rows: [...kept, ...measured].sort((x, y) => order(x) - order(y))
  });
}

const folder = mkdtempSync(path.join(tmpdir(), 'jupyterlab-gpt-bench-'));
await bundle(path.join(root, 'benchmarks/stream/floors.ts'), folder);
writeFileSync(
  path.join(folder, 'index.html'),
  `${html(root)}<script src="page.js"></script>`
);

const ends = [];
await withAll(folder, ends, async () => {
  ends.push((await startProvider(folder)).end);
  const lab = await startLab(process.env.BENCH_LAB);
  ends.push(lab.end);
  const browser = await launch();
  ends.push(() => browser.close());
  const targets = {
    panel: async row =>
      measure(await openPanel(browser, lab.url, row.history), row),
    marked: async row => measure(await openBare(browser, 'marked'), row),
    text: async row => measure(await openBare(browser, 'text'), row),
    once: row => renderOnce(browser, row),
    client: row => readOnly(row)
  };
  const peers = await startPeers(browser, ends);
  const runs = {};
  try {
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const row of rows) {
        for (const [name, run] of [
          ...Object.entries(targets),
          ...(isForPeers(row) ? Object.entries(peers) : [])
        ]) {
          const result = await run(row);
          ((runs[row.name] ??= {})[name] ??= []).push(result);
          console.error(
            `${repeat + 1} ${row.name} ${name}`,
            JSON.stringify(result)
          );
        }
      }
    }
  } finally {
    // What was measured until something failed is not lost.
    keep(runs, Object.keys(targets), browser.version());
  }
});
