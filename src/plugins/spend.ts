import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import type { ServerConnection } from '@jupyterlab/services';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { readRoute } from '../connection/route';
import type { IUsageReport } from '../protocol/frames';
import { IGPTConnection } from './tokens';

// Longest wait in ms for a moment in which the page has nothing else to do.
const IDLE_WITHIN = 5_000;

/**
 * What was spent today, in the status bar. Its code is loaded when something was, or may be because
 * the panel is opened: who asks nothing pays for nothing.
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
    const spent = app.restored
      .then(idle)
      .then(() => spentToday(app.serviceManager.serverSettings));
    Promise.race([spent, connection.socketMade])
      .then(() => import('./spenditem'))
      .then(({ addSpendItem }) =>
        addSpendItem(app, connection, statusBar, trans)
      )
      .catch(reason => {
        console.warn('JupyterLab GPT: no spend in the status bar', reason);
      });
  }
};

/** Resolves if something was spent today, and otherwise never. */
async function spentToday(settings: ServerConnection.ISettings): Promise<void> {
  // Swedes write a day as the wire does.
  const day = new Date().toLocaleDateString('sv');
  const tz = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  const query = { from: day, to: day, tz };
  const { totals } = await readRoute<IUsageReport>(settings, ['usage'], query);
  if (totals.calls === 0) {
    await new Promise(() => undefined);
  }
}

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
