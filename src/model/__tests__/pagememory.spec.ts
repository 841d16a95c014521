import { StateDB } from '@jupyterlab/statedb';
import type { TestServer } from '../../connection/__tests__/server';
import { PageMemory } from '../pagememory';
import { Page, anotherBrowser, extra, modelServer, stored } from './fixture';

describe('a reload before the state database has reached the server', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await modelServer();
  });

  afterEach(async () => {
    await server.stop();
  });

  /** The page after the reload: its state database is as the server has it. */
  const reload = async (): Promise<Page> => {
    const page = new Page(server, new StateDB());
    await page.models.composer.restored;
    return page;
  };

  it('opens the conversation in which was just asked', async () => {
    const page = new Page(server);
    await page.models.composer.restored;
    const { conversation_id } = await page.ask('Why?');
    page.close();
    extra.set(server, {
      [`GET conversations/${conversation_id}`]: stored(conversation_id, {
        status: 'complete'
      })
    });
    const again = await reload();
    expect(again.conversation.id).toBe(conversation_id);
    again.close();
  });

  it('brings back a prompt that was sent while the server was away', async () => {
    const { port } = server;
    const page = new Page(server);
    await page.models.composer.restored;
    await server.stop();
    page.models.composer.text = 'Sent into the void';
    expect(page.models.composer.send()).toBe(true);
    page.models.composer.text = 'half a sen';
    // Not closed in order: the page just goes.
    window.dispatchEvent(new Event('pagehide'));
    await server.start(port);
    const again = await reload();
    expect(again.models.composer.text).toBe('Sent into the void\n\nhalf a sen');
    again.close();
    page.close();
  });
});

describe('PageMemory', () => {
  it('is nothing without a state database, and goes on where storage is forbidden', async () => {
    sessionStorage.clear();
    const none = new PageMemory<{ a: number }>(null, 'test');
    none.write({ a: 1 });
    none.flush();
    expect(sessionStorage.length).toBe(0);
    none.dispose();

    const state = anotherBrowser();
    const forbidden = jest
      .spyOn(Storage.prototype, 'setItem')
      .mockImplementation(() => {
        throw new DOMException('no', 'SecurityError');
      });
    const memory = new PageMemory<{ a: number }>(state, 'test');
    memory.write({ a: 2 });
    memory.flush();
    expect(await memory.read()).toEqual({ a: 2 });
    memory.dispose();
    forbidden.mockRestore();
  });
});
