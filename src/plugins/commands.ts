import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILabShell } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { IGPTNotebook, IGPTPanel } from '../tokens';
import { addCellCommands } from './cellcommands';
import { addEditorCommands } from './editorcommands';
import { addPanelCommands } from './panelcommands';
import { IGPTModels } from './tokens';

/** What the palette offers: everything that needs no click to say what is meant. */
const IN_PALETTE = [
  CommandIDs.open,
  CommandIDs.askAboutCell,
  CommandIDs.explainCell,
  CommandIDs.fixError,
  CommandIDs.askAboutFile,
  CommandIDs.insertAnswer,
  CommandIDs.undoInsert,
  CommandIDs.preview,
  CommandIDs.stop,
  CommandIDs.newConversation,
  CommandIDs.conversations,
  CommandIDs.exportConversation,
  CommandIDs.settings,
  CommandIDs.togglePlace
];

/**
 * The commands: menus, shortcuts and the cell toolbar name them in `schema/plugin.json`.
 */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-gpt:commands',
  description: 'Adds the commands of JupyterLab GPT.',
  autoStart: true,
  requires: [IGPTPanel, IGPTModels],
  optional: [
    IGPTNotebook,
    INotebookTracker,
    ICommandPalette,
    ILabShell,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    panel: IGPTPanel,
    models: IGPTModels,
    notebooks: IGPTNotebook | null,
    tracker: INotebookTracker | null,
    palette: ICommandPalette | null,
    labShell: ILabShell | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_gpt');
    addPanelCommands({ app, panel, models, notebooks, labShell, trans });
    addCellCommands({ app, panel, notebooks, tracker, trans });
    addEditorCommands({ app, panel, trans });
    for (const command of IN_PALETTE) {
      palette?.addItem({
        command,
        category: trans.__('GPT'),
        args: { isPalette: true }
      });
    }
  }
};
