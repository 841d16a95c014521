import { StateDB } from '@jupyterlab/statedb';
import type { TestServer } from '../../connection/__tests__/server';
import { budget } from './budgets';
import { Page, extra, finished, modelServer, started, until } from './fixture';

jest.setTimeout(60_000);

describe('BudgetModel', () => {
  let server: TestServer;
  const pages: Page[] = [];

  const open = async (state?: StateDB): Promise<Page> => {
    const page = new Page(server, state);
    pages.push(page);
    await until(() => page.socket.state === 'open');
    return page;
  };

  beforeEach(async () => {
    server = await modelServer();
  });

  afterEach(async () => {
    pages.splice(0).forEach(page => page.close());
    await server.stop();
  });

  it('is what the server said last', async () => {
    extra.set(server, {
      'GET status': {
        provider: 'default',
        model: 'm',
        needs_setup: false,
        budget: budget('1', 'ok')
      }
    });
    const page = await open();
    const model = page.models.budget;
    await until(() => model.current?.spent === '1');
    const s = await page.ask('Why?');
    server.send({ ...started(s), budget: budget('1.1', 'ok') });
    server.send({ ...finished(s, 2), budget: budget('1.2', 'ok') });
    await until(() => model.current?.spent === '1.2');
    server.send({ type: 'budget', ...budget('1.3', 'ok') });
    await until(() => model.current?.spent === '1.3');
    expect(model.current).toMatchObject(budget('1.3', 'ok'));
    expect(model.notice).toBeNull();
    // The set-up tells its old one again with each of its changes.
    await page.models.setup.refreshLocalModel();
    expect(model.current?.spent).toBe('1.3');
  });

  it('says each level once a day', async () => {
    const page = await open();
    const model = page.models.budget;
    server.send({ type: 'budget', ...budget('2.6', 'half') });
    await until(() => model.notice === 'half');
    server.send({ type: 'budget', ...budget('2.7', 'half') });
    await until(() => model.current?.spent === '2.7');
    expect(model.notice).toBe('half');
    model.dismiss();
    server.send({ type: 'budget', ...budget('2.8', 'half') });
    await until(() => model.current?.spent === '2.8');
    expect(model.notice).toBeNull();
    server.send({ type: 'budget', ...budget('4.1', 'high') });
    await until(() => model.notice === 'high');
    const reloaded = (await open(page.state)).models.budget;
    server.send({ type: 'budget', ...budget('4.2', 'high') });
    await until(() => reloaded.current?.spent === '4.2');
    expect(reloaded.notice).toBeNull();
    server.send({ type: 'budget', ...budget('5', 'full') });
    await until(() => reloaded.notice === 'full');
  });

  it('is raised', async () => {
    extra.set(server, {
      'PUT budget': { ...budget('4.9', 'half'), limit: '9' }
    });
    const page = await open();
    await page.models.budget.set('9');
    expect(page.models.budget.current?.limit).toBe('9');
    const put = server.requests.find(request => request.method === 'PUT');
    expect(JSON.parse(String(put?.body))).toEqual({
      monthly_usd: '9',
      tz: null
    });
  });
});
