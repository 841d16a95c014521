import { hiddenLines } from '../askhidden';
import { findHidden, withoutHidden } from '../hidden';
import { trans } from './utils';

const lines = (text: string) => hiddenLines(findHidden([text]), trans);

describe('hidden characters', () => {
  it.each([
    ['Hebrew', 'שלום עולם = "טקסט"'],
    ['Hebrew with a mark beside a letter', 'אב\u200f (1)'],
    ['Arabic', 'مرحبا بالعالم'],
    ['Persian, its joiner between letters', 'می\u200cخواهم'],
    ['Hindi', 'क्\u200dष और र्\u200cय'],
    ['a family', '👨\u200d👩\u200d👧\u200d👦 and 👩🏽\u200d💻'],
    ['a heart in its emoji form', '❤\ufe0f ☑\ufe0f 1\ufe0f\u20e3'],
    ['a rainbow flag', '🏳\ufe0f\u200d🌈'],
    [
      'the flag of Scotland',
      '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'
    ],
    ['a Han variant', '葛\u{e0100}'],
    ['accents and mathematics', 'é e\u0301 ∑ ≤ 𝒳 \t\n']
  ])('%s passes without a question', (_, text) => {
    expect(findHidden([text])).toEqual([]);
    expect(withoutHidden(text)).toBe(text);
  });

  it.each([
    ['an override', 'a = 1 # \u202e admin \u2066', 'a = 1 #  admin ', 2],
    ['a zero-width space', 'pa\u200bss', 'pass', 1],
    ['a joiner within a name', 'us\u200der\u200c', 'user', 2],
    ['a mark among Latin letters', 'x\u200fy', 'xy', 1],
    ['a byte order mark', '\ufeffimport os', 'import os', 1],
    ['a text in tags', 'ok\u{e0041}\u{e0042}\u{e0043}', 'ok', 3],
    ['a text in variation selectors', '😀\ufe01\ufe02\u{e0130}', '😀\ufe01', 2],
    ['a filler as a name', 'x\u3164 = 1', 'x = 1', 1],
    ['tags after a flag that is none', '🏴\u{e0041}', '🏴', 1]
  ])('%s is found, counted and taken out', (_, text, clean, count) => {
    const found = findHidden([text]);
    expect(found.reduce((sum, { count: n }) => sum + n, 0)).toBe(count);
    expect(withoutHidden(text)).toBe(clean);
    expect(findHidden([withoutHidden(text)])).toEqual([]);
  });

  it('says which, and how many', () => {
    expect(lines('\u202ea\u202eb\u200b')).toEqual([
      '2 × right-to-left override (U+202E)',
      '1 × zero-width space (U+200B)'
    ]);
    expect(lines('a\u{e0041}\u{e0042}')).toEqual([
      '2 × tag characters, which can carry a hidden text'
    ]);
    const many = Array.from({ length: 10 }, (_, i) =>
      String.fromCodePoint(0x2060 + (i < 6 ? i : i + 4))
    ).join('a');
    expect(lines(many)).toHaveLength(9);
    expect(lines(many)[8]).toBe('and 2 other kinds');
  });

  it('a megabyte is looked through quickly', () => {
    const start = performance.now();
    findHidden(['x = "é"\n'.repeat(131_072)]);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
