/** Names of this machine: two spellings of one address, as far as a server on it goes. */
const LOOPBACK: ReadonlySet<string> = new Set([
  'localhost',
  '127.0.0.1',
  '[::1]'
]);

/**
 * Whether two base URLs lead to one server, `localhost` and `127.0.0.1` being the same machine.
 */
export function isSameServer(one: string, other: string): boolean {
  return spelled(one) === spelled(other);
}

function spelled(address: string): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return address;
  }
  const host = LOOPBACK.has(url.hostname) ? 'localhost' : url.hostname;
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.protocol}//${host}:${url.port}${path}`;
}
