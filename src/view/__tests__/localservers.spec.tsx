import { nullTranslator } from '@jupyterlab/translation';
import * as React from 'react';
import { act } from 'react-dom/test-utils';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';
import { isSameServer } from '../../model/localservers';
import type { ILocalServer } from '../../protocol/frames';
import { LocalServers } from '../localservers';

const trans = nullTranslator.load('jupyterlab_gpt');
const OLLAMA: ILocalServer = {
  name: 'Ollama',
  base_url: 'http://127.0.0.1:11434/v1',
  models: ['qwen3:4b', 'gemma3:1b']
};
const STUDIO: ILocalServer = {
  name: 'LM Studio',
  base_url: 'http://127.0.0.1:1234/v1',
  models: []
};

describe('the look for local servers', () => {
  let host: HTMLElement;
  let root: Root;
  let looks: number;
  let answer: (servers: ILocalServer[]) => void;
  let refuse: (reason: unknown) => void;
  let added: string[];
  let needsModel: boolean;

  const draw = async (): Promise<void> => {
    await act(async () => {
      root.render(
        <LocalServers
          look={() => {
            looks += 1;
            return new Promise((resolve, reject) => {
              answer = resolve;
              refuse = reject;
            });
          }}
          isAdded={({ name }) => added.includes(name)}
          onAdd={async ({ name }) => {
            if (name === 'refused') {
              throw new Error('At most 32 providers');
            }
            added.push(name);
            await draw();
          }}
          addresses={['http://127.0.0.1:11434/v1', 'http://127.0.0.1:1234/v1']}
          needsModel={needsModel}
          verb={name => ({ text: 'Add', name: `Add ${name}` })}
          trans={trans}
        />
      );
    });
  };
  const nameOf = (button: Element): string =>
    button.getAttribute('aria-label') ?? button.textContent ?? '';
  const buttons = (): HTMLElement[] => [...host.querySelectorAll('button')];
  const press = (name: string): Promise<void> =>
    act(async () => {
      const button = buttons().find(one => nameOf(one) === name)!;
      button.focus();
      button.click();
    });
  const find = async (servers: ILocalServer[]): Promise<void> => {
    await press('Look for local servers');
    await act(async () => answer(servers));
  };
  const text = (role: string): string =>
    host.querySelector(`[role=${role}]`)?.textContent ?? '';

  beforeEach(async () => {
    (
      globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
    ).IS_REACT_ACT_ENVIRONMENT = true;
    looks = 0;
    added = [];
    needsModel = false;
    host = document.createElement('div');
    document.body.appendChild(host);
    root = createRoot(host);
    await draw();
  });

  afterEach(async () => {
    await act(async () => root.unmount());
    host.remove();
  });

  it('asks nobody before the click, and only once while it looks', async () => {
    expect(looks).toBe(0);
    await press('Look for local servers');
    expect(text('status')).toContain('Looking');
    await press('Looking…');
    expect(looks).toBe(1);
    // The same button: the focus stays on it.
    expect(document.activeElement).toBe(buttons()[0]);
  });

  it('lists what answers, and the hand goes from one to the next', async () => {
    await find([OLLAMA, STUDIO]);
    expect(text('status')).toBe('2 servers answer.');
    const rows = [...host.querySelectorAll('li')].map(row => row.textContent);
    expect(rows[0]).toContain('127.0.0.1:11434');
    expect(rows[0]).not.toContain('http');
    expect(rows[0]).toContain('2 models');
    expect(rows[1]).toContain('no model yet');
    expect(nameOf(document.activeElement!)).toBe('Add Ollama');
    await press('Add Ollama');
    expect(added).toEqual(['Ollama']);
    expect(host.querySelector('li')?.textContent).toContain('Added');
    expect(text('status')).toContain('Ollama is added');
    expect(nameOf(document.activeElement!)).toBe('Add LM Studio');
    await press('Add LM Studio');
    expect(nameOf(document.activeElement!)).toBe('Look again');
  });

  it('leaves the focus to who has gone elsewhere', async () => {
    const elsewhere = document.createElement('input');
    document.body.appendChild(elsewhere);
    await press('Look for local servers');
    elsewhere.focus();
    await act(async () => answer([OLLAMA]));
    expect(document.activeElement).toBe(elsewhere);
    elsewhere.remove();
  });

  it('says what to do where nobody answers', async () => {
    await find([]);
    expect(text('status')).toBe('No server answers.');
    expect(host.textContent).toContain('ollama serve');
    expect(host.textContent).toContain('127.0.0.1:11434, 127.0.0.1:1234');
    expect(nameOf(document.activeElement!)).toBe('Look again');
  });

  it('says why it could not look, or add', async () => {
    await press('Look for local servers');
    await act(async () => refuse(new Error('the server is gone')));
    expect(text('alert')).not.toBe('');
    expect(text('status')).toBe('');
    expect(host.textContent).not.toContain('ollama serve');

    await press('Look again');
    expect(text('alert')).toBe('');
    await act(async () => answer([{ ...OLLAMA, name: 'refused' }]));
    await press('Add refused');
    expect(text('alert')).not.toBe('');
    expect(nameOf(document.activeElement!)).toBe('Add refused');
  });

  it('does not offer one without a model where a model is needed', async () => {
    needsModel = true;
    await draw();
    await find([STUDIO]);
    await press('Add LM Studio');
    expect(added).toEqual([]);
  });
});

describe('two addresses', () => {
  it.each([
    ['http://localhost:11434/v1', 'http://127.0.0.1:11434/v1', true],
    ['http://[::1]:11434/v1/', 'http://localhost:11434/v1', true],
    ['http://localhost:11434/v1', 'http://localhost:1234/v1', false],
    ['http://localhost:8000/v1', 'https://localhost:8000/v1', false],
    ['http://example.org:8000/v1', 'http://localhost:8000/v1', false],
    ['http://localhost:8000/a/v1', 'http://localhost:8000/v1', false],
    ['', 'http://localhost:8000/v1', false]
  ])('%s and %s', (one, other, same) => {
    expect(isSameServer(one, other)).toBe(same);
  });
});
