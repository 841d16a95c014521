import type { ServerFrame } from './frames';

type ServerFrameType = ServerFrame['type'];

/** What a field must be for the code that reads it not to break. */
type Check = (value: unknown) => boolean;

const isString: Check = value => typeof value === 'string';
const isNumber: Check = value =>
  typeof value === 'number' && Number.isFinite(value);
const isCount: Check = value => Number.isInteger(value) && Number(value) >= 0;
const isBoolean: Check = value => typeof value === 'boolean';
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isOneOf =
  (...values: string[]): Check =>
  value =>
    typeof value === 'string' && values.includes(value);
const isListOf =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check);
const isNullOr =
  (check: Check): Check =>
  value =>
    value === null || value === undefined || check(value);

/** A part of a type that is not known is let through: the views ignore it. */
const isPart: Check = value => isObject(value) && isString(value.type);
const isCost = isNullOr(
  value => isObject(value) && isNullOr(isString)(value.usd)
);
const isBudget: Check = value =>
  isObject(value) &&
  isString(value.spent) &&
  isString(value.reserved) &&
  isString(value.month) &&
  isString(value.level);
const isUsage = isNullOr(isObject);
const isPreviewItem: Check = value =>
  isObject(value) &&
  isString(value.id) &&
  isCount(value.message) &&
  isString(value.label);

const turn = { request_id: isString, seq: isCount };

/** The fields that the client reads, by type of frame; all others may be missing. */
const fields: Record<ServerFrameType, Record<string, Check>> = {
  estimated: {
    request_id: isString,
    input_tokens: isCount,
    method: isString,
    priced: isBoolean
  },
  previewed: {
    request_id: isString,
    digest: isString,
    items: isListOf(isPreviewItem),
    left_out: isListOf(isObject)
  },
  started: {
    ...turn,
    answer_id: isString,
    provider: isString,
    model: isString
  },
  delta: {
    ...turn,
    part: isCount,
    kind: isOneOf('text', 'thinking'),
    text: isString
  },
  retrying: { ...turn, attempt: isCount, wait_s: isNumber, code: isString },
  finished: {
    ...turn,
    finish_reason: isString,
    usage: isUsage,
    cost: isCost,
    budget: isNullOr(isBudget)
  },
  failed: {
    ...turn,
    code: isString,
    message: isString,
    detail: isNullOr(isObject),
    usage: isUsage,
    cost: isCost
  },
  snapshot: { ...turn, parts: isListOf(isPart), status: isString },
  changed: { conversation_id: isString },
  budget: { spent: isString, reserved: isString, month: isString },
  storage: { state: isString, message: isString },
  heartbeat: {}
};

/**
 * Whether a decoded JSON value is a frame that this client can act on.
 *
 * @remarks
 * Unknown fields are ignored and so are unknown types, as the protocol demands
 * of receivers; a field that the code would break on makes the frame invalid.
 */
export function isServerFrame(value: unknown): value is ServerFrame {
  if (!isObject(value) || typeof value.type !== 'string') {
    return false;
  }
  if (!Object.prototype.hasOwnProperty.call(fields, value.type)) {
    return false;
  }
  const checks = fields[value.type as ServerFrameType];
  return Object.entries(checks).every(([name, check]) => check(value[name]));
}

/**
 * Read one text frame of the server.
 *
 * @param text - what came through the socket
 * @returns the frame, or null for one that is unknown, broken or no JSON
 */
export function parseServerFrame(text: string): ServerFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isServerFrame(value) ? value : null;
}
