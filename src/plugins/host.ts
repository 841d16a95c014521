import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { PanelLayout, Widget } from '@lumino/widgets';
import type { GPTPanel } from '../view/panel';

/**
 * The frame that stands in the shell from the start. What belongs into it is loaded when it is
 * first seen: a session that never opens the panel pays for an empty element.
 */
export class PanelHost extends Widget {
  constructor(options: PanelHost.IOptions) {
    super();
    this._trans = options.trans;
    this._create = options.create;
    this.addClass('jp-gpt-Panel');
    this.node.setAttribute('role', 'complementary');
    this.node.setAttribute('aria-label', options.trans.__('GPT chat'));
    this.layout = new PanelLayout();
    this._showLoading();
  }

  /**
   * Load the content, once; a load that failed is tried again by the next call.
   */
  load(): Promise<GPTPanel> {
    this._content ??= this._load();
    return this._content;
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._loadIfSeen();
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._loadIfSeen();
  }

  /**
   * The shell gives the focus: the prompt box takes it as soon as it is there, but not from
   * somebody who meanwhile types somewhere else in the panel.
   */
  protected override onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    this.load().then(
      content => {
        if (!this.node.contains(document.activeElement)) {
          content.focusPrompt();
        }
      },
      // It says so itself, with a button.
      () => undefined
    );
  }

  private _loadIfSeen(): void {
    if (this.isVisible) {
      this.load().catch(() => undefined);
    }
  }

  private async _load(): Promise<GPTPanel> {
    this._showLoading();
    try {
      const content = await this._create();
      if (this.isDisposed) {
        content.dispose();
        throw new Error('The panel was closed while it was loaded');
      }
      this._clear();
      (this.layout as PanelLayout).addWidget(content);
      return content;
    } catch (reason) {
      this._content = null;
      console.error('JupyterLab GPT: the panel could not be loaded', reason);
      this._showFailure();
      throw reason;
    }
  }

  private _clear(): void {
    this._notice?.remove();
    this._notice = null;
  }

  /** Something in the middle of the empty panel; its style sheet comes with its code. */
  private _say(...children: (Node | string)[]): void {
    this._clear();
    this._notice = document.createElement('div');
    this._notice.setAttribute('role', 'status');
    Object.assign(this._notice.style, {
      display: 'grid',
      gap: '12px',
      height: '100%',
      padding: '24px',
      placeContent: 'center',
      placeItems: 'center',
      textAlign: 'center'
    });
    this._notice.append(...children);
    this.node.appendChild(this._notice);
  }

  private _showLoading(): void {
    this._say(this._trans.__('Loading…'));
  }

  private _showFailure(): void {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'jp-Button jp-mod-styled jp-mod-accept';
    button.textContent = this._trans.__('Retry');
    button.addEventListener('click', () => {
      this.load().catch(() => undefined);
    });
    this._say(
      this._trans.__(
        'The panel could not be loaded. If JupyterLab GPT was updated, reload the page; else see whether the server is running.'
      ),
      button
    );
  }

  private readonly _trans: TranslationBundle;
  private readonly _create: () => Promise<GPTPanel>;
  private _content: Promise<GPTPanel> | null = null;
  private _notice: HTMLElement | null = null;
}

/** Types of `PanelHost`. */
export namespace PanelHost {
  /** What the frame needs. */
  export interface IOptions {
    readonly trans: TranslationBundle;
    /** Loads the code and makes the content. */
    readonly create: () => Promise<GPTPanel>;
  }
}
