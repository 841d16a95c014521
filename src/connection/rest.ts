import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type {
  IBlobInfo,
  IBudget,
  IBudgetPut,
  ICheckRequest,
  ICheckResult,
  IConversation,
  IConversationItem,
  IConversationList,
  IConversationPatch,
  IErrorInfo,
  ILocalModelState,
  IModelList,
  IPriceOverrides,
  IProviderInfo,
  IProviderPatch,
  IStatusInfo,
  IUsageReport
} from '../protocol/frames';
import { GPTRequestError } from './errors';

/**
 * The routes of the server part, typed. Each call rejects with a GPTRequestError.
 */
export class GPTClient {
  /**
   * Construct a client.
   */
  constructor(options: GPTClient.IOptions) {
    this._settings = options.serverSettings;
  }

  /** Versions, defaults, budget, storage, policy. */
  status(): Promise<IStatusInfo> {
    return this._json('GET', ['status']);
  }

  /** All providers. */
  async providers(): Promise<IProviderInfo[]> {
    return listOf(await this._json<unknown>('GET', ['providers']), 'providers');
  }

  /** Add a provider of the user's. */
  createProvider(provider: IProviderPatch): Promise<IProviderInfo> {
    return this._json('POST', ['providers'], provider);
  }

  /** Change a provider; absent fields stay. */
  patchProvider(id: string, patch: IProviderPatch): Promise<IProviderInfo> {
    return this._json('PATCH', ['providers', id], patch);
  }

  /** Remove a provider of the user's. */
  deleteProvider(id: string): Promise<void> {
    return this._nothing('DELETE', ['providers', id]);
  }

  /** Save a key; it never comes back. */
  putKey(id: string, key: string): Promise<void> {
    return this._nothing('PUT', ['providers', id, 'key'], { key });
  }

  /** Forget a key. */
  deleteKey(id: string): Promise<void> {
    return this._nothing('DELETE', ['providers', id, 'key']);
  }

  /** Try key and base URL by the provider's free call; saves nothing. */
  check(id: string, request: ICheckRequest = {}): Promise<ICheckResult> {
    return this._json('POST', ['providers', id, 'check'], request);
  }

  /** The models of all providers. */
  models(): Promise<IModelList> {
    return this._json('GET', ['models']);
  }

  /** State of the built-in model. */
  localModel(): Promise<ILocalModelState> {
    return this._json('GET', ['local-model']);
  }

  /** Start, or go on with, the download of the built-in model. */
  fetchLocalModel(): Promise<ILocalModelState> {
    return this._json('POST', ['local-model'], {});
  }

  /** Stop the download; what is here stays. */
  stopLocalModel(): Promise<ILocalModelState> {
    return this._json('DELETE', ['local-model']);
  }

  /** One page of the conversations, the last changed first. */
  conversations(
    options: GPTClient.IListOptions = {}
  ): Promise<IConversationList> {
    const query: Record<string, string> = {};
    if (options.q) {
      query.q = options.q;
    }
    if (options.limit !== undefined) {
      query.limit = String(options.limit);
    }
    if (options.before) {
      query.before = options.before;
    }
    return this._json('GET', ['conversations'], undefined, query);
  }

  /** A conversation with all its messages. */
  conversation(id: string): Promise<IConversation> {
    return this._json('GET', ['conversations', id]);
  }

  /** Change title, pin, notebook or leaf; absent fields stay. */
  patchConversation(
    id: string,
    patch: IConversationPatch
  ): Promise<Partial<IConversationItem>> {
    return this._json('PATCH', ['conversations', id], patch);
  }

  /** Hide a conversation; `restoreConversation` undoes it. */
  deleteConversation(id: string): Promise<void> {
    return this._nothing('DELETE', ['conversations', id]);
  }

  /** Show a deleted conversation again. */
  restoreConversation(id: string): Promise<void> {
    return this._nothing('POST', ['conversations', id, 'restore'], {});
  }

  /** The month's budget and what of it is spent. */
  budget(): Promise<IBudget> {
    return this._json('GET', ['budget']);
  }

  /** Set the month's budget, or take it away. */
  putBudget(budget: IBudgetPut): Promise<IBudget> {
    return this._json('PUT', ['budget'], budget);
  }

  /** The user's own prices. */
  prices(): Promise<IPriceOverrides> {
    return this._json('GET', ['prices']);
  }

  /** Replace all of the user's own prices. */
  putPrices(prices: IPriceOverrides): Promise<IPriceOverrides> {
    return this._json('PUT', ['prices'], prices);
  }

  /** What the calls of some days used and cost. */
  usage(query: GPTClient.IUsageQuery): Promise<IUsageReport> {
    return this._json('GET', ['usage'], undefined, { ...query });
  }

  /** The same, call by call, as a table in text. */
  async usageCsv(query: GPTClient.IUsageQuery): Promise<string> {
    const init = { method: 'GET' };
    return (await this._request(['usage.csv'], init, { ...query })).text();
  }

  /** Store content that is too large for a frame. */
  async putBlob(data: string | Blob): Promise<IBlobInfo> {
    const headers = { 'Content-Type': 'application/octet-stream' };
    const body =
      typeof data === 'string' ? new TextEncoder().encode(data) : data;
    const init = { method: 'POST', body, headers };
    return (await this._request(['blobs'], init)).json();
  }

  /** The text of a blob. */
  async blobText(sha256: string): Promise<string> {
    return (await this._request(['blobs', sha256], { method: 'GET' })).text();
  }

  private async _json<T>(
    method: string,
    path: string[],
    body?: object,
    query?: Record<string, string>
  ): Promise<T> {
    const init = requestInit(method, body);
    const response = await this._request(path, init, query);
    try {
      return (await response.json()) as T;
    } catch {
      throw badResponse(response.status);
    }
  }

  private async _nothing(
    method: string,
    path: string[],
    body?: object
  ): Promise<void> {
    await this._request(path, requestInit(method, body));
  }

  private async _request(
    path: string[],
    init: RequestInit,
    query: Record<string, string> = {}
  ): Promise<Response> {
    const url =
      URLExt.join(
        this._settings.baseUrl,
        'jupyterlab-gpt',
        'api',
        ...path.map(encodeURIComponent)
      ) + URLExt.objectToQueryString(query);
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

  private _settings: ServerConnection.ISettings;
}

/**
 * A namespace for GPTClient statics.
 */
export namespace GPTClient {
  /**
   * Options of a client.
   */
  export interface IOptions {
    /** The settings of the application's server. */
    serverSettings: ServerConnection.ISettings;
  }

  /**
   * Which days to report.
   */
  export interface IUsageQuery {
    /** The first day, `2026-11-01`. */
    from: string;
    /** The last day, included. */
    to: string;
    /** IANA name of the time zone in which days begin. */
    tz: string;
  }

  /**
   * Which conversations to list.
   */
  export interface IListOptions {
    /** Words to look for. */
    q?: string;
    /** Most rows of a page. */
    limit?: number;
    /** `next` of the page before. */
    before?: string;
  }
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

/**
 * The rows of an answer that is a list, or an object that holds one by name.
 */
function listOf<T>(answer: unknown, name: string): T[] {
  if (Array.isArray(answer)) {
    return answer as T[];
  }
  const inner = (answer as Record<string, unknown> | null)?.[name];
  if (Array.isArray(inner)) {
    return inner as T[];
  }
  throw badResponse(200);
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
