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

const API = `${process.env.GPT_AUTH_URL}/jupyterlab-gpt/api`;

async function get<T>(path: string): Promise<T> {
  const headers = { Authorization: 'token test-token' };
  const response = await fetch(`${API}/${path}`, { headers });
  return (await response.json()) as T;
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
