import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { gptIcon } from '../icons';
import type { IGPTSettings } from '../tokens';
import type { UsageView } from '../view/usage';
import { createUsage } from '../view/usage';
import type { IGPTConnection } from './tokens';

/** The Usage view in its tab. */
export type UsageTab = MainAreaWidget<UsageView>;

/**
 * Make the view and put it into a tab.
 */
export async function createTab(
  connection: IGPTConnection,
  settings: IGPTSettings | null,
  trans: TranslationBundle
): Promise<UsageTab> {
  const [client, socket] = await Promise.all([
    connection.client(),
    connection.socket()
  ]);
  const content = createUsage({ client, settings, trans });
  const { model } = content;
  // The panel connects the socket; until then there is nothing to be told.
  const onFrame: Parameters<typeof socket.frame.connect>[0] = (_, frame) =>
    model.onFrame(frame);
  socket.frame.connect(onFrame);
  content.disposed.connect(() => socket.frame.disconnect(onFrame));
  const tab = new MainAreaWidget({ content });
  tab.id = 'jupyterlab-gpt-usage';
  tab.title.label = trans.__('GPT usage');
  tab.title.icon = gptIcon;
  tab.title.closable = true;
  return tab;
}
