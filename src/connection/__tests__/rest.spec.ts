import { GPTRequestError } from '../errors';
import { GPTClient } from '../rest';
import { TestServer } from './server';

describe('GPTClient', () => {
  let server: TestServer;
  let client: GPTClient;

  beforeEach(async () => {
    server = new TestServer();
    await server.start();
    client = new GPTClient({ serverSettings: server.settings });
  });

  afterEach(() => server.stop());

  const failure = async (
    promise: Promise<unknown>
  ): Promise<GPTRequestError> => {
    try {
      await promise;
    } catch (reason) {
      expect(reason).toBeInstanceOf(GPTRequestError);
      return reason as GPTRequestError;
    }
    throw new Error('It did not fail');
  };

  it('asks the routes of the design', async () => {
    server.respond = () => [200, { providers: [], sha256: 's', bytes: 3 }];
    await client.status();
    await client.providers();
    await client.patchProvider('default', { base_url: 'http://h/v1' });
    await client.putKey('default', 'sk');
    await client.deleteKey('default');
    await client.check('default', { key: 'sk' });
    await client.models();
    await client.localModel();
    await client.fetchLocalModel();
    await client.stopLocalModel();
    await client.conversations({ q: 'a b', limit: 5, before: 'x' });
    await client.conversation('id');
    await client.patchConversation('id', { title: 't' });
    await client.deleteConversation('id');
    await client.restoreConversation('id');
    await client.putBlob('äöü');
    await client.blobText('abc');
    await client.budget();
    await client.putBudget({ monthly_usd: '5', tz: null });
    await client.prices();
    await client.putPrices({ overrides: [] });
    const query = { from: '2026-11-01', to: '2026-11-30', tz: 'Etc/GMT+1' };
    await client.usage(query);
    await client.usageCsv(query);
    const root = '/jupyterlab-gpt/api/';
    expect(
      server.requests.map(({ method, url }) => {
        // Without the number that makeRequest adds against caches.
        const path = url.replace(root, '').replace(/[?&]\d+$/, '');
        return `${method} ${path}`;
      })
    ).toEqual([
      'GET status',
      'GET providers',
      'PATCH providers/default',
      'PUT providers/default/key',
      'DELETE providers/default/key',
      'POST providers/default/check',
      'GET models',
      'GET local-model',
      'POST local-model',
      'DELETE local-model',
      'GET conversations?q=a%20b&limit=5&before=x',
      'GET conversations/id',
      'PATCH conversations/id',
      'DELETE conversations/id',
      'POST conversations/id/restore',
      'POST blobs',
      'GET blobs/abc',
      'GET budget',
      'PUT budget',
      'GET prices',
      'PUT prices',
      'GET usage?from=2026-11-01&to=2026-11-30&tz=Etc%2FGMT%2B1',
      'GET usage.csv?from=2026-11-01&to=2026-11-30&tz=Etc%2FGMT%2B1'
    ]);
    const blob = server.requests[15];
    expect(blob.headers['content-type']).toBe('application/octet-stream');
    expect(blob.body.toString('utf8')).toBe('äöü');
    expect(server.requests[3].body.toString()).toBe('{"key":"sk"}');
  });

  it('carries the error of the server', async () => {
    server.respond = () => [
      400,
      { code: 'bad_key', message: 'No', detail: { reason: 'url' } }
    ];
    const error = await failure(client.putKey('default', 'http://x'));
    expect(error.status).toBe(400);
    expect(error.toInfo()).toEqual({
      code: 'bad_key',
      message: 'No',
      detail: { reason: 'url' },
      retryable: false,
      retry_after: null
    });
  });

  it.each([
    [403, { message: 'Forbidden' }, 'login_required'],
    [404, '<html>not found</html>', 'bad_response'],
    [200, '<html>login</html>', 'bad_response'],
    [502, '<html>proxy</html>', 'bad_response']
  ])(
    'has a code for status %d with a foreign body',
    async (status, body, code) => {
      server.respond = () => [status, body];
      expect((await failure(client.status())).code).toBe(code);
    }
  );

  it('has a code for a server that is away', async () => {
    await server.stop();
    const error = await failure(client.status());
    expect(error.code).toBe('server_unreachable');
    expect(error.status).toBe(0);
  });
});
