import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { IFormRendererRegistry } from '@jupyterlab/ui-components';
import type { Field } from '@rjsf/utils';
import { lazyField } from '../view/lazyfield';
import { PLUGIN_ID } from './settings';
import { IGPTConnection, IGPTModels } from './tokens';

/**
 * The fields of the settings editor for what the server keeps: address and key, budget, prices; and
 * what the administrator set.
 *
 * A plugin of its own: the models need the settings, so the settings cannot need the models.
 */
export const providersPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-gpt:providers',
  description:
    'Shows address and key of the provider, the budget and the prices in the settings editor and writes them to the server.',
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
    const client = () => connection.client();
    const trans = (translator ?? nullTranslator).load('jupyterlab_gpt');
    const refresh = (): void => {
      void models?.loaded?.models.refresh();
      models?.loaded?.estimate.refresh();
    };
    // Properties of the schema: the editor shows our fields in their place.
    const add = (name: string, fieldRenderer: Field): void =>
      forms.addRenderer(`${PLUGIN_ID}.${name}`, { fieldRenderer });
    add(
      'providers',
      lazyField(
        async () => (await import('../view/providers-form')).ProvidersForm,
        {
          client,
          onChanged: () => {
            void models?.loaded?.setup.refresh();
            refresh();
          },
          trans
        }
      )
    );
    add(
      'budget',
      lazyField(
        async () => (await import('../view/budget-settings')).BudgetSettings,
        { client, trans }
      )
    );
    add(
      'policy',
      lazyField(async () => (await import('../view/policy-list')).PolicyList, {
        client,
        trans
      })
    );
    add(
      'prices',
      lazyField(async () => (await import('../view/prices-form')).PricesForm, {
        client,
        onChanged: refresh,
        trans
      })
    );
  }
};
