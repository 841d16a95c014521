import { nullTranslator } from '@jupyterlab/translation';
import * as React from 'react';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';
import { act } from 'react-dom/test-utils';
import type { IPolicy, IStatusInfo } from '../../protocol/frames';
import { PolicyList } from '../policy-list';

const trans = nullTranslator.load('jupyterlab_gpt');

const NOTHING: IPolicy = {
  locked: false,
  monthly_cap_usd: null,
  allowed_models: [],
  allowed_base_urls: [],
  disabled_features: [],
  local_servers: [],
  system_prompt: '',
  retention_days: 0,
  turns_per_minute: 30,
  set_by_administrator: []
};

describe('what the administrator set, in the settings editor', () => {
  let host: HTMLElement;
  let root: Root;

  const draw = async (policy: Partial<IPolicy>): Promise<string[][]> => {
    const status = { policy: { ...NOTHING, ...policy } } as IStatusInfo;
    const client = async () => ({ status: async () => status });
    await act(async () =>
      root.render(<PolicyList client={client} trans={trans} />)
    );
    const texts = (tag: string): string[] =>
      Array.from(host.querySelectorAll(tag)).map(node => node.textContent!);
    const values = texts('dd');
    return texts('dt').map((name, at) => [name, values[at]]);
  };

  beforeEach(() => {
    (
      globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
    ).IS_REACT_ACT_ENVIRONMENT = true;
    host = document.createElement('div');
    root = createRoot(host);
  });

  afterEach(async () => {
    await act(async () => root.unmount());
  });

  it('is nothing', async () => {
    expect(await draw({})).toEqual([]);
    expect(host.textContent).toContain('Nothing.');
  });

  it('is read with its values, and nothing of it can be changed', async () => {
    const rows = await draw({
      locked: true,
      monthly_cap_usd: '5',
      allowed_models: ['gpt-6-*', 'o5'],
      disabled_features: ['variables', 'images', 'telepathy'],
      local_servers: [],
      system_prompt: 'Be kind.',
      retention_days: 90,
      turns_per_minute: 0,
      set_by_administrator: [
        'locked',
        'monthly_cap_usd',
        'allowed_models',
        'disabled_features',
        'local_servers',
        'system_prompt',
        'retention_days',
        'turns_per_minute',
        'something_new'
      ]
    });
    expect(rows).toEqual([
      ['Provider and key', 'Cannot be changed by users.'],
      ['Allowed models', 'gpt-6-*, o5'],
      ['System prompt, first', 'Be kind.'],
      ['Limit for a month', '$5.00'],
      ['Switched off', 'variables, images, telepathy'],
      ['Local servers are looked for at', 'No address'],
      ['Conversations are deleted', '90 days after their last change'],
      ['Questions in a minute', 'No limit']
    ]);
    expect(host.querySelectorAll('input, button, select')).toHaveLength(0);
  });
});
