import type { ConversationModel } from '../model/conversation';
import type { ConversationsModel } from '../model/conversations';
import type { OpenNotebook } from './context';
import { save } from './usage-download';

/** The forms in which conversations leave. */
export type ExportFormat = Parameters<ConversationsModel['export']>[1];

/** Longest name of a file, in characters: file systems take 255 bytes, and a letter may be four. */
const LONGEST_NAME = 60;

/**
 * A file's name of a conversation's title.
 */
export function fileName(title: string, extension: string): string {
  const name = title
    // What one of the file systems does not take.
    .replace(/[\u0000-\u001f\u007f\\/:*?"<>|]+/g, ' ')
    .replace(/\s+/g, ' ')
    .slice(0, LONGEST_NAME)
    // Hidden files begin with a dot, and Windows drops one at the end.
    .replace(/^[. ]+|[. ]+$/g, '');
  return `${name || 'conversation'}.${extension}`;
}

/**
 * Let the browser save a conversation: the branch that is shown; as JSON, the whole tree.
 *
 * @throws GPTRequestError
 */
export async function saveConversation(
  conversations: ConversationsModel,
  { id, title }: Pick<ConversationModel, 'id' | 'title'>,
  format: ExportFormat
): Promise<void> {
  save(fileName(title, format), await conversations.export(id, format));
}

/**
 * Let the browser save all conversations.
 *
 * @throws GPTRequestError
 */
export async function saveAll(
  conversations: ConversationsModel,
  format: ExportFormat
): Promise<void> {
  const extension = format === 'json' ? 'json' : 'zip';
  const content = await conversations.exportAll(format);
  save(fileName('conversations', extension), content);
}

/**
 * Open a conversation as a notebook.
 *
 * @throws GPTRequestError
 */
export async function openAsNotebook(
  conversations: ConversationsModel,
  { id, title }: Pick<ConversationModel, 'id' | 'title'>,
  open: OpenNotebook
): Promise<void> {
  const content = await conversations.export(id, 'ipynb');
  await open(fileName(title, 'ipynb'), JSON.parse(await content.text()));
}
