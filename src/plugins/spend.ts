import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { IGPTConnection } from './tokens';

// Longest wait in ms for a moment in which the page has nothing else to do.
const IDLE_WITHIN = 5_000;

/**
 * What was spent today, in the status bar.
 */
export const spendPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-gpt:spend',
  description: 'Shows in the status bar what was spent today.',
  autoStart: true,
  requires: [IGPTConnection],
  optional: [IStatusBar, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    connection: IGPTConnection,
    statusBar: IStatusBar | null,
    translator: ITranslator | null
  ): void => {
    if (!statusBar) {
      return;
    }
    const trans = (translator ?? nullTranslator).load('jupyterlab_gpt');
    app.restored
      .then(idle)
      .then(() => addItem(app, connection, statusBar, trans))
      .catch(reason => {
        console.warn('JupyterLab GPT: no spend in the status bar', reason);
      });
  }
};

/** A moment in which the page has nothing else to do. */
function idle(): Promise<void> {
  return new Promise(resolve => {
    if (typeof requestIdleCallback === 'undefined') {
      setTimeout(resolve, IDLE_WITHIN);
    } else {
      requestIdleCallback(() => resolve(), { timeout: IDLE_WITHIN });
    }
  });
}

async function addItem(
  app: JupyterFrontEnd,
  connection: IGPTConnection,
  statusBar: IStatusBar,
  trans: TranslationBundle
): Promise<void> {
  const [{ SpendItem }, { TodayModel }, client, socket] = await Promise.all([
    import('../view/usage-status'),
    import('../model/usage-today'),
    connection.client(),
    connection.socket()
  ]);
  const model = new TodayModel({ client });
  const item = new SpendItem({
    model,
    onClick: () => void app.commands.execute(CommandIDs.usage),
    trans
  });
  statusBar.registerStatusItem('jupyterlab-gpt:spend', {
    item,
    align: 'right',
    // Beside the kernel's own figures, and no further to the middle.
    rank: 100,
    isActive: () => item.isActive,
    activeStateChanged: model.changed
  });
  // The socket is the panel's: it is not connected before the panel is opened.
  const onFrame: Parameters<typeof socket.frame.connect>[0] = (_, frame) =>
    model.onFrame(frame);
  socket.frame.connect(onFrame);
  item.disposed.connect(() => {
    socket.frame.disconnect(onFrame);
    model.dispose();
  });
  await model.refresh();
}
