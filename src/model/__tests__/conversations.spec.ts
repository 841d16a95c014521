import type { StateDB } from '@jupyterlab/statedb';
import type { TestServer } from '../../connection/__tests__/server';
import {
  Page,
  anotherBrowser,
  delta,
  extra,
  finished,
  modelServer,
  started,
  stored,
  until
} from './fixture';

jest.setTimeout(60_000);

describe('ConversationsModel', () => {
  let server: TestServer;
  const pages: Page[] = [];

  const open = (state?: StateDB): Page => {
    const page = new Page(server, state);
    pages.push(page);
    return page;
  };

  beforeEach(async () => {
    server = await modelServer();
  });

  afterEach(async () => {
    pages.splice(0).forEach(page => page.close());
    await server.stop();
  });

  it('is there again after a reload in the middle of an answer', async () => {
    const page = open();
    const s = await page.ask('Why?');
    server.send(started(s));
    server.send(delta(s, 2, 'half '));
    await until(() => page.conversation.messages[1].text === 'half ');
    page.close();

    const id = s.conversation_id;
    const live = { request_id: s.request_id, seq: 2 };
    const parts = [{ type: 'text' as const, text: 'half ' }];
    const conversation = stored(id, { status: 'streaming', parts, live });
    extra.set(server, { [`GET conversations/${id}`]: conversation });
    server.onFrame = frame => {
      if (frame.type === 'resume' && frame.after_seq === 2) {
        server.send(delta(s, 3, 'whole'));
        server.send(finished(s, 4));
      }
    };
    const reloaded = open(page.state);
    await reloaded.models.conversations.restored;
    await until(() => reloaded.conversation.messages[1]?.status === 'complete');
    expect(reloaded.conversation.messages[1].text).toBe('half whole');
  });

  it('joins what runs in a browser that knows nothing', async () => {
    const live = { request_id: 'c1-r', seq: 1 };
    extra.set(server, {
      'GET conversations': {
        items: [
          { id: 'c0', streaming: false },
          { id: 'c1', streaming: true }
        ],
        next: null
      },
      'GET conversations/c1': stored('c1', { status: 'streaming', live })
    });
    const page = open();
    await page.models.conversations.restored;
    expect(page.conversation.id).toBe('c1');
    await until(() => server.of('resume').length === 1);
  });

  it('stays new when the last conversation was new, or is gone', async () => {
    const state = anotherBrowser();
    await state.save('jupyterlab-gpt:open-conversation', { id: 'gone' });
    const page = open(state);
    await page.models.conversations.restored;
    expect(page.conversation.isNew).toBe(true);
    await state.save('jupyterlab-gpt:open-conversation', { id: null });
    const asked = server.requests.length;
    await open(state).models.conversations.restored;
    const later = server.requests.slice(asked).map(r => r.url);
    expect(later.filter(url => url.includes('conversations'))).toEqual([]);
  });

  it('restores as soon as the server can be reached', async () => {
    const state = anotherBrowser();
    await state.save('jupyterlab-gpt:open-conversation', { id: 'c1' });
    extra.set(server, {
      'GET conversations/c1': stored('c1', { status: 'complete' })
    });
    const { port } = server;
    await server.stop();
    server.port = port;
    const page = open(state);
    await page.models.conversations.restored;
    expect(page.conversation.isNew).toBe(true);
    await server.start(port);
    await until(() => page.conversation.id === 'c1');
  });

  it('lets an answer run in a conversation that is not open', async () => {
    extra.set(server, {
      'GET conversations/c1': stored('c1', { status: 'complete' })
    });
    const page = open();
    await until(() => page.socket.state === 'open');
    const s = await page.ask('Why?');
    const first = page.conversation;
    server.send(started(s));
    await page.models.conversations.open('c1');
    expect(page.models.composer.running).toBe(false);
    server.send(delta(s, 2, 'text'));
    await until(() => first.messages[1].text === 'text');
    await page.models.conversations.open(first.id);
    expect(page.conversation).toBe(first);
    expect(page.models.composer.running).toBe(true);
    page.models.conversations.newConversation();
    server.send(finished(s, 3));
    await until(() => first.isDisposed);
  });

  it('lists, renames, deletes and brings back', async () => {
    extra.set(server, {
      'GET conversations/c1': stored('c1', { status: 'complete' }),
      'PATCH conversations/c1': {},
      'DELETE conversations/c1': {},
      'POST conversations/c1/restore': {}
    });
    const page = open();
    const { conversations } = page.models;
    await conversations.restored;
    await conversations.open('c1');
    let changes = 0;
    conversations.listChanged.connect(() => changes++);
    await conversations.rename('c1', 'Other');
    expect(page.conversation.title).toBe('Other');
    await conversations.remove('c1');
    expect(page.conversation.isNew).toBe(true);
    await conversations.restore('c1');
    expect(changes).toBeGreaterThanOrEqual(3);
    await expect(conversations.open('nowhere')).rejects.toMatchObject({
      code: 'unknown_conversation'
    });
    expect(page.conversation.isNew).toBe(true);
  });

  it('hands on what the server says of its disk', async () => {
    const page = open();
    await until(() => page.socket.state === 'open');
    server.send({ type: 'storage', state: 'full', message: 'Full' });
    await until(() => page.models.conversations.storage?.state === 'full');
    server.send({ type: 'storage', state: 'ok', message: '' });
    await until(() => page.models.conversations.storage === null);
  });
});
