import { createServer } from 'http';
import type { IncomingMessage, Server, ServerResponse } from 'http';
import type { AddressInfo, Socket } from 'net';
import { ServerConnection } from '@jupyterlab/services';
import type { ClientFrame, ServerFrame } from '../../protocol/frames';

/* What is used of the package `ws`, which comes without types. */
interface IPeer {
  readonly protocol: string;
  send(text: string): void;
  close(code?: number): void;
  terminate(): void;
  on(event: 'message', listener: (data: Buffer) => void): void;
}
interface IPeerServer {
  handleUpgrade(
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
    done: (peer: IPeer) => void
  ): void;
}
// By its path: under jsdom the package's name means its stub for browsers.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { WebSocketServer } = require('../../../node_modules/ws/index.js') as {
  WebSocketServer: new (options: object) => IPeerServer;
};

export interface IRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * A real server on loopback: HTTP and WebSocket, which does what the test says.
 */
export class TestServer {
  /** Frames that arrived, on all connections. */
  readonly frames: ClientFrame[] = [];
  /** URLs of the upgrade requests. */
  readonly upgrades: string[] = [];
  readonly requests: IRequest[] = [];
  readonly peers: IPeer[] = [];
  /** HTTP status that refuses the upgrade. */
  refuse: number | null = null;
  /** Whether upgrade requests are left without an answer. */
  deaf = false;
  /** Called for each frame that arrives. */
  onFrame: (frame: ClientFrame, peer: IPeer) => void = () => undefined;
  /** Answers a request: status and body. */
  respond: (request: IRequest) => [number, unknown] = () => [404, {}];

  async start(port = 0): Promise<void> {
    this._http = createServer((request, response) =>
      this._onRequest(request, response)
    );
    this._http.on('connection', socket => {
      this._sockets.add(socket);
      socket.on('close', () => this._sockets.delete(socket));
    });
    const upgrade = new WebSocketServer({ noServer: true });
    this._http.on('upgrade', (request, socket: Socket, head) => {
      this.upgrades.push(request.url ?? '');
      if (this.deaf) {
        return;
      }
      if (this.refuse !== null) {
        socket.end(`HTTP/1.1 ${this.refuse} Refused\r\n\r\n`);
        return;
      }
      upgrade.handleUpgrade(request, socket, head, peer => {
        this.peers.push(peer);
        peer.on('message', data => {
          const frame = JSON.parse(String(data)) as ClientFrame;
          this.frames.push(frame);
          this.onFrame(frame, peer);
        });
      });
    });
    await new Promise<void>(resolve =>
      this._http?.listen(port, '127.0.0.1', () => resolve())
    );
    this.port = (this._http.address() as AddressInfo).port;
  }

  port = 0;

  get settings(): ServerConnection.ISettings {
    return ServerConnection.makeSettings({
      baseUrl: `http://127.0.0.1:${this.port}/`,
      wsUrl: `ws://127.0.0.1:${this.port}/`,
      token: 'a b',
      appendToken: true,
      WebSocket,
      fetch: ((input: RequestInfo, init?: RequestInit) =>
        this._fetch(input as Request, init)) as typeof fetch,
      Request,
      Headers
    });
  }

  /** Frames of a type. */
  of<T extends ClientFrame['type']>(
    type: T
  ): Extract<ClientFrame, { type: T }>[] {
    return this.frames.filter(
      (frame): frame is Extract<ClientFrame, { type: T }> => frame.type === type
    );
  }

  /** Send to the connection that was made last. */
  send(frame: ServerFrame | Record<string, unknown>): void {
    this.peers[this.peers.length - 1].send(JSON.stringify(frame));
  }

  async stop(): Promise<void> {
    this._sockets.forEach(socket => socket.destroy());
    await new Promise<void>(resolve =>
      this._http ? this._http.close(() => resolve()) : resolve()
    );
    this._http = null;
  }

  private _fetch(request: Request, init?: RequestInit): Promise<Response> {
    return fetch(request, init);
  }

  private _onRequest(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const seen: IRequest = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks)
      };
      this.requests.push(seen);
      const [status, body] = this.respond(seen);
      response.writeHead(status, {
        'Content-Type':
          typeof body === 'string' ? 'text/html' : 'application/json'
      });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  }

  private _http: Server | null = null;
  private _sockets = new Set<Socket>();
}

/**
 * Wait until something is so.
 */
export async function until(
  condition: () => boolean,
  limit = 20_000
): Promise<void> {
  const end = Date.now() + limit;
  while (!condition()) {
    if (Date.now() > end) {
      throw new Error(`Not so within ${limit} ms: ${condition}`);
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
