import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../sanitize';
import { streamed } from './support';

const EVIL = 'https://evil.example/x';

/** What the browser test draws too (`ui-tests/tests/payloads.spec.ts`). */
const shared: { readonly loads: string[]; readonly scripts: string[] } =
  JSON.parse(
    readFileSync(join(__dirname, '../../../tests/payloads.json'), 'utf8')
  );

/** Each wants to load, run, click, style or pretend something. */
const payloads: readonly string[] = [
  ...shared.loads,
  ...shared.scripts,
  `![x](${EVIL}.png)`,
  `![x](${EVIL}.png "title")`,
  '![x](data:image/svg+xml;base64,PHN2Zz4=)',
  '![x](//evil.example/x.png)',
  '![x](/api/shutdown)',
  `![x][r]\n\n[r]: ${EVIL}.png`,
  `[![x](${EVIL}.png)](${EVIL})`,
  `<img src="${EVIL}.png">`,
  `<img src=x onerror="alert(1)">`,
  `<img srcset="${EVIL}.png 2x">`,
  `text <img src='${EVIL}'> text`,
  `<picture><source srcset="${EVIL}"></picture>`,
  `<video src="${EVIL}" poster="${EVIL}" autoplay></video>`,
  `<audio src="${EVIL}" autoplay></audio>`,
  `<iframe src="${EVIL}"></iframe>`,
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  `<object data="${EVIL}"></object><embed src="${EVIL}">`,
  '<script>alert(1)</script>',
  `<script src="${EVIL}.js"></script>`,
  '<ScRiPt>alert(1)</sCrIpT>',
  '<style>@import url(https://evil.example/x.css);</style>',
  `<div style="background:url(${EVIL})">x</div>`,
  `<link rel="stylesheet" href="${EVIL}.css">`,
  `<link rel=prefetch href="${EVIL}">`,
  `<base href="${EVIL}/">`,
  `<meta http-equiv="refresh" content="0;url=${EVIL}">`,
  `<form action="${EVIL}"><input name=a><button>go</button></form>`,
  '<svg onload="alert(1)"><script>alert(1)</script></svg>',
  `<svg><image href="${EVIL}.png"/><use href="${EVIL}#a"/></svg>`,
  `<svg><foreignObject><img src="${EVIL}"></foreignObject></svg>`,
  '<math><mtext><img src=x onerror=alert(1)></mtext></math>',
  `<math href="javascript:alert(1)">x</math>`,
  '<details open ontoggle="alert(1)"><summary>x</summary></details>',
  '<a href="javascript:alert(1)">x</a>',
  `<a href="${EVIL}" ping="${EVIL}" target="_self">x</a>`,
  '<b onmouseover=alert(1)>x</b> <sub onclick=alert(1)>x</sub><br onload=x>',
  '<button data-commandlinker-command="terminal:create-new">x</button>',
  '<div class="jp-Dialog jp-mod-styled" id="main">x</div>',
  '<table background="https://evil.example/x"><tr><td>x</td></tr></table>',
  '<template><script>alert(1)</script></template><noscript><img src=x></noscript>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java&#115;cript:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](javascript&colon;alert(1))',
  '[x]( javascript:alert(1))',
  '[x](<java\tscript:alert(1)>)',
  '[x](vbscript:msgbox(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](file:///etc/passwd)',
  '[x](command:terminal:create-new)',
  '[x](commandlinker:x) <command:terminal:create-new> <javascript:alert(1)>',
  '[x](/lab/tree/x) [y](../../api) [z](#id) [w](//evil.example)',
  '<https://evil.example/"onmouseover="alert(1)>',
  `[a](${EVIL} "x" onclick="alert(1)")`,
  '[x](https://user:pass@evil.example)',
  '# heading {#id .class onclick=alert(1)}',
  '```"><script>alert(1)</script>\ncode\n```',
  '```python" onload="alert(1)\nx\n```',
  '```mermaid\ngraph TD; A["<img src=https://evil.example/x>"]\n```',
  '```html\n<script>alert(1)</script><img src=https://evil.example/x>\n```',
  '```vega-lite\n{"data": {"url": "https://evil.example/x"}}\n```',
  '| <img src=https://evil.example/x> | b |\n|---|---|\n| <script>x</script> | ![x](https://evil.example/x.png) |',
  '- [x] <img src=https://evil.example/x onerror=x>\n- ![](https://evil.example/y)',
  '$\\href{javascript:alert(1)}{x}$ $$\\style{background:url(https://evil.example)}{x}$$',
  '\\(\\class{jp-Dialog}{x}\\) \\[\\cssId{main}{x}\\] $\\def\\frac{evil}$',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<img src=x>]]> <?php echo 1 ?> <!DOCTYPE html>',
  '`<img src=x>` **<img src=x>** *[x](javascript:x)* ~~<svg/onload=x>~~',
  'a\u0000<\u0000script>alert(1)</script> <scr\u0000ipt>x</script>',
  '<sub><sup><br><img src=x></sup></sub></sub></sup></br>',
  '<plaintext><xmp><listing><marquee onstart=x>',
  '[constructor](https://e.org) [__proto__] &constructor; &__proto__; ```__proto__\nx\n```'
];

