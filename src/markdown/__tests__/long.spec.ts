import { violations } from '../sanitize';
import { cut, random, streamed } from './support';

const rows = Array.from({ length: 180 }, (_, i) => `| ${i} | word ${i} |\n`);
const table = `| n | what |\n|--:|---|\n${rows.join('')}`;

/** Each is one thing that has no end; all are drawn in pieces of bounded size. */
const endless: readonly [string, string][] = [
  ['line of prose', 'some words without end '.repeat(2000)],
  ['line without a blank', 'x'.repeat(40_000)],
  ['line of code', '```python\n' + 'a = [1, 😀], '.repeat(3000)],
  ['block of raw HTML', '<div>\n' + 'inner <b>text</b>\n'.repeat(2000)],
  ['line of raw HTML', '<div>' + '😀'.repeat(15_001)],
  ['formula', '$$\n' + 'x^2 + \n'.repeat(3000) + '$$\n'],
  ['row of a table', `${table}| 1 | ${'cell '.repeat(5000)}|\n`]
];

describe('an endless thing', () => {
  it.each(endless)(
    'is drawn in bounded pieces: a %s',
    async (_, text) => {
      const whole = await streamed([text]);
      const pieces = await streamed(cut(text, random(5), 200));
      expect(pieces.isEqualNode(whole)).toBe(true);
      expect(violations(whole)).toEqual([]);
      for (const node of Array.from(whole.querySelectorAll('p, pre, div'))) {
        const own = Array.from(node.childNodes).filter(
          child => child.nodeType === Node.TEXT_NODE
        );
        const length = own.reduce((sum, n) => sum + n.textContent!.length, 0);
        expect(length).toBeLessThan(16_384);
      }
      const lines = whole.querySelectorAll('.jp-gpt-code-line, .jp-gpt-run');
      for (const line of Array.from(lines)) {
        expect(line.textContent!.length).toBeLessThan(16_384);
        expect(line.textContent).not.toMatch(/^[\udc00-\udfff]/);
      }
    },
    60_000
  );
});

describe('a long table', () => {
  it('is laid out in parts of fifty rows with the same columns', async () => {
    const node = await streamed(cut(table, random(3), 12));
    expect(node.isEqualNode(await streamed([table]))).toBe(true);
    expect(violations(node)).toEqual([]);
    const bodies = Array.from(node.querySelectorAll('tbody'));
    expect(bodies.map(body => body.rows.length)).toEqual([50, 50, 50, 30]);
    const columns = node
      .querySelector<HTMLElement>('.jp-mod-long')!
      .style.getPropertyValue('--jp-gpt-columns');
    expect(columns.match(/minmax\([\d.]+em, [\d.]+fr\)/g)).toHaveLength(
      bodies[0].rows[0].cells.length
    );
    expect(node.querySelectorAll('[role=row]')).toHaveLength(181);
  });

  it('stays as it is below that', async () => {
    const short = await streamed([table.split('\n').slice(0, 40).join('\n')]);
    expect(short.querySelector('.jp-mod-long, [style], [role=row]')).toBeNull();
    expect(short.querySelectorAll('tbody')).toHaveLength(1);
  });
});
