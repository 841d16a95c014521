import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { PartialJSONValue } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IPromptTemplate, ISettings } from '../tokens';
import { IGPTSettings } from '../tokens';

/**
 * The id that `schema/plugin.json` belongs to.
 */
export const PLUGIN_ID = 'jupyterlab-gpt:plugin';

/**
 * What applies until the settings are read, and where there is no settings registry: the
 * defaults of `schema/plugin.json` (a test compares).
 */
export const DEFAULTS: ISettings = {
  provider: '',
  model: '',
  systemPrompt: '',
  temperature: null,
  maxOutputTokens: null,
  chipCode: true,
  chipError: true,
  chipOutput: false,
  enterSends: true,
  prompts: [],
  subscriptionPrice: 20
};

/**
 * The settings, typed.
 */
export class GPTSettings implements IGPTSettings, IDisposable {
  get current(): ISettings {
    return this._current;
  }

  get changed(): ISignal<IGPTSettings, ISettings> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** Read the settings from here on. */
  bind(settings: ISettingRegistry.ISettings): void {
    this._settings = settings;
    settings.changed.connect(this._read, this);
    this._read();
  }

  async set<K extends keyof ISettings>(
    key: K,
    value: ISettings[K]
  ): Promise<void> {
    if (!this._settings) {
      this._update({ ...this._current, [key]: value });
    } else if (value === null) {
      await this._settings.remove(key);
    } else {
      await this._settings.set(key, value as PartialJSONValue);
    }
  }

  private _read(): void {
    const composite: Record<string, unknown> = {
      ...this._settings?.composite
    };
    this._update({
      provider: ofType(composite.provider, DEFAULTS.provider),
      model: ofType(composite.model, DEFAULTS.model),
      systemPrompt: ofType(composite.systemPrompt, DEFAULTS.systemPrompt),
      temperature: numberOrNull(composite.temperature),
      maxOutputTokens: numberOrNull(composite.maxOutputTokens),
      chipCode: ofType(composite.chipCode, DEFAULTS.chipCode),
      chipError: ofType(composite.chipError, DEFAULTS.chipError),
      chipOutput: ofType(composite.chipOutput, DEFAULTS.chipOutput),
      enterSends: ofType(composite.enterSends, DEFAULTS.enterSends),
      prompts: promptsIn(composite.prompts),
      subscriptionPrice:
        numberOrNull(composite.subscriptionPrice) ?? DEFAULTS.subscriptionPrice
    });
  }

  private _update(next: ISettings): void {
    this._current = next;
    this._changed.emit(next);
  }

  private readonly _changed = new Signal<IGPTSettings, ISettings>(this);
  private _current: ISettings = DEFAULTS;
  private _isDisposed = false;
  private _settings: ISettingRegistry.ISettings | null = null;
}

function ofType<T extends string | boolean>(value: unknown, otherwise: T): T {
  return typeof value === typeof otherwise ? (value as T) : otherwise;
}

/** The prompts that have a name and a text: the settings editor stores a new, empty row too. */
function promptsIn(value: unknown): readonly IPromptTemplate[] {
  const rows = Array.isArray(value) ? (value as unknown[]) : [];
  return rows.flatMap(row => {
    const { name, prompt } = (row ?? {}) as Record<string, unknown>;
    return typeof name === 'string' && typeof prompt === 'string' && prompt
      ? [{ name: name.trim(), prompt }].filter(one => one.name)
      : [];
  });
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/**
 * The settings.
 */
export const settingsPlugin: JupyterFrontEndPlugin<IGPTSettings> = {
  id: PLUGIN_ID,
  description: 'Provides the user settings of JupyterLab GPT.',
  autoStart: true,
  provides: IGPTSettings,
  optional: [ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    registry: ISettingRegistry | null
  ): IGPTSettings => {
    const settings = new GPTSettings();
    // Not awaited: the panel need not wait for settings that have defaults.
    registry?.load(PLUGIN_ID).then(
      loaded => settings.bind(loaded),
      reason => {
        console.error('The settings of JupyterLab GPT cannot be read.', reason);
      }
    );
    return settings;
  }
};
