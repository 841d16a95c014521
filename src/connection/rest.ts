import type { ServerConnection } from '@jupyterlab/services';
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
  IImported,
  ILocalModelState,
  ILocalServer,
  IModelList,
  IPriceOverrides,
  IProviderInfo,
  IProviderPatch,
  IStatusInfo,
  IUsageReport
} from '../protocol/frames';
import { Requests, listOf } from './request';

/**
 * The routes of the server part, typed. Each call rejects with a GPTRequestError.
 */
export class GPTClient {
  /**
   * Construct a client.
   */
  constructor(options: GPTClient.IOptions) {
    this._http = new Requests(options.serverSettings);
    this._onStatus = options.onStatus;
  }

  /** Versions, defaults, budget, storage, policy. */
  async status(): Promise<IStatusInfo> {
    const status = await this._http.json<IStatusInfo>('GET', ['status']);
    this._onStatus?.(status);
    return status;
  }

  /** All providers. */
  async providers(): Promise<IProviderInfo[]> {
    return listOf(
      await this._http.json<unknown>('GET', ['providers']),
      'providers'
    );
  }

  /** Add a provider of the user's. */
  createProvider(provider: IProviderPatch): Promise<IProviderInfo> {
    return this._http.json('POST', ['providers'], provider);
  }

  /** Change a provider; absent fields stay. */
  patchProvider(id: string, patch: IProviderPatch): Promise<IProviderInfo> {
    return this._http.json('PATCH', ['providers', id], patch);
  }

  /** Remove a provider of the user's. */
  deleteProvider(id: string): Promise<void> {
    return this._http.nothing('DELETE', ['providers', id]);
  }

  /** Save a key; it never comes back. */
  putKey(id: string, key: string): Promise<void> {
    return this._http.nothing('PUT', ['providers', id, 'key'], { key });
  }

  /** Forget a key. */
  deleteKey(id: string): Promise<void> {
    return this._http.nothing('DELETE', ['providers', id, 'key']);
  }

  /** Try key and base URL by the provider's free call; saves nothing. */
  check(id: string, request: ICheckRequest = {}): Promise<ICheckResult> {
    return this._http.json('POST', ['providers', id, 'check'], request);
  }

  /** The models of all providers. */
  models(): Promise<IModelList> {
    return this._http.json('GET', ['models']);
  }

  /** Look for local servers: the server part asks, on its own machine. */
  async discover(): Promise<ILocalServer[]> {
    return listOf(
      await this._http.json<unknown>('POST', ['discover'], {}),
      'servers'
    );
  }

  /** State of the built-in model. */
  localModel(): Promise<ILocalModelState> {
    return this._http.json('GET', ['local-model']);
  }

  /** Start, or go on with, the download of the built-in model. */
  fetchLocalModel(): Promise<ILocalModelState> {
    return this._http.json('POST', ['local-model'], {});
  }

  /** Stop the download; what is here stays. */
  stopLocalModel(): Promise<ILocalModelState> {
    return this._http.json('DELETE', ['local-model']);
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
    return this._http.json('GET', ['conversations'], undefined, query);
  }

  /** A conversation with all its messages. */
  conversation(id: string): Promise<IConversation> {
    return this._http.json('GET', ['conversations', id]);
  }

  /** Change title, pin, notebook or leaf; absent fields stay. */
  patchConversation(
    id: string,
    patch: IConversationPatch
  ): Promise<Partial<IConversationItem>> {
    return this._http.json('PATCH', ['conversations', id], patch);
  }

  /** Hide a conversation; `restoreConversation` undoes it. */
  deleteConversation(id: string): Promise<void> {
    return this._http.nothing('DELETE', ['conversations', id]);
  }

  /** Show a deleted conversation again. */
  restoreConversation(id: string): Promise<void> {
    return this._http.nothing('POST', ['conversations', id, 'restore'], {});
  }

  /** Hide a message and all below it; `restoreMessage` undoes it. */
  deleteMessage(id: string, messageId: string): Promise<void> {
    const path = ['conversations', id, 'messages', messageId];
    return this._http.nothing('DELETE', path);
  }

  /** Bring back what was deleted with a message. */
  restoreMessage(id: string, messageId: string): Promise<void> {
    const path = ['conversations', id, 'messages', messageId, 'restore'];
    return this._http.nothing('POST', path, {});
  }

  /** A conversation as a file: the branch that is shown; as JSON, the whole tree. */
  async exportConversation(
    id: string,
    format: GPTClient.ExportFormat
  ): Promise<Blob> {
    const init = { method: 'GET' };
    const path = ['conversations', id, 'export'];
    return (await this._http.send(path, init, { format })).blob();
  }

  /** All conversations as a file: JSON, or an archive of notebooks or Markdown files. */
  async exportConversations(format: GPTClient.ExportFormat): Promise<Blob> {
    const init = { method: 'GET' };
    const path = ['conversations', 'export'];
    return (await this._http.send(path, init, { format })).blob();
  }

  /** Take in what `exportConversations` gave as JSON. */
  async importConversations(json: string): Promise<IImported> {
    const headers = { 'Content-Type': 'application/json' };
    const init = { method: 'POST', body: json, headers };
    return (await this._http.send(['conversations'], init)).json();
  }

  /** Delete all conversations for good, and give their space back. */
  async purgeConversations(): Promise<void> {
    const init = { method: 'DELETE' };
    await this._http.send(['conversations'], init, { purge: '1' });
  }

  /** The month's budget and what of it is spent. */
  budget(): Promise<IBudget> {
    return this._http.json('GET', ['budget']);
  }

  /** Set the month's budget, or take it away. */
  putBudget(budget: IBudgetPut): Promise<IBudget> {
    return this._http.json('PUT', ['budget'], budget);
  }

  /** The user's own prices. */
  prices(): Promise<IPriceOverrides> {
    return this._http.json('GET', ['prices']);
  }

  /** Replace all of the user's own prices. */
  putPrices(prices: IPriceOverrides): Promise<IPriceOverrides> {
    return this._http.json('PUT', ['prices'], prices);
  }

  /** What the calls of some days used and cost. */
  usage(query: GPTClient.IUsageQuery): Promise<IUsageReport> {
    return this._http.json('GET', ['usage'], undefined, { ...query });
  }

  /** The same, call by call, as a table in text. */
  async usageCsv(query: GPTClient.IUsageQuery): Promise<string> {
    const init = { method: 'GET' };
    return (await this._http.send(['usage.csv'], init, { ...query })).text();
  }

  /** Store content that is too large for a frame. */
  async putBlob(data: string | Blob): Promise<IBlobInfo> {
    const headers = { 'Content-Type': 'application/octet-stream' };
    const body =
      typeof data === 'string' ? new TextEncoder().encode(data) : data;
    const init = { method: 'POST', body, headers };
    return (await this._http.send(['blobs'], init)).json();
  }

  /** Store a file of the workspace, which the server reads itself. */
  async putFile(path: string): Promise<IBlobInfo> {
    return this._http.json('POST', ['blobs'], { path });
  }

  /** The text of a blob. */
  async blobText(sha256: string): Promise<string> {
    return (await this._http.send(['blobs', sha256], { method: 'GET' })).text();
  }

  private _onStatus?: (status: IStatusInfo) => void;
  private readonly _http: Requests;
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
    /** Hears of each status that was read. */
    onStatus?: (status: IStatusInfo) => void;
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

  /** The forms in which conversations leave. */
  export type ExportFormat = 'ipynb' | 'md' | 'json';

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
