import type { ClientFrame, ServerFrame } from '../../protocol/frames';
import { FrameTooLargeError } from '../errors';
import type { SocketState } from '../socket';
import { GPTSocket } from '../socket';
import { TestServer, until } from './server';

jest.setTimeout(60_000);

const cancel = (id: string): ClientFrame => ({
  type: 'cancel',
  request_id: id
});

describe('GPTSocket', () => {
  let server: TestServer;
  let socket: GPTSocket;
  let states: SocketState[];

  beforeEach(async () => {
    server = new TestServer();
    await server.start();
    socket = new GPTSocket({
      serverSettings: server.settings,
      random: () => 0
    });
    states = [];
    socket.stateChanged.connect((_, state) => states.push(state));
  });

  afterEach(async () => {
    socket.dispose();
    await server.stop();
  });

  it('offers the subprotocol and hands out frames', async () => {
    const frames: ServerFrame[] = [];
    socket.frame.connect((_, frame) => frames.push(frame));
    expect(socket.state).toBe('idle');
    socket.connect();
    await until(() => socket.state === 'open');
    expect(server.peers[0].protocol).toBe('v1.jupyterlab-gpt');
    expect(server.upgrades[0]).toBe('/jupyterlab-gpt/stream?token=a%20b');
    server.peers[0].send('no json');
    server.send({ type: 'from_the_future' });
    server.send({ type: 'heartbeat' });
    await until(() => frames.length > 0);
    expect(frames).toEqual([{ type: 'heartbeat' }]);
    expect(states).toEqual(['connecting', 'open']);
  });

  it('does not put a token into the URL unless it is told to', async () => {
    const serverSettings = { ...server.settings, appendToken: false };
    const other = new GPTSocket({ serverSettings });
    other.connect();
    await until(() => other.state === 'open');
    expect(server.upgrades[0]).toBe('/jupyterlab-gpt/stream');
    other.dispose();
  });

  it('keeps what is sent while disconnected, in order', async () => {
    for (let i = 0; i < 100; i++) {
      socket.send(cancel(`r${i}`));
    }
    await until(() => server.frames.length === 100);
    expect(server.of('cancel').map(f => f.request_id)).toEqual(
      Array.from({ length: 100 }, (_, i) => `r${i}`)
    );
  });

  it('takes back what has not gone out', async () => {
    socket.send(cancel('a'));
    socket.send(cancel('b'));
    expect(socket.withdraw('a')).toBe(false);
    await until(() => server.frames.length > 0);
    expect(server.of('cancel').map(f => f.request_id)).toEqual(['b']);
  });

  it.each([1000, 1006, 1009, 1013, 4000])(
    'comes back after close code %d',
    async code => {
      socket.connect();
      await until(() => socket.state === 'open');
      if (code === 1006) {
        server.peers[0].terminate();
      } else {
        server.peers[0].close(code);
      }
      await until(() => server.peers.length === 2 && socket.state === 'open');
      socket.send(cancel('after'));
      await until(() => server.frames.length === 1);
    }
  );

  it('waits longer each time, with jitter, and comes at once when the browser is online', async () => {
    const waits: number[] = [];
    const setTimer = jest.spyOn(window, 'setTimeout');
    const port = server.port;
    await server.stop();
    socket.connect();
    await until(() => socket.state === 'offline');
    for (const [, wait] of setTimer.mock.calls) {
      if (wait === 250 || wait === 500 || wait === 1000) {
        waits.push(wait);
      }
    }
    setTimer.mockRestore();
    // Half of 500, 1000, 2000: the jitter's lower end.
    expect(waits.slice(0, 3)).toEqual([250, 500, 1000]);
    socket.send(cancel('kept'));
    await server.start(port);
    const begun = Date.now();
    window.dispatchEvent(new Event('online'));
    await until(() => server.frames.length === 1);
    // The wait that was running was of at least a second.
    expect(Date.now() - begun).toBeLessThan(1000);
  });

  it('says that the login has expired, and goes on trying', async () => {
    server.refuse = 403;
    server.respond = () => [403, { message: 'Forbidden' }];
    socket.connect();
    await until(() => socket.state === 'refused');
    expect(socket.refusal).toBe(403);
    server.refuse = null;
    await until(() => socket.state === 'open');
    expect(socket.refusal).toBeNull();
    expect(states).toEqual(['connecting', 'refused', 'open']);
  });

  it('drops a socket that is silent while a turn runs, not one that is heard', async () => {
    socket.connect();
    await until(() => socket.state === 'open');
    socket.expectTraffic(true);
    const beat = setInterval(() => server.send({ type: 'heartbeat' }), 1000);
    await new Promise(resolve => setTimeout(resolve, 6000));
    expect(server.peers).toHaveLength(1);
    clearInterval(beat);
    const begun = Date.now();
    await until(() => server.peers.length === 2);
    expect(Date.now() - begun).toBeGreaterThan(3500);
  });

  it('comes back as fast after the fifth cut as after the first: the server is there', async () => {
    const setTimer = jest.spyOn(window, 'setTimeout');
    socket.connect();
    for (let cut = 1; cut <= 5; cut++) {
      await until(() => server.peers.length === cut && socket.state === 'open');
      const heard = new Promise<void>(resolve =>
        socket.frame.connect(() => resolve())
      );
      server.send({ type: 'heartbeat' });
      await heard;
      server.peers[cut - 1].terminate();
    }
    await until(() => server.peers.length === 6);
    const waits = setTimer.mock.calls
      .map(([, wait]) => wait)
      .filter(wait => wait && wait >= 250 && wait <= 4000);
    setTimer.mockRestore();
    expect(waits).toEqual([250, 250, 250, 250, 250]);
  });

  it('still waits longer for a server that takes the socket and says nothing', async () => {
    const setTimer = jest.spyOn(window, 'setTimeout');
    socket.connect();
    for (let cut = 1; cut <= 3; cut++) {
      await until(() => server.peers.length === cut && socket.state === 'open');
      server.peers[cut - 1].terminate();
    }
    await until(() => server.peers.length === 4);
    const waits = setTimer.mock.calls
      .map(([, wait]) => wait)
      .filter(wait => wait && wait >= 250 && wait <= 4000);
    setTimer.mockRestore();
    expect(waits).toEqual([250, 500, 1000]);
  });

  it('gives up an attempt that hangs when the browser comes online', async () => {
    server.deaf = true;
    socket.connect();
    await until(() => server.upgrades.length === 1);
    await new Promise(resolve => setTimeout(resolve, 1200));
    server.deaf = false;
    const begun = Date.now();
    window.dispatchEvent(new Event('online'));
    await until(() => socket.state === 'open');
    // The attempt itself would have hung for 20 s.
    expect(Date.now() - begun).toBeLessThan(5000);
    expect(server.upgrades).toHaveLength(2);
  });

  it('looks at once, after a sleep, whether its socket is still alive', async () => {
    socket.connect();
    await until(() => socket.state === 'open');
    const now = Date.now;
    // An hour passes, for which no timer ran.
    const slept = jest
      .spyOn(Date, 'now')
      .mockImplementation(() => now() + 3_600_000);
    try {
      document.dispatchEvent(new Event('visibilitychange'));
      // What lay waiting is handed out now: this one lives.
      server.send({ type: 'heartbeat' });
      await new Promise(resolve => setTimeout(resolve, 600));
      expect(server.upgrades).toHaveLength(1);

      slept.mockImplementation(() => now() + 7_200_000);
      document.dispatchEvent(new Event('visibilitychange'));
      // Without a look it would have taken 50 s.
      await until(() => server.peers.length === 2, 10_000);
    } finally {
      slept.mockRestore();
    }
  });

  it('gives up a socket that is silent when the browser is online again, not one that speaks', async () => {
    socket.connect();
    await until(() => socket.state === 'open');
    socket.expectTraffic(true);
    const beat = setInterval(() => server.send({ type: 'heartbeat' }), 500);
    window.dispatchEvent(new Event('online'));
    await new Promise(resolve => setTimeout(resolve, 2500));
    clearInterval(beat);
    expect(server.upgrades).toHaveLength(1);
    const begun = Date.now();
    window.dispatchEvent(new Event('online'));
    await until(() => server.peers.length === 2);
    // Else it would have taken 5 s.
    expect(Date.now() - begun).toBeLessThan(3500);
  });

  it('notices by itself that the machine slept while a turn runs', async () => {
    socket.connect();
    await until(() => socket.state === 'open');
    socket.expectTraffic(true);
    const now = Date.now;
    const begun = now();
    // A minute passes for which no timer ran, and nothing says so: the lid was closed.
    const slept = jest
      .spyOn(Date, 'now')
      .mockImplementation(() => now() + 60_000);
    try {
      await until(() => server.peers.length === 2, 10_000);
      expect(now() - begun).toBeLessThan(3500);
    } finally {
      slept.mockRestore();
    }
  });

  it('measures bytes, and queues nothing that is too large', async () => {
    const prompt = (text: string): ClientFrame => ({
      type: 'submit',
      request_id: 'r',
      conversation_id: 'c',
      message_id: 'm',
      answer_id: 'a',
      parts: [{ type: 'text', text }]
    });
    // 400,000 characters of three bytes each.
    expect(() => socket.send(prompt('€'.repeat(400_000)))).toThrow(
      FrameTooLargeError
    );
    socket.send(prompt('x'.repeat(1_000_000)));
    await until(() => server.frames.length === 1);
  });

  it('is quiet once disposed', async () => {
    socket.connect();
    await until(() => socket.state === 'open');
    socket.dispose();
    window.dispatchEvent(new Event('online'));
    await new Promise(resolve => setTimeout(resolve, 700));
    expect(server.upgrades).toHaveLength(1);
  });
});
