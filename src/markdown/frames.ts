/**
 * Work that goes on frame by frame: all answers of the page share one budget a frame.
 */

/**
 * Milliseconds of our work in one frame. A frame at 60 Hz has 16.7 ms; half of it is left to layout,
 * paint and the rest of JupyterLab.
 */
export const BUDGET = 8;

/** A frame with its layout and paint may take so long, at 30 Hz; beyond it less is drawn at once. */
const FRAME = 33;

/** The least of our work in one frame, so that a slow page still comes to an end. */
const LEAST = 1;

/** A hidden page has no frames: a timer, slow enough not to matter. */
const HIDDEN = 100;

/** When a frame does not come (the page was hidden in between), a timer takes its place. */
const LATE = 300;

/** Works until the deadline. Returns whether more is to be done in the next frame. */
export type FrameWork = (deadline: number) => boolean;

/** Who runs work in frames. */
export interface IFrames {
  /** Run the work in the next frame; asking again before that is no more work. */
  request(work: FrameWork): void;
  cancel(work: FrameWork): void;
}

class Frames implements IFrames {
  request(work: FrameWork): void {
    this._works.add(work);
    this._arm();
  }

  cancel(work: FrameWork): void {
    this._works.delete(work);
  }

  private _arm(): void {
    if (this._armed || this._works.size === 0) {
      return;
    }
    this._armed = true;
    if (document.hidden) {
      this._timer = window.setTimeout(this._run, HIDDEN);
    } else {
      this._frame = window.requestAnimationFrame(this._run);
      this._timer = window.setTimeout(this._run, LATE);
    }
  }

  private readonly _run = (): void => {
    window.clearTimeout(this._timer);
    window.cancelAnimationFrame(this._frame);
    this._armed = false;
    const works = Array.from(this._works);
    this._works.clear();
    const begun = performance.now();
    const deadline = begun + this._budget;
    const late: FrameWork[] = [];
    const again: FrameWork[] = [];
    for (const work of works) {
      if (performance.now() >= deadline) {
        late.push(work);
      } else if (attempt(work, deadline)) {
        again.push(work);
      }
    }
    // Who found no time left is first in the next frame.
    const asked = Array.from(this._works);
    this._works.clear();
    [...late, ...asked, ...again].forEach(work => this._works.add(work));
    this._arm();
    window.setTimeout(() => this._learn(performance.now() - begun), 0);
  };

  /**
   * What was drawn is laid out behind us, at a cost that nobody knows before: a row of a table takes
   * a multiple of its parsing. A timer comes behind layout and paint.
   */
  private _learn(spent: number): void {
    const next = this._budget * (spent > FRAME ? 0.5 : 1.25);
    this._budget = Math.min(BUDGET, Math.max(LEAST, next));
  }

  private readonly _works = new Set<FrameWork>();
  private _budget = BUDGET;
  private _armed = false;
  private _frame = 0;
  private _timer = 0;
}

/** One answer's fault is not the others'. */
function attempt(work: FrameWork, deadline: number): boolean {
  try {
    return work(deadline);
  } catch (error) {
    console.error(error);
    return false;
  }
}

/** The page's frames. */
export const frames: IFrames = new Frames();
