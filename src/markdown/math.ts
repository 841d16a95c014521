import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { element } from './sanitize';
import { DOLLAR } from './splitter';

/** A formula found in inline text. */
export interface IFormula {
  /** With its delimiters, as written. */
  readonly raw: string;
  readonly display: boolean;
}

/** Longer "formulas" are text with two dollar signs in it: the longest derivation has a few kB. */
const LONGEST = 8192;

const TEX = /[\\^_={}<>]/;
const WORDS = /(?:^|[^\\A-Za-z])[A-Za-z]{2,}/;

/** `5 and 10`, `3.50 per call, `: an amount and prose, not a formula. */
function isMoney(body: string): boolean {
  return /^\d/.test(body) && WORDS.test(body) && !TEX.test(body);
}

/**
 * The formula at the start of a text.
 *
 * @param before - The character before it. A `$` after a letter or a digit (`US$5`) opens nothing.
 */
export function formulaAt(text: string, before = ' '): IFormula | null {
  const two = text.slice(0, 2);
  if (two === '\\(' || two === '\\[' || two === '$$') {
    const closer = two === '$$' ? '$$' : two === '\\(' ? '\\)' : '\\]';
    const end = text.slice(0, LONGEST).indexOf(closer, 2);
    const body = end < 0 ? '' : text.slice(2, end);
    return body.trim() === '' || /\n\s*\n/.test(body)
      ? null
      : { raw: text.slice(0, end + 2), display: two !== '\\(' };
  }
  if (text[0] !== '$' || /[\p{L}\p{N}$\\]/u.test(before)) {
    return null;
  }
  if (text[1] === undefined || /\s/.test(text[1])) {
    return null;
  }
  for (let at = 1; at < Math.min(text.length, DOLLAR); at++) {
    if (text[at] === '\\') {
      at++;
    } else if (text[at] === '`') {
      return null;
    } else if (text[at] === '$') {
      const body = text.slice(1, at);
      const next = text[at + 1] ?? ' ';
      // Pandoc's rule: no blank before the closing sign, no digit after it.
      if (/\s$/.test(body) || /[\d$]/.test(next)) {
        return null;
      }
      return isMoney(body)
        ? null
        : { raw: text.slice(0, at + 1), display: false };
    }
  }
  return null;
}

/** Where the next formula may begin, at or after the start. */
export function nextFormula(text: string): number {
  return text.search(/\$|\\[([]/);
}

/**
 * Commands of TeX that could make a link, a style or an id, or that would define something for
 * every formula of the page after this one. A formula with one of them stays as it was written.
 */
const FORBIDDEN =
  /\\(?:href|url|style|class|cssId|data|require|texttip|mathtip|toggle|action|mmlToken|includegraphics|csname|[egx]?def|let|futurelet|newcommand|renewcommand|providecommand|newenvironment|renewenvironment|DeclareMathOperator|DeclarePairedDelimiters?\w*|Newextarrow|label|ref|eqref|begingroup|endgroup|unicode|verb|bbox|fcolorbox|colorbox|color|pagecolor|definecolor)(?![A-Za-z])/;

/**
 * A formula longer than this stays as it was written: typesetting one is a single task, and takes
 * about 20 ms for a thousand characters.
 */
export const LONGEST_FORMULA = 4096;

/** Elements of formulas which wait for the typesetter. */
export class Typesetting {
  constructor(
    private readonly _typesetter: IRenderMime.ILatexTypesetter | null
  ) {}

  /** The element of a formula: its source, until it is typeset. */
  node(raw: string, display: boolean): HTMLElement {
    const node = display
      ? element('span', 'jp-gpt-math jp-mod-display')
      : element('span', 'jp-gpt-math');
    node.textContent = raw;
    return node;
  }

  /** Note the formulas of a settled block. */
  add(root: Element): void {
    if (!this._typesetter) {
      return;
    }
    const formulas = root.matches('.jp-gpt-math')
      ? [root]
      : Array.from(root.querySelectorAll('.jp-gpt-math'));
    for (const node of formulas) {
      const source = node.textContent ?? '';
      if (source.length <= LONGEST_FORMULA && !FORBIDDEN.test(source)) {
        this._waiting.push(node as HTMLElement);
      }
    }
  }

  get idle(): boolean {
    return this._waiting.length === 0;
  }

  /** Typeset one formula; an error leaves its source. */
  async next(): Promise<void> {
    const node = this._waiting.shift();
    const source = node?.textContent ?? '';
    if (!node || !this._typesetter) {
      return;
    }
    node.classList.add('jp-mod-typeset');
    try {
      await this._typesetter.typeset(node);
      harden(node);
    } catch {
      node.textContent = source;
      node.classList.remove('jp-mod-typeset');
    }
  }

  private readonly _waiting: HTMLElement[] = [];
}

/** Second line behind `FORBIDDEN`: nothing in a typeset formula links, loads or listens. */
function harden(root: HTMLElement): void {
  for (const node of Array.from(root.querySelectorAll('*'))) {
    for (const { name, value } of Array.from(node.attributes)) {
      const acts =
        /^(?:on|id$|src|srcset$|href$|xlink:|action$|formaction$)/i.test(name);
      if (acts || (name === 'style' && /url\s*\(/i.test(value))) {
        node.removeAttribute(name);
      }
    }
  }
}
