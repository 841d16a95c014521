/**
 * What the extension adds to the page: JavaScript, time and memory of the first load; from the first
 * click to a panel that one can type in; from the first prompt after a cold start to its first word.
 *
 *     scripts/bench.sh start
 *
 * Each run starts a server of its own, with our wheel or without it, and a browser with an empty cache.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { chunks, marker } from '../stream/pieces.mjs';
import { quantile, round } from '../stream/measure.mjs';
import { machine, save } from '../stream/results.mjs';
import {
  browser as launch,
  script,
  startLab,
  startProvider,
  times,
  withAll
} from '../stream/servers.mjs';
import { Panel, watch } from '../stream/targets.mjs';

const repeats = Number(process.env.BENCH_REPEATS ?? '5');
const TAB = '[data-id="jupyterlab-gpt-panel"]';
const PROMPT = '#jupyterlab-gpt-panel [aria-label="Message GPT"]';

/** Resident memory of a process, in MB. */
function memory(pid) {
  const [, pages] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return (Number(pages) * 4096) / 1e6;
}

/** Counts the JavaScript of ours that a page loads, as it is and as gzip would send it. */
function countScripts(page) {
  const files = [];
  const reading = [];
  page.on('response', response => {
    const { pathname } = new URL(response.url());
    if (
      pathname.includes('/extensions/jupyterlab-gpt/') &&
      pathname.endsWith('.js')
    ) {
      reading.push(
        response.body().then(body => {
          files.push({ raw: body.length, gzip: gzipSync(body).length });
        })
      );
    }
  });
  return async () => {
    await Promise.all(reading);
    const sum = key => files.reduce((total, file) => total + file[key], 0);
    return { files: files.length, raw: sum('raw'), gzip: sum('gzip') };
  };
}

/** Load the page; what it took until JupyterLab had restored its layout. */
async function load(page, url) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const begun = Date.now();
  await page.goto(`${url}/lab?reset`);
  await page.waitForFunction(() => window.jupyterapp);
  await page.evaluate(() => window.jupyterapp.restored);
  const loadMs = Date.now() - begun;
  await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
  // Plugins that are not needed for the start come behind it.
  await page.waitForTimeout(2000);
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = name => metrics.find(one => one.name === name).value;
  return {
    loadMs,
    mainMs: of('TaskDuration') * 1000,
    heapMB: of('JSHeapUsedSize') / 1e6
  };
}

/** Click on the panel's tab; by the page's clock, from the click until one can type. */
async function click(page) {
  return page.evaluate(
    ([tab, prompt]) =>
      new Promise(resolve => {
        const begun = performance.now();
        const node = document.querySelector(tab);
        const box = node.getBoundingClientRect();
        const where = {
          bubbles: true,
          clientX: box.x + box.width / 2,
          clientY: box.y + box.height / 2
        };
        node.dispatchEvent(new PointerEvent('pointerdown', where));
        node.dispatchEvent(new MouseEvent('mousedown', where));
        node.dispatchEvent(new PointerEvent('pointerup', where));
        node.dispatchEvent(new MouseEvent('mouseup', where));
        node.click();
        const look = () => {
          const field = document.querySelector(prompt);
          if (field && !field.disabled && field.offsetHeight > 0) {
            // Behind the frame that shows it.
            setTimeout(() => resolve(performance.now() - begun), 0);
          } else {
            requestAnimationFrame(look);
          }
        };
        requestAnimationFrame(look);
      }),
    [TAB, PROMPT]
  );
}

/** Ask the first question; from Enter to the first word painted, and what of it was the provider's. */
async function firstToken(page) {
  const panel = new Panel(page);
  await panel.choose('bench-cold');
  await panel.prompt.fill('Bench');
  await watch(page, 'jupyterlab-gpt-panel');
  const pressed = Date.now();
  await panel.prompt.press('Enter');
  await page.waitForFunction(() => window.bench.shown(0), undefined, {
    timeout: 60_000
  });
  const { seen } = await page.evaluate(() => window.bench.stop());
  const at = new Map(seen).get(0);
  const [left] = await times('bench-cold');
  await panel.ended(1, 60_000);
  return {
    firstTokenMs: at - pressed,
    beforeProviderMs: left * 1000 - pressed
  };
}

async function once(bin, ours) {
  const lab = await startLab(bin);
  const browser = await launch();
  try {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 }
    });
    const page = await context.newPage();
    const scripts = countScripts(page);
    const result = await load(page, lab.url);
    result.serverMemoryMB = memory(lab.pid);
    if (ours) {
      const before = await scripts();
      result.clickMs = await click(page);
      await page.waitForTimeout(2000);
      const after = await scripts();
      result.serverMemoryOpenMB = memory(lab.pid);
      Object.assign(result, {
        scriptsBefore: before.files,
        bytesBefore: before.raw,
        gzipBefore: before.gzip,
        scriptsAfter: after.files,
        bytesAfter: after.raw,
        gzipAfter: after.gzip
      });
      Object.assign(result, await firstToken(page));
    }
    return result;
  } finally {
    await browser.close();
    await lab.end();
  }
}

const ends = [];
await withAll(null, ends, async () => {
  ends.push((await startProvider()).end);
  const { pieces } = chunks('prose', 20);
  await script(
    'bench-cold',
    [`${marker(0)} begins.\n\n`, ...pieces.slice(1)],
    50
  );
  const runs = { plain: [], panel: [] };
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const name of Object.keys(runs)) {
      const ours = name === 'panel';
      const bin = ours ? process.env.BENCH_LAB : process.env.BENCH_PLAIN;
      const result = await once(bin, ours);
      runs[name].push(result);
      console.error(repeat + 1, name, JSON.stringify(result));
    }
  }
  const medians = list =>
    Object.fromEntries(
      Object.keys(list[0]).map(key => [
        key,
        round(
          quantile(
            list.map(one => one[key]),
            0.5
          )
        )
      ])
    );
  save('start-page', {
    machine: machine(),
    repeats,
    plain: medians(runs.plain),
    panel: medians(runs.panel)
  });
});
