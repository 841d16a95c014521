import { VERSION, isSameVersion } from '../version';

describe('isSameVersion', () => {
  it.each([
    ['0.1.0', '0.1.0'],
    ['0.2.0-alpha.1', '0.2.0a1'],
    ['0.2.0-beta.12', '0.2.0b12'],
    ['0.2.0-b1', '0.2.0b1'],
    ['0.2.0-a1', '0.2.0a1'],
    ['0.2.0-rc1', '0.2.0rc1'],
    ['0.2.0-rc.0', '0.2.0rc0']
  ])('takes %s and %s as one', (npm, python) => {
    expect(isSameVersion(npm, python)).toBe(true);
  });

  it.each([
    ['0.1.0', '0.1.1'],
    ['0.2.0-alpha.1', '0.2.0'],
    ['0.2.0-alpha.1', '0.2.0b1']
  ])('tells %s from %s', (npm, python) => {
    expect(isSameVersion(npm, python)).toBe(false);
  });

  it('knows a version of its own', () => {
    expect(VERSION).toMatch(/^\d+\.\d+\.\d+/);
  });
});
