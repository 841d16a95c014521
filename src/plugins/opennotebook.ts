import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import type { Contents } from '@jupyterlab/services';
import { ServerConnection } from '@jupyterlab/services';
import { GPTClientError } from '../connection/errors';

/** Names that are tried when a file of the same name is there: more, and the name says nothing. */
const MOST_NAMES = 20;

/**
 * The folder in which a new notebook is looked for: that of the notebook in front, else the one
 * that the file browser shows, else the one at the top.
 *
 * @param notebook - Path of the notebook in front; null: none is.
 * @param browsed - Path of the folder that the file browser shows; null: there is none.
 */
export function folderFor(
  notebook: string | null,
  browsed: string | null
): string {
  return notebook !== null ? PathExt.dirname(notebook) : (browsed ?? '');
}

/**
 * Write a notebook and open it.
 *
 * @param folder - Path of the folder in which it goes; empty: the one at the top.
 * @param name - The file's name; it gets a number when there is such a file.
 *
 * @throws GPTClientError `folder_read_only` or `file_not_written`; then no file is left.
 */
export async function openNotebook(
  app: Pick<JupyterFrontEnd, 'commands' | 'serviceManager'>,
  folder: string,
  name: string,
  content: unknown
): Promise<void> {
  const { contents } = app.serviceManager;
  let path: string;
  try {
    path = await write(contents, folder, name, content);
  } catch (reason) {
    throw described(folder, reason);
  }
  await app.commands.execute('docmanager:open', { path });
}

/** Write it under the name, or under one like it; its path. */
async function write(
  contents: Contents.IManager,
  folder: string,
  name: string,
  content: unknown
): Promise<string> {
  // A file that nobody else writes: the server finds its name.
  const made = await contents.newUntitled({ path: folder, type: 'notebook' });
  try {
    await contents.save(made.path, {
      type: 'notebook',
      format: 'json',
      content
    });
  } catch (reason) {
    await contents.delete(made.path).catch(() => undefined);
    throw reason;
  }
  // Not of the folder's path: that may name a drive, which only the server's answer spells out.
  const before = made.path.slice(0, made.path.length - made.name.length);
  const extension = PathExt.extname(name);
  const stem = name.slice(0, name.length - extension.length);
  for (let count = 1; count <= MOST_NAMES; count++) {
    const wanted = count > 1 ? `${stem} ${count}${extension}` : name;
    try {
      return (await contents.rename(made.path, before + wanted)).path;
    } catch (reason) {
      if (statusOf(reason) !== 409) {
        break; // The name is not the reason: the server's own is good enough.
      }
    }
  }
  return made.path;
}

/** The HTTP status behind a rejected request; null where there is none. */
function statusOf(reason: unknown): number | null {
  return reason instanceof ServerConnection.ResponseError
    ? reason.response.status
    : null;
}

/** What a user is told of it. */
function described(folder: string, reason: unknown): GPTClientError {
  const message = reason instanceof Error ? reason.message : String(reason);
  return statusOf(reason) === 403
    ? new GPTClientError('folder_read_only', message, { detail: { folder } })
    : new GPTClientError('file_not_written', message, {
        detail: { folder, reason: message.replace(/\.$/, '') },
        retryable: true
      });
}
