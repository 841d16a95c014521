import { nullTranslator } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { GPTPanel } from '../../view/panel';
import { PanelHost } from '../host';

/** The host knows nothing of its content but how to make it. */
function content(): GPTPanel {
  return Object.assign(new Widget(), {
    focusPrompt: jest.fn()
  }) as unknown as GPTPanel;
}

describe('PanelHost', () => {
  const trans = nullTranslator.load('jupyterlab_gpt');

  it('loads nothing before it is seen', async () => {
    const create = jest.fn(() => Promise.resolve(content()));
    const host = new PanelHost({ trans, create });
    host.hide();
    Widget.attach(host, document.body);
    expect(create).not.toHaveBeenCalled();
    expect(host.node.querySelector('[role=status]')).not.toBeNull();
    host.show();
    expect(create).toHaveBeenCalledTimes(1);
    await host.load();
    host.dispose();
  });

  it('is the landmark with its name', () => {
    const host = new PanelHost({ trans, create: async () => content() });
    expect(host.node.getAttribute('role')).toBe('complementary');
    expect(host.node.getAttribute('aria-label')).toBe('GPT chat');
    host.dispose();
  });

  it('loads once, whoever asks', async () => {
    const create = jest.fn(() => Promise.resolve(content()));
    const host = new PanelHost({ trans, create });
    const [one, two] = await Promise.all([host.load(), host.load()]);
    expect(one).toBe(two);
    expect(create).toHaveBeenCalledTimes(1);
    expect(host.node.querySelector('[role=status]')).toBeNull();
    host.dispose();
  });

  it('gives the focus to the prompt, but takes it from nobody', async () => {
    const made = content();
    const key = document.createElement('input');
    made.node.appendChild(key);
    const host = new PanelHost({ trans, create: async () => made });
    Widget.attach(host, document.body);
    await host.load();
    MessageLoop.sendMessage(host, Widget.Msg.ActivateRequest);
    await host.load();
    expect(made.focusPrompt).toHaveBeenCalledTimes(1);
    key.focus();
    MessageLoop.sendMessage(host, Widget.Msg.ActivateRequest);
    await host.load();
    expect(made.focusPrompt).toHaveBeenCalledTimes(1);
    expect(document.activeElement).toBe(key);
    host.dispose();
  });

  it('says that it could not be loaded, and tries again', async () => {
    const log = jest
      .spyOn(console, 'error')
      .mockImplementation(() => undefined);
    let away = true;
    const host = new PanelHost({
      trans,
      create: async () => {
        if (away) {
          throw new Error('no chunk');
        }
        return content();
      }
    });
    await expect(host.load()).rejects.toThrow('no chunk');
    const button = host.node.querySelector('button');
    expect(button?.textContent).toBe('Retry');
    away = false;
    button?.click();
    await host.load();
    expect(host.node.querySelector('button')).toBeNull();
    expect(log).toHaveBeenCalledTimes(1);
    log.mockRestore();
    host.dispose();
  });
});
