import type { IInsertBlock } from '../tokens';

/**
 * The names that an answer may give a fence, by the name that a kernel gives its language.
 */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  bash: [
    'bash',
    'sh',
    'shell',
    'zsh',
    'console',
    'terminal',
    'shell-session',
    'shellsession'
  ],
  'c++': ['c++', 'cpp', 'cxx', 'cc', 'c++11', 'c++14', 'c++17', 'c++20'],
  csharp: ['csharp', 'c#', 'cs', 'dotnet-interactive'],
  fsharp: ['fsharp', 'f#', 'fs'],
  go: ['go', 'golang'],
  haskell: ['haskell', 'hs'],
  java: ['java', 'jshell'],
  javascript: ['javascript', 'js', 'mjs', 'node', 'nodejs'],
  julia: ['julia', 'jl', 'jldoctest', 'julia-repl'],
  kotlin: ['kotlin', 'kt'],
  markdown: ['markdown', 'md', 'gfm', 'commonmark'],
  matlab: ['matlab', 'octave'],
  python: [
    'python',
    'py',
    'python3',
    'py3',
    'ipython',
    'ipython3',
    'pycon',
    'python-repl',
    'pyrepl',
    'sage',
    'xpython'
  ],
  r: ['r', 'rscript'],
  ruby: ['ruby', 'rb'],
  rust: ['rust', 'rs'],
  scala: ['scala', 'scala3'],
  sql: ['sql', 'sqlite', 'postgresql', 'postgres', 'mysql', 'duckdb'],
  typescript: ['typescript', 'ts']
};

/** Fences that show what a program printed: never a code cell. */
const PLAIN = new Set(['text', 'txt', 'plain', 'plaintext', 'output', 'none']);

const CANONICAL = new Map(
  Object.entries(ALIASES).flatMap(([name, aliases]) =>
    aliases.map(alias => [alias, name] as const)
  )
);

/**
 * A cell to be inserted.
 */
export interface IPlannedCell {
  readonly type: 'code' | 'markdown';
  readonly source: string;
}

/**
 * One name for all the names of a language; unknown ones stay as they are, in lower case.
 */
export function canonicalLanguage(language: string): string {
  const lower = language.trim().toLowerCase();
  return CANONICAL.get(lower) ?? lower;
}

/**
 * Whether a fence with this language is text to look at, not code to run.
 */
export function isPlainText(language: string): boolean {
  return PLAIN.has(language.trim().toLowerCase());
}

/**
 * Put code into a fence that its own backticks cannot close.
 */
export function fenced(source: string, language: string): string {
  const runs = source.match(/`+/g) ?? [];
  const longest = runs.reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${source}\n${fence}`;
}

/**
 * The cell that a block becomes in a notebook of a language.
 *
 * Code in the notebook's language, or in none that is named, is a code cell. Shell code in a
 * Python notebook gets IPython's `%%bash`. Code that the kernel would not understand is kept as
 * a fence in a Markdown cell: as a code cell it could only fail.
 *
 * @param block - The block, its prompts already stripped.
 * @param notebookLanguage - The notebook's language; empty if it is not known.
 */
export function planCell(
  block: IInsertBlock,
  notebookLanguage: string
): IPlannedCell {
  if (block.kind === 'markdown') {
    return { type: 'markdown', source: block.source };
  }
  const language = canonicalLanguage(block.language);
  if (language === 'markdown') {
    return { type: 'markdown', source: block.source };
  }
  if (isPlainText(language)) {
    return { type: 'markdown', source: fenced(block.source, 'text') };
  }
  const kernel = canonicalLanguage(notebookLanguage);
  if (!language || !kernel || language === kernel) {
    return { type: 'code', source: block.source };
  }
  if (language === 'bash' && kernel === 'python') {
    return { type: 'code', source: `%%bash\n${block.source}` };
  }
  return { type: 'markdown', source: fenced(block.source, language) };
}

/**
 * The cells that blocks become, in order; Markdown that follows Markdown joins it.
 */
export function planCells(
  blocks: readonly IInsertBlock[],
  notebookLanguage: string
): IPlannedCell[] {
  const cells: IPlannedCell[] = [];
  for (const block of blocks) {
    const cell = planCell(block, notebookLanguage);
    const last = cells[cells.length - 1];
    if (last?.type === 'markdown' && cell.type === 'markdown') {
      cells[cells.length - 1] = {
        type: 'markdown',
        source: `${last.source}\n\n${cell.source}`
      };
    } else {
      cells.push(cell);
    }
  }
  return cells;
}
