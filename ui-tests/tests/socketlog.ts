import type { Page } from '@playwright/test';

/** One time that the client noticed that its socket is gone. */
export interface INotice {
  /** `silence`: it gave the socket up itself; `closed`: the browser said so. */
  readonly how: 'silence' | 'closed';
  /** Close code, where the browser said so. */
  readonly code: number | null;
  /** Whether a turn ran: then something is to be resumed. */
  readonly running: boolean;
  /** Milliseconds until a new socket stood; null: not yet. */
  readonly opened: number | null;
  /** Milliseconds until the next frame of a turn; null: not yet. */
  readonly resumed: number | null;
}

interface ILogWindow {
  gptNotices: (INotice & { at: number })[];
}

/** What runs in the page before all else: sockets to the panel's stream that keep a log. */
function install(): void {
  const page = window as unknown as ILogWindow;
  const notices: {
    at: number;
    how: 'silence' | 'closed';
    code: number | null;
    running: boolean;
    opened: number | null;
    resumed: number | null;
  }[] = (page.gptNotices = []);
  const last = () => notices[notices.length - 1];
  let running = false;
  const gone = (how: 'silence' | 'closed', code: number | null) =>
    notices.push({
      at: performance.now(),
      how,
      code,
      running,
      opened: null,
      resumed: null
    });
  const heard = (type: string) => {
    if (!/^(started|delta|retrying|snapshot|finished|failed)$/.test(type)) {
      return;
    }
    running = type !== 'finished' && type !== 'failed';
    if (last() && last().resumed === null) {
      last().resumed = performance.now() - last().at;
    }
  };
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      if (!String(url).includes('jupyterlab-gpt/stream')) {
        return;
      }
      let isOpen = false;
      const left = (how: 'silence' | 'closed', code: number | null) => {
        if (isOpen) {
          isOpen = false;
          gone(how, code);
        }
      };
      this.addEventListener('open', () => {
        isOpen = true;
        if (last() && last().opened === null) {
          last().opened = performance.now() - last().at;
        }
      });
      this.addEventListener('message', event => {
        heard((JSON.parse(String(event.data)) as { type: string }).type);
      });
      this.addEventListener('close', event => left('closed', event.code));
      // After a `close` event the client closes too, for its tidiness alone.
      const close = this.close.bind(this);
      this.close = (code, reason) => {
        left('silence', null);
        close(code, reason);
      };
    }
  };
}

/**
 * Keeps a log of what the page's sockets to the panel's stream go through, over reloads too.
 */
export class SocketLog {
  constructor(private readonly _page: Page) {}

  /** Keep the log, from the next page on. */
  async start(): Promise<void> {
    await this._page.addInitScript(install);
  }

  /** All that was noticed so far, before reloads too. */
  async notices(): Promise<INotice[]> {
    const now = await this._page.evaluate(
      () => (window as unknown as ILogWindow).gptNotices
    );
    return [...this._before, ...now];
  }

  /** The page is about to go. */
  async keep(): Promise<void> {
    this._before = await this.notices();
  }

  private _before: INotice[] = [];
}
