import { Lazy } from '../lazy';

describe('a part that is loaded on first use', () => {
  it('is made once', async () => {
    let made = 0;
    const lazy = new Lazy(async () => ++made);
    expect(lazy.loaded).toBe(null);
    await expect(Promise.all([lazy.load(), lazy.load()])).resolves.toEqual([
      1, 1
    ]);
    expect(lazy.loaded).toBe(1);
  });

  it('is tried again after it could not be loaded', async () => {
    let away = true;
    const lazy = new Lazy(async () => {
      if (away) {
        throw new Error('away');
      }
      return 'here';
    });
    await expect(lazy.load()).rejects.toThrow('away');
    expect(lazy.loaded).toBe(null);
    away = false;
    await expect(lazy.load()).resolves.toBe('here');
  });
});
