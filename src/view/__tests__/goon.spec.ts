import type { IConversationItem } from '../../protocol/frames';
import {
  delta,
  finished,
  started,
  stored
} from '../../model/__tests__/fixture';
import { Bench, until } from './bench';

function about(id: string, notebook: string): IConversationItem {
  return {
    id,
    title: `About ${id}`,
    notebook,
    model: 'm',
    cost: null,
    updated: new Date().toISOString(),
    pinned: false,
    streaming: false,
    hit: null
  };
}

describe('what the panel offers', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await Bench.open({
      'GET conversations': {
        items: [about('one', 'a.ipynb'), about('two', 'b.ipynb')],
        next: null
      },
      'GET conversations/two': {
        ...stored('two', { parts: [{ type: 'text', text: 'About b.' }] }),
        notebook: 'b.ipynb'
      }
    });
  });

  afterEach(() => bench.close());

  const offer = (id: string): HTMLButtonElement | undefined =>
    bench.buttons(`Go on with “About ${id}”`)[0];

  it('goes on with the conversation of the notebook that was opened', async () => {
    await until(() => offer('one') !== undefined);
    bench.notebook.path = 'b.ipynb';
    bench.notebook.activeChanged.emit();
    await until(() => offer('two') !== undefined);
    expect(offer('one')).toBeUndefined();
    offer('two')?.click();
    await until(
      () => bench.answers()[0]?.textContent?.includes('About b.') ?? false
    );
    expect(offer('two')).toBeUndefined();
  });

  it('offers it beside the conversation of another notebook, until one asks on there', async () => {
    await until(() => offer('one') !== undefined);
    bench.notebook.path = 'b.ipynb';
    bench.notebook.activeChanged.emit();
    await until(() => offer('two') !== undefined);
    offer('two')?.click();
    await until(() => bench.answers().length === 1);
    expect(offer('two')).toBeUndefined();
    bench.notebook.path = 'a.ipynb';
    bench.notebook.activeChanged.emit();
    await until(() => offer('one') !== undefined);
    bench.notebook.path = 'c.ipynb';
    bench.notebook.activeChanged.emit();
    await until(() => offer('one') === undefined);
    bench.notebook.path = 'a.ipynb';
    bench.notebook.activeChanged.emit();
    await until(() => offer('one') !== undefined);
    bench.type(bench.box, 'Here, all the same');
    bench.key(bench.box, 'Enter');
    await until(() => offer('one') === undefined);
    await until(() => bench.server.of('submit').length === 1);
    const [submit] = bench.server.of('submit');
    bench.server.send(started(submit));
    bench.server.send(finished(submit, 2));
    await until(() => bench.page.conversation.running === null);
    expect(offer('one')).toBeUndefined();
  });

  it('does not offer what was just begun about the same notebook', async () => {
    await until(() => offer('one') !== undefined);
    bench.page.conversation.submit({
      parts: [{ type: 'text', text: 'New, about a' }],
      provider: null,
      model: null,
      params: {},
      notebook: 'a.ipynb'
    });
    await until(() => offer('one') === undefined);
    await until(() => bench.server.of('submit').length === 1);
    const [submit] = bench.server.of('submit');
    bench.server.send(started(submit));
    bench.server.send(finished(submit, 2));
    await until(() => bench.page.conversation.running === null);
    expect(bench.page.conversation.notebook).toBe('a.ipynb');
    expect(offer('one')).toBeUndefined();
  });

  it('does not ask twice', async () => {
    await until(() => offer('one') !== undefined);
    await bench.press('Dismiss');
    await until(() => offer('one') === undefined);
    bench.notebook.activeChanged.emit();
    expect(document.activeElement).toBe(bench.box);
    expect(offer('one')).toBeUndefined();
  });

  it('shows an answer that ended in another conversation', async () => {
    bench.type(bench.box, 'Slow?');
    bench.key(bench.box, 'Enter');
    await until(() => bench.server.of('submit').length === 1);
    const [submit] = bench.server.of('submit');
    bench.server.send(started(submit));
    await until(() => bench.page.conversation.running?.stored === true);
    await bench.press('New conversation');
    await until(() => bench.answers().length === 0);
    bench.server.send(delta(submit, 2, 'Late answer.'));
    bench.server.send(finished(submit, 3));
    const name = 'Ended while you were away: “Slow?”';
    await until(() => bench.buttons(name).length === 1);
    // It is let go of when it has ended, and read again.
    const id = submit.conversation_id;
    const conversation = stored(id, {
      id: submit.answer_id,
      parts: [{ type: 'text', text: 'Late answer.' }]
    });
    const respond = bench.server.respond;
    bench.server.respond = request =>
      request.method === 'GET' && request.url.includes(`conversations/${id}`)
        ? [200, conversation]
        : respond(request);
    bench.buttons(name)[0].click();
    await until(
      () => bench.answers()[0]?.textContent?.includes('Late answer.') ?? false
    );
    expect(bench.buttons(name)).toHaveLength(0);
  });

  it('says that a prompt waits for the server', async () => {
    bench.server.refuse = 503;
    bench.server.peers.forEach(peer => peer.terminate());
    await until(() => bench.page.socket.state !== 'open');
    bench.type(bench.box, 'Later?');
    bench.key(bench.box, 'Enter');
    await until(() => bench.answers().length === 1);
    await until(
      () => bench.answers()[0].textContent?.includes('Waiting') ?? false
    );
    bench.server.refuse = null;
    bench.page.models.conversations.reconnect();
    await until(() => bench.server.of('submit').length === 1);
    await until(
      () => !(bench.answers()[0].textContent?.includes('Waiting') ?? true)
    );
  });
});
