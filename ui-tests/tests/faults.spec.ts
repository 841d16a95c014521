/**
 * Cut sockets and reloaded pages in the middle of answers: nothing lost, nothing twice.
 *
 * A sample by default; all of it (200 cuts, 20 reloads, about 10 minutes) with GPT_FAULTS=all.
 * GPT_FAULTS_SEED=n: other random points.
 */
import { expect, test } from '@playwright/test';
import { type Cut, type Fault, median, runOf, runs, seeded } from './cuts';
import { FaultyPage } from './faulty';
import { clearJournal } from './gpt';
import { storedMessages, textOf } from './stored';

const ALL = process.env.GPT_FAULTS === 'all';
const SEED = Number(process.env.GPT_FAULTS_SEED ?? 4);
const COUNTS: Record<Fault, number> = ALL
  ? { reset: 70, 'half-open': 45, idle: 60, slow: 25, reload: 20 }
  : { reset: 8, 'half-open': 4, idle: 6, slow: 2, reload: 2 };

// A trace keeps the whole page at each step: half a megabyte of answer, some thousand times.
test.use({ trace: 'off' });

/** How many prompts do not stand in the database exactly once. */
async function lost(prompts: string[]): Promise<number> {
  let missing = 0;
  for (const prompt of prompts) {
    const questions = (await storedMessages(prompt)).filter(
      message => message.role === 'user' && textOf(message) === prompt
    );
    missing += questions.length === 1 ? 0 : 1;
  }
  return missing;
}

function report(pages: FaultyPage[], lostPrompts: number): string {
  const tallies = pages.map(({ tally }) => tally);
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const kinds: Cut[] = ['reset', 'half-open', 'idle', 'slow'];
  const cuts = kinds.map(kind => sum(tallies.map(t => t.cuts[kind])));
  const losses = tallies.flatMap(t => t.losses);
  const resumed = tallies.flatMap(t => t.resumed);
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return [
    `faults: cuts ${sum(cuts)} (${kinds.map((k, i) => `${k} ${cuts[i]}`).join(', ')})`,
    `reloads ${sum(tallies.map(t => t.reloads))}`,
    `answers ${losses.length / 2}`,
    `prompts sent offline ${sum(tallies.map(t => t.offline))}`,
    `lost prompts ${lostPrompts}`,
    `missing characters ${sum(losses.map(l => l.missing))}`,
    `duplicated characters ${sum(losses.map(l => l.duplicated))}`,
    `resume after notice: median ${seconds(median(resumed))}, max ${seconds(Math.max(...resumed))}`
  ].join(', ');
}

test('cut sockets and reloads: nothing lost, nothing twice', async ({
  browser
}) => {
  test.setTimeout((ALL ? 25 : 4) * 60_000);
  await clearJournal();
  const random = seeded(SEED);
  const name = `faults ${Date.now()}`;
  const waiting = runs(COUNTS, random, name);
  // Two pages at once: most of a fault is waiting.
  const pages = await Promise.all(
    ['a', 'b'].map(name => FaultyPage.open(browser, name, random))
  );
  let further = 0;
  const work = async (page: FaultyPage): Promise<void> => {
    for (let run = waiting.shift(); run; run = waiting.shift()) {
      const left = await page.run(run);
      if (left.length) {
        further += 1;
        waiting.push(runOf(`${name} further ${further}`, left, random));
      }
    }
    await page.close();
  };
  await Promise.all(pages.map(work));
  const prompts = pages.flatMap(({ tally }) => tally.prompts);
  const lostPrompts = await lost(prompts);
  console.log(report(pages, lostPrompts));
  const losses = pages.flatMap(({ tally }) => tally.losses);
  expect(losses.filter(l => l.missing || l.duplicated)).toEqual([]);
  expect(lostPrompts).toBe(0);
  // Ten times the promise: machines of tests are slow.
  const resumed = pages.flatMap(({ tally }) => tally.resumed);
  expect(Math.max(...resumed)).toBeLessThan(20_000);
});