const loads =
  'img,script,style,link,iframe,object,embed,video,audio,source,form,button,svg,math,base,meta,template,[src],[srcset],[style],[id],[ping],[background]';

describe('a hostile answer', () => {
  it.each(payloads)('whole and by characters: %s', async payload => {
    const calls: string[] = [];
    const latexTypesetter = {
      typeset: (node: HTMLElement): void => {
        calls.push(node.textContent ?? '');
      }
    };
    const options = { latexTypesetter };
    for (const pieces of [[payload], Array.from(payload)]) {
      const node = await streamed(pieces, options);
      expect(violations(node, '.none')).toEqual([]);
      expect(node.querySelectorAll(loads)).toHaveLength(0);
      node.querySelectorAll('a').forEach(link => {
        expect(link.getAttribute('href')).toMatch(/^(https?:\/\/|mailto:)/);
        expect(link.target).toBe('_blank');
        expect(link.rel).toBe('noopener noreferrer nofollow');
        expect(link.getAttribute('referrerpolicy')).toBe('no-referrer');
      });
    }
    expect(calls.join()).not.toMatch(/href|style|class|cssId|\\def/);
  });

  it('is clean at each moment of its arrival', async () => {
    const { makeRenderer } = await import('./support');
    for (const payload of payloads) {
      const { renderer, frames } = makeRenderer();
      for (const char of payload) {
        renderer.append(char);
        frames.tick();
        expect(violations(renderer.node)).toEqual([]);
      }
    }
  }, 60_000);

  it('takes links and listeners out of what the typesetter makes', async () => {
    const latexTypesetter = {
      typeset: (node: HTMLElement): void => {
        node.innerHTML =
          '<a href="javascript:alert(1)" onclick="x" id="main" style="background:url(x)">x</a>';
      }
    };
    const node = await streamed(['$x$'], { latexTypesetter });
    expect(node.querySelector('.jp-gpt-math')?.innerHTML).toBe('<a>x</a>');
  });
});

describe('a link whose label is another address', () => {
  it.each([
    ['[https://good.example](https://evil.example/a)', '(evil.example)'],
    ['[good.example](https://evil.example/a)', '(evil.example)'],
    ['[**good.example**/login](https://evil.example/a)', '(evil.example)'],
    ['[goo\u200bd.example](https://evil.example/a)', '(evil.example)'],
    ['[docs](https://good.example@evil.example/a)', '(evil.example)'],
    ['[a@good.example](mailto:b@evil.example)', '(b@evil.example)'],
    ['![logo](https://evil.example/l.png)', '(https://evil.example/l.png)']
  ])('%s shows the real host', async (text, host) => {
    expect((await streamed([text])).textContent).toContain(host);
  });

  it.each([
    '[the docs](https://docs.example/a)',
    '[docs.example](https://www.docs.example/a)',
    'https://docs.example/a?b=c',
    'me@docs.example'
  ])('%s is left alone', async text => {
    const node = await streamed([text]);
    expect(node.querySelector('a')).not.toBeNull();
    expect(node.querySelector('.jp-gpt-host')).toBeNull();
  });
});
