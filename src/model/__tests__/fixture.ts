import { StateDB } from '@jupyterlab/statedb';
import { Signal } from '@lumino/signaling';
import { TestServer, until } from '../../connection/__tests__/server';
import { GPTClient } from '../../connection/rest';
import { GPTSocket } from '../../connection/socket';
import type { IConversation, IMessage, ISubmit } from '../../protocol/frames';
import type { IAttachment } from '../../tokens';
import type { IModels } from '../create';
import { createModels } from '../create';
import { draftMessage } from '../question';

export { until };

/** The state of a browser that was never here. */
export function anotherBrowser(): StateDB {
  sessionStorage.clear();
  return new StateDB();
}

/**
 * The models on a real server of the test's own, as a page has them.
 */
export class Page {
  constructor(
    readonly server: TestServer,
    readonly state = anotherBrowser()
  ) {
    const serverSettings = server.settings;
    this.socket = new GPTSocket({ serverSettings, random: () => 0 });
    const client = new GPTClient({ serverSettings });
    const { socket } = this;
    const options = { client, socket, settings: null, notebook: null };
    this.models = createModels({ ...options, state });
  }

  readonly socket: GPTSocket;
  readonly models: IModels;

  get conversation() {
    return this.models.conversations.current;
  }

  /** Ask, and wait until the submit has arrived. */
  async ask(text: string): Promise<ISubmit> {
    const before = this.server.of('submit').length;
    this.models.composer.text = text;
    expect(this.models.composer.send()).toBe(true);
    await until(() => this.server.of('submit').length > before);
    return this.server.of('submit')[before];
  }

  close(): void {
    const { conversations, composer, models, setup } = this.models;
    const { away, budget, estimate, preview } = this.models;
    const money = [away, preview, estimate, budget];
    [...money, composer, conversations, models, setup, this.socket].forEach(m =>
      m.dispose()
    );
  }
}

/**
 * A server with the routes that the models read first.
 */
export async function modelServer(): Promise<TestServer> {
  const server = new TestServer();
  await server.start();
  server.respond = request => {
    const path = request.url.replace('/jupyterlab-gpt/api/', '').split('?')[0];
    const answer = routes(server)[`${request.method} ${path}`];
    return answer === undefined
      ? [404, { code: 'unknown_conversation', message: 'No' }]
      : [200, answer];
  };
  return server;
}

/** Extra routes of a test. */
export const extra = new WeakMap<TestServer, Record<string, unknown>>();

function routes(server: TestServer): Record<string, unknown> {
  return {
    'GET status': {
      provider: 'default',
      model: 'm-default',
      needs_setup: true,
      policy: { disabled_features: [] }
    },
    'GET models': { models: [], errors: {}, names: {} },
    'GET conversations': { items: [], next: null },
    ...extra.get(server)
  };
}

export function started(s: ISubmit, seq = 1) {
  return {
    type: 'started',
    request_id: s.request_id,
    seq,
    answer_id: s.answer_id,
    provider: 'default',
    model: 'm',
    estimate: null,
    budget: null
  };
}

export function delta(s: { request_id: string }, seq: number, text: string) {
  const { request_id } = s;
  return { type: 'delta', request_id, seq, part: 0, kind: 'text', text };
}

export function finished(
  s: { request_id: string },
  seq: number,
  finish_reason = 'stop'
) {
  const { request_id } = s;
  const rest = { usage: null, cost: null, seconds: 1, budget: null };
  return { type: 'finished', request_id, seq, finish_reason, ...rest };
}

export function failed(s: { request_id: string }, seq: number, code: string) {
  return {
    type: 'failed',
    request_id: s.request_id,
    seq,
    code,
    message: code,
    detail: { host: 'h' },
    retryable: false,
    retry_after: null,
    usage: null,
    cost: null,
    seconds: null
  };
}

export function snapshot(
  s: { request_id: string },
  seq: number,
  text: string,
  status = 'streaming'
) {
  const parts = text ? [{ type: 'text', text }] : [];
  return { type: 'snapshot', request_id: s.request_id, seq, parts, status };
}

/** A stored conversation with one question and its answer. */
export function stored(
  id: string,
  answer: Partial<IMessage>,
  text = 'Why?'
): IConversation {
  const question = draftMessage({
    id: `${id}-q`,
    parent_id: null,
    role: 'user',
    parts: [{ type: 'text', text }]
  });
  const reply = draftMessage({
    id: `${id}-a`,
    parent_id: question.id,
    role: 'assistant',
    request_id: `${id}-r`,
    ...answer
  });
  const created = question.created;
  return {
    id,
    title: `title of ${id}`,
    notebook: null,
    created,
    updated: created,
    pinned: false,
    leaf: reply.id,
    cost: null,
    messages: [question, reply]
  };
}

/** A chip with a source of its own. */
export class Chip implements IAttachment {
  constructor(
    readonly id: string,
    public source: string
  ) {}
  readonly kind = 'cell';
  readonly label = 'In [7]';
  readonly note = '';
  available = true;
  readonly options = [];
  readonly changed: Signal<IAttachment, void> = new Signal<IAttachment, void>(
    this
  );
  isDisposed = false;
  setOption(): void {
    // This one has none.
  }
  parts() {
    return [
      {
        type: 'cell' as const,
        cell_id: this.id,
        path: 'a.ipynb',
        source: this.source,
        language: 'python'
      }
    ];
  }
  reveal(): void {
    // There is nothing to scroll to.
  }
  dispose(): void {
    this.isDisposed = true;
  }
}
