/** Where results go, and what they were measured on. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export function machine() {
  const [cpu] = os.cpus();
  return {
    cpus: os.cpus().length,
    cpu: cpu?.model ?? 'unknown',
    load: Math.round(os.loadavg()[0] * 10) / 10,
    node: process.version
  };
}

/** What an earlier run has saved; null where there is nothing. */
export function load(part) {
  const file = path.join(process.env.BENCH_RESULTS ?? '', `${part}.json`);
  return process.env.BENCH_RESULTS && existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : null;
}

export function save(part, result) {
  const folder = process.env.BENCH_RESULTS;
  const text = `${JSON.stringify(result, null, 1)}\n`;
  if (folder) {
    writeFileSync(path.join(folder, `${part}.json`), text);
  } else {
    console.log(text);
  }
}
