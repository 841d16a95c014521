import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { CodeEditor } from '@jupyterlab/codeeditor';
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { gptIcon } from '../icons';
import { hasSelection } from '../notebook/selected';
import type { IGPTPanel } from '../tokens';

/** What the command on a file works with. */
export interface IEditorCommandsOptions {
  readonly app: JupyterFrontEnd;
  readonly panel: IGPTPanel;
  readonly trans: TranslationBundle;
}

/** The file editor in front. */
interface IOpenEditor {
  readonly id: string;
  readonly editor: CodeEditor.IEditor;
  readonly path: string;
}

/**
 * Add the command on the file, or the selected lines, of the file editor in front.
 */
export function addEditorCommands(options: IEditorCommandsOptions): void {
  const { app, panel, trans } = options;
  app.commands.addCommand(CommandIDs.askAboutFile, {
    label: args => {
      if (args.isPalette) {
        return trans.__('Ask GPT About This File or Selection');
      }
      const open = openEditor(app);
      return open && hasSelection(open.editor)
        ? trans.__('Ask GPT about this selection…')
        : trans.__('Ask GPT about this file…');
    },
    caption: trans.__(
      'Open the GPT chat with the selected lines, or the whole file'
    ),
    icon: args => (args.isPalette ? undefined : gptIcon),
    isEnabled: () => openEditor(app) !== null,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          isPalette: {
            type: 'boolean',
            description: 'Set by the palette: no icon beside the label'
          }
        }
      }
    },
    execute: async () => {
      const open = openEditor(app);
      if (open) {
        const { id, editor, path } = open;
        const { EditorAttachment } = await import('../notebook/editorchip');
        const reveal = (): void => app.shell.activateById(id);
        await panel.attach(
          new EditorAttachment({ editor, path, trans, reveal })
        );
      }
    }
  });
}

/**
 * By its class: a token of the file editor would bring its package, which nothing else needs.
 */
function openEditor(app: JupyterFrontEnd): IOpenEditor | null {
  const widget = app.shell.currentWidget as Partial<IDocumentWidget> | null;
  const content = widget?.content;
  const path = widget?.context?.path;
  if (!widget?.id || !content?.hasClass?.('jp-FileEditor') || !path) {
    return null;
  }
  const { editor } = content as { editor?: CodeEditor.IEditor };
  return editor ? { id: widget.id, editor, path } : null;
}
