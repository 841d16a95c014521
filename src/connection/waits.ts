/* How long the socket waits, and for what; all in ms. */

// First wait before a new attempt; a server that restarts takes about 2 s.
const FIRST_WAIT = 500;
// Longest wait between attempts: a laptop that wakes up is not kept waiting for longer.
const LONGEST_WAIT = 30_000;

/** Attempts that fail before we ask the server by REST why (two can be a restart). */
export const FAILURES_BEFORE_ASKING = 3;
/**
 * A connection that held for so long was a good one, as is one on which the server was heard: the
 * next wait is the first again.
 */
export const GOOD_CONNECTION = 5_000;
/** Longest wait for a connection to stand; browsers leave a black hole open for minutes. */
export const CONNECT_LIMIT = 20_000;
/**
 * An attempt older than this is given up for a new one when the browser comes online or the tab is
 * looked at: it may have gone out on a network that is no more. A handshake over a satellite takes
 * about a second.
 */
export const STALE_ATTEMPT = 1_000;
/** Silence after which a socket is dropped while a turn runs (heartbeat: every 2 s). */
export const SILENCE_RUNNING = 5_000;
/**
 * The same at the moment of waking up, where sockets that look open are often dead: the answer is to
 * go on within 2 s. A living one that is given up for having just nothing to say is resumed.
 */
export const SILENCE_AWAKE = 1_500;
/** The same when idle (heartbeat: every 20 s): two missed, and some patience. */
export const SILENCE_IDLE = 50_000;

/**
 * Half to all of a wait that doubles, so that a server that comes back is not met by all at once.
 *
 * @param failures - Attempts that failed since the last good connection; 1 for the first.
 * @param random - A number from 0 to 1.
 */
export function waitAfter(failures: number, random: number): number {
  const exponent = Math.min(failures - 1, 10);
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** exponent);
  return wait * (0.5 + random / 2);
}
