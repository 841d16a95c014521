/** Where results go, and what they were measured on. */
import { writeFileSync } from 'node:fs';
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

export function save(part, result) {
  const folder = process.env.BENCH_RESULTS;
  const text = `${JSON.stringify(result, null, 1)}\n`;
  if (folder) {
    writeFileSync(path.join(folder, `${part}.json`), text);
  } else {
    console.log(text);
  }
}
