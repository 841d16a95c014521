import {
  delta,
  extra,
  failed,
  finished,
  snapshot,
  started
} from '../../model/__tests__/fixture';
import { draftMessage } from '../../model/question';
import type { IConversation, IMessage } from '../../protocol/frames';
import { Bench, until } from './bench';

const ID = 'tree';

function question(id: string, parent: string | null, text: string): IMessage {
  const parts: IMessage['parts'] = [{ type: 'text', text }];
  return draftMessage({ id, parent_id: parent, role: 'user', parts });
}

function reply(
  id: string,
  parent: string,
  text: string,
  rest: Partial<IMessage> = {}
): IMessage {
  return draftMessage({
    id,
    parent_id: parent,
    role: 'assistant',
    parts: text ? [{ type: 'text', text }] : [],
    request_id: `r-${id}`,
    provider: 'default',
    model: 'm-one',
    ...rest
  });
}

/** Two answers to the first question, of which the second was gone on from. */
function tree(): IConversation {
  const messages = [
    question('q1', null, 'First?'),
    reply('a1', 'q1', 'One.'),
    reply('a2', 'q1', 'Two.'),
    question('q2', 'a2', 'Second?'),
    reply('a3', 'q2', 'Three, and th', { status: 'cancelled' })
  ];
  const created = messages[0].created;
  return {
    id: ID,
    title: 'A tree',
    notebook: null,
    created,
    updated: created,
    pinned: false,
    leaf: 'a3',
    cost: { usd: '0.5', estimated: false, at_least: false },
    messages
  };
}

const MODEL = {
  provider: 'default',
  context_length: null,
  local: false,
  images: false,
  effort: null,
  verbosity: false,
  temperature: null,
  refused: [],
  cached_price: null
};

const MODELS = [
  {
    ...MODEL,
    id: 'm-one',
    label: 'Model one',
    input_price: '1',
    output_price: '2'
  },
  {
    ...MODEL,
    id: 'm-two',
    label: 'Model two',
    input_price: '0.1',
    output_price: '0.4'
  }
];

