import type { GPTPanel } from './gpt';

/** A message as the server stores it. */
interface IStored {
  readonly role: string;
  readonly status: string;
  readonly parts: { type: string; text?: string }[];
}

interface IRow {
  readonly id: string;
  readonly title: string;
}

const SERVER = process.env.GPT_AUTH_URL;

async function answerOf(path: string): Promise<Response> {
  const headers = { Authorization: 'token test-token' };
  return fetch(`${SERVER}/${path}`, { headers });
}

async function get<T>(path: string): Promise<T> {
  const response = await answerOf(`jupyterlab-gpt/api/${path}`);
  return (await response.json()) as T;
}

/** What JupyterLab has stored of a workspace's state, as JSON. */
export async function storedWorkspace(name: string): Promise<string> {
  return (await answerOf(`lab/api/workspaces/${name}`)).text();
}

/** All text of a message. */
export const textOf = ({ parts }: IStored): string =>
  parts.map(({ text }) => text ?? '').join('');

/** The messages of the conversation that began with a prompt; none where there is none. */
export async function storedMessages(prompt: string): Promise<IStored[]> {
  const query = `conversations?limit=200&q=${encodeURIComponent(`"${prompt}"`)}`;
  const { items } = await get<{ items: IRow[] }>(query);
  const all = await Promise.all(
    items
      .filter(({ title }) => title === prompt)
      .map(({ id }) => get<{ messages: IStored[] }>(`conversations/${id}`))
  );
  return all.flatMap(({ messages }) => messages);
}

/** The one answer to a prompt, as it is stored. */
export async function storedAnswer(prompt: string): Promise<string> {
  const messages = await storedMessages(prompt);
  const answers = messages.filter(({ role }) => role === 'assistant');
  if (answers.length !== 1 || answers[0].status !== 'complete') {
    throw new Error(`${prompt}: ${JSON.stringify(answers.map(a => a.status))}`);
  }
  return textOf(answers[0]);
}

/** The last answer as it is shown. */
export async function shownText(panel: GPTPanel): Promise<string> {
  return panel
    .last('GPT')
    .locator('.jp-gpt-Answer-body')
    .evaluate(node => node.textContent ?? '');
}
