import type { TestServer } from '../../connection/__tests__/server';
import {
  Chip,
  Page,
  delta,
  extra,
  failed,
  finished,
  modelServer,
  snapshot,
  started,
  stored,
  until
} from './fixture';

jest.setTimeout(60_000);

describe('ConversationModel', () => {
  let server: TestServer;
  let page: Page;

  beforeEach(async () => {
    server = await modelServer();
    page = new Page(server);
    await until(() => page.socket.state === 'open');
    // What is sent before the server has told its default names no model.
    await until(() => page.models.setup.status !== null);
  });

  afterEach(async () => {
    page.close();
    await server.stop();
  });

  const texts = () => page.conversation.messages.map(m => m.text);
  const answer = () =>
    page.conversation.messages[page.conversation.messages.length - 1];

  it('draws question and empty answer at once and sends one frame', async () => {
    page.models.composer.text = ' Why? ';
    page.models.composer.send();
    const [question, reply] = page.conversation.messages;
    expect(question.text).toBe('Why?');
    expect(reply.status).toBe('streaming');
    expect(page.conversation.running).toBe(reply);
    await until(() => server.frames.length === 1);
    expect(server.frames[0]).toEqual({
      type: 'submit',
      request_id: reply.requestId,
      conversation_id: page.conversation.id,
      parent_id: null,
      message_id: question.id,
      answer_id: reply.id,
      provider: 'default',
      model: 'm-default',
      params: {},
      notebook: null,
      parts: [{ type: 'text', text: 'Why?' }]
    });
  });

  it('applies frames by number: once each, and asks for what is missing', async () => {
    const s = await page.ask('Why?');
    const appended: string[] = [];
    answer().textAppended.connect((_, { text }) => appended.push(text));
    server.send(started(s));
    server.send(delta(s, 2, 'a'));
    server.send(delta(s, 2, 'a'));
    server.send(delta(s, 4, 'c'));
    server.send(delta(s, 5, 'd'));
    await until(() => server.of('resume').length === 1);
    expect(server.of('resume')).toEqual([
      { type: 'resume', request_id: s.request_id, after_seq: 2 }
    ]);
    for (const [seq, text] of [
      [3, 'b'],
      [4, 'c'],
      [5, 'd']
    ] as const) {
      server.send(delta(s, seq, text));
    }
    server.send(finished(s, 6));
    await until(() => page.conversation.running === null);
    expect(answer().text).toBe('abcd');
    expect(appended).toEqual(['a', 'b', 'c', 'd']);
    expect(answer().status).toBe('complete');
    expect(server.of('resume')).toHaveLength(1);
    const next = await page.ask('And?');
    expect(next.parent_id).toBe(s.answer_id);
  });

  it('resumes after a lost connection', async () => {
    const s = await page.ask('Why?');
    server.send(started(s));
    server.send(delta(s, 2, 'one '));
    await until(() => answer().text === 'one ');
    server.onFrame = frame => {
      if (frame.type === 'resume') {
        expect(frame.after_seq).toBe(2);
        server.send(delta(s, 3, 'two'));
        server.send(finished(s, 4));
      }
    };
    server.peers[0].terminate();
    await until(() => page.conversation.running === null);
    expect(answer().text).toBe('one two');
  });

  it('submits again what the server may not have got, under the same request', async () => {
    const s = await page.ask('Why?');
    server.peers[0].terminate();
    await until(() => server.of('submit').length === 2);
    expect(server.of('submit')[1]).toEqual(s);
    expect(server.of('resume')).toHaveLength(0);
  });

  it('sends a question that was asked while disconnected once', async () => {
    server.peers[0].terminate();
    await until(() => page.socket.state !== 'open');
    page.models.composer.text = 'Offline?';
    page.models.composer.send();
    await until(() => server.of('submit').length === 1);
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(server.of('submit')).toHaveLength(1);
  });

  it('replaces all by a snapshot, also one with a lower number', async () => {
    const s = await page.ask('Why?');
    server.send(started(s));
    server.send(delta(s, 2, 'x'));
    server.send(delta(s, 3, 'y'));
    await until(() => answer().text === 'xy');
    let replaced = 0;
    answer().replaced.connect(() => replaced++);
    server.send(snapshot(s, 1, 'xyz', 'incomplete'));
    server.send(failed(s, 2, 'server_stopped'));
    await until(() => page.conversation.running === null);
    expect(replaced).toBe(1);
    expect(answer().text).toBe('xyz');
    expect(answer().status).toBe('incomplete');
    expect(answer().error?.code).toBe('server_stopped');
  });

  it('shows a wait with its end, and forgets it with the next text', async () => {
    const s = await page.ask('Why?');
    server.send(started(s));
    const frame = { type: 'retrying', request_id: s.request_id, seq: 2 };
    const wait = { attempt: 1, wait_s: 12, code: 'provider_rate_limited' };
    server.send({ ...frame, ...wait });
    await until(() => answer().retrying !== null);
    const left = (answer().retrying?.until ?? 0) - Date.now();
    expect(left).toBeGreaterThan(10_000);
    expect(left).toBeLessThanOrEqual(12_000);
    server.send(delta(s, 3, 'x'));
    await until(() => answer().retrying === null);
  });

  it('stops: a cancel for what runs, nothing for what has not gone out', async () => {
    const s = await page.ask('Why?');
    server.send(started(s));
    server.send(delta(s, 2, 'so far'));
    await until(() => answer().text === 'so far');
    expect(page.conversation.stop()).toBe(true);
    expect(answer().stopping).toBe(true);
    page.conversation.stop();
    await until(() => server.of('cancel').length === 1);
    server.send(finished(s, 3, 'cancelled'));
    await until(() => page.conversation.running === null);
    expect(answer().status).toBe('cancelled');
    expect(answer().text).toBe('so far');
    expect(page.conversation.stop()).toBe(false);

    server.peers[0].terminate();
    await until(() => page.socket.state !== 'open');
    page.models.composer.text = 'Never sent';
    page.models.composer.send();
    page.models.composer.stop();
    expect(texts()).toEqual(['Why?', 'so far']);
    await until(() => page.socket.state === 'open');
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(server.of('submit')).toHaveLength(1);
    expect(server.of('cancel')).toHaveLength(1);
  });

  it('keeps a question that was refused before it was stored, and sends it again', async () => {
    const s = await page.ask('Why?');
    server.send(failed(s, 0, 'no_model'));
    await until(() => page.conversation.running === null);
    expect(texts()).toEqual(['Why?', '']);
    expect(answer().status).toBe('failed');
    expect(answer().stored).toBe(false);
    expect(page.models.composer.branches.sendAgain(answer().id)).toBe(true);
    await until(() => server.of('submit').length === 2);
    const again = server.of('submit')[1];
    expect(again.request_id).not.toBe(s.request_id);
    expect(again.parts).toEqual(s.parts);
    expect(texts()).toEqual(['Why?', '']);
    // Another question leaves a failed one where it is, and does not hang on it.
    server.send(failed(again, 0, 'no_model'));
    await until(() => page.conversation.running === null);
    const next = await page.ask('Next');
    expect(next.parent_id).toBeNull();
    expect(texts()).toEqual(['Why?', '', 'Next', '']);
  });

  it('asks a stored question whose answer failed again, in the place of that answer', async () => {
    const s = await page.ask('Why?');
    server.send(started(s));
    server.send(failed(s, 2, 'provider_auth'));
    await until(() => page.conversation.running === null);
    expect(answer().stored).toBe(true);
    page.models.composer.branches.sendAgain(answer().id);
    await until(() => server.of('submit').length === 2);
    const again = server.of('submit')[1];
    expect(again.message_id).toBe(s.message_id);
    expect(again.parts).toEqual([]);
    expect(again.answer_id).not.toBe(s.answer_id);
    expect(page.conversation.messages.map(m => m.id)).toEqual([
      s.message_id,
      again.answer_id
    ]);
    server.send(failed(again, 0, 'storage_full'));
    await until(() => page.conversation.running === null);
    page.models.composer.branches.sendAgain(answer().id);
    await until(() => server.of('submit').length === 3);
    const third = server.of('submit')[2];
    server.send(started(third));
    server.send(delta(third, 2, 'Because.'));
    await until(() => answer().text === 'Because.');
    expect(page.conversation.messages.map(m => m.id)).toEqual([
      s.message_id,
      third.answer_id
    ]);
  });

  it('knows the cell that was asked about', async () => {
    page.models.composer.add(new Chip('cell-7', 'x = 1'));
    const s = await page.ask('Why?');
    expect(page.conversation.askedCell(s.answer_id)).toEqual({
      cellId: 'cell-7',
      path: 'a.ipynb',
      source: 'x = 1'
    });
    expect(page.conversation.askedCell('nobody')).toBeNull();
  });

  it('joins a running answer, each character once', async () => {
    const live = { request_id: 'c1-r', seq: 7 };
    const parts = [{ type: 'text' as const, text: 'half ' }];
    const conversation = stored('c1', { status: 'streaming', parts, live });
    extra.set(server, { 'GET conversations/c1': conversation });
    await page.models.conversations.open('c1');
    await until(() => server.of('resume').length === 1);
    expect(server.of('resume')[0].after_seq).toBe(7);
    server.send(delta(live, 7, 'half '));
    server.send(delta(live, 8, 'whole'));
    server.send(finished(live, 9));
    await until(() => page.conversation.running === null);
    expect(texts()).toEqual(['Why?', 'half whole']);
  });

  it('reads the conversation again when a turn is no longer known, and does not ask for ever', async () => {
    const conversation = stored('c1', { status: 'streaming' });
    extra.set(server, { 'GET conversations/c1': conversation });
    server.onFrame = frame => {
      if (frame.type === 'resume') {
        server.send(failed(frame, 0, 'unknown_request'));
      }
    };
    await page.models.conversations.open('c1');
    await until(() => page.conversation.running === null);
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(server.of('resume')).toHaveLength(1);
  });

  it('takes over what another page did, and leaves its own answer alone', async () => {
    const one = stored('c1', {
      status: 'complete',
      parts: [{ type: 'text', text: 'One' }]
    });
    extra.set(server, { 'GET conversations/c1': one });
    await page.models.conversations.open('c1');
    const first = page.conversation.messages[1];
    let drawn = 0;
    first.replaced.connect(() => drawn++);
    const s = await page.ask('Mine');
    server.send(started(s));
    server.send(delta(s, 2, 'my text'));
    await until(() => answer().text === 'my text');
    const mine = page.conversation.messages.slice(2).map(m => ({
      ...one.messages[1],
      id: m.id,
      parent_id: m.parentId,
      role: m.role,
      status: m.status,
      parts: m.role === 'user' ? [{ type: 'text' as const, text: 'Mine' }] : []
    }));
    extra.set(server, {
      'GET conversations/c1': {
        ...one,
        title: 'Renamed',
        leaf: s.answer_id,
        messages: [...one.messages, ...mine]
      }
    });
    server.send({ type: 'changed', conversation_id: 'c1' });
    await until(() => page.conversation.title === 'Renamed');
    expect(texts()).toEqual(['Why?', 'One', 'Mine', 'my text']);
    expect(drawn).toBe(0);
    server.send(delta(s, 3, '!'));
    await until(() => answer().text === 'my text!');
  });

  it('costs the same for each delta', async () => {
    const s = await page.ask('Long');
    server.send(started(s));
    for (let seq = 2; seq < 20_002; seq++) {
      server.send(delta(s, seq, 'token '));
    }
    server.send(finished(s, 20_002));
    await until(() => page.conversation.running === null);
    expect(answer().text).toHaveLength(6 * 20_000);
  });
});
