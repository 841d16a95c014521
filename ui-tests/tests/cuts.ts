/**
 * What the test of cut sockets cuts, and how it counts: everything seeded, so that a run can be
 * repeated.
 */

/** How a connection is cut. */
export type Cut = 'reset' | 'half-open' | 'idle' | 'slow';

/** What is done to the page while an answer arrives. */
export type Fault = Cut | 'reload';

/** One answer, and what is done to the page meanwhile. */
export interface IRun {
  readonly prompt: string;
  readonly pieces: string[];
  readonly delayMs: number;
  /** Silence in ms before a piece, by its index: what a proxy cuts that drops idle connections. */
  readonly pauses: Record<number, number>;
  readonly faults: Fault[];
  /** Whether the prompt is sent while there is no connection, and for how long that is so, in ms. */
  readonly offline: number | null;
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// How long, in seconds, a fault takes until the answer goes on, with the wait before it.
const LASTS: Record<Fault, number> = {
  reset: 1.6,
  'half-open': 7,
  idle: 2,
  slow: 20,
  reload: 8
};
// Faults in one answer at most: several, so that a run is short, and yet many answers.
const PER_ANSWER = 6;
// Milliseconds between two pieces: 40 tokens a second, as models write.
const STEADY = 25;
// A burst for slow readers: 400 large pieces of 2 kB, one every 10 ms. The kernel keeps 100 to
// 500 kB for a reader, more the more has passed before.
const BURST = 400;
const LARGE = 'abcdefghij'.repeat(200);
const QUICK = 10;
// The pause that an idle proxy cuts, in ms: longer than its patience, shorter than a heartbeat.
export const PAUSE = 700;
export const PATIENCE = 400;

/** `n` pieces that are numbered, so that one that is missing or doubled is seen at once. */
export function numbered(n: number, filler = (_: number) => ''): string[] {
  return Array.from({ length: n }, (_, i) => {
    const end = i % 40 === 39 ? '\n\n' : ' ';
    return `w${String(i + 1).padStart(5, '0')}${filler(i)}${i === n - 1 ? '' : end}`;
  });
}

function shuffled<T>(items: T[], random: () => number): T[] {
  const left = [...items];
  return items.map(() => left.splice(Math.floor(random() * left.length), 1)[0]);
}

/**
 * An answer with a burst in it that is more than the kernel keeps for a reader that takes nothing,
 * and that goes on for as long as the server has patience with it.
 */
function forSlowReaders(): Pick<IRun, 'pieces' | 'delayMs' | 'pauses'> {
  const before = 2000 / STEADY;
  const after = (LASTS.slow * 1000) / STEADY;
  const isBurst = (at: number) => at >= before && at < before + BURST;
  const pieces = numbered(before + BURST + after, at =>
    isBurst(at) ? LARGE : ''
  );
  const pauses: Record<number, number> = {};
  pieces.forEach((_, at) => {
    if (!isBurst(at)) {
      pauses[at] = STEADY - QUICK;
    }
  });
  return { pieces, delayMs: QUICK, pauses };
}

/** An answer that lasts until its faults are over. */
export function runOf(
  prompt: string,
  faults: Fault[],
  random: () => number
): IRun {
  const seconds = faults.reduce((sum, fault) => sum + LASTS[fault], 1.5);
  const offline = random() < 0.5 ? 300 + random() * 2000 : null;
  if (faults.includes('slow')) {
    return { prompt, ...forSlowReaders(), faults, offline };
  }
  const pieces = numbered((seconds * 1000) / STEADY);
  const pauses: Record<number, number> = {};
  for (let at = 10; at < pieces.length; at += 30 + Math.floor(random() * 30)) {
    pauses[at] = PAUSE;
  }
  return { prompt, pieces, delayMs: STEADY, pauses, faults, offline };
}

/** So many faults of each kind, mixed, over as few answers as they fit in. */
export function runs(
  counts: Record<Fault, number>,
  random: () => number,
  name: string
): IRun[] {
  const { slow, ...others } = counts;
  const mixed = shuffled(
    Object.entries(others).flatMap(([fault, n]) =>
      Array.from({ length: n }, () => fault as Fault)
    ),
    random
  );
  const groups: Fault[][] = Array.from({ length: slow }, () => ['slow']);
  while (mixed.length) {
    groups.push(mixed.splice(0, PER_ANSWER));
  }
  return shuffled(groups, random).map((faults, index) =>
    runOf(`${name} question ${index + 1}`, faults, random)
  );
}

/** What two texts differ in. */
export interface ILoss {
  missing: number;
  duplicated: number;
}

/** How many characters of what was sent are missing, and how many are there twice. */
export function lossOf(sent: string, seen: string): ILoss {
  const loss: ILoss = { missing: 0, duplicated: 0 };
  if (sent === seen) {
    return loss;
  }
  const left = new Map<string, number>();
  for (const word of seen.match(/w\d+[a-j]*/g) ?? []) {
    left.set(word, (left.get(word) ?? 0) + 1);
  }
  for (const word of sent.match(/w\d+[a-j]*/g) ?? []) {
    const times = left.get(word) ?? 0;
    loss.missing += times === 0 ? word.length : 0;
    loss.duplicated += Math.max(0, times - 1) * word.length;
    left.delete(word);
  }
  // Words cut in two, and what is neither: they differ in any case.
  for (const [word, times] of left) {
    loss.duplicated += word.length * times;
  }
  if (!loss.missing && !loss.duplicated) {
    loss.missing = Math.max(1, sent.length - seen.length);
  }
  return loss;
}

/** The middle one. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
