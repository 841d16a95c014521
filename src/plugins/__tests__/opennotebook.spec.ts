import type { JupyterFrontEnd } from '@jupyterlab/application';
import { ContentsManager } from '@jupyterlab/services';
import { CommandRegistry } from '@lumino/commands';
import { createServer } from 'http';
import type { Server } from 'http';
import type { AddressInfo } from 'net';
import { ServerConnection } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import type { GPTClientError } from '../../connection/errors';
import { errorSentence } from '../../model/errors';
import { folderFor, openNotebook } from '../opennotebook';

const CONTENT = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };

describe('openNotebook', () => {
  let server: Server;
  let files: Map<string, unknown>;
  let refuse: number;
  let closed: string;
  let renaming: number;
  let renames: number;
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
          return refuse;
        }
        files.set(path, sent.content);
        return 200;
      case 'DELETE':
        files.delete(path);
        return 204;
      case 'PATCH':
        renames += 1;
        if (renaming) {
          return renaming;
        }
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
    refuse = 0;
    closed = 'closed';
    renaming = renames = 0;
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
          if (path === closed) {
            response.writeHead(403);
            response.end(JSON.stringify({ message: 'Permission denied' }));
            return;
          }
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
    const folder = folderFor('work/a.ipynb', 'elsewhere');
    await openNotebook(app(), folder, 'Plot.ipynb', CONTENT);
    expect(opened).toEqual(['work/Plot 2.ipynb']);
    expect(files.get('work/Plot 2.ipynb')).toEqual(CONTENT);
    expect(files.get('work/Plot.ipynb')).toBe('mine');
  });

  it('leaves no file behind that could not be written', async () => {
    refuse = 500;
    await expect(
      openNotebook(app(), '', 'Plot.ipynb', CONTENT)
    ).rejects.toMatchObject({ code: 'file_not_written', retryable: true });
    expect(files.size).toBe(0);
    expect(opened).toEqual([]);
  });

  it('goes where the file browser is when no notebook is in front, else to the top', () => {
    expect(folderFor(null, 'data/raw')).toBe('data/raw');
    expect(folderFor(null, null)).toBe('');
    expect(folderFor('a.ipynb', 'data')).toBe('');
  });

  it('says so where one may not write, and what to do', async () => {
    const failed = openNotebook(app(), 'closed', 'Plot.ipynb', CONTENT);
    await expect(failed).rejects.toMatchObject({
      code: 'folder_read_only',
      detail: { folder: 'closed' }
    });
    const reason = (await failed.catch(error => error)) as GPTClientError;
    const trans = nullTranslator.load('jupyterlab_gpt');
    const { sentence } = errorSentence(trans, reason);
    expect(sentence).toContain('“closed”');
    expect(sentence).toContain('Export as notebook');
    expect(opened).toEqual([]);
  });

  it('stays under the server’s name when renaming is not allowed', async () => {
    renaming = 403;
    await openNotebook(app(), '', 'Plot.ipynb', CONTENT);
    expect(opened).toEqual(['Untitled.ipynb']);
    expect(renames).toBe(1);
  });
});
