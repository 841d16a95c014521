import { nullTranslator } from '@jupyterlab/translation';
import { addCosts, addUsd, compareUsd, costText, isZero } from '../money';

const trans = nullTranslator.load('jupyterlab_gpt');

const cost = (usd: string | null, estimated = false, at_least = false) => ({
  usd,
  estimated,
  at_least
});

describe('amounts', () => {
  it('are added exactly', () => {
    expect(addUsd('0.1', '0.2')).toBe('0.3');
    expect(addUsd('0.000000001', '123456789012.999999999')).toBe(
      '123456789013'
    );
    expect(addUsd()).toBe('0');
    expect(addUsd('1', '-2.5')).toBe('-1.5');
    expect(addUsd('1', 'nonsense')).toBe('1');
  });

  it('give the same sum in any order', () => {
    const parts = Array.from({ length: 200 }, (_, i) => `0.${i}0000001`);
    const half = parts.length / 2;
    const [one, other] = [parts.slice(0, half), parts.slice(half)];
    expect(addUsd(...parts)).toBe(addUsd(addUsd(...other), addUsd(...one)));
  });

  it('are compared as amounts and not as words', () => {
    expect(compareUsd('10', '9.99')).toBe(1);
    expect(compareUsd('0.50', '0.5')).toBe(0);
    expect(compareUsd('0.1', '0.10000001')).toBe(-1);
    expect(isZero('0.000')).toBe(true);
    expect(isZero('1e-9')).toBe(false);
  });
});

describe('costs', () => {
  it('of unknown price are never nothing', () => {
    expect(costText(trans, cost(null))).toBe('price unknown');
    expect(costText(trans, cost('0', false, true))).toBe('price unknown');
    expect(costText(trans, cost('0'))).toBe('free');
    expect(costText(trans, cost('0.000000002'))).toBe('$0.000000002');
  });

  it('say what is not certain', () => {
    expect(costText(trans, cost('0.0031', true))).toBe('≈ $0.0031');
    expect(costText(trans, cost('0.0031', true, true))).toBe('≥ $0.0031');
  });

  it('added to one of unknown price are lower bounds', () => {
    expect(addCosts(null, null)).toBeNull();
    expect(addCosts(null, cost('0.1'))).toEqual(cost('0.1'));
    expect(addCosts(cost('0.1'), cost('0.2', true))).toEqual(cost('0.3', true));
    expect(addCosts(cost('0.1'), cost(null))).toEqual(cost('0.1', false, true));
    expect(addCosts(cost(null), cost(null))?.usd).toBeNull();
  });
});
