import description from '../package.json';

/** The front end's version, as npm writes it: `0.1.0`, `0.1.0-alpha.1`. */
export const VERSION = description.version;

/**
 * Whether two versions are one: npm and Python write those before a release in two ways
 * (`0.2.0-beta.1` or `0.2.0-b1`, and `0.2.0b1`, PEP 440).
 */
export function isSameVersion(first: string, second: string): boolean {
  const plain = (version: string) =>
    version
      .toLowerCase()
      .replace(/-?(alpha|beta|a|b|rc)\.?/, (_, name: string) =>
        name === 'rc' ? name : name[0]
      );
  return plain(first) === plain(second);
}
