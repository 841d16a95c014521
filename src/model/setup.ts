import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IClientError } from '../connection/errors';
import { GPTClientError } from '../connection/errors';
import type { GPTClient } from '../connection/rest';
import type { GPTSocket, SocketState } from '../connection/socket';
import type {
  ICheckResult,
  ILocalModelState,
  ILocalServer,
  IStatusInfo
} from '../protocol/frames';
import type { Feature } from '../protocol/features';
import { isSameServer } from './localservers';
import type { ModelsModel } from './models';

// Time in ms between two looks at a download: twice a second is a moving bar.
const POLL = 500;

// Time in ms until the server is asked again who can answer, while it does not know: its first
// look into a keyring takes 300 ms, and seconds on a busy machine.
const ASK_AGAIN = 500;

/**
 * What became of a key.
 */
export interface IKeyResult extends Omit<ICheckResult, 'error'> {
  readonly error: IClientError | null;
}

/**
 * What is there to answer questions: the server's state, the built-in model, the key.
 */
export class SetupModel implements IDisposable {
  /**
   * Construct the set-up, unknown until `refresh`.
   */
  constructor(options: SetupModel.IOptions) {
    this._client = options.client;
    this._models = options.models;
    options.socket.stateChanged.connect(this._onSocket, this);
  }

  /** The server's state; null until its first answer. */
  get status(): IStatusInfo | null {
    return this._status;
  }

  /** Whether nothing is there that could answer; null while not known. */
  get needsSetup(): boolean | null {
    return this._status?.provider ? this._status.needs_setup : null;
  }

  /** Whether the administrator has switched a feature off, as far as is known. */
  isOff(feature: Feature): boolean {
    return this._status?.policy.disabled_features.includes(feature) ?? false;
  }

  /** Where a look for local servers goes; empty where there is none, or none is known of. */
  get localServers(): readonly string[] {
    return this._status?.policy.local_servers ?? [];
  }

  /** The built-in model; null until asked. */
  get localModel(): ILocalModelState | null {
    return this._localModel;
  }

  /** Why the last request failed, or null. */
  get error(): IClientError | null {
    return this._error;
  }

  /** Whether a key is being checked or saved. */
  get busy(): boolean {
    return this._busy;
  }

  /** Emitted when anything of it changes. */
  get changed(): ISignal<SetupModel, void> {
    return this._changed;
  }

  /** Whether the model is disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Ask the server for its state. Never rejects: see `error`.
   */
  async refresh(): Promise<void> {
    await this._try(async () => {
      this._status = await this._client.status();
      const { provider, model } = this._status;
      this._models.setDefault({ provider, model });
      window.clearTimeout(this._askTimer);
      if (provider === null && !this._isDisposed) {
        this._askTimer = window.setTimeout(() => {
          void this.refresh();
        }, ASK_AGAIN);
      }
    });
  }

  /**
   * Ask for the state of the built-in model. Never rejects: see `error`.
   */
  async refreshLocalModel(): Promise<void> {
    await this._try(async () => {
      await this._setLocalModel(await this._client.localModel());
    });
  }

  /**
   * Start the download of the built-in model, or go on with it. Never rejects: see `error`.
   */
  async fetchLocalModel(): Promise<void> {
    await this._try(async () => {
      await this._setLocalModel(await this._client.fetchLocalModel());
    });
  }

  /**
   * Stop the download; what is here stays. Never rejects: see `error`.
   */
  async stopLocalModel(): Promise<void> {
    await this._try(async () => {
      await this._setLocalModel(await this._client.stopLocalModel());
    });
  }

  /** Look for local servers. Rejects where the server part cannot look. */
  discover(): Promise<readonly ILocalServer[]> {
    return this._client.discover();
  }

  /**
   * Let a local server answer from now on: added, unless it is there, and chosen.
   *
   * Rejects where it cannot be added.
   */
  async useLocalServer(server: ILocalServer): Promise<void> {
    const { base_url, name } = server;
    const known = (await this._client.providers()).find(provider =>
      isSameServer(provider.base_url, base_url)
    );
    const { id } =
      known ?? (await this._client.createProvider({ name, base_url }));
    // Who looks for one and takes it means to use it, whatever was chosen before.
    this._models.choose(id, server.models[0]);
    await Promise.all([this.refresh(), this._models.refresh()]);
  }

  /**
   * Try a key by the provider's free call, and save it if it is good.
   *
   * @param provider - The provider's id.
   * @param key - As pasted; the server cleans it.
   * @param baseUrl - Another address than the saved one, saved along.
   *
   * @returns What the provider said; unless `ok`, nothing was saved.
   */
  async saveKey(
    provider: string,
    key: string,
    baseUrl?: string
  ): Promise<IKeyResult> {
    this._busy = true;
    this._error = null;
    this._changed.emit();
    try {
      const request = baseUrl ? { key, base_url: baseUrl } : { key };
      const result = await this._client.check(provider, request);
      if (result.ok) {
        if (baseUrl) {
          // First the address: a key is bound to the host it is saved for.
          await this._client.patchProvider(provider, { base_url: baseUrl });
        }
        await this._client.putKey(provider, key);
        await Promise.all([this.refresh(), this._models.refresh()]);
      }
      return result;
    } catch (reason) {
      // Not `error`: that is the set-up's own, which other views show.
      return { ok: false, models: null, error: GPTClientError.from(reason) };
    } finally {
      this._busy = false;
      this._changed.emit();
    }
  }

  /**
   * Let go, and stop looking.
   */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      window.clearTimeout(this._timer);
      window.clearTimeout(this._askTimer);
      Signal.clearData(this);
    }
  }

  private async _setLocalModel(state: ILocalModelState): Promise<void> {
    const before = this._localModel?.state;
    this._localModel = state;
    window.clearTimeout(this._timer);
    if (this._isDisposed) {
      return;
    }
    if (state.state === 'fetching') {
      this._timer = window.setTimeout(() => this._poll(), POLL);
    } else if (state.state === 'ready' && before && before !== 'ready') {
      // Now there is one more model, and perhaps the first that can answer.
      await Promise.all([this.refresh(), this._models.refresh()]);
    }
  }

  private async _poll(): Promise<void> {
    await this.refreshLocalModel();
    if (this._error && this._localModel?.state === 'fetching') {
      // The server was away for a moment; the download is its own.
      window.clearTimeout(this._timer);
      this._timer = window.setTimeout(() => this._poll(), 4 * POLL);
    }
  }

  private _onSocket(_: GPTSocket, state: SocketState): void {
    if (state !== 'open') {
      return;
    }
    if (this._wasOpen) {
      // It may have been started again meanwhile, upgraded or with other defaults.
      void this.refresh();
    }
    this._wasOpen = true;
  }

  private async _try(request: () => Promise<void>): Promise<void> {
    try {
      await request();
      this._error = null;
    } catch (reason) {
      this._error = GPTClientError.from(reason);
    }
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _client: GPTClient;
  private _models: ModelsModel;
  private _status: IStatusInfo | null = null;
  private _localModel: ILocalModelState | null = null;
  private _error: IClientError | null = null;
  private _busy = false;
  private _timer = 0;
  private _askTimer = 0;
  private _wasOpen = false;
  private _isDisposed = false;
  private _changed = new Signal<SetupModel, void>(this);
}

/**
 * A namespace for SetupModel statics.
 */
export namespace SetupModel {
  /**
   * Options of the set-up.
   */
  export interface IOptions {
    client: GPTClient;
    models: ModelsModel;
    socket: GPTSocket;
  }
}
