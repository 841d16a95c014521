import type { JupyterFrontEnd } from '@jupyterlab/application';
import { ContentsManager } from '@jupyterlab/services';
import { CommandRegistry } from '@lumino/commands';
import { createServer } from 'http';
import type { Server } from 'http';
import type { AddressInfo } from 'net';
import { ServerConnection } from '@jupyterlab/services';
import { openNotebook } from '../opennotebook';

const CONTENT = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };

describe('openNotebook', () => {
  let server: Server;
  let files: Map<string, unknown>;
  let refuse: boolean;
  const opened: unknown[] = [];

  const app = (): Pick<JupyterFrontEnd, 'commands' | 'serviceManager'> => {
    const { port } = server.address() as AddressInfo;
    const commands = new CommandRegistry();
    commands.addCommand('docmanager:open', {
      execute: args => opened.push(args.path)
    });
    const serverSettings = ServerConnection.makeSettings({
      baseUrl: `http://127.0.0.1:${port}/`,
      fetch: ((input: RequestInfo, init?: RequestInit) =>
        fetch(input as Request, init)) as typeof fetch,
      Request,
      Headers
    });
    const contents = new ContentsManager({ serverSettings });
    return { commands, serviceManager: { contents } } as unknown as Pick<
      JupyterFrontEnd,
      'commands' | 'serviceManager'
    >;
  };

  /** What a contents server does with files, as far as it is asked here. */
  const act = (method: string, path: string, body: string): number => {
    const sent = body
      ? (JSON.parse(body) as { path?: string; content?: unknown })
      : {};
    switch (method) {
      case 'PUT':
        if (refuse) {
          return 500;
        }
        files.set(path, sent.content);
        return 200;
      case 'DELETE':
        files.delete(path);
        return 204;
      case 'PATCH':
        if (files.has(sent.path ?? '')) {
          return 409;
        }
        files.set(sent.path ?? '', files.get(path));
        files.delete(path);
        return 200;
      default:
        return 404;
    }
  };

  beforeEach(async () => {
    files = new Map();
    refuse = false;
    opened.length = 0;
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', chunk => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        let path = decodeURIComponent(
          new URL(request.url ?? '', 'http://x').pathname
        ).replace(/^\/api\/contents\/?/, '');
        let status = 201;
        if (request.method === 'POST') {
          path = (path ? `${path}/` : '') + 'Untitled.ipynb';
          files.set(path, null);
        } else {
          status = act(request.method ?? '', path, body);
        }
        const to = body && (JSON.parse(body) as { path?: string }).path;
        const now = request.method === 'PATCH' && to ? to : path;
        const model = {
          name: now.split('/').pop(),
          path: now,
          type: 'notebook',
          created: '2026-01-01T00:00:00Z',
          last_modified: '2026-01-01T00:00:00Z',
          mimetype: null,
          content: null,
          format: null,
          writable: true
        };
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(status === 204 ? '' : JSON.stringify(model));
      });
    });
    await new Promise<void>(resolve =>
      server.listen(0, '127.0.0.1', () => resolve())
    );
  });

  afterEach(() => new Promise(resolve => server.close(() => resolve(null))));

  it('writes it beside the notebook in front, under a name that is free', async () => {
    files.set('work/Plot.ipynb', 'mine');
    await openNotebook(app(), 'work/a.ipynb', 'Plot.ipynb', CONTENT);
    expect(opened).toEqual(['work/Plot 2.ipynb']);
    expect(files.get('work/Plot 2.ipynb')).toEqual(CONTENT);
    expect(files.get('work/Plot.ipynb')).toBe('mine');
  });

  it('leaves no file behind that could not be written', async () => {
    refuse = true;
    await expect(
      openNotebook(app(), '', 'Plot.ipynb', CONTENT)
    ).rejects.toThrow();
    expect(files.size).toBe(0);
    expect(opened).toEqual([]);
  });
});
