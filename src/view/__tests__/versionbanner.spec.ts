import { VERSION } from '../../version';
import { Bench, until } from './bench';

const WORDS = /This page has version .* the server 99\.0\.0/;

describe('versions of page and server', () => {
  let bench: Bench;

  afterEach(() => bench.close());

  const open = async (version: string): Promise<void> => {
    bench = await Bench.open({
      'GET status': {
        version,
        provider: 'default',
        model: 'm-default',
        needs_setup: false,
        policy: { disabled_features: [] }
      }
    });
    await until(() => bench.page.models.setup.status !== null);
  };

  it('says that they differ, what to do, and goes away', async () => {
    await open('99.0.0');
    await until(() => WORDS.test(bench.node.textContent ?? ''));
    expect(bench.node.textContent).toContain(VERSION);
    expect(bench.buttons('Reload the page')).toHaveLength(1);
    await bench.press('Dismiss');
    await until(() => !WORDS.test(bench.node.textContent ?? ''));
    expect(document.activeElement).toBe(bench.box);
  });

  it('says nothing where they are the same', async () => {
    await open(VERSION);
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(bench.node.textContent).not.toContain('This page has version');
  });
});
