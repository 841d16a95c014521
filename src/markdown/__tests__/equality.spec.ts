import { EditorLanguageRegistry } from '@jupyterlab/codemirror';
import { tests as examples } from 'commonmark-spec';
import { documents } from './documents';
import { cut, finish, makeRenderer, random, streamed } from './support';

const languages = new EditorLanguageRegistry();
EditorLanguageRegistry.getDefaultLanguages()
  .filter(language =>
    ['python', 'markdown'].includes(language.name.toLowerCase())
  )
  .forEach(language => languages.addLanguage(language));

const typeset = {
  typeset: (node: HTMLElement): void => {
    node.innerHTML = `<i>${node.textContent?.length}</i>`;
  }
};

const options = { languages, latexTypesetter: typeset };

describe('a streamed answer', () => {
  it.each(documents.map((text, index) => [index, text] as const))(
    'equals the whole one: document %i',
    async (index, text) => {
      const whole = await streamed([text], options);
      const next = random(index + 1);
      for (const longest of [3, 12, 200]) {
        const pieces = cut(text, next, longest);
        const node = await streamed(pieces, options);
        expect(node.innerHTML).toBe(whole.innerHTML);
        expect(node.isEqualNode(whole)).toBe(true);
      }
    },
    120_000
  );

  it('equals the whole one: the examples of CommonMark', async () => {
    expect(examples.length).toBeGreaterThan(600);
    const different: string[] = [];
    for (const { markdown, number, section } of examples) {
      // The specification writes a tab as an arrow.
      const text = markdown.replace(/→/g, '\t');
      const whole = await streamed([text], options);
      const next = random(number);
      for (const longest of [1, 3, 12]) {
        const node = await streamed(cut(text, next, longest), options);
        if (!node.isEqualNode(whole)) {
          different.push(`${section} ${number}: ${node.innerHTML}`);
        }
      }
    }
    expect(different).toEqual([]);
  }, 300_000);

  it.each(documents.map((text, index) => [index, text] as const))(
    'loses no word: document %i',
    async (_, text) => {
      const node = await streamed([text]);
      const links = Array.from(node.querySelectorAll('a'), link => link.href);
      const visible = `${node.textContent} ${links.join(' ')}`;
      const shown = visible.replace(/\s+/g, '');
      for (const word of text.match(/[a-zA-Z]{4,}/g) ?? []) {
        if (!/javascript|title|nope|copy|python|mermaid/.test(word)) {
          expect(shown).toContain(word);
        }
      }
    },
    120_000
  );

  it('is replaced by another text as if it were new', async () => {
    const next = random(99);
    for (let round = 0; round < 120; round++) {
      const pick = (): string =>
        documents[Math.floor(next() * documents.length)];
      const base = `${pick()}\n\n${pick()}\n`.slice(0, 3000);
      const at = Math.floor(next() * base.length);
      const other = base.slice(0, at) + pick().slice(0, 2000);
      const { renderer, frames } = makeRenderer();
      renderer.append(base);
      frames.tick();
      if (round % 2 === 0) {
        await finish(renderer, frames);
      }
      renderer.replace(other);
      await finish(renderer, frames);
      const whole = await streamed([other]);
      expect(renderer.node.innerHTML).toBe(whole.innerHTML);
    }
  }, 120_000);

  it('never touches settled blocks again', async () => {
    const text = documents.join('\n\n').slice(0, 20_000);
    const { renderer, frames } = makeRenderer();
    const seen: { node: Element; html: string }[] = [];
    for (const piece of cut(text, random(7), 40)) {
      renderer.append(piece);
      frames.tick();
      const children = Array.from(renderer.node.children).slice(0, -1);
      for (const node of children.slice(seen.length)) {
        seen.push({ node, html: node.outerHTML });
      }
    }
    await finish(renderer, frames);
    seen.forEach(({ node, html }, index) => {
      expect(renderer.node.children[index]).toBe(node);
      expect(node.outerHTML).toBe(html);
    });
  });
});
