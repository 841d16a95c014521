import type { IDisposable } from '@lumino/disposable';
import type { IStateDB } from '@jupyterlab/statedb';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IClientError } from '../connection/errors';
import { GPTClientError } from '../connection/errors';
import type { GPTClient } from '../connection/rest';
import type { IModelInfo, IModelList } from '../protocol/frames';
import type { IGPTSettings, ISettings } from '../tokens';
import type { IChoice } from './choice';
import { FavouritesModel } from './favourites';
import { Memory } from './memory';
import { TuningModel } from './tuning';

/**
 * The models that can be chosen, and the one that is.
 *
 * What was picked in the panel counts until the settings name another model.
 */
export class ModelsModel implements IDisposable {
  /**
   * Construct the list, empty until `refresh`.
   */
  constructor(options: ModelsModel.IOptions) {
    this._client = options.client;
    this._settings = options.settings;
    this._memory = new Memory(options.state, 'model');
    const changed = (): void => this._changed.emit();
    this.tuning = new TuningModel(options.state, changed);
    this.favourites = new FavouritesModel(options.state, changed);
    this._fromSettings = choiceOf(this._settings?.current);
    this._settings?.changed.connect(this._onSettings, this);
    this.restored = this._restore();
  }

  /** Resolves when the model picked last is known. Never rejects. */
  readonly restored: Promise<void>;

  /** How each of them is to answer. */
  readonly tuning: TuningModel;

  /** Those that stand on top of the list. */
  readonly favourites: FavouritesModel;

  /** All models of all providers. */
  get models(): readonly IModelInfo[] {
    return this._list.models;
  }

  /** What a provider is called: by the user, or after its host. */
  nameOf(provider: string): string {
    return this._list.names[provider] ?? provider;
  }

  /** The providers that could not be asked, and why. */
  get errors(): IModelList['errors'] {
    return this._list.errors;
  }

  /** Why the list itself could not be read, or null. */
  get error(): IClientError | null {
    return this._error;
  }

  /** Whether the list is being read. */
  get loading(): boolean {
    return this._loading;
  }

  /** Who is to answer the next question. */
  get choice(): IChoice {
    return this._picked ?? this._fromSettings ?? this._fromServer;
  }

  /** The row of the chosen model, or null if the list does not have it. */
  get chosen(): IModelInfo | null {
    const { provider, model } = this.choice;
    return (
      this._list.models.find(m => m.provider === provider && m.id === model) ??
      null
    );
  }

  /** Emitted when anything of it changes. */
  get changed(): ISignal<ModelsModel, void> {
    return this._changed;
  }

  /** Whether the model is disposed. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Choose who answers from now on.
   */
  choose(provider: string, model: string): void {
    this._picked = { provider, model };
    this._memory.write({ ...this._picked, over: this._fromSettings });
    // One click and no typing, so nothing to wait for; JupyterLab stores it 750 ms later.
    this._memory.flush();
    this._changed.emit();
  }

  /**
   * The server's own default: what answers when nobody has chosen.
   */
  setDefault(choice: IChoice): void {
    this._fromServer = choice;
    this._changed.emit();
  }

  /**
   * Read the list. Never rejects: see `error`.
   */
  async refresh(): Promise<void> {
    this._loading = true;
    this._changed.emit();
    try {
      this._list = await this._client.models();
      this._error = null;
    } catch (reason) {
      this._error = GPTClientError.from(reason);
    }
    this._loading = false;
    this._changed.emit();
  }

  /**
   * Let go.
   */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._memory.dispose();
      this.tuning.dispose();
      this.favourites.dispose();
      Signal.clearData(this);
    }
  }

  private async _restore(): Promise<void> {
    const stored = await this._memory.read();
    const over = stored?.over ?? null;
    // Picked over a model that the settings no longer name: the settings are newer.
    if (stored && !this._picked && same(over, this._fromSettings)) {
      this._picked = { provider: stored.provider, model: stored.model };
      this._changed.emit();
    }
  }

  private _onSettings(_: IGPTSettings, settings: ISettings): void {
    const choice = choiceOf(settings);
    if (!same(choice, this._fromSettings)) {
      this._fromSettings = choice;
      this._picked = null;
      this._changed.emit();
    }
  }

  private _client: Pick<GPTClient, 'models'>;
  private _settings: IGPTSettings | null;
  private _memory: Memory<IStored>;
  private _list: IModelList = { models: [], errors: {}, names: {} };
  private _error: IClientError | null = null;
  private _loading = false;
  private _picked: IChoice | null = null;
  private _fromSettings: IChoice | null;
  private _fromServer: IChoice = { provider: null, model: null };
  private _isDisposed = false;
  private _changed = new Signal<ModelsModel, void>(this);
}

/**
 * A namespace for ModelsModel statics.
 */
export namespace ModelsModel {
  /**
   * Options of the list of models.
   */
  export interface IOptions {
    client: Pick<GPTClient, 'models'>;
    settings: IGPTSettings | null;
    /** Where the choice is remembered; without one, it is not. */
    state: IStateDB | null;
  }
}

// A type and not an interface: only types count as JSON for the state database.
type IStored = {
  provider: string | null;
  model: string | null;
  /** What the settings said when it was picked. */
  over: { provider: string | null; model: string | null } | null;
};

function choiceOf(settings: ISettings | undefined): IChoice | null {
  const { provider, model } = settings ?? { provider: '', model: '' };
  return provider || model
    ? { provider: provider || null, model: model || null }
    : null;
}

function same(one: IChoice | null, other: IChoice | null): boolean {
  return one?.provider === other?.provider && one?.model === other?.model;
}
