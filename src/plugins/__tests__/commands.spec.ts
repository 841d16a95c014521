import { JupyterLab, LabShell, LayoutRestorer } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import { ServiceManagerMock } from '@jupyterlab/services/lib/testutils';
import { StateDB } from '@jupyterlab/statedb';
import { DisposableDelegate } from '@lumino/disposable';
import { Widget } from '@lumino/widgets';
import { CommandIDs } from '../../commands';
import { Bench, codeModel } from '../../notebook/__tests__/utils';
import type { IAttachment, IGPTPanel } from '../../tokens';
import { commandsPlugin } from '../commands';
import type { IGPTModels } from '../tokens';

const PATH = 'a.ipynb';

/** Writes down what it is asked for. */
class Panel implements IGPTPanel {
  readonly log: string[] = [];
  attached: IAttachment | null = null;
  async open(): Promise<void> {
    this.log.push('open');
  }
  async complain(reason: string): Promise<void> {
    this.log.push(`complain ${reason}`);
  }
  async attach(attachment: IAttachment): Promise<void> {
    this.log.push(`attach ${attachment.id}`);
    this.attached = attachment;
  }
  async ask(prompt: string, attachment: IAttachment): Promise<void> {
    this.log.push(`ask ${attachment.id}: ${prompt.slice(0, 16)}`);
  }
  async newConversation(): Promise<void> {
    this.log.push('new');
  }
  async showConversations(): Promise<void> {
    this.log.push('list');
  }
  stop(): boolean {
    this.log.push('stop');
    return true;
  }
  async insertLastAnswer(): Promise<void> {
    this.log.push('insert');
  }
}

