import { type ChildProcess, spawn } from 'child_process';
import { join } from 'path';
import { createInterface, type Interface } from 'readline';

/**
 * The proxy of `tests/fakes/proxy.py` in front of a Jupyter server: what it does to the panel's
 * socket is what networks do.
 */
export class Proxy {
  private constructor(private readonly _process: ChildProcess) {
    this._lines = createInterface({
      input: _process.stdout as NodeJS.ReadableStream
    });
  }

  /** Start one in front of a server. */
  static async start(serverUrl: string): Promise<Proxy> {
    const child = spawn(
      'python',
      ['-m', 'tests.fakes.proxy', '--to', new URL(serverUrl).port],
      { cwd: join(__dirname, '..', '..'), stdio: ['pipe', 'pipe', 'inherit'] }
    );
    const proxy = new Proxy(child);
    const { port } = await proxy._answer();
    proxy.url = `http://127.0.0.1:${port}`;
    return proxy;
  }

  /** Where a browser finds the server through it. */
  url = '';

  /** A TCP reset on both sides. */
  reset(): Promise<number> {
    return this._do({ do: 'reset' });
  }

  /** Half-open: nothing passes any more, and nobody is told. */
  freeze(): Promise<number> {
    return this._do({ do: 'freeze' });
  }

  /** Close what is silent for so long, from now on; 0: no longer. */
  idle(ms: number): Promise<number> {
    return this._do({ do: 'idle', ms });
  }

  /** Let the browser have a frame every so many seconds, for so long. */
  slow(every: number, seconds: number): Promise<number> {
    return this._do({ do: 'slow', every, s: seconds });
  }

  /** No connection any more. */
  down(): Promise<number> {
    return this._do({ do: 'down' });
  }

  /** Connections again. */
  up(): Promise<number> {
    return this._do({ do: 'up' });
  }

  /** End it. */
  stop(): void {
    this._lines.close();
    this._process.kill();
  }

  /** @returns How many connections it met. */
  private async _do(command: Record<string, unknown>): Promise<number> {
    const answer = this._answer();
    this._process.stdin?.write(`${JSON.stringify(command)}\n`);
    return (await answer).cut;
  }

  /** One line; it ends with the process at the latest. */
  private async _answer(): Promise<{ port: number; cut: number }> {
    const line = await new Promise<string>((resolve, reject) => {
      const ended = () => reject(new Error('the proxy ended'));
      this._lines.once('close', ended);
      this._lines.once('line', text => {
        this._lines.off('close', ended);
        resolve(text);
      });
    });
    return JSON.parse(line) as { port: number; cut: number };
  }

  private readonly _lines: Interface;
}
