import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { gptIcon } from '../icons';
import type { IAttachment } from '../tokens';
import { IGPTContext, IGPTNotebook, IGPTPanel, IGPTSettings } from '../tokens';
import type { GPTPanel } from '../view/panel';
import { PanelHost } from './host';
import { IGPTModels } from './tokens';

/** After JupyterLab's own right-hand panels (property inspector 100, debugger 500 …). */
const RANK = 900;

/**
 * The panel for other extensions: whatever is asked of it waits until its code is there.
 */
class PanelService implements IGPTPanel {
  constructor(options: PanelService.IOptions) {
    this._app = options.app;
    this._host = options.host;
    this._models = options.models;
  }

  async open(): Promise<void> {
    (await this._show()).focusPrompt();
  }

  async complain(reason: string): Promise<void> {
    const panel = await this._show();
    panel.focusPrompt();
    panel.complain(reason);
  }

  async attach(attachment: IAttachment): Promise<void> {
    const panel = await this._show();
    const { composer } = await this._models.load();
    composer.add(attachment);
    panel.focusPrompt();
  }

  async ask(prompt: string, attachment: IAttachment): Promise<void> {
    const panel = await this._show();
    const { composer, conversations } = await this._models.load();
    // Else the answer would belong to a conversation that is replaced a moment later.
    await conversations.restored;
    panel.focusPrompt();
    composer.ask(prompt, attachment);
    panel.scrollToEnd();
  }

  async newConversation(): Promise<void> {
    const panel = await this._show();
    (await this._models.load()).conversations.newConversation();
    panel.focusPrompt();
  }

  async showConversations(): Promise<void> {
    (await this._show()).showConversations();
  }

  stop(): boolean {
    return this._models.loaded?.composer.stop() ?? false;
  }

  async insertLastAnswer(): Promise<void> {
    const panel = await this._host.load();
    await panel.insertLastAnswer();
  }

  /** Bring the panel to the front, wherever it was put; it was taken out if its tab was closed. */
  private async _show(): Promise<GPTPanel> {
    const { shell } = this._app;
    if (!this._host.isAttached) {
      shell.add(this._host, 'right', { rank: RANK });
    }
    shell.activateById(this._host.id);
    return this._host.load();
  }

  private readonly _app: JupyterFrontEnd;
  private readonly _host: PanelHost;
  private readonly _models: IGPTModels;
}

namespace PanelService {
  export interface IOptions {
    readonly app: JupyterFrontEnd;
    readonly host: PanelHost;
    readonly models: IGPTModels;
  }
}

/**
 * The panel: a light frame at the start, its code when it is first seen.
 */
export const panelPlugin: JupyterFrontEndPlugin<IGPTPanel> = {
  id: 'jupyterlab-gpt:panel',
  description: 'The GPT chat panel; its code is loaded when it is first shown.',
  autoStart: true,
  provides: IGPTPanel,
  requires: [IGPTModels],
  optional: [
    IGPTNotebook,
    IGPTSettings,
    IRenderMimeRegistry,
    IEditorLanguageRegistry,
    ILayoutRestorer,
    IDefaultFileBrowser,
    ITranslator,
    IGPTContext
  ],
  activate: (
    app: JupyterFrontEnd,
    models: IGPTModels,
    notebooks: IGPTNotebook | null,
    settings: IGPTSettings | null,
    rendermime: IRenderMimeRegistry | null,
    languages: IEditorLanguageRegistry | null,
    restorer: ILayoutRestorer | null,
    browser: IDefaultFileBrowser | null,
    translator: ITranslator | null,
    context: IGPTContext | null
  ): IGPTPanel => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_gpt');
    const host = new PanelHost({
      trans,
      create: async () => {
        const [{ createPanel }, { folderFor, openNotebook }, loaded, notebook] =
          await Promise.all([
            import('../view/panel'),
            import('./opennotebook'),
            models.load(),
            notebooks?.load() ?? null
          ]);
        const { commands } = app;
        return createPanel({
          ...loaded,
          trans,
          notebook,
          context,
          settings,
          openSettings: commands.hasCommand(CommandIDs.settings)
            ? () => void commands.execute(CommandIDs.settings)
            : null,
          openUsage: commands.isEnabled(CommandIDs.usage)
            ? () => void commands.execute(CommandIDs.usage)
            : null,
          openNotebook: (name, content) =>
            openNotebook(
              app,
              folderFor(notebook?.path ?? null, browser?.model.path ?? null),
              name,
              content
            ),
          latexTypesetter: rendermime?.latexTypesetter ?? null,
          sanitizer: rendermime?.sanitizer,
          languages
        });
      }
    });
    host.id = 'jupyterlab-gpt-panel';
    host.title.icon = gptIcon;
    host.title.caption = trans.__('GPT chat');
    app.shell.add(host, 'right', { rank: RANK, type: 'GPT chat' });
    restorer?.add(host, host.id);
    return new PanelService({ app, host, models });
  }
};