describe('the commands', () => {
  let app: JupyterLab;
  let bench: Bench;
  let panel: Panel;
  let offered: string[];

  const activate = (): void => {
    const models: IGPTModels = {
      loaded: null,
      load: () => Promise.reject(new Error('not in this test'))
    };
    const palette: ICommandPalette = {
      placeholder: '',
      activate: () => undefined,
      addItem: ({ command }) => {
        offered.push(command);
        return new DisposableDelegate(() => undefined);
      }
    };
    commandsPlugin.activate(
      app,
      panel,
      models,
      { loaded: bench.notebook, load: async () => bench.notebook },
      bench.tracker,
      palette,
      app.shell,
      null
    );
  };

  const rightClick = (node: Element): void => {
    node.addEventListener('contextmenu', event => app.handleEvent(event), {
      once: true
    });
    node.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true }));
  };

  beforeEach(() => {
    app = new JupyterLab({
      shell: new LabShell(),
      serviceManager: new ServiceManagerMock()
    } as ConstructorParameters<typeof JupyterLab>[0]);
    bench = new Bench();
    panel = new Panel();
    offered = [];
    activate();
  });

  afterEach(() => {
    bench.dispose();
    app.shell.dispose();
  });

  it('are all in the palette, and say what they take', async () => {
    expect(new Set(offered).size).toBe(offered.length);
    expect(offered).toHaveLength(14);
    for (const command of offered) {
      expect(app.commands.label(command, { isPalette: true })).not.toBe('');
      const { args } = await app.commands.describedBy(command);
      expect(args).toMatchObject({ type: 'object' });
    }
  });

  it('on a cell are off without one', async () => {
    const { commands } = app;
    for (const id of [
      CommandIDs.askAboutCell,
      CommandIDs.explainCell,
      CommandIDs.fixError,
      CommandIDs.askAboutFile,
      CommandIDs.insertAnswer,
      CommandIDs.undoInsert,
      CommandIDs.stop
    ]) {
      expect(commands.isEnabled(id)).toBe(false);
    }
    expect(commands.isEnabled(CommandIDs.open)).toBe(true);
    expect(commands.isEnabled(CommandIDs.settings)).toBe(false);
  });

  it('on a cell say why there is none', async () => {
    const { commands } = app;
    await commands.execute(CommandIDs.askAboutCell);
    await bench.open(PATH);
    const nowhere = { cellId: 'nowhere', path: PATH };
    await commands.execute(CommandIDs.askAboutCell, nowhere);
    await commands.execute(CommandIDs.explainCell, nowhere);
    expect(panel.log).toEqual([
      'complain No notebook is open.',
      'complain This cell is not there any more.',
      'complain This cell is not there any more.'
    ]);
  });

  it('mean the active cell by key and palette', async () => {
    const { commands } = app;
    const widget = await bench.open(PATH);
    await commands.execute(CommandIDs.askAboutCell);
    await commands.execute(CommandIDs.explainCell);
    expect(commands.isEnabled(CommandIDs.fixError)).toBe(false);
    widget.content.activeCellIndex = 2;
    expect(commands.isEnabled(CommandIDs.fixError)).toBe(true);
    await commands.execute(CommandIDs.fixError);
    expect(panel.log).toEqual([
      'attach cell:a.ipynb#first',
      'ask cell:a.ipynb#first: Explain what thi',
      'ask cell:a.ipynb#failed: This cell failed'
    ]);
  });

  it('mean the clicked cell in the context menu', async () => {
    const { commands } = app;
    const widget = await bench.open(PATH);
    rightClick(widget.content.widgets[2].node.querySelector('*')!);
    const args = { clicked: true };
    expect(commands.isEnabled(CommandIDs.fixError, args)).toBe(true);
    expect(commands.isVisible(CommandIDs.fixError, args)).toBe(true);
    await commands.execute(CommandIDs.askAboutCell, args);
    await commands.execute(CommandIDs.askAboutCell);
    expect(panel.log).toEqual([
      'attach cell:a.ipynb#failed',
      'attach cell:a.ipynb#first'
    ]);
    codeModel(widget, 2).clearExecution();
    expect(commands.isVisible(CommandIDs.fixError, args)).toBe(false);
  });

  it('bring the output that was clicked', async () => {
    bench.defaults = { code: true, error: false, output: false };
    const widget = await bench.open(PATH);
    const sent = async (index: number, selector: string) => {
      const { node } = widget.content.widgets[index];
      rightClick(node.querySelector(selector)!);
      await app.commands.execute(CommandIDs.askAboutCell, { clicked: true });
      return panel.attached?.parts().map(({ type }) => type);
    };
    expect(await sent(0, '.jp-InputPrompt')).toEqual(['cell']);
    expect(await sent(0, '.jp-OutputArea-output')).toEqual(['cell', 'output']);
    expect(await sent(2, '.jp-Editor')).toEqual(['cell']);
    expect(await sent(2, '.jp-OutputArea-output')).toEqual(['cell', 'error']);
  });

  it('mean the cell that is named', async () => {
    await bench.open(PATH);
    await app.commands.execute(CommandIDs.explainCell, {
      cellId: 'prose',
      path: PATH
    });
    expect(panel.log[0]).toContain('cell:a.ipynb#prose');
  });

  it('show as an icon in a toolbar, with a name', () => {
    const args = { toolbar: true };
    const { commands } = app;
    expect(commands.label(CommandIDs.askAboutCell, args)).toBe('');
    expect(commands.caption(CommandIDs.askAboutCell, args)).toBe(
      'Ask GPT about this cell…'
    );
    expect(commands.isEnabled(CommandIDs.askAboutCell, args)).toBe(true);
  });

  it('take an insert back', async () => {
    const widget = await bench.open(PATH);
    await bench.notebook.insert({ cellId: 'first', path: PATH }, 'below', [
      { kind: 'code', source: 'x', language: '' }
    ]);
    expect(app.commands.isEnabled(CommandIDs.undoInsert)).toBe(true);
    await app.commands.execute(CommandIDs.undoInsert);
    expect(widget.content.widgets).toHaveLength(3);
    expect(app.commands.isEnabled(CommandIDs.undoInsert)).toBe(false);
  });

  it('move the panel to the main area and back', async () => {
    // Until its layout is restored the shell only notes what is added.
    const restorer = new LayoutRestorer({
      connector: new StateDB(),
      first: Promise.resolve(),
      registry: app.commands
    });
    void app.shell.restoreLayout('multiple-document', restorer);
    await app.shell.restored;
    const widget = new Widget();
    widget.id = 'jupyterlab-gpt-panel';
    widget.title.caption = 'GPT chat';
    app.shell.add(widget, 'right');
    const label = () => app.commands.label(CommandIDs.togglePlace);
    expect(label()).toBe('Move the GPT Chat to the Main Area');
    await app.commands.execute(CommandIDs.togglePlace);
    expect([...app.shell.widgets('main')].map(({ id }) => id)).toEqual([
      widget.id
    ]);
    expect(widget.title.label).toBe('GPT chat');
    expect(label()).toBe('Move the GPT Chat to the Sidebar');
    await app.commands.execute(CommandIDs.togglePlace);
    expect([...app.shell.widgets('right')].map(({ id }) => id)).toEqual([
      widget.id
    ]);
    expect(panel.log).toEqual(['open', 'open']);
  });

  it('open the settings editor at our page', async () => {
    const execute = jest.fn();
    app.commands.addCommand('settingeditor:open', { execute });
    await app.commands.execute(CommandIDs.settings);
    expect(execute).toHaveBeenCalledWith({ query: 'JupyterLab GPT' });
  });
});
