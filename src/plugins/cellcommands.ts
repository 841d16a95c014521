import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { ICellArgs } from '../commands';
import { CommandIDs } from '../commands';
import { gptIcon } from '../icons';
import type { ICellAt } from '../notebook/cellat';
import { cellAt } from '../notebook/cellat';
import { activeCell, findCell, hasError } from '../notebook/opencells';
import type { IAttachment, ICellRef, IGPTNotebook, IGPTPanel } from '../tokens';

/**
 * What the commands on a cell work with.
 */
export interface ICellCommandsOptions {
  readonly app: JupyterFrontEnd;
  readonly panel: IGPTPanel;
  readonly notebooks: IGPTNotebook | null;
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
  const { app, panel, trans } = options;
  const { commands } = app;
  const which = (args: ReadonlyPartialJSONObject) =>
    resolveCell(options, args as ICellArgs);
  const failed = (args: ReadonlyPartialJSONObject): boolean => {
    const ref = which(args);
    const found = ref && options.tracker && findCell(options.tracker, ref);
    return found !== null && hasError(found.model);
  };
  const withCell = async (
    args: ReadonlyPartialJSONObject,
    whole: boolean,
    use: (attachment: IAttachment) => Promise<void>
  ): Promise<void> => {
    const attachment = await attachCell(options, args as ICellArgs, whole);
    await (attachment
      ? use(attachment)
      : panel.complain(whyNoCell(options, args as ICellArgs)));
  };
  const ask = (
    args: ReadonlyPartialJSONObject,
    prompt: string,
    whole = false
  ): Promise<void> =>
    withCell(args, whole, attachment => panel.ask(prompt, attachment));

  commands.addCommand(CommandIDs.askAboutCell, {
    label: args => (args.toolbar ? '' : trans.__('Ask GPT about this cell…')),
    caption: trans.__('Ask GPT about this cell…'),
    icon: gptIcon,
    // A toolbar asks once, before its cell is the active one; the click makes it so.
    isEnabled: args => args.toolbar === true || which(args) !== null,
    describedBy: { args: CELL_ARGS },
    execute: args =>
      withCell(args, false, attachment => panel.attach(attachment))
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
function resolveCell(
  options: ICellCommandsOptions,
  args: ICellArgs
): ICellRef | null {
  const { tracker } = options;
  if (args.cellId) {
    const path = args.path ?? tracker?.currentWidget?.context.path;
    return path ? { cellId: args.cellId, path } : null;
  }
  // Only the menu may ask: the application remembers a click for ever.
  return args.clicked
    ? (clicked(options)?.ref ?? null)
    : ((tracker && activeCell(tracker)?.ref) ?? null);
}

/** Why there is no chip: shortcuts and other extensions ask without looking whether they may. */
function whyNoCell(options: ICellCommandsOptions, args: ICellArgs): string {
  const { trans } = options;
  return resolveCell(options, args)
    ? trans.__('This cell is not there any more.')
    : trans.__('No notebook is open.');
}

/** The chip of the cell that is meant; one that was clicked on its output brings that output. */
async function attachCell(
  options: ICellCommandsOptions,
  args: ICellArgs,
  whole: boolean
): Promise<IAttachment | null> {
  // Before anything is waited for: another click may come meanwhile.
  const ref = resolveCell(options, args);
  const output = args.clicked ? clicked(options)?.output : null;
  const notebook = await options.notebooks?.load();
  const attachment = ref && notebook?.attach(ref, whole);
  if (attachment && output) {
    attachment.setOption(output, true);
  }
  return attachment ?? null;
}

/** The cell that the context menu was opened on, and the kind of output, if it was on one. */
function clicked(options: ICellCommandsOptions): ICellAt | null {
  const node = options.app.contextMenuHitTest(() => true);
  return node && options.tracker ? cellAt(options.tracker, node) : null;
}
