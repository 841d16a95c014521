import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/**
 * The address of a route of the server part.
 *
 * @param path - Its parts, as they are: each is encoded here.
 */
export function routeUrl(
  settings: ServerConnection.ISettings,
  path: readonly string[],
  query: Record<string, string> = {}
): string {
  return (
    URLExt.join(
      settings.baseUrl,
      'jupyterlab-gpt',
      'api',
      ...path.map(encodeURIComponent)
    ) + URLExt.objectToQueryString(query)
  );
}

/**
 * Read a route, for those who need no words for what fails: the client of `rest.ts` has them, and
 * is loaded with the panel.
 *
 * @throws Error where the answer is none.
 */
export async function readRoute<T>(
  settings: ServerConnection.ISettings,
  path: readonly string[],
  query?: Record<string, string>
): Promise<T> {
  const url = routeUrl(settings, path, query);
  const response = await ServerConnection.makeRequest(url, {}, settings);
  if (!response.ok) {
    throw new Error(`HTTP ${response.status}`);
  }
  return (await response.json()) as T;
}
