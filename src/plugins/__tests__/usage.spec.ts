import { JupyterLab, LabShell, LayoutRestorer } from '@jupyterlab/application';
import type { MainAreaWidget } from '@jupyterlab/apputils';
import { ServiceManagerMock } from '@jupyterlab/services/lib/testutils';
import type { IStatusBar } from '@jupyterlab/statusbar';
import { StateDB } from '@jupyterlab/statedb';
import { PromiseDelegate } from '@lumino/coreutils';
import { DisposableDelegate } from '@lumino/disposable';
import { CommandIDs } from '../../commands';
import { TestServer } from '../../connection/__tests__/server';
import { GPTClient } from '../../connection/rest';
import { GPTSocket } from '../../connection/socket';
import { BUDGET, model, reportOf } from '../../view/__tests__/usage-fixture';
import type { UsageView } from '../../view/usage';
import { spendPlugin } from '../spend';
import type { IGPTConnection } from '../tokens';
import { usagePlugin } from '../usage';

describe('money in the shell', () => {
  let app: JupyterLab;
  let server: TestServer;
  let socket: GPTSocket;
  let made: PromiseDelegate<GPTSocket>;
  let connection: IGPTConnection;

  const until = async (done: () => boolean): Promise<void> => {
    for (let round = 0; round < 200 && !done(); round += 1) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    expect(done()).toBe(true);
  };
  const asked = (): string[] =>
    server.requests.map(({ url }) => url.replace(/^.*\/api\/|\?.*$/g, ''));

  beforeEach(async () => {
    server = new TestServer();
    await server.start();
    server.respond = ({ url }) => [
      200,
      url.includes('budget')
        ? BUDGET
        : reportOf({ '2026-11-22': [model('m', '0.12')] })
    ];
    const serverSettings = server.settings;
    const client = new GPTClient({ serverSettings });
    socket = new GPTSocket({ serverSettings });
    made = new PromiseDelegate();
    connection = {
      client: async () => client,
      socket: async () => socket,
      socketMade: made.promise,
      isOff: () => false
    };
    app = new JupyterLab({
      shell: new LabShell(),
      serviceManager: Object.assign(new ServiceManagerMock(), {
        serverSettings
      })
    } as ConstructorParameters<typeof JupyterLab>[0]);
    const restorer = new LayoutRestorer({
      connector: new StateDB(),
      first: Promise.resolve(),
      registry: app.commands
    });
    void app.shell.restoreLayout('multiple-document', restorer);
    await app.shell.restored;
  });

  afterEach(async () => {
    app.shell.dispose();
    socket.dispose();
    await server.stop();
  });

  const activateUsage = (shell: LabShell | null): void => {
    const { activate } = usagePlugin;
    void activate(app, connection, null, null, shell, null, null);
  };
  const tabs = (): MainAreaWidget<UsageView>[] =>
    [...app.shell.widgets('main')] as MainAreaWidget<UsageView>[];

  it('opens one tab, and again after it was closed', async () => {
    activateUsage(app.shell as LabShell);
    await app.commands.execute(CommandIDs.usage);
    await app.commands.execute(CommandIDs.usage);
    expect(tabs()).toHaveLength(1);
    expect(tabs()[0].title.label).toBe('GPT usage');
    const first = tabs()[0];
    first.dispose();
    expect(first.content.model.isDisposed).toBe(true);
    await app.commands.execute(CommandIDs.usage);
    expect(tabs()).toHaveLength(1);
    // The socket is not connected for it: the panel does that.
    expect(socket.state).toBe('idle');
    const { args } = await app.commands.describedBy(CommandIDs.usage);
    expect(args).toMatchObject({ type: 'object' });
  });

  it('is hidden where there are no tabs', () => {
    activateUsage(null);
    expect(app.commands.isVisible(CommandIDs.usage)).toBe(false);
    expect(app.commands.isEnabled(CommandIDs.usage)).toBe(false);
  });

  const activateSpend = (): IStatusBar.IItem[] => {
    const items: IStatusBar.IItem[] = [];
    const statusBar: IStatusBar = {
      registerStatusItem: (_, item) => {
        items.push(item);
        return new DisposableDelegate(() => item.item.dispose());
      }
    };
    Object.defineProperty(app, 'restored', { value: Promise.resolve() });
    Object.assign(window, {
      requestIdleCallback: (run: () => void) => setTimeout(run, 0)
    });
    void spendPlugin.activate(app, connection, statusBar, null);
    return items;
  };

  it('shows the day in the status bar once the page is idle', async () => {
    const items = activateSpend();
    expect(server.requests).toHaveLength(0);
    await until(() => items[0]?.isActive?.() === true);
    await until(() => server.requests.length === 3);
    expect(asked()).toEqual(['usage', 'usage', 'budget']);
    expect(items[0].item.node.textContent).toBe('GPT $0.12 today');
    expect(socket.state).toBe('idle');
    items[0].item.dispose();
  });

  it('shows nothing before the panel is opened where nothing was spent', async () => {
    server.respond = () => [200, reportOf({})];
    const items = activateSpend();
    await until(() => server.requests.length === 1);
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(items).toHaveLength(0);
    made.resolve(socket);
    await until(() => items.length === 1);
    expect(items[0].isActive?.()).toBe(false);
    items[0].item.dispose();
  });

  it('has nothing to do without a status bar', () => {
    void spendPlugin.activate(app, connection, null, null);
    expect(server.requests).toHaveLength(0);
  });
});
