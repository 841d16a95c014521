import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';

/** Names that are tried when a file of the same name is there: more, and the name says nothing. */
const MOST_NAMES = 20;

/**
 * Write a notebook and open it.
 *
 * @param beside - Path of the notebook in whose folder it goes; empty: the folder at the top.
 * @param name - The file's name; another one is taken when there is such a file.
 */
export async function openNotebook(
  app: Pick<JupyterFrontEnd, 'commands' | 'serviceManager'>,
  beside: string,
  name: string,
  content: unknown
): Promise<void> {
  const { contents } = app.serviceManager;
  const folder = PathExt.dirname(beside);
  // A file that nobody else writes: the server finds its name.
  const made = await contents.newUntitled({ path: folder, type: 'notebook' });
  let path = made.path;
  try {
    await contents.save(path, { type: 'notebook', format: 'json', content });
  } catch (reason) {
    await contents.delete(path).catch(() => undefined);
    throw reason;
  }
  const extension = PathExt.extname(name);
  const stem = name.slice(0, name.length - extension.length);
  for (let count = 1; count <= MOST_NAMES && path === made.path; count++) {
    const wanted = count > 1 ? `${stem} ${count}${extension}` : name;
    try {
      path = (await contents.rename(path, PathExt.join(folder, wanted))).path;
    } catch {
      // There is such a file; the next name, or the server's own.
    }
  }
  await app.commands.execute('docmanager:open', { path });
}
