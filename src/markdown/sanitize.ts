/**
 * What may stand in a rendered answer: an allow-list of elements and attributes.
 *
 * The renderer makes every node through this module, so that text of a model never becomes markup;
 * `violations` reads a finished tree against the same list.
 */

/** Attributes which our own frame puts on its elements; values never come from the answer. */
const FRAME = ['class', 'role', 'aria-label', 'tabindex'];

/** Elements and their attributes. Nothing here can load, run, submit or be styled by an answer. */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'target', 'rel', 'referrerpolicy', 'title', 'class'],
  blockquote: ['dir'],
  br: [],
  code: FRAME,
  del: [],
  div: FRAME,
  em: [],
  h1: ['dir'],
  h2: ['dir'],
  h3: ['dir'],
  h4: ['dir'],
  h5: ['dir'],
  h6: ['dir'],
  hr: [],
  input: ['type', 'disabled', 'checked', 'aria-label'],
  li: FRAME,
  ol: ['start', 'class', 'dir'],
  p: [...FRAME, 'dir'],
  pre: FRAME,
  span: FRAME,
  strong: [],
  sub: [],
  sup: [],
  table: ['class', 'role', 'style', 'dir'],
  tbody: ['role'],
  td: FRAME,
  th: FRAME,
  thead: ['role'],
  tr: ['role'],
  ul: [...FRAME, 'dir']
};

/** The one thing that is styled: how wide a long table and its columns are. */
const WIDTH =
  /^min-width: [\d.]+em; --jp-gpt-columns:(?: minmax\([\d.]+em, [\d.]+fr\))+;$/;

const CLASS = /^jp-[\w-]+$/;

/** C0 and C1 controls except tab and line feed: they draw nothing and can fool a terminal. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Line ends as line feeds, without control characters.
 *
 * A carriage return is dropped rather than turned into a line feed, so that a CRLF which arrives in
 * two pieces gives the same text as one that arrives whole.
 */
export function cleanText(text: string): string {
  return text.replace(CONTROLS, '');
}

/**
 * Make an element of the allow-list.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className = ''
): HTMLElementTagNameMap[K] {
  if (!(name in ALLOWED)) {
    throw new Error(`Element not allowed in an answer: ${name}`);
  }
  const node = document.createElement(name);
  if (className) {
    node.className = className;
  }
  return node;
}

/**
 * Let a block's text say which way it reads.
 *
 * Only outermost blocks: a list or quote does not look into what has a direction of its own. Code,
 * formulas and rules have none.
 */
export function direct<E extends HTMLElement>(
  node: E,
  block: { readonly kind: string; readonly parent?: unknown }
): E {
  if (!block.parent && !['code', 'math', 'rule'].includes(block.kind)) {
    node.dir = 'auto';
  }
  return node;
}

/**
 * The absolute address of a link, or null when it is not one that a reader may follow.
 *
 * Only http, https and mailto: no relative address (it would point into the Jupyter server), no
 * `javascript:`, `data:`, `file:` or scheme of an application.
 */
export function safeUrl(href: string): URL | null {
  if (!/^(?:https?:\/\/|mailto:)/i.test(href)) {
    return null;
  }
  try {
    const url = new URL(href);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

const INVISIBLE =
  /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

/**
 * Whether the label looks like an address whose host is not the link's.
 */
export function pretends(label: string, url: URL): boolean {
  if (url.username || url.password) {
    return true;
  }
  const text = label.replace(INVISIBLE, '').trim().toLowerCase();
  const match =
    /^(?:[a-z][a-z0-9+.-]*:\/*)?(?:[^\s/@]*@)?((?:[\p{L}\p{N}_-]+\.)+[\p{L}\p{N}-]{2,})(?=$|[\s/?#:])/u.exec(
      text
    );
  if (!match) {
    return false;
  }
  if (url.protocol === 'mailto:') {
    const address = url.pathname.toLowerCase();
    return text.replace(/^mailto:/, '') !== address;
  }
  const bare = (host: string): string => host.replace(/^www\./, '');
  let shown = match[1];
  try {
    shown = new URL(`http://${shown}`).hostname;
  } catch {
    return true;
  }
  return bare(shown) !== bare(url.hostname);
}

/**
 * A link that opens in a new tab, tells its target nothing and names where it leads.
 *
 * @returns the anchor, followed by the real host in brackets when the label shows another.
 */
export function link(
  url: URL,
  label: Node,
  options: { address?: string } = {}
): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const anchor = element('a');
  anchor.setAttribute('href', url.href);
  anchor.setAttribute('target', '_blank');
  anchor.setAttribute('rel', 'noopener noreferrer nofollow');
  anchor.setAttribute('referrerpolicy', 'no-referrer');
  anchor.setAttribute('title', url.href);
  anchor.append(label);
  fragment.append(anchor);
  const host = url.host || url.pathname;
  const note =
    options.address ??
    (pretends(anchor.textContent ?? '', url) ? host : undefined);
  if (note !== undefined) {
    const real = element('span', 'jp-gpt-host');
    real.append(` (${note})`);
    fragment.append(real);
  }
  return fragment;
}

/**
 * Everything in a tree that the allow-list does not name, for tests; empty when all is well.
 *
 * @param root - The renderer's node; the inside of typeset formulas (`skip`) is the typesetter's.
 */
export function violations(root: Element, skip = '.jp-mod-typeset'): string[] {
  const found: string[] = [];
  const walk = (node: Element): void => {
    const name = node.localName;
    const allowed = ALLOWED[name];
    if (!allowed || node.namespaceURI !== 'http://www.w3.org/1999/xhtml') {
      found.push(`<${name}>`);
      return;
    }
    for (const { name: attribute, value } of Array.from(node.attributes)) {
      const bad =
        !allowed.includes(attribute) ||
        (attribute === 'dir' && value !== 'auto') ||
        (attribute === 'href' && !safeUrl(value)) ||
        (attribute === 'style' && !WIDTH.test(value)) ||
        (attribute === 'class' &&
          !value.split(/\s+/).every(part => CLASS.test(part)));
      if (bad) {
        found.push(`<${name} ${attribute}="${value}">`);
      }
    }
    if (!node.matches(skip)) {
      Array.from(node.children).forEach(walk);
    }
  };
  Array.from(root.children).forEach(walk);
  return found;
}
