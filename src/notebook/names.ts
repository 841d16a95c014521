/**
 * The names in Python source: which it uses, and which it defines. A scan and no parser: it reads
 * half-written cells too, and one that is fooled sends a cell too many or too few, both of which
 * the preview shows.
 */

/** Strings (with their prefix) and comments. */
const QUIET =
  /([a-zA-Z]{0,2})("""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)|#[^\n]*/g;

/** Python's keywords, and names that everything has: nobody defines them in a cell above. */
const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except ' +
    'finally for from global if import in is lambda nonlocal not or pass raise return try while ' +
    'with yield self cls print range len'
  ).split(' ')
);

const NAME = /[\p{L}_][\p{L}\p{N}_]*/gu;

/** Source without comments, strings and magics; what stands in the braces of an f-string stays. */
function bare(source: string): string {
  return source
    .replace(QUIET, (_, prefix: string | undefined, text?: string) => {
      if (!text) {
        return '';
      }
      return /f/i.test(prefix ?? '')
        ? ` (${[...text.matchAll(/\{([^{}]*)\}/g)].map(found => found[1].replace(/\n/g, ' ')).join(', ')}) `
        : ' "" ';
    })
    .replace(/^%%?\w+[ \t]?|^[!?].*$/gm, '');
}

/** Lines as Python sees them: brackets and a backslash at the end hold them together. */
function logicalLines(source: string): string[] {
  const lines: string[] = [];
  let open: string[] = [];
  let depth = 0;
  for (const line of source.split('\n')) {
    for (const sign of line) {
      depth += '([{'.includes(sign) ? 1 : ')]}'.includes(sign) ? -1 : 0;
    }
    const goesOn = line.endsWith('\\');
    open.push(goesOn ? line.slice(0, -1) : line);
    if (!goesOn && depth <= 0) {
      lines.push(open.join(' '));
      open = [];
      depth = 0;
    }
  }
  return open.length ? [...lines, open.join(' ')] : lines;
}

/** Whether what stands before a place is a dot: then the name there is of something else. */
function isAfterDot(text: string, place: number): boolean {
  let at = place - 1;
  while (at >= 0 && /\s/.test(text[at])) {
    at -= 1;
  }
  return text[at] === '.';
}

/**
 * The names that a source mentions, in their order; those after a dot are of something else.
 */
export function usedNames(source: string): string[] {
  const text = bare(source);
  const names = new Set<string>();
  for (const found of text.matchAll(NAME)) {
    if (!isAfterDot(text, found.index ?? 0) && !KEYWORDS.has(found[0])) {
      names.add(found[0]);
    }
  }
  return [...names];
}

/** The names that an assignment, or what stands before `in`, gives a value. */
function targets(text: string): string[] {
  // `df["x"] = …` and `df.x = …` change what `df` is: that is told with the same name.
  return (text.match(/[\p{L}_][\p{L}\p{N}_]*(?:\s*[.[(][^,=]*)?/gu) ?? [])
    .map(target => target.match(NAME)?.[0] ?? '')
    .filter(name => name && !KEYWORDS.has(name));
}

/** The names that an import makes. */
function imported(line: string): string[] {
  return line
    .replace(/^.*?\bimport\b/, '')
    .replace(/[()]/g, '')
    .split(',')
    .map(one => one.trim().split(/\s+as\s+/))
    .map(([name, alias]) => alias ?? name.split('.')[0])
    .filter(name => /^[\p{L}_]/u.test(name));
}

/** The names that one line defines. */
function defined(line: string): string[] {
  // `if ready: x = 1` on one line.
  const text = line
    .trim()
    .replace(/^(?:if|elif|while|else|try|finally)\b[^=]*?:\s+(?=\S)/, '');
  const head = /^(?:async\s+)?(?:def|class)\s+([\p{L}_][\p{L}\p{N}_]*)/u.exec(
    text
  );
  if (head) {
    return [head[1]];
  }
  if (/^(?:import|from)\s/.test(text)) {
    return imported(text);
  }
  const names: string[] = [];
  const loop = /^(?:async\s+)?for\s+(.+?)\s+in\s/.exec(text);
  if (loop) {
    names.push(...targets(loop[1]));
  }
  for (const found of text.matchAll(/\bas\s+([\p{L}_][\p{L}\p{N}_]*)/gu)) {
    names.push(found[1]);
  }
  for (const found of text.matchAll(/([\p{L}_][\p{L}\p{N}_]*)\s*:=/gu)) {
    names.push(found[1]);
  }
  const sides = text.split(
    /(?<![=!<>:])(?:[-+*/%@&|^]|\/\/|\*\*|<<|>>)?=(?!=)/
  );
  // `f(x=1)` is no assignment: its brackets are still open where the sign stands.
  for (let at = 0; at < sides.length - 1; at++) {
    const left = sides.slice(0, at + 1).join('=');
    if (
      (left.match(/[([{]/g) ?? []).length !==
      (left.match(/[)\]}]/g) ?? []).length
    ) {
      break;
    }
    names.push(...targets(sides[at].split(':')[0]));
  }
  return names;
}

/**
 * The names that a source gives a value, outside of functions and classes.
 */
export function definedNames(source: string): Set<string> {
  const names = new Set<string>();
  // The indentation of the function or class that the lines are in; none outside.
  let inside: number | null = null;
  for (const line of logicalLines(bare(source))) {
    if (!line.trim()) {
      continue;
    }
    const indent = line.length - line.trimStart().length;
    if (inside !== null && indent > inside) {
      continue;
    }
    inside = /^\s*(?:async\s+)?(?:def|class)\s/.test(line) ? indent : null;
    defined(line).forEach(name => names.add(name));
  }
  return names;
}