describe('the tree in the panel', () => {
  let bench: Bench;
  let stored: IConversation;

  beforeEach(async () => {
    stored = tree();
    bench = await Bench.open({
      'GET models': { models: MODELS, errors: {}, names: {} },
      [`GET conversations/${ID}`]: stored,
      [`PATCH conversations/${ID}`]: {},
      [`DELETE conversations/${ID}/messages/a2`]: {},
      [`POST conversations/${ID}/messages/a2/restore`]: {}
    });
    await bench.page.models.conversations.open(ID);
    await until(() => bench.answers().length === 2);
  });

  afterEach(() => bench.close());

  const articles = (): (string | undefined)[] =>
    [...bench.node.querySelectorAll<HTMLElement>('article')].map(
      node => node.dataset.message
    );
  const article = (id: string): HTMLElement =>
    bench.find(`[data-message="${id}"]`) as HTMLElement;
  const press = (name: string, id: string): void =>
    bench.buttons(name, article(id))[0].click();
  const patches = (): { leaf: string }[] =>
    bench.server.requests
      .filter(({ method }) => method === 'PATCH')
      .map(({ body }) => JSON.parse(String(body)) as { leaf: string });

  it('switches between the answers to one question and remembers where it was', async () => {
    expect(article('a2').textContent).toContain('2/2');
    expect(
      bench
        .buttons('Next branch', article('a2'))[0]
        .getAttribute('aria-disabled')
    ).toBe('true');
    expect(bench.buttons('Next branch', article('a3'))).toHaveLength(0);
    press('Previous branch', 'a2');
    await until(() => articles().join() === 'q1,a1');
    expect(article('a1').textContent).toContain('1/2');
    await until(() => patches().length === 1);
    expect(patches()[0]).toEqual({ leaf: 'a1' });
    // The same button has the focus in the message that took the place.
    expect(article('a1').contains(document.activeElement)).toBe(true);
    expect(document.activeElement?.getAttribute('aria-label')).toBe(
      'Previous branch'
    );
    press('Next branch', 'a1');
    await until(() => articles().join() === 'q1,a2,q2,a3');
    await until(() => patches().length === 2);
    expect(patches()[1]).toEqual({ leaf: 'a3' });
  });

  it('regenerates with the model that answered, beside the answer', async () => {
    press('Regenerate', 'a2');
    await until(() => bench.server.of('submit').length === 1);
    const [submit] = bench.server.of('submit');
    expect(submit).toMatchObject({
      message_id: 'q1',
      parent_id: null,
      parts: [],
      model: 'm-one'
    });
    await until(() => articles().join() === `q1,${submit.answer_id}`);
    bench.server.send(started(submit));
    bench.server.send(delta(submit, 2, 'Another.'));
    await until(
      () => article(submit.answer_id).textContent?.includes('3/3') ?? false
    );
    // One may look at another branch while it is written.
    press('Previous branch', submit.answer_id);
    await until(() => articles().join() === 'q1,a2,q2,a3');
    bench.server.send(finished(submit, 3));
    press('Next branch', 'a2');
    await until(
      () =>
        article(submit.answer_id)?.textContent?.includes('Another.') ?? false
    );
  });

  it('names the other models with their prices', async () => {
    const [button] = bench.buttons('Answer with another model', article('a2'));
    button.click();
    await until(() => bench.find('[role=menuitem]') !== null);
    const items = bench.node.querySelectorAll<HTMLElement>('[role=menuitem]');
    expect(items).toHaveLength(1);
    expect(items[0].textContent).toContain('Model two');
    expect(items[0].textContent).toContain('$0.10 in');
    expect(document.activeElement).toBe(items[0]);
    items[0].click();
    await until(() => bench.server.of('submit').length === 1);
    expect(bench.server.of('submit')[0].model).toBe('m-two');
    expect(bench.page.models.models.choice.model).not.toBe('m-two');
  });

  it('takes a branch that was refused off the page again', async () => {
    press('Regenerate', 'a2');
    await until(() => bench.server.of('submit').length === 1);
    const [submit] = bench.server.of('submit');
    bench.server.send(failed(submit, 0, 'rate_limited'));
    await bench.press('Dismiss');
    await until(() => articles().join() === 'q1,a2,q2,a3');
  });

  it('goes on with a stopped answer in a branch that begins with it', async () => {
    expect(bench.buttons('Continue', article('a2'))).toHaveLength(0);
    press('Continue', 'a3');
    await until(() => bench.server.of('submit').length === 1);
    const [submit] = bench.server.of('submit');
    expect(submit).toMatchObject({
      message_id: 'q2',
      continue_of: 'a3',
      parts: []
    });
    const body = (): string => article(submit.answer_id).textContent ?? '';
    await until(() => articles().includes(submit.answer_id));
    // Drawn a frame later.
    await until(() => body().includes('Three, and th'));
    bench.server.send(started(submit));
    bench.server.send(snapshot(submit, 2, 'Three, and th'));
    bench.server.send(delta(submit, 3, 'e rest.'));
    bench.server.send(finished(submit, 4));
    await until(() => body().includes('Three, and the rest.'));
    await until(() => body().includes('2/2'));
  });

  it('edits a question in its place, which makes a branch', async () => {
    press('Edit', 'q2');
    await until(() => document.activeElement?.tagName === 'TEXTAREA');
    const box = document.activeElement as HTMLTextAreaElement;
    expect(box.getAttribute('aria-label')).toBe('Edit question');
    expect(box.value).toBe('Second?');
    bench.key(box, 'Escape');
    await until(() => bench.buttons('Edit', article('q2')).length === 1);
    await until(
      () => document.activeElement?.getAttribute('aria-label') === 'Edit'
    );
    press('Edit', 'q2');
    await until(() => document.activeElement?.tagName === 'TEXTAREA');
    const again = document.activeElement as HTMLTextAreaElement;
    bench.type(again, 'In other words?');
    bench.key(again, 'Enter');
    await until(() => bench.server.of('submit').length === 1);
    const [submit] = bench.server.of('submit');
    expect(submit.parent_id).toBe('a2');
    expect(submit.message_id).not.toBe('q2');
    expect(submit.parts).toEqual([{ type: 'text', text: 'In other words?' }]);
    bench.server.send(started(submit));
    bench.server.send(finished(submit, 2));
    await until(
      () => article(submit.message_id).textContent?.includes('2/2') ?? false
    );
    expect(articles()).toEqual([
      'q1',
      'a2',
      submit.message_id,
      submit.answer_id
    ]);
    press('Previous branch', submit.message_id);
    await until(() => articles().join() === 'q1,a2,q2,a3');
  });

  it('deletes a branch at once, and brings it back as it was shown', async () => {
    expect(bench.buttons('Delete branch', article('a3'))).toHaveLength(0);
    const whole = { ...stored };
    Object.assign(stored, {
      messages: stored.messages.slice(0, 2),
      leaf: 'a1'
    });
    press('Delete branch', 'a2');
    await until(() => articles().join() === 'q1,a1');
    expect(article('a1').textContent).not.toContain('1/2');
    const sent = (method: string): string[] =>
      bench.server.requests
        .filter(request => request.method === method)
        .map(({ url }) => url);
    expect(sent('DELETE')[0]).toContain(`conversations/${ID}/messages/a2`);
    await until(() => bench.buttons('Undo').length === 1);
    expect(document.activeElement).toBe(bench.box);
    // What is shown then is what was shown before, whatever the server would show.
    Object.assign(stored, whole, { leaf: 'a2' });
    await bench.press('Undo');
    await until(() => articles().join() === 'q1,a2,q2,a3');
    expect(sent('POST')[0]).toContain(
      `conversations/${ID}/messages/a2/restore`
    );
    await until(() => bench.buttons('Undo').length === 0);
    expect(document.activeElement).toBe(article('a2'));
  });

  it('says why a branch could not be brought back, and forgets it when one asks on', async () => {
    extra.get(bench.server)![`POST conversations/${ID}/messages/a2/restore`] =
      undefined;
    press('Delete branch', 'a2');
    await until(() => bench.buttons('Undo').length === 1);
    await bench.press('Undo');
    await until(
      () => (bench.find('.jp-gpt-Undo em')?.textContent ?? '') !== ''
    );
    expect(bench.buttons('Undo')).toHaveLength(1);
    bench.type(bench.box, 'Something else');
    bench.key(bench.box, 'Enter');
    await until(() => bench.buttons('Undo').length === 0);
  });

  it('follows the branch that another page shows', async () => {
    stored.leaf = 'a1';
    bench.server.send({ type: 'changed', conversation_id: ID });
    await until(() => articles().join() === 'q1,a1');
  });
});
