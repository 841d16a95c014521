/** As the panel: the longest formula, the longest between single dollars. */
const LONGEST = 8192;
const LONGEST_INLINE = 500;

const CLOSERS: Readonly<Record<string, string>> = {
  $$: '$$',
  '\\(': '\\)',
  '\\[': '\\]'
};
const TEX = /[\\^_={}<>]/;
const WORDS = /(?:^|[^\\A-Za-z])[A-Za-z]{2,}/;

/**
 * The formula that begins at a place of a text, with its delimiters; null if none does. What the
 * panel takes for one is one (`formulaAt` of the panel's Markdown).
 */
export function formulaAt(text: string, at: number): string | null {
  const closer = CLOSERS[text.slice(at, at + 2)];
  if (closer) {
    const end = text.slice(at, at + LONGEST).indexOf(closer, 2);
    const body = end < 0 ? '' : text.slice(at + 2, at + end);
    return body.trim() === '' || /\n\s*\n/.test(body)
      ? null
      : text.slice(at, at + end + 2);
  }
  const before = text[at - 1] ?? '';
  if (/[\p{L}\p{N}$\\]/u.test(before) || !(text[at + 1] ?? '').trim()) {
    return null;
  }
  let end = at + 1;
  const last = Math.min(text.length, at + LONGEST_INLINE);
  while (end < last && text[end] !== '$' && text[end] !== '`') {
    end += text[end] === '\\' ? 2 : 1;
  }
  const body = text.slice(at + 1, end);
  // Pandoc's rule: no blank before the closing sign, no digit after it.
  if (
    text[end] !== '$' ||
    /\s$/.test(body) ||
    /[\d$]/.test(text[end + 1] ?? '')
  ) {
    return null;
  }
  return isMoney(body) ? null : text.slice(at, end + 1);
}

/** `5 and 10`, `3.50 per call, `: an amount and prose, not a formula. */
function isMoney(body: string): boolean {
  return /^\d/.test(body) && WORDS.test(body) && !TEX.test(body);
}
