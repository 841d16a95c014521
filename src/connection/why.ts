import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/**
 * Why a socket does not come about: a browser does not tell, the same login by REST does.
 *
 * @returns The HTTP status of the server part, or null if the server is away.
 */
export async function askWhy(
  settings: ServerConnection.ISettings
): Promise<number | null> {
  const url = URLExt.join(settings.baseUrl, 'jupyterlab-gpt', 'api', 'status');
  try {
    const init = { method: 'GET' };
    return (await ServerConnection.makeRequest(url, init, settings)).status;
  } catch {
    return null;
  }
}
