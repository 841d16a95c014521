import { nullTranslator } from '@jupyterlab/translation';
import * as React from 'react';
import { act } from 'react-dom/test-utils';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';
import type {
  ICheckRequest,
  ICheckResult,
  IKeyInfo,
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
    return [{ ...this.provider }, local];
  }
  async patchProvider(
    id: string,
    patch: IProviderPatch
  ): Promise<IProviderInfo> {
    this.log.push(`patch ${id} ${patch.base_url}`);
    this.provider = { ...this.provider, base_url: patch.base_url ?? '' };
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
  const type = async (label: string, text: string): Promise<void> => {
    const input = field(label);
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
      'patch default http://127.0.0.1:8000/v1',
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
});
