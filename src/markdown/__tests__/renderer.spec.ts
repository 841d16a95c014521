import { EditorLanguageRegistry } from '@jupyterlab/codemirror';
import { marked } from 'marked';
import { violations } from '../sanitize';
import { documents } from './documents';
import { finish, makeRenderer, streamed } from './support';

/** A tree without what only we add: classes, wrappers, looseness. */
function outline(root: Node): string {
  let text = '';
  root.childNodes.forEach(node => {
    const name = node.nodeName.toLowerCase();
    if (node instanceof Element && node.matches('.jp-gpt-codeblock-header')) {
      return;
    }
    const inner = node.nodeType === 3 ? node.textContent : outline(node);
    const bare = ['#text', 'p', 'div', 'span', 'a', 'pre', 'input', 'tbody'];
    text += bare.includes(name) ? ` ${inner} ` : ` ${name}( ${inner} ) `;
  });
  return text.replace(/\s+/g, ' ');
}

describe('AnswerRenderer', () => {
  // What models write; the other documents hold what is ours on purpose (raw HTML, formulas …).
  const plain = documents.filter(
    text =>
      text.length < 3000 &&
      // Ours on purpose: a header needs a bar near its start, a bare marker begins an item.
      !/^a\n\|---|^text word|^Title\n-/.test(text) &&
      !/<|\$|\\[([]|!\[|&|\u0007|\r|```|~~~|\]\(|\[|\t|javascript/.test(text)
  );

  it.each(plain)('reads like JupyterLab’s parser: %j', async text => {
    const page = document.createElement('div');
    page.innerHTML = await marked.parse(text, { gfm: true });
    expect(outline(await streamed([text]))).toBe(outline(page));
  });

  it.each([
    ['$5 and $10', 0],
    ['US$3 to $4', 0],
    ['$20,000 a year versus $30,000', 0],
    ['$5 per call, then 3$', 0],
    ['a $ b $ c', 0],
    ['`$x$`', 0],
    ['\\$x$', 0],
    ['$x^2$', 1],
    ['$5$ and $3x+1$', 2],
    ['\\(a_b\\) and \\[c\\]', 2],
    ['$$\na\n$$\n\n$$b$$', 2],
    ['$a_1 * b_1$ and $c * d$', 2]
  ])('finds the formulas of %j: %i', async (text, count) => {
    const seen: string[] = [];
    const latexTypesetter = {
      typeset: (node: HTMLElement): void => {
        seen.push(node.textContent ?? '');
      }
    };
    const node = await streamed([text], { latexTypesetter });
    expect(node.querySelectorAll('.jp-gpt-math')).toHaveLength(count);
    expect(seen).toHaveLength(count);
    expect(node.querySelector('em')).toBeNull();
  });

  it('leaves the TeX of a formula that cannot be typeset', async () => {
    const latexTypesetter = {
      typeset: (node: HTMLElement): Promise<void> => {
        node.textContent = '';
        return Promise.reject(new Error('no'));
      }
    };
    const node = await streamed(['$x^2$'], { latexTypesetter });
    expect(node.textContent).toBe('$x^2$');
  });

  it('lists finished code blocks only, and tells', async () => {
    const { renderer, frames } = makeRenderer();
    let told = 0;
    renderer.codeBlocksChanged.connect(() => {
      told++;
    });
    renderer.append('a\n\n```Python extra\nprint(1)\n\nx\n');
    frames.tick();
    expect(renderer.codeBlocks).toHaveLength(0);
    renderer.append('```\n');
    frames.tick();
    expect(renderer.codeBlocks).toHaveLength(1);
    expect(told).toBe(1);
    const [block] = renderer.codeBlocks;
    expect(block.language).toBe('python');
    expect(block.code).toBe('print(1)\n\nx');
    expect(block.bar.childNodes).toHaveLength(0);
    expect(block.node.getAttribute('role')).toBe('group');
    expect(block.node.getAttribute('aria-label')).toBe('Code, python');
    renderer.append('```\nunclosed');
    await finish(renderer, frames);
    expect(renderer.codeBlocks.map(({ code }) => code)).toEqual([
      'print(1)\n\nx',
      'unclosed'
    ]);
    renderer.dispose();
    expect(renderer.isDisposed).toBe(true);
  });

  it('colours code with JupyterLab’s parser, while it grows and at its end', async () => {
    const languages = new EditorLanguageRegistry();
    EditorLanguageRegistry.getDefaultLanguages()
      .filter(language => language.name.toLowerCase() === 'python')
      .forEach(language => languages.addLanguage(language));
    const { renderer, frames } = makeRenderer({ languages });
    renderer.append('```py\nimport os  # note\nx = """\n');
    const { node } = renderer;
    // The language's module is loaded meanwhile.
    for (let turn = 0; turn < 5000; turn++) {
      frames.tick();
      if (node.querySelector('.jp-gpt-tok-keyword')) {
        break;
      }
      await new Promise(resolve => setTimeout(resolve, 1));
    }
    expect(node.querySelector('.jp-gpt-tok-keyword')?.textContent).toBe(
      'import'
    );
    renderer.append('import os\n"""\n```\n');
    await finish(renderer, frames);
    expect(node.querySelectorAll('.jp-gpt-tok-keyword')).toHaveLength(1);
    expect(node.querySelector('.jp-gpt-tok-comment')).not.toBeNull();
    expect(node.querySelectorAll('.jp-gpt-tok-string')).toHaveLength(3);
  });

  it('goes on after the end', async () => {
    const { renderer, frames } = makeRenderer();
    renderer.append('# One\n\ntext *em');
    await finish(renderer, frames);
    const first = renderer.node.firstChild;
    renderer.append('ph* more\n\n- list');
    await finish(renderer, frames);
    const whole = await streamed(['# One\n\ntext *emph* more\n\n- list']);
    expect(renderer.node.innerHTML).toBe(whole.innerHTML);
    expect(first).not.toBeNull();
  });

  it('shows unfinished emphasis, links and code without their delimiters', () => {
    const { renderer, frames } = makeRenderer();
    const show = (text: string): string => {
      renderer.replace(text);
      frames.tick();
      return renderer.node.textContent ?? '';
    };
    expect(show('so **bold te')).toBe('so bold te');
    expect(show('so `cod')).toBe('so cod');
    expect(show('so [lab')).toBe('so lab');
    expect(show('so [label](https://e')).toBe('so label');
    expect(show('so **')).toBe('so ');
  });

  it('lets each outermost block say which way it reads', async () => {
    const root = await streamed([
      'نص `a` عادي.\n\n- بند\n\n  ```py\n  a\n  ```\n\n> اقتباس\n\n```py\nb\n```\n\n$$c$$\n\n# عنوان\n'
    ]);
    expect(
      Array.from(root.children, child => [
        child.localName,
        child.getAttribute('dir')
      ])
    ).toEqual([
      ['p', 'auto'],
      ['ul', 'auto'],
      ['blockquote', 'auto'],
      ['div', null],
      ['div', null],
      ['h1', 'auto']
    ]);
    // A direction within would hide the text from the list's.
    expect(root.querySelectorAll('[dir] [dir]')).toHaveLength(0);
    expect(violations(root)).toEqual([]);
  });

  it('needs no frame while the page is hidden', async () => {
    const { AnswerRenderer } = await import('../renderer');
    const { trans } = await import('./support');
    const renderer = new AnswerRenderer({
      latexTypesetter: null,
      languages: null,
      trans
    });
    renderer.append('**text**');
    await renderer.finish();
    expect(renderer.node.innerHTML).toBe(
      '<p dir="auto"><strong>text</strong></p>'
    );
  });
});
