import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ClientFrame, ServerFrame } from '../frames';
import { isServerFrame, parseServerFrame } from '../guards';

const GOLDEN = join(__dirname, '..', '..', '..', 'tests', 'frames');

/** The types of frames; a missing or additional one is an error of the compiler. */
const serverTypes: Record<ServerFrame['type'], true> = {
  estimated: true,
  previewed: true,
  started: true,
  delta: true,
  retrying: true,
  finished: true,
  failed: true,
  snapshot: true,
  changed: true,
  budget: true,
  storage: true,
  heartbeat: true
};
const clientTypes: Record<ClientFrame['type'], true> = {
  submit: true,
  estimate: true,
  preview: true,
  cancel: true,
  resume: true
};

function golden(side: 'client' | 'server'): [string, unknown][] {
  return readdirSync(join(GOLDEN, side))
    .filter(name => name.endsWith('.json'))
    .flatMap(name => {
      const text = readFileSync(join(GOLDEN, side, name), 'utf8');
      const frames = JSON.parse(text) as unknown[];
      return frames.map((frame): [string, unknown] => [
        basename(name, '.json'),
        frame
      ]);
    });
}

describe('golden frames', () => {
  it('cover every type of both directions', () => {
    const names = (side: 'client' | 'server') => [
      ...new Set(golden(side).map(([type]) => type))
    ];
    expect(names('server').sort()).toEqual(Object.keys(serverTypes).sort());
    expect(names('client').sort()).toEqual(Object.keys(clientTypes).sort());
  });

  it.each(golden('server'))('server/%s is read whole', (type, frame) => {
    const read = parseServerFrame(JSON.stringify(frame));
    expect(read).toEqual(frame);
    expect(read?.type).toBe(type);
  });

  it.each(golden('client'))(
    'client/%s is no frame of the server',
    (_, frame) => {
      expect(isServerFrame(frame)).toBe(false);
    }
  );
});

describe('parseServerFrame', () => {
  it('ignores types that it does not know', () => {
    expect(parseServerFrame('{"type": "confetti", "seq": 1}')).toBeNull();
    expect(parseServerFrame('{"type": "constructor"}')).toBeNull();
  });

  it.each(['', '{', 'null', '[]', '"delta"', '{}', '{"type": 7}'])(
    'takes %j for no frame',
    text => {
      expect(parseServerFrame(text)).toBeNull();
    }
  );

  it('refuses a frame whose fields would break the client', () => {
    const [, delta] = golden('server').find(([type]) => type === 'delta')!;
    for (const broken of [
      { text: 1 },
      { seq: '2' },
      { seq: -1 },
      { part: 0.5 },
      { kind: 'shout' },
      { request_id: null }
    ]) {
      const frame = { ...(delta as object), ...broken };
      expect(parseServerFrame(JSON.stringify(frame))).toBeNull();
    }
  });

  it('lets parts of unknown types through, for views to ignore', () => {
    const [, snapshot] = golden('server').find(([t]) => t === 'snapshot')!;
    const frame = { ...(snapshot as object), parts: [{ type: 'hologram' }] };
    expect(isServerFrame(frame)).toBe(true);
    expect(isServerFrame({ ...frame, parts: [null] })).toBe(false);
  });
});
