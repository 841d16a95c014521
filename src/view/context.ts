import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import * as React from 'react';
import type { AnswerRenderer } from '../markdown/renderer';
import type { AwayModel } from '../model/away';
import type { BudgetModel } from '../model/budget';
import type { ComposerModel } from '../model/composer';
import type { ConversationsModel } from '../model/conversations';
import type { EstimateModel } from '../model/estimate';
import type { ModelsModel } from '../model/models';
import type { PreviewModel } from '../model/preview';
import type { SetupModel } from '../model/setup';
import type { IGPTContext, INotebookSide, IGPTSettings } from '../tokens';
import type { PanelState } from './state';

/**
 * Writes a notebook of a name and opens it.
 */
export type OpenNotebook = (name: string, content: unknown) => Promise<void>;

/**
 * What every view of the panel may use.
 */
export interface IPanelContext {
  readonly trans: TranslationBundle;
  readonly conversations: ConversationsModel;
  readonly composer: ComposerModel;
  readonly models: ModelsModel;
  readonly setup: SetupModel;
  readonly budget: BudgetModel;
  readonly estimate: EstimateModel;
  readonly preview: PreviewModel;
  readonly away: AwayModel;
  /** Null where there is no notebook side, for example in another application. */
  readonly notebook: INotebookSide | null;
  /** What else can go along; null where there is no notebook side. */
  readonly context: IGPTContext | null;
  /** Null without a settings registry: the defaults apply. */
  readonly settings: IGPTSettings | null;
  readonly state: PanelState;
  /** Open the settings editor at our page; null where there is none. */
  readonly openSettings: (() => void) | null;
  /** Open the usage view; null where there is none. */
  readonly openUsage: (() => void) | null;
  /** Write a notebook beside the one in front, and open it; null where there are no files. */
  readonly openNotebook: OpenNotebook | null;
  /** Make the renderer of one text part. */
  createRenderer(): AnswerRenderer;
}

const PanelContext = React.createContext<IPanelContext | null>(null);

/** Gives the context to the views below. */
export const PanelProvider = PanelContext.Provider;

/**
 * The context of the panel that a view stands in.
 */
export function usePanel(): IPanelContext {
  const context = React.useContext(PanelContext);
  if (context === null) {
    throw new Error('A view of the panel was drawn outside of the panel');
  }
  return context;
}

/**
 * Draw again whenever one of the signals is emitted. Their number must not change.
 */
export function useSignals(
  ...signals: readonly (ISignal<unknown, unknown> | null)[]
): void {
  const [, bump] = React.useReducer((count: number) => count + 1, 0);
  // A layout effect, so that nothing emitted right after the first drawing is missed.
  React.useLayoutEffect(() => {
    const redraw = (): void => bump();
    for (const signal of signals) {
      signal?.connect(redraw);
    }
    return () => {
      for (const signal of signals) {
        signal?.disconnect(redraw);
      }
    };
  }, signals);
}
