import { createMarkdownParser } from '@jupyterlab/markedparser-extension';
import { EditorLanguageRegistry } from '@jupyterlab/codemirror';
import {
  renderMarkdown,
  standardRendererFactories,
  RenderMimeRegistry
} from '@jupyterlab/rendermime';
import { isHarmless, makeHarmless } from '../harmless';

const ATTACKS = [
  '![a](http://evil.test/a.png)',
  '!![a](http://evil.test/a.png)',
  '\\!![a](http://evil.test/a.png)',
  '\\\\![a](http://evil.test/a.png)',
  '![a][r]\n\n[r]: http://evil.test/a.png',
  '[![a](http://evil.test/a.png)](http://evil.test)',
  '<img src="http://evil.test/a.png">',
  '<img\nsrc="http://evil.test/a.png">',
  'x <img src=http://evil.test/a.png> y',
  '<svg><image href="http://evil.test/a.png"/></svg>',
  '<video src="http://evil.test/v"></video>',
  '<audio src="http://evil.test/v" autoplay></audio>',
  '<style>@import url(http://evil.test/c.css)</style>',
  '<div style="background:url(http://evil.test/a)">a</div>',
  '<iframe src="http://evil.test"></iframe>',
  '<!-- c --><img src="http://evil.test/a.png">',
  '<?x <img src="http://evil.test/a.png"> ?>',
  '<![CDATA[<img src="http://evil.test/a.png">]]>',
  '<form action="http://evil.test"><button>x</button></form>',
  '<button data-commandlinker-command="a:b">x</button>',
  '```mermaid\ngraph TD\nA-->B\n```',
  '~~~ Mermaid\ngraph TD\n~~~',
  '> ```mermaid\n> graph TD\n> ```',
  '- ```mermaid\n  graph TD\n  ```',
  '| a |\n|---|\n| ![b](http://evil.test/a.png) |',
  '| a |\n|---|\n| <img src="http://evil.test/a.png"> |',
  '# ![a](http://evil.test/a.png)',
  '- ![a](http://evil.test/a.png)',
  '> ![a](http://evil.test/a.png)',
  '$`<img src="http://evil.test/a.png">`$',
  '`$` <img src="http://evil.test/a.png"> `$`',
  '$a$ `b <img src="http://evil.test/a.png"> $c$',
  '`a\n\n<img src="http://evil.test/a.png">\n\nb`',
  '``` `\n<img src="http://evil.test/a.png">\n``` `',
  '    ```\n<img src="http://evil.test/a.png">\n    ```',
  '```\na\n    ```\n<img src="http://evil.test/a.png">',
  '- a\n\n  ```\n  x\n\n<img src="http://evil.test/a.png">',
  '$$\n```\n$$\n<img src="http://evil.test/a.png">\n```',
  '\\`<img src="http://evil.test/a.png">`',
  '<br><img src="http://evil.test/a.png">',
  '<br onload=x>',
  '<sub style="background:url(http://evil.test)">x</sub>',
  '![a](attachment:a.png)',
  '![a](data:image/svg+xml;base64,AAAA)',
  '![a](../logout)',
  '$![a](http://evil.test/a.png)$',
  '<a href="x">`</a>`<img src="http://evil.test/a.png">'
];

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

describe('makeHarmless', () => {
  beforeEach(() => {
    ran = [];
  });

  it.each(ATTACKS)('%j', async attack => {
    const harmless = makeHarmless(attack);
    expect(isHarmless(harmless)).toBe(true);
    const host = await render(harmless);
    expect(
      host.querySelectorAll(
        'img, svg, video, audio, iframe, style, form, button, input, object, embed, link, [style]'
      )
    ).toHaveLength(0);
    expect(ran).toEqual([]);
  });

  it('the attacks are ones: the stock renderer lets images load', async () => {
    const host = await render(ATTACKS[0]);
    expect(host.querySelectorAll('img')).toHaveLength(1);
    await render('```mermaid\nx\n```');
    expect(ran).toEqual(['x']);
  });

  it.each([
    'Plain *text* with `List<int>` and [a link](https://example.org).',
    '```html\n<img src="a.png">\n```',
    '- item\n\n  ```python\n  a < b\n  ```',
    'a<br>b, H<sub>2</sub>O, x<sup>2</sup>',
    'Wow! [really](https://example.org) 3 < 4 and a<4',
    '<https://example.org>',
    '$a < b$ and \\(c\\) and $$\nd\n$$',
    '| a | b |\n|---|---|\n| `x<y` | 2 |',
    'עברית و العربية'
  ])('leaves %j as it is', source => {
    expect(makeHarmless(source)).toBe(source);
  });

  it('keeps what it disarms readable', async () => {
    expect(makeHarmless('![plot](http://a.test/p.png)')).toBe(
      '[plot](http://a.test/p.png)'
    );
    expect(makeHarmless('```mermaid\ngraph TD\n```')).toBe(
      '```text\ngraph TD\n```'
    );
    const host = await render(makeHarmless('<div>hello</div>'));
    expect(host.textContent).toContain('<div>hello</div>');
    expect(makeHarmless('$a<b$')).toBe('$a< b$');
  });

  it('takes a page of backticks in linear time', () => {
    const start = performance.now();
    makeHarmless('` `` '.repeat(4000));
    // A second is fifty times what it takes; without the bound it is minutes.
    expect(performance.now() - start).toBeLessThan(10000);
  });
});
