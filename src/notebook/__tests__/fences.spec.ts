import { fenceLanguage, splitAnswer, stripPrompts } from '../fences';
import { canonicalLanguage, fenced, planCell, planCells } from '../languages';

const code = (source: string, language = 'python') => ({
  kind: 'code' as const,
  source,
  language
});
const markdown = (source: string) => ({
  kind: 'markdown' as const,
  source,
  language: ''
});

describe('splitAnswer', () => {
  it('keeps prose and code in order', () => {
    const blocks = splitAnswer(
      'First:\n\n```python\nx = 1\n```\n\nThen:\n\n```\ny = 2\n```\nDone.'
    );
    expect(blocks).toEqual([
      markdown('First:'),
      code('x = 1'),
      markdown('Then:'),
      code('y = 2', ''),
      markdown('Done.')
    ]);
  });

  it('takes a fence out of a list, with its indentation', () => {
    expect(
      splitAnswer(
        '1. Do\n\n   ```py\n   for a in b:\n       print(a)\n   ```\n2. End'
      )
    ).toEqual([
      markdown('1. Do'),
      code('for a in b:\n    print(a)', 'py'),
      markdown('2. End')
    ]);
  });

  it.each(['~~~', '`````'])('knows the fence %s', mark => {
    expect(splitAnswer(`${mark}r\nx <- 1\n\`\`\`\n${mark}`)).toEqual([
      code('x <- 1\n```', 'r')
    ]);
  });

  it('ends a fence that was cut off with the answer', () => {
    expect(splitAnswer('A\n```python\nx = 1\ny =')).toEqual([
      markdown('A'),
      code('x = 1\ny =')
    ]);
  });

  it('leaves what is only to be looked at in the prose', () => {
    expect(splitAnswer('It prints\n```text\n3\n```\nwell.')).toEqual([
      markdown('It prints\n```text\n3\n```\nwell.')
    ]);
  });

  it('unwraps a Markdown fence and drops an empty one', () => {
    expect(
      splitAnswer('````md\n# T\n```js\n1\n```\n````\n```python\n```')
    ).toEqual([
      { kind: 'markdown', source: '# T\n```js\n1\n```', language: 'md' }
    ]);
  });

  it('is not taken in by inline code in three backticks', () => {
    expect(splitAnswer('```x``` is code\nyes')).toEqual([
      markdown('```x``` is code\nyes')
    ]);
  });

  it('reads carriage returns and gives nothing for nothing', () => {
    expect(splitAnswer('```python\r\na\r\nb\r\n```\r\n')).toEqual([
      code('a\nb')
    ]);
    expect(splitAnswer(' \n\n')).toEqual([]);
  });
});

describe('fenceLanguage', () => {
  it.each([
    ['Python', 'python'],
    ['{.python .numberLines}', 'python'],
    ['{code-cell} ipython3', 'ipython3'],
    ['python title="a b"', 'python'],
    ['python:main.py', 'python'],
    ['c++', 'c++'],
    ['', '']
  ])('%s', (info, language) => {
    expect(fenceLanguage(info)).toBe(language);
  });
});

describe('stripPrompts', () => {
  it('strips >>> and ..., and what was printed', () => {
    expect(
      stripPrompts('>>> for i in a:\n...     print(i)\n...\n1\n2\n>>> i\n2')
    ).toBe('for i in a:\n    print(i)\n\ni');
  });

  it('strips In [1]: and its continuation', () => {
    expect(
      stripPrompts(
        'In [12]: def f():\n    ...:     return 1\n    ...: \n\nIn [13]: f()\nOut[13]: 1',
        'ipython'
      )
    ).toBe('def f():\n    return 1\n\nf()');
  });

  it('strips $ of a shell', () => {
    expect(stripPrompts('$ ls\na b\n$ pwd', 'console')).toBe('ls\npwd');
  });

  it.each([
    ['x = ">>> y"\n>>> z', 'python'],
    ['>>> quoted mail', 'r'],
    ['echo $HOME', 'bash'],
    ['a >>>b', 'python']
  ])('leaves %j alone', (source, language) => {
    expect(stripPrompts(source, language)).toBe(source);
  });
});

describe('planCell', () => {
  it.each([
    ['python', 'python', 'code'],
    ['py', 'python', 'code'],
    ['ipython3', 'python', 'code'],
    ['', 'python', 'code'],
    ['sql', '', 'code'],
    ['r', 'R', 'code'],
    ['julia', 'python', 'markdown'],
    ['text', 'python', 'markdown'],
    ['mermaid', '', 'code']
  ])('%j in a notebook of %j is %s', (language, kernel, type) => {
    expect(planCell(code('a', language), kernel).type).toBe(type);
  });

  it('gives shell code to %%bash', () => {
    expect(planCell(code('ls', 'sh'), 'python').source).toBe('%%bash\nls');
  });

  it('fences what the kernel does not understand, and joins Markdown', () => {
    expect(
      planCells(
        [markdown('A'), code('const a = `b`', 'js'), code('x'), markdown('Z')],
        'python'
      )
    ).toEqual([
      { type: 'markdown', source: 'A\n\n```javascript\nconst a = `b`\n```' },
      { type: 'code', source: 'x' },
      { type: 'markdown', source: 'Z' }
    ]);
    expect(fenced('a\n```\nb', 'md')).toBe('````md\na\n```\nb\n````');
    expect(canonicalLanguage(' Py ')).toBe('python');
  });
});
