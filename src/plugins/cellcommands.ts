import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { ICellArgs } from '../commands';
import { CommandIDs } from '../commands';
import { gptIcon } from '../icons';
import type { ICellAt } from '../notebook/cellat';
import { cellAt } from '../notebook/cellat';
import type { IAttachment, ICellRef, IGPTNotebook, IGPTPanel } from '../tokens';

/**
 * What the commands on a cell work with.
 */
export interface ICellCommandsOptions {
  readonly app: JupyterFrontEnd;
  readonly panel: IGPTPanel;
  readonly notebook: IGPTNotebook | null;
  readonly tracker: INotebookTracker | null;
  readonly trans: TranslationBundle;
}

/** The arguments of the commands on a cell, for those who call them. */
const CELL_ARGS = {
  type: 'object',
  properties: {
    cellId: {
      type: 'string',
      description: 'Id of the cell; without it the active cell is meant'
    },
    path: { type: 'string', description: "Path of the cell's notebook" },
    clicked: {
      type: 'boolean',
      description: 'Set by the context menu: the clicked cell is meant'
    },
    isPalette: {
      type: 'boolean',
      description: 'Set by the palette: the label names the cell'
    },
    toolbar: {
      type: 'boolean',
      description: 'Set by a toolbar: the icon stands alone'
    }
  }
} as const;

/**
 * Add the commands that are about a cell.
 */
export function addCellCommands(options: ICellCommandsOptions): void {
  const { app, notebook, panel, trans } = options;
  const { commands } = app;
  const which = (args: ReadonlyPartialJSONObject) =>
    resolveCell(options, args as ICellArgs);
  const failed = (args: ReadonlyPartialJSONObject): boolean => {
    const ref = which(args);
    return ref !== null && (notebook?.hasError(ref) ?? false);
  };
  const attach = (
    args: ReadonlyPartialJSONObject,
    whole = false
  ): IAttachment | null => attachCell(options, args as ICellArgs, whole);
  const ask = async (
    args: ReadonlyPartialJSONObject,
    prompt: string,
    whole = false
  ): Promise<void> => {
    const attachment = attach(args, whole);
    await (attachment
      ? panel.ask(prompt, attachment)
      : panel.complain(whyNoCell(options, args as ICellArgs)));
  };

  commands.addCommand(CommandIDs.askAboutCell, {
    label: args => (args.toolbar ? '' : trans.__('Ask GPT about this cell…')),
    caption: trans.__('Ask GPT about this cell…'),
    icon: gptIcon,
    // A toolbar asks once, before its cell is the active one; the click makes it so.
    isEnabled: args => args.toolbar === true || which(args) !== null,
    describedBy: { args: CELL_ARGS },
    execute: async args => {
      const attachment = attach(args);
      await (attachment
        ? panel.attach(attachment)
        : panel.complain(whyNoCell(options, args as ICellArgs)));
    }
  });
  commands.addCommand(CommandIDs.explainCell, {
    label: args =>
      args.isPalette ? trans.__('Explain This Cell') : trans.__('Explain'),
    caption: trans.__('Ask GPT to explain this cell; sends at once'),
    icon: args => (args.isPalette ? undefined : gptIcon),
    isEnabled: args => which(args) !== null,
    describedBy: { args: CELL_ARGS },
    execute: args =>
      ask(
        args,
        trans.__(
          'Explain what this cell does, step by step. If it failed, say why.'
        )
      )
  });
  commands.addCommand(CommandIDs.fixError, {
    label: args =>
      args.isPalette
        ? trans.__('Fix the Error of This Cell')
        : trans.__('Fix error'),
    caption: trans.__('Ask GPT to correct this cell; sends at once'),
    icon: args => (args.isPalette ? undefined : gptIcon),
    isEnabled: failed,
    isVisible: args => args.isPalette === true || failed(args),
    describedBy: { args: CELL_ARGS },
    execute: args =>
      ask(
        args,
        trans.__(
          'This cell failed. Say in one or two sentences why, then give the whole corrected cell as one code block.'
        ),
        // It is corrected whole, whatever is selected in it.
        true
      )
  });
}

/**
 * The cell that is meant: the one named, the one clicked, else the active one.
 */
export function resolveCell(
  options: Pick<ICellCommandsOptions, 'app' | 'notebook' | 'tracker'>,
  args: ICellArgs
): ICellRef | null {
  if (args.cellId) {
    const path = args.path ?? options.notebook?.path;
    return path ? { cellId: args.cellId, path } : null;
  }
  // Only the menu may ask: the application remembers a click for ever.
  return args.clicked
    ? (clicked(options)?.ref ?? null)
    : (options.notebook?.active ?? null);
}

/** Why there is no chip: shortcuts and other extensions ask without looking whether they may. */
function whyNoCell(options: ICellCommandsOptions, args: ICellArgs): string {
  const { trans } = options;
  return resolveCell(options, args)
    ? trans.__('This cell is not there any more.')
    : trans.__('No notebook is open.');
}

/** The chip of the cell that is meant; one that was clicked on its output brings that output. */
function attachCell(
  options: ICellCommandsOptions,
  args: ICellArgs,
  whole: boolean
): IAttachment | null {
  const ref = resolveCell(options, args);
  const attachment = ref && options.notebook?.attach(ref, whole);
  const output = args.clicked ? clicked(options)?.output : null;
  if (attachment && output) {
    attachment.setOption(output, true);
  }
  return attachment ?? null;
}

/** The cell that the context menu was opened on, and the kind of output, if it was on one. */
function clicked(
  options: Pick<ICellCommandsOptions, 'app' | 'tracker'>
): ICellAt | null {
  const node = options.app.contextMenuHitTest(() => true);
  return node && options.tracker ? cellAt(options.tracker, node) : null;
}
