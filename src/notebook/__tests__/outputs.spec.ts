import type { ICodeCellModel } from '@jupyterlab/cells';
import { headTail, OUTPUT_LINES, outputText, plainText } from '../outputs';

/** A code cell with these streams as its outputs. */
const cell = (...texts: string[]): ICodeCellModel =>
  ({
    type: 'code',
    isDisposed: false,
    outputs: {
      toJSON: () =>
        texts.map(text => ({ output_type: 'stream', name: 'stdout', text }))
    }
  }) as unknown as ICodeCellModel;

const lines = (count: number): string =>
  Array.from({ length: count }, (_, at) => `\u001b[1mline\u001b[0m ${at}`).join(
    '\n'
  );

describe('a long output', () => {
  it('reads as it does when all of it is read', () => {
    const text = lines(100_000);
    expect(text.length).toBeGreaterThan(1_000_000);
    expect(outputText(cell(`${text}\n`))).toEqual(
      headTail(plainText(text), OUTPUT_LINES)
    );
    expect(outputText(cell('before', text)).lines).toBe(100_001);
  });

  it('says what is missing where its lines are long', () => {
    const wide = Array(8).fill('x'.repeat(300_000)).join('\n');
    const { text, cut } = outputText(cell(wide));
    expect(cut).toBe(true);
    expect(text).toContain('… [6 lines left out] …');
    expect(outputText(cell(wide)).lines).toBe(8);
    const one = outputText(cell('x'.repeat(3_000_000)));
    expect(one.text).toContain('[2999000 more characters]');
  });

  it('of 100 MB does not hold the page', () => {
    const text = `${'\u001b[31mred\u001b[0m and more of it\n'.repeat(3_500_000)}`;
    const start = performance.now();
    const { lines: count } = outputText(cell(text));
    // A tenth of a second here; reading all of it takes two.
    expect(performance.now() - start).toBeLessThan(1000);
    expect(count).toBe(3_500_000);
  });
});
