import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import {
  ICommandPalette,
  MainAreaWidget,
  WidgetTracker,
  showErrorMessage
} from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { gptIcon } from '../icons';
import { IGPTSettings } from '../tokens';
import type { UsageView } from '../view/usage';
import { IGPTConnection } from './tokens';

type UsageTab = MainAreaWidget<UsageView>;

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
            opening ??= createTab(connection, settings, trans);
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

/** Load the view and put it into a tab. */
async function createTab(
  connection: IGPTConnection,
  settings: IGPTSettings | null,
  trans: TranslationBundle
): Promise<UsageTab> {
  const [{ createUsage }, client, socket] = await Promise.all([
    import('../view/usage'),
    connection.client(),
    connection.socket()
  ]);
  const content = createUsage({ client, settings, trans });
  const { model } = content;
  // The panel connects the socket; until then there is nothing to be told.
  const onFrame: Parameters<typeof socket.frame.connect>[0] = (_, frame) =>
    model.onFrame(frame);
  socket.frame.connect(onFrame);
  content.disposed.connect(() => socket.frame.disconnect(onFrame));
  const tab = new MainAreaWidget({ content });
  tab.id = 'jupyterlab-gpt-usage';
  tab.title.label = trans.__('GPT usage');
  tab.title.icon = gptIcon;
  tab.title.closable = true;
  return tab;
}
