import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { gptIcon } from '../icons';
import { cellAt } from '../notebook/cellat';
import { addFixButtons } from '../notebook/fixrenderer';

/**
 * "Fix error" beside each traceback in a notebook.
 */
export const fixButtonsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-gpt:fix-buttons',
  description: 'Puts a button beside the tracebacks of a notebook.',
  autoStart: true,
  requires: [IRenderMimeRegistry, INotebookTracker],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    registry: IRenderMimeRegistry,
    tracker: INotebookTracker,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_gpt');
    addFixButtons(registry, {
      label: trans.__('Fix error'),
      caption: trans.__('Ask GPT to correct this cell; sends at once'),
      icon: gptIcon,
      onFix: output => {
        const ref = cellAt(tracker, output)?.ref;
        if (ref) {
          void app.commands.execute(CommandIDs.fixError, { ...ref });
        }
      }
    });
  }
};
