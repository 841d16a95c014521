import type { ILocalModelState } from '../../protocol/frames';
import { Bench, until } from './bench';

const LOCAL: ILocalModelState = {
  state: 'missing',
  model: 'small',
  label: 'Small, runs on this computer, free, often wrong',
  licence: 'Apache-2.0',
  source: 'example.org',
  bytes_total: 400_000_000,
  bytes_done: 0,
  error: null
};

describe('first run', () => {
  let bench: Bench;

  afterEach(() => bench.close());

  const open = async (routes: Record<string, unknown>): Promise<void> => {
    bench = await Bench.open({
      'GET status': {
        provider: 'default',
        model: null,
        needs_setup: true,
        policy: { disabled_features: [] }
      },
      'GET local-model': LOCAL,
      ...routes
    });
    await until(() => bench.node.textContent?.includes('Small, runs') ?? false);
  };

  it('says at once that a key is wrong, and keeps it in its box', async () => {
    await open({
      'POST providers/default/check': {
        ok: false,
        models: null,
        error: {
          code: 'provider_auth',
          message: '',
          detail: null,
          retryable: false,
          retry_after: null
        }
      }
    });
    const field = bench.find('[aria-label="API key"]') as HTMLInputElement;
    expect(field.type).toBe('password');
    field.value = 'sk-wrong';
    await bench.press('Save');
    await until(() => bench.find('[role=alert]') !== null);
    expect(field.value).toBe('sk-wrong');
    expect(
      bench.server.requests.some(request => request.method === 'PUT')
    ).toBe(false);
  });

  it('names source and size, shows the download and stops it', async () => {
    await open({
      'POST local-model': {
        ...LOCAL,
        state: 'fetching',
        bytes_done: 100_000_000
      },
      'DELETE local-model': {
        ...LOCAL,
        state: 'stopped',
        bytes_done: 100_000_000
      }
    });
    expect(bench.node.textContent).toContain('400 MB');
    expect(bench.node.textContent).toContain('example.org');
    await bench.press('Download');
    await until(() => bench.find('[role=progressbar]') !== null);
    expect(
      bench.find('[role=progressbar]')?.getAttribute('aria-valuenow')
    ).toBe('25');
    await bench.press('Stop the download');
    await until(() => bench.buttons('Go on with the download').length === 1);
  });

  it('says what to do where the runtime is missing', async () => {
    await open({ 'GET local-model': { ...LOCAL, state: 'unavailable' } });
    expect(bench.node.textContent).toContain('pip install');
  });
});
