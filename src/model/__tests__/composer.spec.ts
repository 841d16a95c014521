import { StateDB } from '@jupyterlab/statedb';
import type { TestServer } from '../../connection/__tests__/server';
import {
  Chip,
  Page,
  delta,
  extra,
  failed,
  finished,
  modelServer,
  started,
  stored,
  until
} from './fixture';

jest.setTimeout(60_000);

describe('ComposerModel', () => {
  let server: TestServer;
  let page: Page;

  beforeEach(async () => {
    server = await modelServer();
    page = new Page(server);
    await until(() => page.socket.state === 'open');
  });

  afterEach(async () => {
    page.close();
    await server.stop();
  });

  const composer = () => page.models.composer;

  it('sends nothing that is empty, and chips without a word', async () => {
    composer().text = ' \n ';
    expect(composer().canSend).toBe(false);
    expect(composer().send()).toBe(false);
    const chip = new Chip('c', 'x');
    composer().add(chip);
    expect(composer().canSend).toBe(true);
    chip.available = false;
    expect(composer().canSend).toBe(false);
    chip.available = true;
    expect(composer().send()).toBe(true);
    expect(composer().attachments).toEqual([]);
    await until(() => server.of('submit').length === 1);
    expect(server.of('submit')[0].parts).toEqual(chip.parts());
  });

  it('lets type but not send while an answer runs, and refuses to ask', async () => {
    const s = await page.ask('Why?');
    composer().text = 'next';
    expect(composer().running).toBe(true);
    expect(composer().canSend).toBe(false);
    expect(composer().send()).toBe(false);
    const chip = new Chip('c', 'x');
    expect(composer().ask('Explain', chip)).toBe(false);
    expect(composer().problem?.code).toBe('answer_running');
    expect(chip.isDisposed).toBe(true);
    expect(composer().text).toBe('next');
    server.send(started(s));
    server.send(finished(s, 2));
    await until(() => composer().canSend);
  });

  it('asks with one attachment and no history, and leaves the draft alone', async () => {
    composer().text = 'draft';
    composer().add(new Chip('mine', 'y'));
    expect(composer().ask('Explain', new Chip('c', 'x'))).toBe(true);
    await until(() => server.of('submit').length === 1);
    const s = server.of('submit')[0];
    expect(s.params).toEqual({ one_shot: true });
    expect(s.parts?.map(part => part.type)).toEqual(['cell', 'text']);
    expect(composer().text).toBe('draft');
    expect(composer().attachments).toHaveLength(1);
    // Also the second time.
    server.send(started(s));
    server.send(failed(s, 2, 'provider_auth'));
    await until(() => !composer().running);
    composer().branches.sendAgain(s.answer_id);
    await until(() => server.of('submit').length === 2);
    expect(server.of('submit')[1].params).toEqual({ one_shot: true });
  });

  it('lets large content go up once, and the rest in the frame', async () => {
    extra.set(server, { 'POST blobs': { sha256: 'f'.repeat(64), bytes: 1 } });
    const large = 'x = 1\n'.repeat(100_000);
    composer().add(new Chip('c', large));
    const s = await page.ask('Why?');
    expect(s.parts).toEqual([
      {
        type: 'cell',
        cell_id: 'c',
        path: 'a.ipynb',
        language: 'python',
        blob: 'f'.repeat(64)
      },
      { type: 'text', text: 'Why?' }
    ]);
    const blobs = server.requests.filter(r => r.url.includes('blobs'));
    expect(blobs[0].body.toString()).toBe(large);
    server.send(started(s));
    server.send(finished(s, 2));
    await until(() => composer().running === false);
    composer().add(new Chip('c', large));
    await page.ask('Again?');
    expect(server.requests.filter(r => r.url.includes('blobs'))).toHaveLength(
      1
    );
    // What was asked is still readable here.
    const [question] = page.conversation.messages;
    expect(question.parts[0]).toMatchObject({ source: large });
  });

  it('keeps a prompt that is too large for the server, and says so', () => {
    composer().text = 'x'.repeat(9 * 1024 * 1024);
    expect(composer().send()).toBe(false);
    expect(composer().problem?.code).toBe('content_too_large');
    expect(composer().text).toHaveLength(9 * 1024 * 1024);
    expect(page.conversation.messages).toHaveLength(0);
    composer().text = 'short';
    expect(composer().problem).toBeNull();
  });

  it('keeps a prompt whose many parts do not fit a frame', () => {
    for (let i = 0; i < 50; i++) {
      composer().add(new Chip(`c${i}`, 'x'.repeat(30_000)));
    }
    composer().text = 'Why?';
    expect(composer().send()).toBe(false);
    expect(composer().problem?.code).toBe('frame_too_large');
    expect(composer().attachments).toHaveLength(50);
    expect(page.conversation.messages).toHaveLength(0);
  });

  it('says when the upload fails, and sends again', async () => {
    composer().text = 'y'.repeat(40_000);
    composer().send();
    await until(() => !composer().running);
    const [, answer] = page.conversation.messages;
    expect(answer.status).toBe('failed');
    extra.set(server, { 'POST blobs': { sha256: 'a'.repeat(64), bytes: 1 } });
    composer().branches.sendAgain(answer.id);
    await until(() => server.of('submit').length === 1);
    expect(server.of('submit')[0].parts).toEqual([
      { type: 'text', blob: 'a'.repeat(64) }
    ]);
  });

  it('gives a refused question back for editing, with its chips', async () => {
    const chip = new Chip('c', 'x');
    composer().add(chip);
    const s = await page.ask('Why?');
    server.send(failed(s, 0, 'over_budget'));
    await until(() => !composer().running);
    composer().text = 'typed meanwhile';
    composer().edit(s.message_id);
    expect(composer().text).toBe('Why?\n\ntyped meanwhile');
    expect(composer().attachments).toEqual([chip]);
    expect(chip.isDisposed).toBe(false);
    expect(page.conversation.messages).toHaveLength(0);
    await page.ask('Why, then?');
    server.send(started(server.of('submit')[1]));
    await until(() => chip.isDisposed);
  });

  it('gives a question back that is stopped while it waits for the connection', async () => {
    server.peers[0].terminate();
    await until(() => page.socket.state !== 'open');
    const chip = new Chip('c', 'x');
    composer().add(chip);
    composer().text = 'Why?';
    composer().send();
    expect(page.conversation.title).toBe('Why?');
    composer().text = 'typed meanwhile';
    expect(composer().stop()).toBe(true);
    expect(composer().text).toBe('Why?\n\ntyped meanwhile');
    expect(composer().attachments).toEqual([chip]);
    expect(chip.isDisposed).toBe(false);
    expect(page.conversation.messages).toHaveLength(0);
    expect(page.conversation.title).toBe('');
    expect(composer().canSend).toBe(true);
    await until(() => page.socket.state === 'open');
    const s = await page.ask('Why, then?');
    expect(s.parts?.map(part => part.type)).toEqual(['cell', 'text']);
    expect(server.of('submit')).toHaveLength(1);
  });

  it('gives a question back of which the server had not heard when it was stopped', async () => {
    const s = await page.ask('Why?');
    composer().stop();
    await until(() => server.of('cancel').length === 1);
    server.send(failed(s, 0, 'unknown_request'));
    await until(() => composer().text === 'Why?');
    expect(page.conversation.messages).toHaveLength(0);
  });

  it('takes another answer off the page that is stopped while it waits', async () => {
    const s = await page.ask('Why?');
    server.send(started(s));
    server.send(finished(s, 2));
    await until(() => !composer().running);
    server.peers[0].terminate();
    await until(() => page.socket.state !== 'open');
    composer().branches.regenerate(s.answer_id);
    composer().stop();
    const ids = page.conversation.messages.map(({ id }) => id);
    expect(ids).toEqual([s.message_id, s.answer_id]);
    expect(page.conversation.title).toBe('Why?');
    expect(composer().text).toBe('');
  });

  it('keeps the draft, and what was never stored, over a reload', async () => {
    const s = await page.ask('Refused');
    server.send(failed(s, 0, 'no_model'));
    await until(() => !composer().running);
    composer().text = 'half a sen';
    await until(() => JSON.stringify(page.state).length > 0);
    page.close();
    const reloaded = new Page(server, page.state);
    await reloaded.models.composer.restored;
    expect(reloaded.models.composer.text).toBe('Refused\n\nhalf a sen');
    reloaded.close();
  });

  it('does not bring back what was stored', async () => {
    const s = await page.ask('Stored');
    const id = page.conversation.id;
    const conversation = stored(id, { status: 'complete' }, 'Stored');
    extra.set(server, { [`GET conversations/${id}`]: conversation });
    // The page goes before it hears that its question is stored.
    page.close();
    const reloaded = new Page(server, page.state);
    await reloaded.models.composer.restored;
    expect(reloaded.conversation.id).toBe(s.conversation_id);
    expect(reloaded.models.composer.text).toBe('');
    reloaded.close();
  });

  it('walks through the prompts', async () => {
    for (const text of ['one', 'two']) {
      const s = await page.ask(text);
      server.send(started(s));
      server.send(delta(s, 2, 'answer'));
      server.send(finished(s, 3));
      await until(() => !composer().running);
    }
    expect(composer().next()).toBe(false);
    expect(composer().previous()).toBe(true);
    expect(composer().text).toBe('two');
    composer().previous();
    expect(composer().text).toBe('one');
    expect(composer().previous()).toBe(false);
    expect(composer().text).toBe('one');
    composer().next();
    composer().next();
    expect(composer().text).toBe('');
    composer().text = 'typed';
    expect(composer().previous()).toBe(false);
  });

  it('remembers the model that was chosen', async () => {
    page.models.models.choose('local', 'qwen');
    page.close();
    const reloaded = new Page(server, page.state as StateDB);
    await reloaded.models.models.restored;
    expect(reloaded.models.models.choice).toEqual({
      provider: 'local',
      model: 'qwen'
    });
    reloaded.close();
  });
});
