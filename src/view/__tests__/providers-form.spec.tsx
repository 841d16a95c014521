import { nullTranslator } from '@jupyterlab/translation';
import * as React from 'react';
import { act } from 'react-dom/test-utils';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';
import type {
  ICheckRequest,
  ICheckResult,
  IKeyInfo,
  ILocalServer,
  IPolicy,
  IProviderInfo,
  IProviderPatch
} from '../../protocol/frames';
import { ProvidersForm } from '../providers-form';
import type { IProvidersClient } from '../providers-text';

const trans = nullTranslator.load('jupyterlab_gpt');
const NO_KEY: IKeyInfo = { set: false, last4: null, source: null };

/** The server's side of the routes, in memory: what was saved, and what was asked. */
class Server implements IProvidersClient {
  readonly log: string[] = [];
  down = false;
  accepts = 'sk-right';
  provider: IProviderInfo = {
    id: 'default',
    name: 'OpenAI',
    base_url: 'https://api.openai.com/v1',
    headers: [],
    key: NO_KEY,
    model: null,
    local: false,
    locked: false
  };

  async providers(): Promise<IProviderInfo[]> {
    if (this.down) {
      throw new Error('no server');
    }
    const local = {
      ...this.provider,
      id: 'local',
      name: 'Built-in',
      local: true
    };
    return [{ ...this.provider }, ...this.more, local];
  }
  readonly looks: string[] = [];
  async status(): Promise<{ policy: IPolicy }> {
    return { policy: { local_servers: this.looks } as unknown as IPolicy };
  }
  async discover(): Promise<ILocalServer[]> {
    this.log.push('discover');
    return [];
  }
  refuses = false;
  readonly more: IProviderInfo[] = [];
  async createProvider(patch: IProviderPatch): Promise<IProviderInfo> {
    const { name, base_url } = patch;
    this.log.push(`create ${name} ${base_url}`);
    if (this.refuses) {
      throw new Error('bad address');
    }
    const id = String(name).toLowerCase();
    const made = { ...this.provider, id, name: `${name}`, key: NO_KEY };
    this.more.push({ ...made, base_url: `${base_url}` });
    return made;
  }
  async deleteProvider(id: string): Promise<void> {
    this.log.push(`delete provider ${id}`);
    this.more.splice(0);
  }
  async patchProvider(
    id: string,
    patch: IProviderPatch
  ): Promise<IProviderInfo> {
    this.log.push(`patch ${id} ${JSON.stringify(patch)}`);
    const { base_url, name } = { ...this.provider, ...patch };
    this.provider = {
      ...this.provider,
      base_url: `${base_url}`,
      name: `${name}`
    };
    return this.provider;
  }
  async check(id: string, request: ICheckRequest): Promise<ICheckResult> {
    this.log.push(`check ${id} ${JSON.stringify(request)}`);
    if (request.key === this.accepts) {
      return { ok: true, models: 12, error: null };
    }
    const error = {
      code: 'provider_auth' as const,
      message: 'wrong key',
      detail: { host: 'api.openai.com' },
      retryable: false,
      retry_after: null
    };
    return { ok: false, models: null, error };
  }
  async putKey(id: string, key: string): Promise<void> {
    this.log.push(`put ${id}`);
    const last4 = key.slice(-4);
    this.provider = {
      ...this.provider,
      key: { set: true, last4, source: 'file' }
    };
  }
  async deleteKey(id: string): Promise<void> {
    this.log.push(`delete ${id}`);
    this.provider = { ...this.provider, key: NO_KEY };
  }
}

