import type { IInsertBlock } from '../tokens';
import { canonicalLanguage, isPlainText } from './languages';

/** The opening line of a fence, however deep a list has indented it. */
const OPENING = /^([ \t]*)(`{3,}|~{3,})[ \t]*(.*)$/;

/** Prompts of Python's and IPython's shells; what follows the prompt is code. */
const PYTHON_PROMPT = /^(?:>>>|\.\.\.)(?: |$)/;
const IPYTHON_PROMPT = /^(?:In ?\[[ \d*]*\]: ?| *\.{3,}: ?)/;
const IPYTHON_FIRST = /^In ?\[[ \d*]*\]:/;
const SHELL_PROMPT = /^\$ /;

interface IFence {
  readonly indent: string;
  readonly mark: string;
  readonly language: string;
  /** The fence as it stands, for text that stays within the prose. */
  readonly raw: string[];
  readonly lines: string[];
}

/**
 * Take an answer's Markdown apart: prose becomes Markdown, each fence becomes code.
 *
 * A fence that is only text to look at (`text`, `output` …) stays within the prose. A fence that
 * is not closed, because the answer was cut, ends with the answer.
 */
export function splitAnswer(text: string): IInsertBlock[] {
  const blocks: IInsertBlock[] = [];
  let prose: string[] = [];
  let fence: IFence | null = null;

  const endProse = () => {
    const source = trimBlankLines(prose);
    if (source) {
      blocks.push({ kind: 'markdown', source, language: '' });
    }
    prose = [];
  };
  const endFence = (done: IFence) => {
    if (isPlainText(done.language)) {
      prose.push(...done.raw);
      return;
    }
    const block = fenceBlock(done);
    if (block) {
      endProse();
      blocks.push(block);
    }
  };

  for (const line of text.split(/\r\n|\r|\n/)) {
    if (!fence) {
      fence = openFence(line);
      if (!fence) {
        prose.push(line);
      }
      continue;
    }
    fence.raw.push(line);
    if (closes(line, fence.mark)) {
      endFence(fence);
      fence = null;
    } else {
      fence.lines.push(unindent(line, fence.indent));
    }
  }
  if (fence) {
    endFence(fence);
  }
  endProse();
  return blocks;
}

/**
 * The language of a fence's info string: `python`, also from `{.python}`, `Python title="a"`,
 * `{code-cell} python` or `python:main.py`.
 */
export function fenceLanguage(info: string): string {
  const words = info
    .replace(/[{}]/g, ' ')
    .trim()
    .split(/\s+/)
    .filter(word => word && word !== 'code-cell');
  return (words[0] ?? '')
    .replace(/^\./, '')
    .replace(/[:=,].*$/, '')
    .toLowerCase();
}

/**
 * Take the prompts of an interactive shell out of code, and with them what the shell printed.
 *
 * Only where the first line is a prompt: `>>>` in the middle of code is the code's own.
 */
export function stripPrompts(source: string, language = ''): string {
  const lines = source.split('\n');
  const first = lines.find(line => line.trim()) ?? '';
  const canonical = canonicalLanguage(language);
  const python = !canonical || canonical === 'python';
  if (python && IPYTHON_FIRST.test(first.trimStart())) {
    return keepPrompted(lines, IPYTHON_PROMPT, first);
  }
  if (python && /^>>>(?: |$)/.test(first.trimStart())) {
    return keepPrompted(lines, PYTHON_PROMPT, first);
  }
  if (canonical === 'bash' && SHELL_PROMPT.test(first.trimStart())) {
    return keepPrompted(lines, SHELL_PROMPT, first);
  }
  return source;
}

/** The lines with a prompt, without it. */
function keepPrompted(
  lines: readonly string[],
  prompt: RegExp,
  first: string
): string {
  const indent = first.length - first.trimStart().length;
  const kept: string[] = [];
  for (const line of lines) {
    // IPython right-aligns `...:` under `In [12]:`; those spaces are the prompt's.
    const own = line.slice(Math.min(indent, leadingSpaces(line)));
    if (prompt.test(own)) {
      kept.push(own.replace(prompt, ''));
    }
  }
  return trimBlankLines(kept);
}

function leadingSpaces(line: string): number {
  return line.length - line.trimStart().length;
}

function openFence(line: string): IFence | null {
  const match = OPENING.exec(line);
  // A backtick in the info string makes the line inline code.
  if (!match || (match[2][0] === '`' && match[3].includes('`'))) {
    return null;
  }
  return {
    indent: match[1],
    mark: match[2],
    language: fenceLanguage(match[3]),
    raw: [line],
    lines: []
  };
}

function closes(line: string, mark: string): boolean {
  const text = line.trim();
  return text.length >= mark.length && text === mark[0].repeat(text.length);
}

function unindent(line: string, indent: string): string {
  let at = 0;
  while (at < indent.length && /[ \t]/.test(line[at] ?? '')) {
    at += 1;
  }
  return line.slice(at);
}

function fenceBlock(fence: IFence): IInsertBlock | null {
  const source = trimBlankLines(fence.lines);
  if (!source) {
    return null;
  }
  if (canonicalLanguage(fence.language) === 'markdown') {
    return { kind: 'markdown', source, language: fence.language };
  }
  return {
    kind: 'code',
    source: stripPrompts(source, fence.language),
    language: fence.language
  };
}

/** Join lines without the blank ones at both ends; the first line keeps its indentation. */
function trimBlankLines(lines: readonly string[]): string {
  let from = 0;
  let to = lines.length;
  while (from < to && !lines[from].trim()) {
    from += 1;
  }
  while (to > from && !lines[to - 1].trim()) {
    to -= 1;
  }
  return lines.slice(from, to).join('\n');
}
