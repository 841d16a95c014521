import type { TestServer } from '../../connection/__tests__/server';
import { Page, extra, modelServer, until } from './fixture';

jest.setTimeout(60_000);

describe('SetupModel', () => {
  let server: TestServer;
  let page: Page;

  beforeEach(async () => {
    server = await modelServer();
    page = new Page(server);
    await until(() => page.models.setup.status !== null);
  });

  afterEach(async () => {
    page.close();
    await server.stop();
  });

  const local = (state: string, bytes_done: number) => ({
    state,
    bytes_done,
    bytes_total: 100,
    error: null
  });
  const count = (route: string) =>
    server.requests.filter(r => `${r.method} ${r.url}`.includes(route)).length;

  it('watches a download until it is over, then reads the models', async () => {
    const { setup } = page.models;
    expect(setup.needsSetup).toBe(true);
    extra.set(server, { 'GET local-model': local('missing', 0) });
    await setup.refreshLocalModel();
    extra.set(server, {
      'POST local-model': local('fetching', 0),
      'GET local-model': local('fetching', 50)
    });
    await setup.fetchLocalModel();
    await until(() => setup.localModel?.bytes_done === 50);
    extra.set(server, { 'GET local-model': local('ready', 100) });
    const models = count('GET /jupyterlab-gpt/api/models');
    await until(() => setup.localModel?.state === 'ready');
    await until(() => count('GET /jupyterlab-gpt/api/models') > models);
    const asked = count('GET /jupyterlab-gpt/api/local-model');
    await new Promise(resolve => setTimeout(resolve, 1200));
    expect(count('GET /jupyterlab-gpt/api/local-model')).toBe(asked);
  });

  it('asks again until the server knows who answers', async () => {
    const { models, setup } = page.models;
    const status = { provider: null, model: null, needs_setup: false };
    extra.set(server, { 'GET status': status });
    await setup.refresh();
    expect(setup.needsSetup).toBeNull();
    expect(models.choice).toEqual({ provider: null, model: null });
    extra.set(server, {
      'GET status': { provider: 'local', model: 'small', needs_setup: false }
    });
    await until(() => setup.needsSetup === false);
    expect(models.choice).toEqual({ provider: 'local', model: 'small' });
    const asked = count('GET /jupyterlab-gpt/api/status');
    await new Promise(resolve => setTimeout(resolve, 1200));
    expect(count('GET /jupyterlab-gpt/api/status')).toBe(asked);
  });

  it('asks again when the server comes back', async () => {
    const { setup } = page.models;
    await until(() => page.socket.state === 'open');
    extra.set(server, { 'GET status': { ...setup.status, version: '9.9.9' } });
    server.peers[0].terminate();
    await until(() => setup.status?.version === '9.9.9');
  });

  it('stops asking when it is disposed', async () => {
    extra.set(server, { 'GET local-model': local('fetching', 50) });
    await page.models.setup.refreshLocalModel();
    page.models.setup.dispose();
    const asked = count('local-model');
    await new Promise(resolve => setTimeout(resolve, 1200));
    expect(count('local-model')).toBe(asked);
  });

  it('checks a key before it saves it', async () => {
    const { setup } = page.models;
    const error = { code: 'provider_auth', message: 'No', detail: null };
    extra.set(server, {
      'POST providers/default/check': { ok: false, models: null, error }
    });
    const refused = await setup.saveKey('default', 'sk-wrong');
    expect(refused.error?.code).toBe('provider_auth');
    expect(count('PUT')).toBe(0);
    extra.set(server, {
      'POST providers/default/check': { ok: true, models: 3, error: null },
      'PATCH providers/default': {},
      'PUT providers/default/key': {}
    });
    const saved = await setup.saveKey('default', 'sk', 'http://h/v1');
    expect(saved).toEqual({ ok: true, models: 3, error: null });
    const written = server.requests.filter(r => /PATCH|PUT/.test(r.method));
    expect(written.map(r => r.method)).toEqual(['PATCH', 'PUT']);
    expect(setup.busy).toBe(false);
  });

  it('leaves what is wrong with a key to the one who entered it', async () => {
    const { setup } = page.models;
    extra.set(server, {});
    const refused = await setup.saveKey('default', 'no such route');
    expect(refused.ok).toBe(false);
    expect(refused.error).not.toBeNull();
    expect(setup.error).toBeNull();
  });
});
