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

describe('AwayModel', () => {
  let server: TestServer;
  let state: StateDB;
  let page: Page;

  beforeEach(async () => {
    server = await modelServer();
    state = anotherBrowser();
    page = new Page(server, state);
    await until(() => page.socket.state === 'open');
    await page.models.conversations.restored;
    await page.models.away.restored;
  });

  afterEach(async () => {
    page.close();
    await server.stop();
  });

  it('tells of an answer that ended in another conversation, and lets others be asked', async () => {
    const first = await page.ask('First?');
    server.send(started(first));
    await until(() => page.conversation.running?.stored === true);
    page.models.conversations.newConversation();
    const second = await page.ask('Second?');
    server.send(started(second));
    server.send(delta(first, 2, 'There.'));
    server.send(finished(first, 3));
    await until(() => page.models.away.latest !== null);
    expect(page.models.away.latest).toEqual({
      conversation: first.conversation_id,
      answer: first.answer_id,
      title: 'First?'
    });
    // That one is being watched.
    server.send(finished(second, 2));
    await until(() => page.conversation.running === null);
    expect(page.models.away.latest?.answer).toBe(first.answer_id);
    page.models.away.dismiss();
    expect(page.models.away.latest).toBeNull();
  });

  it('says nothing of what was stopped or watched, and something where the panel is hidden', async () => {
    const first = await page.ask('First?');
    server.send(started(first));
    server.send(finished(first, 2));
    await until(() => page.conversation.running === null);
    expect(page.models.away.latest).toBeNull();
    page.models.away.watched = false;
    const second = await page.ask('Second?');
    server.send(started(second));
    server.send(finished(second, 2, 'cancelled'));
    await until(() => page.conversation.running === null);
    expect(page.models.away.latest).toBeNull();
    const third = await page.ask('Third?');
    server.send(started(third));
    server.send(finished(third, 2));
    await until(() => page.models.away.latest?.answer === third.answer_id);
  });

  it('looks after the answers that the page before was waiting for', async () => {
    const submit = await page.ask('Why?');
    server.send(started(submit));
    await until(() => page.conversation.running?.stored === true);
    page.close();
    const id = submit.conversation_id;
    const answer = { id: submit.answer_id, status: 'complete' as const };
    extra.set(server, { [`GET conversations/${id}`]: stored(id, answer) });
    page = new Page(server, state);
    await page.models.away.restored;
    expect(page.models.away.latest).toEqual({
      conversation: id,
      answer: submit.answer_id,
      title: `title of ${id}`
    });
  });
});
