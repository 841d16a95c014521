import { expect, type Browser } from '@playwright/test';
import { type ILoss, type IRun, type Cut, PATIENCE, lossOf } from './cuts';
import { type GPTPanel, journal, lab, script } from './gpt';
import { Proxy } from './proxy';
import { type INotice, SocketLog } from './socketlog';
import { shownText, storedAnswer, storedWorkspace } from './stored';

/** What happened to one page. */
export interface ITally {
  readonly cuts: Record<Cut, number>;
  reloads: number;
  readonly prompts: string[];
  /** Prompts that were sent while there was no connection. */
  offline: number;
  /** Differences between what was sent, what is stored and what is shown. */
  readonly losses: ILoss[];
  /** Milliseconds from each notice of a cut to the next frame of the turn. */
  readonly resumed: number[];
}

// A slow reader gets a frame every so many seconds, for so long: it is heard of less than the 5 s
// after which the client gives a silent socket up, and takes nothing for more than the 10 s after
// which the server lets go of it.
const SLOW_EVERY = 2;
const SLOW_SECONDS = 17;
// Time that a cut may take until the answer goes on, in ms: half-open 5 s, slow 20 s.
const LIMIT = 40_000;

/**
 * A page behind a proxy that misbehaves.
 */
export class FaultyPage {
  private constructor(
    private readonly _proxy: Proxy,
    private readonly _panel: GPTPanel,
    private readonly _log: SocketLog,
    private readonly _random: () => number,
    private readonly _model: string
  ) {}

  readonly tally: ITally = {
    cuts: { reset: 0, 'half-open': 0, idle: 0, slow: 0 },
    reloads: 0,
    prompts: [],
    offline: 0,
    losses: [],
    resumed: []
  };

  /** Open a JupyterLab of its own in a browser. */
  static async open(
    browser: Browser,
    name: string,
    random: () => number
  ): Promise<FaultyPage> {
    const proxy = await Proxy.start(process.env.GPT_AUTH_URL as string);
    const context = await browser.newContext();
    const page = await context.newPage();
    const log = new SocketLog(page);
    await log.start();
    const panel = await lab(page, proxy.url, `faults-${name}`);
    const model = `fake-faults-${name}`;
    await script(model, ['Hello.']);
    await panel.choose(model);
    // JupyterLab stores a page's state 750 ms after a change; a reload before that would lose
    // which model was chosen, and the default one would answer.
    await expect
      .poll(() => storedWorkspace(`faults-${name}`), { timeout: LIMIT })
      .toContain(model);
    return new FaultyPage(proxy, panel, log, random, model);
  }

  /**
   * Ask, do the faults while the answer arrives, and compare what came of it.
   *
   * @returns The faults for which the answer was too short.
   */
  async run(run: IRun): Promise<IRun['faults']> {
    const { pieces, delayMs, pauses, prompt } = run;
    await script(this._model, pieces, delayMs, pauses);
    await this._panel.button('New conversation').click();
    await this._ask(run);
    const left = [...run.faults];
    while (left.length) {
      // At a random point: between two faults there is up to a second of answer.
      const within = left[0] === 'slow' ? 200 : 800;
      await this._wait(200 + this._random() * within);
      if (!(await this._streams())) {
        break;
      }
      const fault = left[0];
      const done =
        fault === 'reload' ? await this._reload() : await this._cut(fault);
      if (done) {
        left.shift();
      } else if (fault === 'slow') {
        break;
      }
    }
    await this._panel.ended('complete', 120_000);
    await this._compare(prompt, pieces.join(''));
    return left;
  }

  /** Note what the page has noticed, and close it. */
  async close(): Promise<void> {
    for (const notice of await this._log.notices()) {
      if (notice.running && notice.resumed !== null) {
        this.tally.resumed.push(notice.resumed);
      }
    }
    await this._panel.page.context().close();
    this._proxy.stop();
  }

