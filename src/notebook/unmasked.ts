/**
 * Where JupyterLab looks for formulas: everywhere, but in what it takes for code. It does so
 * before it parses the Markdown, with two expressions of its own (`removeMath`), which are
 * followed here to the letter, in time that grows with the text. The server's export does the
 * same (`unmasked.py`).
 */

const OPENING = /^(`{3,}|~{3,})[^`]*$/;
const SPAN = /(?:^|[^\\])(`+)[^\n]*?[^`\n]\1(?!`)/g;

/**
 * Of a longer line no code is looked for, which takes the square of its length; lines of prose in
 * answers have a few hundred characters.
 */
const LONGEST_LINE = 2000;

/** Ends of lines for some readers only. */
const OTHER_ENDS = /[\r\u2028\u2029]/;

/**
 * Hide the dollars of code as JupyterLab does; the length stays.
 */
export function withoutCode(markdown: string): string {
  if (!/`|~~~/.test(markdown) || OTHER_ENDS.test(markdown)) {
    return markdown;
  }
  const lines = markdown.split('\n');
  hideFences(lines);
  return lines
    .map(line =>
      line.length > LONGEST_LINE ? line : line.replace(SPAN, hidden)
    )
    .join('\n');
}

function hideFences(lines: string[]): void {
  const unclosed = new Set<string>();
  let at = 0;
  while (at < lines.length) {
    const mark = OPENING.exec(lines[at])?.[1];
    at += 1;
    if (mark === undefined || unclosed.has(mark)) {
      continue;
    }
    let end = at;
    while (end < lines.length && !ends(lines[end], mark)) {
      end += 1;
    }
    if (end === lines.length && mark[0] === '~') {
      // JupyterLab would now look for a shorter one.
      return;
    }
    if (end === lines.length) {
      unclosed.add(mark);
      continue;
    }
    for (let i = at - 1; i <= end; i++) {
      lines[i] = hidden(lines[i]);
    }
    at = end + 1;
  }
}

function ends(line: string, mark: string): boolean {
  return line.startsWith(mark) && /^`*$/.test(line.slice(mark.length));
}

function hidden(code: string): string {
  return code.replace(/\$/g, '\0');
}
