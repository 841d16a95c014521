import type { ILabShell, JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import { undoIcon } from '@jupyterlab/ui-components';
import type { Widget } from '@lumino/widgets';
import { CommandIDs } from '../commands';
import { gptIcon, newConversationIcon, stopIcon } from '../icons';
import type { IGPTNotebook, IGPTPanel, INotebookSide } from '../tokens';
import type { IGPTModels } from './tokens';

/** The id of the panel's widget. */
const PANEL_ID = 'jupyterlab-gpt-panel';

/** JupyterLab's command for the settings editor. */
const SETTINGS_EDITOR = 'settingeditor:open';

/**
 * What the commands of the panel work with.
 */
export interface IPanelCommandsOptions {
  readonly app: JupyterFrontEnd;
  readonly panel: IGPTPanel;
  readonly models: IGPTModels;
  readonly notebooks: IGPTNotebook | null;
  /** Null in Notebook 7. */
  readonly labShell: ILabShell | null;
  readonly trans: TranslationBundle;
}

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

/** Arguments of the command that opens the panel. */
const OPEN_ARGS = {
  type: 'object',
  properties: {
    ...NO_ARGS.properties,
    toolbar: {
      type: 'boolean',
      description: 'Set by a toolbar: the icon stands alone'
    }
  }
} as const;

/**
 * Add the commands that are about the panel.
 */
export function addPanelCommands(options: IPanelCommandsOptions): void {
  addConversationCommands(options);
  addExportCommand(options);
  addInsertCommands(options);
  addPlaceCommands(options);
}

function addConversationCommands(options: IPanelCommandsOptions): void {
  const { app, models, panel, trans } = options;
  const { commands } = app;
  commands.addCommand(CommandIDs.open, {
    label: args => (args.toolbar ? '' : trans.__('GPT Chat')),
    caption: trans.__('Show the GPT chat and go to its prompt box'),
    icon: args => (args.isPalette ? undefined : gptIcon),
    // JupyterLab has the panel's tab at its side; Notebook 7 has none, and needs a button.
    isVisible: args => !args.toolbar || options.labShell === null,
    describedBy: { args: OPEN_ARGS },
    execute: () => panel.open()
  });
  commands.addCommand(CommandIDs.newConversation, {
    label: trans.__('New Conversation'),
    caption: trans.__('Start a new conversation with GPT'),
    icon: args => (args.isPalette ? undefined : newConversationIcon),
    describedBy: { args: NO_ARGS },
    execute: () => panel.newConversation()
  });
  commands.addCommand(CommandIDs.conversations, {
    label: trans.__('Show Conversations'),
    caption: trans.__('Show the list of conversations with GPT'),
    describedBy: { args: NO_ARGS },
    execute: () => panel.showConversations()
  });
  commands.addCommand(CommandIDs.preview, {
    label: trans.__('Preview the Prompt'),
    caption: trans.__('Show word for word what would be sent to GPT'),
    describedBy: { args: NO_ARGS },
    execute: async () => {
      await panel.open();
      (await models.load()).preview.open();
    }
  });
  commands.addCommand(CommandIDs.stop, {
    label: trans.__('Stop the Answer'),
    caption: trans.__('Stop the answer that is being written'),
    icon: args => (args.isPalette ? undefined : stopIcon),
    isEnabled: () => !!models.loaded?.conversations.current.running,
    describedBy: { args: NO_ARGS },
    execute: () => panel.stop()
  });
}

/** Arguments of the export. */
const EXPORT_ARGS = {
  type: 'object',
  properties: {
    ...NO_ARGS.properties,
    format: {
      type: 'string',
      enum: ['ipynb', 'md', 'json'],
      description: 'A notebook (the default), Markdown, or JSON'
    }
  }
} as const;

function addExportCommand(options: IPanelCommandsOptions): void {
  const { app, models, trans } = options;
  const formatOf = (format: unknown): 'ipynb' | 'md' | 'json' =>
    format === 'md' || format === 'json' ? format : 'ipynb';
  app.commands.addCommand(CommandIDs.exportConversation, {
    label: args =>
      ({
        ipynb: trans.__('Export the Conversation as a Notebook'),
        md: trans.__('Export the Conversation as Markdown'),
        json: trans.__('Export the Conversation as JSON')
      })[formatOf(args.format)],
    caption: trans.__('Save the branch of the conversation that is shown'),
    isEnabled: () => models.loaded?.conversations.current.isNew === false,
    describedBy: { args: EXPORT_ARGS },
    execute: async args => {
      const [{ saveConversation }, { conversations }] = await Promise.all([
        import('../view/archive'),
        models.load()
      ]);
      const format = formatOf(args.format);
      await saveConversation(conversations, conversations.current, format);
    }
  });
}

function addInsertCommands(options: IPanelCommandsOptions): void {
  const { app, models, notebooks, panel, trans } = options;
  const { commands } = app;
  // Where there is an answer, the panel was opened: the notebook side is loaded.
  const side = (): INotebookSide | null => notebooks?.loaded ?? null;
  commands.addCommand(CommandIDs.insertAnswer, {
    label: trans.__('Insert the Last Answer as Cells'),
    caption: trans.__('Put the last answer into the notebook; runs nothing'),
    isEnabled: () =>
      (side()?.path ?? null) !== null &&
      (models.loaded?.conversations.current.messages.some(
        message => message.role === 'assistant'
      ) ??
        false),
    describedBy: { args: NO_ARGS },
    execute: () => panel.insertLastAnswer()
  });
  commands.addCommand(CommandIDs.undoInsert, {
    label: trans.__('Take the Last Insert Back'),
    caption: trans.__('Remove the cells that were just inserted'),
    icon: args => (args.isPalette ? undefined : undoIcon),
    isEnabled: () => side()?.canUndoInsert ?? false,
    describedBy: { args: NO_ARGS },
    execute: () => side()?.undoInsert() ?? false
  });
}

function addPlaceCommands(options: IPanelCommandsOptions): void {
  const { app, labShell, panel, trans } = options;
  const { commands } = app;
  commands.addCommand(CommandIDs.settings, {
    label: trans.__('GPT Settings'),
    caption: trans.__('Provider, key, model and more in the settings editor'),
    isEnabled: () => commands.hasCommand(SETTINGS_EDITOR),
    describedBy: { args: NO_ARGS },
    execute: async () => {
      await commands.execute(SETTINGS_EDITOR, { query: 'JupyterLab GPT' });
    }
  });
  commands.addCommand(CommandIDs.togglePlace, {
    label: () =>
      labShell && findPanel(labShell, 'main')
        ? trans.__('Move the GPT Chat to the Sidebar')
        : trans.__('Move the GPT Chat to the Main Area'),
    // Notebook 7 has one document and no tabs to put it beside.
    isEnabled: () => labShell !== null,
    isVisible: () => labShell !== null,
    describedBy: { args: NO_ARGS },
    execute: async () => {
      if (labShell) {
        movePanel(labShell);
        await panel.open();
      }
    }
  });
}

/** Move the panel from the sidebar to the main area, or back to the right sidebar. */
function movePanel(shell: ILabShell): void {
  const inMain = findPanel(shell, 'main');
  const widget =
    inMain ?? findPanel(shell, 'right') ?? findPanel(shell, 'left');
  if (!widget) {
    return;
  }
  // A tab needs a text; in the sidebar the icon is the title.
  widget.title.label = inMain ? '' : widget.title.caption;
  widget.title.closable = !inMain;
  if (inMain) {
    shell.add(widget, 'right');
  } else {
    shell.add(widget, 'main', { mode: 'split-right' });
  }
}

function findPanel(
  shell: ILabShell,
  area: 'main' | 'left' | 'right'
): Widget | null {
  for (const widget of shell.widgets(area)) {
    if (widget.id === PANEL_ID) {
      return widget;
    }
  }
  return null;
}
