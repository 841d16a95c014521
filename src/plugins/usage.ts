import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import {
  ICommandPalette,
  WidgetTracker,
  showErrorMessage
} from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { gptIcon } from '../icons';
import { IGPTSettings } from '../tokens';
import { IGPTConnection } from './tokens';
import type { UsageTab } from './usagetab';

/**
 * The Usage view: a tab in the main area, whose code is loaded when it is first opened.
 */
export const usagePlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-gpt:usage',
  description:
    'Shows what was spent by day, model, conversation and notebook, in a tab.',
  autoStart: true,
  requires: [IGPTConnection],
  optional: [
    IGPTSettings,
    ICommandPalette,
    ILabShell,
    ILayoutRestorer,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    connection: IGPTConnection,
    settings: IGPTSettings | null,
    palette: ICommandPalette | null,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_gpt');
    const tracker = new WidgetTracker<UsageTab>({
      namespace: 'jupyterlab-gpt-usage'
    });
    const command = CommandIDs.usage;
    let opening: Promise<UsageTab> | null = null;
    app.commands.addCommand(command, {
      label: trans.__('GPT Usage'),
      caption: trans.__('What was spent on GPT, by day and by model'),
      icon: args => (args.isPalette ? undefined : gptIcon),
      // Notebook 7 has one document and no tabs to put it beside.
      isEnabled: () => labShell !== null,
      isVisible: () => labShell !== null,
      describedBy: { args: NO_ARGS },
      execute: async () => {
        let tab = tracker.find(() => true) ?? null;
        if (!tab) {
          try {
            // One tab, also for a double click while its code is loaded.
            opening ??= import('./usagetab').then(({ createTab }) =>
              createTab(connection, settings, trans)
            );
            tab = await opening;
          } catch (reason) {
            await showErrorMessage(
              trans.__('GPT usage could not be loaded'),
              reason instanceof Error ? reason : String(reason)
            );
            return;
          } finally {
            opening = null;
          }
          if (!tab.isAttached) {
            app.shell.add(tab, 'main', { type: 'GPT usage' });
            await tracker.add(tab);
          }
        }
        app.shell.activateById(tab.id);
      }
    });
    palette?.addItem({
      command,
      category: trans.__('GPT'),
      args: { isPalette: true }
    });
    void restorer?.restore(tracker, { command, name: () => 'usage' });
  }
};

/** Arguments of a command that takes none but those of the palette. */
const NO_ARGS = {
  type: 'object',
  properties: {
    isPalette: {
      type: 'boolean',
      description: 'Set by the palette: no icon beside the label'
    }
  }
} as const;
