import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import { AnswerRenderer } from '../markdown/renderer';
import type { AwayModel } from '../model/away';
import type { BudgetModel } from '../model/budget';
import type { ComposerModel } from '../model/composer';
import type { ConversationsModel } from '../model/conversations';
import type { EstimateModel } from '../model/estimate';
import type { ModelsModel } from '../model/models';
import type { PreviewModel } from '../model/preview';
import type { SetupModel } from '../model/setup';
import { splitAnswer } from '../notebook/fences';
import type { IGPTContext, INotebookSide, IGPTSettings } from '../tokens';
import { Chat } from './chat';
import type { IPanelContext, OpenNotebook } from './context';
import { PanelProvider } from './context';
import { PanelState } from './state';
// Loaded with the panel, not at the start of the page.
import '../../style/panel.css';

/**
 * The panel's content.
 *
 * Everything that lasts lies in the models and in the panel's state: the widget may be taken from
 * one area of the shell to another, which draws its views anew.
 */
export class GPTPanel extends ReactWidget {
  constructor(options: createPanel.IOptions) {
    super();
    this.addClass('jp-gpt-Chat');
    const { latexTypesetter, languages, trans, sanitizer } = options;
    this._context = {
      ...options,
      context: options.context ?? null,
      state: new PanelState(),
      createRenderer: () =>
        new AnswerRenderer({ sanitizer, latexTypesetter, languages, trans })
    };
  }

  /** Show the conversation with the caret in the prompt box. */
  focusPrompt(): void {
    this._context.state.focusPrompt();
  }

  /** Say at the prompt box why something did not happen. */
  complain(reason: string): void {
    this._context.state.complain(reason);
  }

  /** Show the list of conversations. */
  showConversations(): void {
    this._context.state.show('conversations');
  }

  /** Go to the end of the conversation. */
  scrollToEnd(): void {
    this._context.state.scrollToEnd();
  }

  /** Insert the last answer of the open conversation as cells; false if there is none. */
  async insertLastAnswer(): Promise<boolean> {
    const { conversations, notebook, state, trans } = this._context;
    const conversation = conversations.current;
    const answer = [...conversation.messages]
      .reverse()
      .find(message => message.role === 'assistant' && message.text !== '');
    if (!answer || notebook === null) {
      return false;
    }
    const result = await notebook.insert(
      conversation.askedCell(answer.id),
      'below',
      splitAnswer(answer.text)
    );
    if (!result.inserted && !result.cancelled) {
      state.complain(result.reason ?? trans.__('Nothing was inserted'));
    }
    return result.inserted;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._context.state.dispose();
      super.dispose();
    }
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._watch();
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._watch();
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this._watch();
  }

  protected override onAfterDetach(msg: Message): void {
    super.onAfterDetach(msg);
    this._watch();
  }

  protected override render(): JSX.Element {
    return (
      <PanelProvider value={this._context}>
        <Chat />
      </PanelProvider>
    );
  }

  /** Only a panel that is seen asks what its draft would cost, and shows how an answer ends. */
  private _watch(): void {
    this._context.away.watched = this.isVisible;
    this._context.estimate.shown = this.isVisible;
  }

  private readonly _context: IPanelContext;
}

/**
 * Make the panel's content. The entry of the chunk that is loaded when the panel is first shown.
 */
export function createPanel(options: createPanel.IOptions): GPTPanel {
  return new GPTPanel(options);
}

/** Types of `createPanel`. */
export namespace createPanel {
  /** What the panel is built on. */
  export interface IOptions {
    readonly trans: TranslationBundle;
    readonly conversations: ConversationsModel;
    readonly composer: ComposerModel;
    readonly models: ModelsModel;
    readonly setup: SetupModel;
    readonly budget: BudgetModel;
    readonly estimate: EstimateModel;
    readonly preview: PreviewModel;
    readonly away: AwayModel;
    /** Null where there is no notebook side. */
    readonly notebook: INotebookSide | null;
    /** Absent or null where there is no notebook side. */
    readonly context?: IGPTContext | null;
    /** Null without a settings registry. */
    readonly settings: IGPTSettings | null;
    /** Open the settings editor at our page; null where there is none. */
    readonly openSettings: (() => void) | null;
    /** Open the usage view; null where there is none. */
    readonly openUsage: (() => void) | null;
    /** Write a notebook and open it; null where there are no files. */
    readonly openNotebook: OpenNotebook | null;
    /** Null: formulas stay as they were written. */
    readonly latexTypesetter: IRenderMime.ILatexTypesetter | null;
    /** Null: code is not coloured. */
    readonly languages: IEditorLanguageRegistry | null;
    readonly sanitizer?: IRenderMime.ISanitizer;
  }
}
