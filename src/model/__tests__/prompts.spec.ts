import { nullTranslator } from '@jupyterlab/translation';
import {
  fillPrompt,
  matchPrompts,
  placeholdersOf,
  promptSummary,
  promptTemplates
} from '../prompts';
import { triggerAt } from '../trigger';

const trans = nullTranslator.load('jupyterlab_gpt');

const WORDS = {
  cell: 'In [7]',
  error: 'the error of In [7]',
  output: 'the output of In [7]',
  notebook: 'the notebook',
  language: 'python'
};

describe('the prompts', () => {
  const names = (query: string, own = [{ name: 'Fix', prompt: 'mine' }]) =>
    matchPrompts(promptTemplates(own, trans), query).map(({ name }) => name);

  it('begin with the user’s own, which take the place of ours', () => {
    expect(names('')).toEqual([
      'Fix',
      'explain',
      'test',
      'document',
      'speed up',
      'plot'
    ]);
  });

  it('are found by the beginning of a word, the first word first', () => {
    expect(names('up', [])).toEqual(['speed up']);
    expect(names('SPEED U', [])).toEqual(['speed up']);
    const own = [{ name: 'quick plot', prompt: 'x' }];
    expect(names('plo', own)).toEqual(['plot', 'quick plot']);
    expect(names('xplain', [])).toEqual([]);
  });

  it('fill every placeholder, and show where one goes on', () => {
    for (const { prompt } of promptTemplates([], trans)) {
      const { text, caret } = fillPrompt(prompt, WORDS);
      expect(text).not.toMatch(/[{}]/);
      expect(text).toContain('In [7]');
      expect(text[caret - 1]).toBe(' ');
      expect(promptSummary(prompt, WORDS)).not.toMatch(/[{}]/);
    }
    expect(fillPrompt('a {cursor} b {cell}', WORDS)).toEqual({
      text: 'a  b In [7]',
      caret: 2
    });
    expect(fillPrompt('{output}', WORDS).caret).toBe(WORDS.output.length);
  });

  it('leave other braces alone, and no gap for an unknown language', () => {
    const none = { ...WORDS, language: '' };
    expect(fillPrompt('f"{x}" {Cell} as one {language} block', none).text).toBe(
      'f"{x}" {Cell} as one block'
    );
    expect([...placeholdersOf('{error} {cursor} {x} {cell}')]).toEqual([
      'error',
      'cell'
    ]);
  });
});

describe('what is named at the caret', () => {
  const at = (text: string) => triggerAt(text, text.length);

  it('is a prompt at the very beginning only', () => {
    expect(at('/')).toEqual({ kind: 'prompt', start: 0, query: '' });
    expect(at('/speed u')).toMatchObject({ query: 'speed u' });
    for (const text of ['a /fix', ' /fix', '/fix\n', '/usr/bin', '']) {
      expect(at(text)).toBeNull();
    }
    expect(triggerAt('/fix the rest', 4)).toMatchObject({ query: 'fix' });
  });

  it('is context at the beginning of a word, also in mid text', () => {
    expect(at('@')).toEqual({ kind: 'context', start: 0, query: '' });
    expect(at('plot @df')).toEqual({ kind: 'context', start: 5, query: 'df' });
    expect(triggerAt('plot (@d) now', 8)).toMatchObject({ query: 'd' });
    expect(at('see @data/a.csv')).toMatchObject({ query: 'data/a.csv' });
    expect(at('why does @In [7')).toMatchObject({ query: 'In [7' });
    expect(at(`${'x '.repeat(200)}@df`)).toEqual({
      kind: 'context',
      start: 400,
      query: 'df'
    });
  });

  it('is not an address, and ends with a blank', () => {
    for (const text of ['a@b.c', 'mail me@here', '@df ', 'a @ b', '@a@b']) {
      expect(at(text)).toBeNull();
    }
  });
});
