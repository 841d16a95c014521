import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IStatusBar } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { readRoute } from '../connection/route';
import { TodayModel } from '../model/usage-today';
import { SpendItem } from '../view/usage-status';
import type { IGPTConnection } from './tokens';

/**
 * Add what was spent today to the status bar.
 */
export async function addSpendItem(
  app: JupyterFrontEnd,
  connection: IGPTConnection,
  statusBar: IStatusBar,
  trans: TranslationBundle
): Promise<void> {
  const { serverSettings } = app.serviceManager;
  const model = new TodayModel({
    client: {
      usage: query => readRoute(serverSettings, ['usage'], { ...query }),
      budget: () => readRoute(serverSettings, ['budget'])
    }
  });
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
  item.disposed.connect(() => model.dispose());
  // The socket is the panel's: without it there is nothing to be told.
  void connection.socketMade.then(socket =>
    socket.frame.connect((_, frame) => model.onFrame(frame))
  );
  await model.refresh();
}
