import type { Token, Tokens } from 'marked';
import { Lexer, Marked } from 'marked';
import { decodeEntities } from './entities';
import { formulaAt, nextFormula } from './math';
import type { Typesetting } from './math';
import { element, link, safeUrl } from './sanitize';

/** Text in which nothing can begin: shown without the lexer. */
const PLAIN = /^[^\\`*_~[\]<>&$@:]*$/;
/** Beside those characters an address can begin without one of them (`www.`). */
const ADDRESS = /www\./i;

/** The raw HTML that is kept: line breaks and small print, without attributes. */
const KEPT = /^<(br|\/?su[bp])\s*\/?>$/i;

/** A marked instance of our own, so that JupyterLab's settings and ours do not meet. */
const marked = new Marked({
  gfm: true,
  tokenizer: {
    // The stock rule remembers an opened <a> or <pre> and changes how the text after it is read.
    tag(source) {
      const match = this.rules.inline.tag.exec(source);
      if (!match) {
        return undefined;
      }
      const raw = match[0];
      return {
        type: 'html',
        raw,
        text: raw,
        block: false,
        inLink: false,
        inRawBlock: false
      };
    }
  },
  hooks: {
    // Stars and underscores within a formula are no emphasis.
    emStrongMask(source) {
      return maskFormulas(source);
    }
  },
  extensions: [
    {
      name: 'formula',
      level: 'inline',
      start(source) {
        const at = nextFormula(source);
        return at < 0 ? undefined : at;
      },
      tokenizer(source, tokens) {
        const before = tokens[tokens.length - 1]?.raw.slice(-1) ?? ' ';
        const found = formulaAt(source, before);
        return found
          ? { type: 'formula', raw: found.raw, display: found.display }
          : undefined;
      }
    }
  ]
});

function maskFormulas(source: string): string {
  let out = '';
  let rest = source;
  for (;;) {
    const at = nextFormula(rest);
    if (at < 0) {
      return out + rest;
    }
    const before = at > 0 ? rest[at - 1] : out.slice(-1) || ' ';
    const found = formulaAt(rest.slice(at), before);
    const length = found ? found.raw.length : rest[at] === '$' ? 1 : 2;
    const taken = rest.slice(at, at + length);
    out += rest.slice(0, at) + (found ? 'a'.repeat(length) : taken);
    rest = rest.slice(at + length);
  }
}

const lexer = new Lexer(marked.defaults);

/**
 * Inline Markdown as nodes.
 */
export function renderInline(
  source: string,
  typesetting: Typesetting
): DocumentFragment {
  const fragment = document.createDocumentFragment();
  if (PLAIN.test(source) && !ADDRESS.test(source)) {
    fragment.append(source);
    return fragment;
  }
  lexer.state = { ...lexer.state, inLink: false, inRawBlock: false };
  addTokens(fragment, lexer.inlineTokens(source), typesetting);
  return fragment;
}

function addTokens(
  parent: Node,
  tokens: readonly Token[],
  typesetting: Typesetting
): void {
  // <sub> and <sup> may stand open: what follows goes into them, up to the end of the segment.
  const open: Node[] = [parent];
  for (const token of tokens) {
    const target = open[open.length - 1];
    const kept = token.type === 'html' ? KEPT.exec(token.raw) : null;
    if (!kept) {
      addToken(target, token, typesetting);
      continue;
    }
    const name = kept[1].toLowerCase();
    if (name === 'br') {
      target.appendChild(element('br'));
    } else if (name[0] !== '/') {
      const node = element(name === 'sub' ? 'sub' : 'sup');
      target.appendChild(node);
      open.push(node);
    } else if (target.nodeName.toLowerCase() === name.slice(1)) {
      open.pop();
    } else {
      target.appendChild(document.createTextNode(token.raw));
    }
  }
}

function within<K extends keyof HTMLElementTagNameMap>(
  name: K,
  tokens: readonly Token[] | undefined,
  typesetting: Typesetting
): HTMLElementTagNameMap[K] {
  const node = element(name);
  addTokens(node, tokens ?? [], typesetting);
  return node;
}

function addToken(parent: Node, token: Token, typesetting: Typesetting): void {
  const text = (value: string): void => {
    parent.appendChild(document.createTextNode(value));
  };
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      parent.appendChild(within(token.type, token.tokens, typesetting));
      break;
    case 'codespan':
      parent.appendChild(element('code')).textContent = (
        token as Tokens.Codespan
      ).text;
      break;
    case 'br':
      parent.appendChild(element('br'));
      break;
    case 'link':
      addLink(parent, token as Tokens.Link, typesetting);
      break;
    case 'image':
      addImage(parent, token as Tokens.Image);
      break;
    case 'escape':
      text((token as Tokens.Escape).text);
      break;
    case 'text':
      text(decodeEntities(token.raw));
      break;
    case 'formula':
      parent.appendChild(typesetting.node(token.raw, token.display === true));
      break;
    default:
      text(token.raw);
  }
}

/** A link that may be followed; any other stays as it was written. */
function addLink(
  parent: Node,
  token: Tokens.Link,
  typesetting: Typesetting
): void {
  const url = safeUrl(decodeEntities(token.href));
  if (!url) {
    parent.appendChild(document.createTextNode(token.raw));
    return;
  }
  const label = document.createDocumentFragment();
  addTokens(label, unlinked(token.tokens), typesetting);
  parent.appendChild(link(url, label));
}

/** A link's label without links and images of its own. */
function unlinked(tokens: readonly Token[]): Token[] {
  return tokens.map(token =>
    token.type === 'link' || token.type === 'image'
      ? { type: 'text', raw: (token as Tokens.Link).text, text: token.raw }
      : token
  );
}

/** An image is a link with its address: nothing is fetched for looking at an answer. */
function addImage(parent: Node, token: Tokens.Image): void {
  const url = safeUrl(decodeEntities(token.href));
  if (!url || url.protocol === 'mailto:') {
    parent.appendChild(document.createTextNode(token.raw));
    return;
  }
  const label = document.createTextNode(
    decodeEntities(token.text).trim() || url.href
  );
  const shown = label.data === url.href ? undefined : url.href;
  parent.appendChild(link(url, label, { address: shown }));
}
