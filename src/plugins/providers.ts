import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { IFormRendererRegistry } from '@jupyterlab/ui-components';
import { createProvidersField } from '../view/providers-field';
import { PLUGIN_ID } from './settings';
import { IGPTConnection, IGPTModels } from './tokens';

/**
 * The fields for address and key in the settings editor.
 *
 * A plugin of its own: the models need the settings, so the settings cannot need the models.
 */
export const providersPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-gpt:providers',
  description:
    'Shows address and key of the provider in the settings editor and writes them to the server.',
  autoStart: true,
  requires: [IFormRendererRegistry, IGPTConnection],
  optional: [IGPTModels, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    forms: IFormRendererRegistry,
    connection: IGPTConnection,
    models: IGPTModels | null,
    translator: ITranslator | null
  ): void => {
    // The property `providers` of the schema: the editor shows our field in its place.
    forms.addRenderer(`${PLUGIN_ID}.providers`, {
      fieldRenderer: createProvidersField({
        client: () => connection.client(),
        onChanged: () => {
          void models?.loaded?.setup.refresh();
          void models?.loaded?.models.refresh();
        },
        trans: (translator ?? nullTranslator).load('jupyterlab_gpt')
      })
    });
  }
};
