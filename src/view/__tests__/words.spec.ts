import { nullTranslator } from '@jupyterlab/translation';
import { SentenceAnnouncer } from '../announcer';
import * as format from '../format';

const trans = nullTranslator.load('jupyterlab_gpt');

describe('format', () => {
  it.each([
    ['0', '$0'],
    ['0.0000001', '$0.0000001'],
    ['0.003125', '$0.0031'],
    ['0.05', '$0.05'],
    ['0.5', '$0.50'],
    ['12.345', '$12.35'],
    ['nonsense', '$nonsense']
  ])('writes %s dollars as %s', (usd, text) => {
    expect(format.dollars(usd)).toBe(text);
  });

  it('writes numbers short', () => {
    expect(format.tokens(999)).toBe('999');
    expect(format.tokens(1234)).toBe('1.2k');
    expect(format.tokens(123456)).toBe('123k');
    expect(format.bytes(491_400_064)).toBe('491 MB');
    expect(format.bytes(1_117_320_768)).toBe('1.1 GB');
    expect(format.bytes(0)).toBe('0 B');
    expect(format.duration(trans, 3.21)).toBe('3.2 s');
    expect(format.duration(trans, 65)).toBe('1 min 05 s');
  });

  it('counts days by midnights', () => {
    const now = new Date(2026, 10, 22, 0, 30);
    expect(format.daysAgo(new Date(2026, 10, 21, 23, 50), now)).toBe(1);
    expect(format.daysAgo(new Date(2026, 10, 22, 0, 10), now)).toBe(0);
  });
});

describe('SentenceAnnouncer', () => {
  let said: string[];
  let voice: SentenceAnnouncer;

  beforeEach(() => {
    jest.useFakeTimers();
    said = [];
    voice = new SentenceAnnouncer(text => said.push(text), 'A block of code.');
  });

  afterEach(() => {
    voice.dispose();
    jest.useRealTimers();
  });

  it('says sentences, not tokens', () => {
    for (const token of 'This is **one** sentence. And this'.split(' ')) {
      voice.push(`${token} `);
    }
    expect(said).toEqual([]);
    jest.advanceTimersByTime(5000);
    expect(said).toEqual(['This is one sentence.']);
    voice.push('is the rest');
    voice.finish();
    expect(said[1]).toBe('And this is the rest');
  });

  it('names code instead of reading it, also over several pieces', () => {
    voice.push('Look:\n```python\nx = 1\n');
    jest.advanceTimersByTime(5000);
    voice.push('y = 2\n```\nDone.\n');
    voice.finish();
    expect(said).toEqual(['Look: A block of code.', 'Done.']);
  });

  it('hands over no more than can be listened to', () => {
    voice.push('A sentence. '.repeat(1000));
    voice.finish();
    expect(said[0].length).toBeLessThan(700);
  });

  it('is quiet when it is disposed', () => {
    voice.push('One. ');
    voice.dispose();
    jest.advanceTimersByTime(5000);
    voice.finish();
    expect(said).toEqual([]);
  });
});