describe('the fields for address and key', () => {
  let server: Server;
  let host: HTMLElement;
  let root: Root;
  let changes: number;

  const draw = async (): Promise<void> => {
    const client = async () => server;
    await act(async () => {
      root.render(
        <ProvidersForm
          client={client}
          trans={trans}
          onChanged={() => {
            changes += 1;
          }}
        />
      );
    });
  };
  const field = (label: string): HTMLInputElement => {
    const found = Array.from(host.querySelectorAll('label')).find(
      node => node.textContent === label
    );
    return document.getElementById(found!.htmlFor) as HTMLInputElement;
  };
  const type = (label: string, text: string): Promise<void> =>
    typeInto(field(label), text);
  const typeInto = async (
    input: HTMLInputElement,
    text: string
  ): Promise<void> => {
    const setter = Object.getOwnPropertyDescriptor(
      HTMLInputElement.prototype,
      'value'
    )!.set!;
    await act(async () => {
      setter.call(input, text);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
  };
  const button = (name: string): HTMLElement | undefined =>
    Array.from(host.querySelectorAll<HTMLElement>('button, jp-button')).find(
      node => node.textContent === name
    );
  const press = async (name: string): Promise<void> => {
    await act(async () => {
      button(name)!.click();
    });
  };

  beforeEach(() => {
    (
      globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
    ).IS_REACT_ACT_ENVIRONMENT = true;
    server = new Server();
    changes = 0;
    host = document.createElement('div');
    document.body.appendChild(host);
    root = createRoot(host);
  });

  afterEach(async () => {
    await act(async () => root.unmount());
    host.remove();
  });

  it('checks a key, saves it, and never shows it again', async () => {
    await draw();
    expect(host.querySelectorAll('fieldset')).toHaveLength(1);
    const key = field('API key');
    expect(key).toMatchObject({ type: 'password', value: '' });
    await type('API key', 'sk-right');
    await press('Save');
    expect(server.log).toEqual([
      'check default {"key":"sk-right"}',
      'put default'
    ]);
    expect(field('API key').value).toBe('');
    expect(host.innerHTML).not.toContain('sk-right');
    expect(host.textContent).toContain('ends in …ight');
    expect(host.textContent).toContain('with 12 models');
    expect(changes).toBe(1);
  });

  it('tells at once that a key is wrong, and saves it only if told to', async () => {
    await draw();
    await type('API key', 'sk-wrong');
    await press('Save');
    expect(server.log).toEqual(['check default {"key":"sk-wrong"}']);
    expect(host.querySelector('[role=alert]')?.textContent).not.toBe('');
    await press('Save anyway');
    expect(server.log.slice(1)).toEqual(['put default']);
    expect(host.textContent).toContain('Saved, not checked.');
  });

  it('saves the address before the key that belongs to it', async () => {
    await draw();
    await type('Base URL', 'http://127.0.0.1:8000/v1');
    await type('API key', 'sk-right');
    await press('Save');
    expect(server.log.slice(1)).toEqual([
      'patch default {"base_url":"http://127.0.0.1:8000/v1"}',
      'put default'
    ]);
    expect(field('Base URL').value).toBe('http://127.0.0.1:8000/v1');
  });

  it('removes a key', async () => {
    await draw();
    expect(button('Remove key')).toBeUndefined();
    await server.putKey('default', 'sk-abcd');
    await act(async () => root.unmount());
    root = createRoot(host);
    await draw();
    await press('Remove key');
    expect(server.log).toEqual(['put default', 'delete default']);
    expect(host.textContent).toContain('No key is set');
  });

  it('is read-only where the administrator has spoken', async () => {
    server.provider = {
      ...server.provider,
      locked: true,
      key: { set: true, last4: 'wxyz', source: 'administrator' }
    };
    await draw();
    expect(field('Base URL').readOnly).toBe(true);
    expect(field('API key').readOnly).toBe(true);
    expect(button('Save')?.getAttribute('aria-disabled')).toBe('true');
    expect(button('Remove key')).toBeUndefined();
    expect(host.textContent).toContain('Set by your administrator');
  });

  it('says that the server does not answer, and tries again', async () => {
    server.down = true;
    await draw();
    expect(host.querySelector('[role=alert]')).not.toBeNull();
    server.down = false;
    await press('Try again');
    expect(host.querySelectorAll('fieldset')).toHaveLength(1);
  });

  const choose = async (index: number): Promise<void> => {
    const select = host.querySelector('select') as HTMLSelectElement;
    await act(async () => {
      select.value = String(index);
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
  };
  // The first one's fields stand before those of the new one.
  const newField = (label: string): HTMLInputElement => {
    const all = Array.from(host.querySelectorAll('label'));
    const of = all.filter(({ textContent }) => textContent === label).pop();
    return document.getElementById(of!.htmlFor) as HTMLInputElement;
  };

  it('adds a provider of a known kind, and goes on to its key', async () => {
    await draw();
    await press('Add a provider');
    expect(document.activeElement).toBe(host.querySelector('select'));
    await choose(3);
    expect(newField('Name').value).toBe('Ollama');
    expect(newField('Base URL').value).toBe('http://localhost:11434/v1');
    await press('Add');
    expect(server.log).toEqual(['create Ollama http://localhost:11434/v1']);
    expect(host.querySelectorAll('fieldset')).toHaveLength(2);
    expect(document.activeElement).toBe(newField('API key'));
    expect(changes).toBe(1);
  });

  it('asks for name and address of another endpoint', async () => {
    await draw();
    await press('Add a provider');
    await choose(7);
    expect(newField('Name').value).toBe('');
    expect(button('Add')?.getAttribute('aria-disabled')).toBe('true');
    await typeInto(newField('Name'), 'Lab');
    await act(async () => {
      newField('Name').dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })
      );
    });
    expect(server.log).toEqual([]);
  });

  it('keeps what was typed where the server refuses it', async () => {
    await draw();
    await press('Add a provider');
    await typeInto(newField('Name'), 'refused');
    server.refuses = true;
    await press('Add');
    expect(host.querySelector('[role=alert]')?.textContent).not.toBe('');
    expect(newField('Name').value).toBe('refused');
  });

  it('goes back to the button on Escape', async () => {
    await draw();
    await press('Add a provider');
    await act(async () => {
      host
        .querySelector('select')!
        .dispatchEvent(
          new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })
        );
      await new Promise(requestAnimationFrame);
    });
    expect(document.activeElement?.textContent).toBe('Add a provider');
  });

  it('removes a provider after a question, and never the first one', async () => {
    await draw();
    expect(button('Remove provider')).toBeUndefined();
    await press('Add a provider');
    await press('Add');
    await press('Remove provider');
    const dialog = document.querySelector('.jp-Dialog');
    expect(dialog?.textContent).toContain('OpenRouter');
    await act(async () => {
      dialog!.querySelector<HTMLElement>('.jp-mod-accept')!.click();
      await new Promise(resolve => setTimeout(resolve, 50));
    });
    expect(server.log.pop()).toBe('delete provider openrouter');
    expect(host.querySelectorAll('fieldset')).toHaveLength(1);
    // Added once more, its key has the focus again.
    await press('Add a provider');
    await press('Add');
    expect(document.activeElement).toBe(newField('API key'));
  });

  it('adds nothing where the administrator has locked them', async () => {
    server.provider = { ...server.provider, locked: true };
    await draw();
    expect(button('Add a provider')).toBeUndefined();
  });
});
