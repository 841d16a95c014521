import { createMarkdownParser } from '@jupyterlab/markedparser-extension';
import { EditorLanguageRegistry } from '@jupyterlab/codemirror';
import {
  renderMarkdown,
  standardRendererFactories,
  RenderMimeRegistry
} from '@jupyterlab/rendermime';
import { readFileSync } from 'fs';
import { join } from 'path';
import { cellText } from '../celltext';
import { coarse, isHarmless, makeHarmless } from '../harmless';

/** The server's export writes the same; its tests read these cases too. */
const CASES = JSON.parse(
  readFileSync(join(__dirname, '../../../tests/celltext.json'), 'utf8')
) as {
  readonly shown: readonly (readonly [string, string])[];
  readonly disarmed: readonly (readonly [string, string])[];
};

const registry = new RenderMimeRegistry({
  initialFactories: standardRendererFactories
});
let ran: string[] = [];
const parser = createMarkdownParser(new EditorLanguageRegistry(), {
  blocks: [
    {
      languages: ['mermaid'],
      rank: 0,
      walk: async text => {
        ran.push(text);
      },
      render: text => `<p>ran ${text}</p>`
    }
  ]
});

/** What the stock renderer makes of a Markdown cell. */
async function render(source: string): Promise<HTMLElement> {
  const host = document.createElement('div');
  await renderMarkdown({
    host,
    source,
    trusted: false,
    sanitizer: registry.sanitizer,
    resolver: null,
    linkHandler: null,
    shouldTypeset: false,
    latexTypesetter: null,
    markdownParser: parser
  });
  return host;
}

/** What loads, runs or styles; the spans are the ones around dollars. */
const ACTS =
  'img, svg, video, audio, iframe, style, form, button, input, object, embed, link, [style], [onmouseover]';

async function expectNothing(source: string): Promise<void> {
  const host = await render(source);
  expect(host.querySelectorAll(ACTS)).toHaveLength(0);
  expect(ran).toEqual([]);
}

describe('makeHarmless', () => {
  beforeEach(() => {
    ran = [];
  });

  it.each(CASES.disarmed)('%j', async (attack, wanted) => {
    expect(cellText(attack)).toBe(wanted);
    // The export writes what is wanted; the insert, if that is not enough, something coarser.
    for (const text of [wanted, makeHarmless(attack)]) {
      await expectNothing(text);
    }
    expect(isHarmless(makeHarmless(attack))).toBe(true);
  });

  it('the attacks are ones: with the stock renderer most of them act', async () => {
    let acting = 0;
    for (const [attack] of CASES.disarmed) {
      const host = await render(attack);
      acting += ran.length || host.querySelector(ACTS) ? 1 : 0;
      ran = [];
    }
    expect(acting).toBeGreaterThan(40);
  });

  it.each(CASES.shown)('shows %j', (source, wanted) => {
    expect(makeHarmless(source)).toBe(wanted);
  });

  it('leaves nothing with the coarse rewriting either', async () => {
    for (const [attack] of CASES.disarmed) {
      await expectNothing(coarse(attack));
    }
  });

  it('keeps what it disarms readable', async () => {
    const host = await render(makeHarmless('<div>hello</div>'));
    expect(host.textContent).toContain('<div>hello</div>');
    const amounts = await render(makeHarmless('$5 to $10'));
    expect(amounts.textContent?.trim()).toBe('$5 to $10');
  });

  it('takes a page of backticks in linear time', () => {
    const start = performance.now();
    for (const piece of ['` `` ', '```a\n', '"$ ://', '\\[ ']) {
      makeHarmless(piece.repeat(4000));
    }
    // A second is fifty times what it takes; without the bound it is minutes.
    expect(performance.now() - start).toBeLessThan(10000);
  });
});
