import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { SettingRegistry } from '@jupyterlab/settingregistry';
import { StateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import schema from '../../../schema/plugin.json';
import { CommandIDs } from '../../commands';
import { DEFAULTS, GPTSettings, PLUGIN_ID } from '../settings';

/** A real settings registry over a connector in memory. */
async function load(raw = '{}'): Promise<ISettingRegistry.ISettings> {
  const store = new StateDB<ReadonlyPartialJSONObject>();
  let saved = raw;
  const plugin = (): ISettingRegistry.IPlugin => ({
    id: PLUGIN_ID,
    schema: schema as unknown as ISettingRegistry.ISchema,
    data: { composite: {}, user: {} },
    raw: saved,
    version: '1'
  });
  const registry = new SettingRegistry({
    connector: {
      fetch: async () => plugin(),
      list: async () => ({ ids: [PLUGIN_ID], values: [plugin()] }),
      remove: async id => {
        await store.remove(id);
      },
      save: async (_, text) => {
        saved = text;
      }
    },
    timeout: 0
  });
  return registry.load(PLUGIN_ID);
}

describe('the settings', () => {
  it('have the defaults of the schema', async () => {
    const settings = new GPTSettings();
    expect(settings.current).toEqual(DEFAULTS);
    const loaded = await load();
    const composite = { ...loaded.composite };
    settings.bind(loaded);
    expect(settings.current).toEqual(DEFAULTS);
    // Those that the server keeps have fields of their own.
    const { budget, policy, prices, providers, ...properties } =
      schema.properties;
    for (const { type } of [budget, policy, prices, providers]) {
      expect(type).toBe('object');
    }
    expect(Object.keys(properties).sort()).toEqual(
      Object.keys(DEFAULTS).sort()
    );
    for (const [key, value] of Object.entries(DEFAULTS)) {
      expect(composite[key] ?? null).toEqual(value);
    }
  });

  it('read what the user set, and store it', async () => {
    const settings = new GPTSettings();
    settings.bind(
      await load('{"model": "fake-gpt", "temperature": 0, "chipOutput": true}')
    );
    expect(settings.current).toMatchObject({
      model: 'fake-gpt',
      temperature: 0,
      chipOutput: true,
      maxOutputTokens: null
    });
    const changed = jest.fn();
    settings.changed.connect(changed);
    await settings.set('enterSends', false);
    await settings.set('temperature', null);
    expect(settings.current).toMatchObject({
      enterSends: false,
      temperature: null
    });
    expect(changed).toHaveBeenCalled();
    settings.dispose();
  });

  it('take the prompts that have a name and a text', async () => {
    const settings = new GPTSettings();
    const prompts = [
      { name: ' review ', prompt: 'Review {cell}' },
      { name: '', prompt: 'nameless' },
      { name: 'empty' },
      {}
    ];
    settings.bind(await load(JSON.stringify({ prompts })));
    expect(settings.current.prompts).toEqual([
      { name: 'review', prompt: 'Review {cell}' }
    ]);
    const own = [{ name: 'b', prompt: 'c' }];
    await settings.set('prompts', own);
    expect(settings.current.prompts).toEqual(own);
  });

  it('live without a registry', async () => {
    const settings = new GPTSettings();
    await settings.set('model', 'fake-gpt');
    expect(settings.current.model).toBe('fake-gpt');
  });

  it('refuse what is not a setting, above all a key', async () => {
    await expect(load('{"apiKey": "sk-canary"}')).rejects.toBeTruthy();
  });
});

describe('the schema', () => {
  it('names only commands that exist', () => {
    const known = new Set<string>(Object.values(CommandIDs));
    const named = [
      ...schema['jupyter.lab.shortcuts'],
      ...schema['jupyter.lab.menus'].context,
      ...schema['jupyter.lab.menus'].main.flatMap(menu => menu.items),
      ...Object.values(schema['jupyter.lab.toolbars']).flat()
    ].flatMap(item =>
      'command' in item && item.command ? [item.command] : []
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(command => !known.has(command))).toEqual([]);
  });
});