  /** Type the prompt; where it is sent offline, the connection comes back later. */
  private async _ask({ prompt, offline }: IRun): Promise<void> {
    const { tally, _panel: panel } = this;
    tally.prompts.push(prompt);
    if (offline === null) {
      await panel.ask(prompt);
      return;
    }
    tally.offline += 1;
    await this._proxy.down();
    await panel.ask(prompt);
    await this._wait(offline);
    await this._proxy.up();
    await expect(panel.last('GPT')).toContainText('w00001', {
      timeout: LIMIT
    });
  }

  /** @returns Whether the client has noticed a cut of this kind. */
  private async _cut(cut: Cut): Promise<boolean> {
    const before = (await this._log.notices()).length;
    switch (cut) {
      case 'reset':
        await this._proxy.reset();
        break;
      case 'half-open':
        await this._proxy.freeze();
        break;
      case 'idle':
        await this._proxy.idle(PATIENCE);
        break;
      case 'slow':
        await this._proxy.slow(SLOW_EVERY, SLOW_SECONDS);
    }
    const met = await this._noticed(before);
    await this._proxy.idle(0);
    const { running, how, code } = (await this._log.notices())[before] ?? {};
    const kind = cut === 'half-open' ? how === 'silence' : how === 'closed';
    // A reader that is not slow enough is not let go of.
    if (!met || !running || !kind || (cut === 'slow' && code !== 1013)) {
      const seen = JSON.stringify({ met, running, how, code });
      console.log(`faults: one ${cut} is not counted: ${seen}`);
      return false;
    }
    this.tally.cuts[cut] += 1;
    return true;
  }

  /** Wait until a cut is noticed and the answer goes on; false if there is nothing to notice. */
  private async _noticed(before: number): Promise<boolean> {
    const end = Date.now() + LIMIT;
    let notice: INotice | undefined;
    while (Date.now() < end) {
      notice = (await this._log.notices())[before];
      if (notice && (notice.resumed !== null || !notice.running)) {
        return true;
      }
      if (!notice && !(await this._streams())) {
        return false;
      }
      await this._wait(20);
    }
    if (notice) {
      throw new Error(`No frame after ${LIMIT} ms: ${JSON.stringify(notice)}`);
    }
    return false;
  }

  private async _reload(): Promise<boolean> {
    const { page } = this._panel;
    await this._log.keep();
    await page.reload();
    await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
    // On a busy machine the panel's code takes longer than a look at it.
    await expect(() => this._panel.open()).toPass({ timeout: LIMIT });
    await expect(this._panel.last('GPT')).toContainText('w00001', {
      timeout: LIMIT
    });
    this.tally.reloads += 1;
    return true;
  }

  private async _streams(): Promise<boolean> {
    const answer = this._panel.last('GPT');
    return (await answer.getAttribute('data-status')) === 'streaming';
  }

  /** What the provider sent, what is stored and what is shown are the same, and was asked once. */
  private async _compare(prompt: string, sent: string): Promise<void> {
    const stored = lossOf(sent, await storedAnswer(prompt));
    // Half a megabyte is drawn a piece a frame, also when all of it is there.
    let shown = await this._shownLoss(sent);
    const end = Date.now() + LIMIT;
    while ((shown.missing || shown.duplicated) && Date.now() < end) {
      await this._wait(500);
      shown = await this._shownLoss(sent);
    }
    for (const [where, loss] of Object.entries({ stored, shown })) {
      if (loss.missing || loss.duplicated) {
        console.log(`faults: ${prompt}, ${where}: ${JSON.stringify(loss)}`);
      }
    }
    this.tally.losses.push(stored, shown);
    const asked = (await journal()).filter(({ body }) =>
      body.messages.some(({ content }) => content.includes(prompt))
    );
    expect(asked, `${prompt}: asked once`).toHaveLength(1);
    expect(asked[0].sent_pieces).toBeGreaterThan(0);
  }

  private async _shownLoss(sent: string): Promise<ILoss> {
    const shown = await shownText(this._panel);
    const blank = /\s+/g;
    return lossOf(sent.replace(blank, ''), shown.replace(blank, ''));
  }

  private _wait(ms: number): Promise<void> {
    return new Promise(resolve => setTimeout(resolve, ms));
  }
}
