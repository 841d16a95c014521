/**
 * What is being named at the caret.
 */
export interface ITrigger {
  readonly kind: 'prompt' | 'context';
  /** Where its `/` or `@` stands. */
  readonly start: number;
  /** What stands between it and the caret. */
  readonly query: string;
}

/** Characters of the longest name that is looked for: a path in a deep folder. */
const LONGEST = 120;

/**
 * `@` at the beginning of a word, so that an address (`a@b.c`) names nothing; a cell's name (`In
 * [7]`) is the one that has a blank.
 */
const CONTEXT = /(?:^|[\s([{'"`,;:])@((?:in \[?)?[^\s@]*)$/i;

/** `/` at the very beginning; the name of a prompt may have blanks. */
const PROMPT = /^\/([^\n/]*)$/;

/**
 * What the text before the caret begins to name, or null.
 */
export function triggerAt(text: string, caret: number): ITrigger | null {
  const prompt = caret <= LONGEST ? PROMPT.exec(text.slice(0, caret)) : null;
  if (prompt) {
    return { kind: 'prompt', start: 0, query: prompt[1] };
  }
  const before = text.slice(Math.max(0, caret - LONGEST), caret);
  const context = CONTEXT.exec(before);
  return context
    ? {
        kind: 'context',
        start: caret - context[1].length - 1,
        query: context[1]
      }
    : null;
}
