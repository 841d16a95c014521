import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

/** Where `server_config.py` lets the server look, beside the provider itself. */
export const LOCAL_PORT = Number(process.env.GPT_LANE_PORT) + 8;
export const LOCAL_URL = `http://127.0.0.1:${LOCAL_PORT}/v1`;

/** A local server: the fake provider once more, on a port of its own. */
export async function startLocalServer(): Promise<ChildProcess> {
  const server = spawn(
    'python',
    ['-m', 'tests.fakes.provider', '--port', String(LOCAL_PORT)],
    {
      cwd: path.join(__dirname, '..', '..'),
      stdio: ['ignore', 'pipe', 'ignore']
    }
  );
  // It prints its port once it listens.
  await new Promise(resolve => server.stdout.once('data', resolve));
  return server;
}

/** What it was asked, oldest first. */
export async function localServerPaths(): Promise<string[]> {
  const journal = await fetch(`http://127.0.0.1:${LOCAL_PORT}/_journal`);
  const entries = (await journal.json()) as { path: string }[];
  return entries.map(({ path: asked }) => asked);
}
