import { ServerConnection } from '@jupyterlab/services';
import type { IErrorInfo } from '../protocol/frames';
import { GPTRequestError } from './errors';
import { routeUrl } from './route';

/**
 * Requests to the routes of the server part; whatever fails is a GPTRequestError.
 */
export class Requests {
  /**
   * Construct it.
   *
   * @param settings - The settings of the application's server.
   */
  constructor(settings: ServerConnection.ISettings) {
    this._settings = settings;
  }

  /** Ask for JSON. */
  async json<T>(
    method: string,
    path: string[],
    body?: object,
    query?: Record<string, string>
  ): Promise<T> {
    const init = requestInit(method, body);
    const response = await this.send(path, init, query);
    try {
      return (await response.json()) as T;
    } catch {
      throw badResponse(response.status);
    }
  }

  /** Ask for something to be done; the answer has no body. */
  async nothing(method: string, path: string[], body?: object): Promise<void> {
    await this.send(path, requestInit(method, body));
  }

  /** Send a request and give its response if that is a good one. */
  async send(
    path: string[],
    init: RequestInit,
    query: Record<string, string> = {}
  ): Promise<Response> {
    const url = routeUrl(this._settings, path, query);
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(url, init, this._settings);
    } catch (reason) {
      const message = reason instanceof Error ? reason.message : String(reason);
      throw new GPTRequestError(0, 'server_unreachable', message, {
        retryable: true
      });
    }
    if (!response.ok) {
      throw await requestError(response);
    }
    return response;
  }

  private readonly _settings: ServerConnection.ISettings;
}

/**
 * The rows of an answer that is a list, or an object that holds one by name.
 */
export function listOf<T>(answer: unknown, name: string): T[] {
  if (Array.isArray(answer)) {
    return answer as T[];
  }
  const inner = (answer as Record<string, unknown> | null)?.[name];
  if (Array.isArray(inner)) {
    return inner as T[];
  }
  throw badResponse(200);
}

function requestInit(method: string, body?: object): RequestInit {
  return body === undefined
    ? { method }
    : {
        method,
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json' }
      };
}

function badResponse(status: number): GPTRequestError {
  const message = `Not an answer of the server part (HTTP ${status})`;
  return new GPTRequestError(status, 'bad_response', message, {
    detail: { status }
  });
}

async function requestError(response: Response): Promise<GPTRequestError> {
  const status = response.status;
  let body: Partial<IErrorInfo> | null = null;
  try {
    body = await response.json();
  } catch {
    // A page of a proxy, or of the login: the status has to do.
  }
  if (body && typeof body.code === 'string') {
    return new GPTRequestError(status, body.code, String(body.message ?? ''), {
      detail: body.detail ?? null,
      retryable: body.retryable ?? false,
      retry_after: body.retry_after ?? null
    });
  }
  if (status === 401 || status === 403) {
    return new GPTRequestError(status, 'login_required', 'Not logged in');
  }
  return badResponse(status);
}
