/**
 * What kind of character hides.
 */
export type HiddenKind = 'direction' | 'zero-width' | 'tag';

/**
 * A character that nobody sees, and how often it is there.
 */
export interface IHidden {
  readonly kind: HiddenKind;
  /** Its code point; of tags the first that was met: one count stands for all of them. */
  readonly code: number;
  readonly count: number;
}

/**
 * Characters that show nothing, or turn the order of what is shown: direction marks, embeddings,
 * overrides and isolates; joiners, fillers and other characters without a width; variation
 * selectors; tags, in which a whole text can be hidden.
 */
const SUSPECT = new RegExp(
  '[' +
    '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069' +
    '\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200d' +
    '\\u2028\\u2029\\u2060-\\u2065\\u206a-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0' +
    '\\ufff0-\\ufffb\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}' +
    ']',
  'gu'
);

/** What makes a word right to left: beside it a direction mark is ordinary typing. */
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Scripts whose spelling has joiners: Persian, Urdu, and the family of Devanagari. */
const JOINED =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;

/** What a family or a profession is joined of; skin tones and the emoji form may stand between. */
const EMOJI = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\u20e3]/u;

/** What a variation selector may choose the form of. */
const HAS_FORMS = /[\p{Emoji}\p{S}\p{P}\p{Script=Han}\p{Script=Mongolian}]/u;

/** The flags of England, Scotland and Wales: the only tags that show something. */
const FLAG =
  /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{2,6}\u{e007f}/gu;

function isTag(code: number): boolean {
  return code >= 0xe0000 && code <= 0xe007f;
}

function isSelector(code: number): boolean {
  return (
    (code >= 0xfe00 && code <= 0xfe0f) ||
    (code >= 0xe0100 && code <= 0xe01ef) ||
    (code >= 0x180b && code <= 0x180f)
  );
}

function kindOf(code: number): HiddenKind {
  if (code >= 0xe0000) {
    return 'tag';
  }
  const turns =
    code === 0x061c ||
    code === 0x200e ||
    code === 0x200f ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069);
  return turns ? 'direction' : 'zero-width';
}

/** Whether the character belongs where it stands, by the spelling of its neighbours. */
function belongs(code: number, before: string, after: string): boolean {
  if (code === 0x200e || code === 0x200f || code === 0x061c) {
    return RIGHT_TO_LEFT.test(before) || RIGHT_TO_LEFT.test(after);
  }
  if (code === 0x200c) {
    return JOINED.test(before) && JOINED.test(after);
  }
  if (code === 0x200d) {
    return (
      (EMOJI.test(before) && EMOJI.test(after)) ||
      JOINED.test(before) ||
      JOINED.test(after)
    );
  }
  return isSelector(code) && HAS_FORMS.test(before);
}

/** The whole character that ends, or begins, at a place; empty at the ends of the text. */
function charBefore(text: string, at: number): string {
  const low = text.charCodeAt(at - 1);
  const pair = low >= 0xdc00 && low <= 0xdfff;
  return at > 0 ? text.slice(at - (pair ? 2 : 1), at) : '';
}

function charAfter(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

/** Call back for each character that hides without a reason. */
function eachHidden(
  text: string,
  found: (at: number, length: number, code: number) => void
): void {
  const flags = [...text.matchAll(FLAG)].map(
    match => [match.index, match.index + match[0].length] as const
  );
  for (const match of text.matchAll(SUSPECT)) {
    const at = match.index;
    const { length } = match[0];
    const code = match[0].codePointAt(0)!;
    if (flags.some(([from, to]) => at >= from && at < to)) {
      continue;
    }
    if (!belongs(code, charBefore(text, at), charAfter(text, at + length))) {
      found(at, length, code);
    }
  }
}

/**
 * The characters in texts that hide: they can turn what code looks like, or carry a text that
 * only a machine reads. Plain Hebrew or Arabic, Persian's joiners and emoji are not among them.
 */
export function findHidden(texts: readonly string[]): IHidden[] {
  const all = new Map<number, IHidden>();
  for (const text of texts) {
    eachHidden(text, (_at, _length, code) => {
      const key = isTag(code) ? 0xe0000 : code;
      const before = all.get(key);
      all.set(key, {
        kind: kindOf(code),
        code: before?.code ?? code,
        count: (before?.count ?? 0) + 1
      });
    });
  }
  return [...all.values()];
}

/**
 * A text without the characters that `findHidden` finds in it.
 */
export function withoutHidden(text: string): string {
  let out = text;
  // What was taken out may have been the reason why its neighbour belonged.
  for (let again = true; again;) {
    let from = 0;
    let clean = '';
    eachHidden(out, (at, length) => {
      clean += out.slice(from, at);
      from = at + length;
    });
    again = from > 0;
    out = clean + out.slice(from);
  }
  return out;
}
