import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { PartialJSONObject } from '@lumino/coreutils';

/** What of a schema the settings editor shows. */
const SHOWN = ['title', 'description'] as const;

/**
 * The schema of our settings in the reader's language.
 *
 * JupyterLab's server translates schemas too, but only by the catalogues of a language pack: it
 * does not look into those that a package brings along. The contexts are JupyterLab's, so that a
 * language pack may hold the same texts.
 */
export function translatedSchema(
  schema: ISettingRegistry.ISchema,
  trans: TranslationBundle
): ISettingRegistry.ISchema {
  const label = schema['jupyter.lab.setting-icon-label'];
  return {
    ...(translated(schema, trans, 'schema') as ISettingRegistry.ISchema),
    ...(label && {
      'jupyter.lab.setting-icon-label': translatedText(trans, 'settings', label)
    })
  };
}

function translated(
  schema: PartialJSONObject,
  trans: TranslationBundle,
  context: string
): PartialJSONObject {
  const result = { ...schema };
  for (const key of SHOWN) {
    const text = schema[key];
    if (typeof text === 'string' && text) {
      result[key] = translatedText(trans, context, text);
    }
  }
  if (isObject(schema.items)) {
    result.items = translated(schema.items, trans, 'settings');
  }
  if (isObject(schema.properties)) {
    result.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, value]) => [
        name,
        isObject(value) ? translated(value, trans, 'settings') : value
      ])
    );
  }
  return result;
}

function translatedText(
  trans: TranslationBundle,
  context: string,
  text: string
): string {
  // Not written out here: `scripts/i18n.py` reads these texts from the schema.
  // eslint-disable-next-line jupyter/no-dynamic-translation
  return trans._p(context, text);
}

function isObject(value: unknown): value is PartialJSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
