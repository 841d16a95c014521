import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { commandsPlugin } from './plugins/commands';
import { connectionPlugin } from './plugins/connection';
import { contextPlugin } from './plugins/context';
import { conversationsPlugin } from './plugins/conversations';
import { fixButtonsPlugin } from './plugins/fixbuttons';
import { notebookPlugin } from './plugins/notebook';
import { panelPlugin } from './plugins/panel';
import { providersPlugin } from './plugins/providers';
import { settingsPlugin } from './plugins/settings';
import { spendPlugin } from './plugins/spend';
import { usagePlugin } from './plugins/usage';

export * from './commands';
export * from './lazy';
export * from './tokens';

/**
 * The plugins of JupyterLab GPT.
 */
const plugins: JupyterFrontEndPlugin<unknown>[] = [
  connectionPlugin,
  providersPlugin,
  settingsPlugin,
  notebookPlugin,
  contextPlugin,
  conversationsPlugin,
  panelPlugin,
  commandsPlugin,
  fixButtonsPlugin,
  usagePlugin,
  spendPlugin
];

export default plugins;
