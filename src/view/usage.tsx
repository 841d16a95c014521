import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import type { UsageClient } from '../model/usage';
import { UsageModel } from '../model/usage';
import type { IGPTSettings } from '../tokens';
import { UsagePage } from './usage-page';
// Loaded with the view, not at the start of the page.
import '../../style/usage.css';

/**
 * The content of the Usage tab.
 */
export class UsageView extends ReactWidget {
  constructor(options: createUsage.IOptions) {
    super();
    // The measures and buttons of the panel hold here too.
    this.addClass('jp-gpt-Panel');
    this.addClass('jp-gpt-Usage');
    this._trans = options.trans;
    this.model = new UsageModel(options);
    this.node.tabIndex = -1;
  }

  /** The month that is shown. */
  readonly model: UsageModel;

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  /** What was spent while the tab was behind others is read when it comes to the front. */
  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    if (this.model.report) {
      void this.model.refresh();
    }
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    void this.model.refresh();
  }

  /** The shell gives the focus: keys scroll the page, Tab goes to its first button. */
  protected override onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    this.node.focus({ preventScroll: true });
  }

  protected override render(): JSX.Element {
    return <UsagePage model={this.model} trans={this._trans} />;
  }

  private readonly _trans: TranslationBundle;
}

/**
 * Make the Usage view. The entry of the chunk that is loaded when it is first opened.
 */
export function createUsage(options: createUsage.IOptions): UsageView {
  return new UsageView(options);
}

/** Types of `createUsage`. */
export namespace createUsage {
  /** What the view is built on. */
  export interface IOptions {
    readonly client: UsageClient;
    /** Null without a settings registry. */
    readonly settings: IGPTSettings | null;
    readonly trans: TranslationBundle;
  }
}
