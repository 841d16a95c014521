import { nullTranslator } from '@jupyterlab/translation';
import type { IFrames, FrameWork } from '../frames';
import { AnswerRenderer } from '../renderer';

export const trans = nullTranslator.load('jupyterlab_gpt');

/** Frames that come when the test says so. */
export class ManualFrames implements IFrames {
  request(work: FrameWork): void {
    this.works.add(work);
  }

  cancel(work: FrameWork): void {
    this.works.delete(work);
  }

  /** One frame with all the time it wants. */
  tick(): void {
    const works = Array.from(this.works);
    this.works.clear();
    for (const work of works) {
      if (work(performance.now() + 60_000)) {
        this.works.add(work);
      }
    }
  }

  readonly works = new Set<FrameWork>();
}

/** A renderer whose frames the test drives. */
export function makeRenderer(options: Partial<AnswerRenderer.IOptions> = {}): {
  renderer: AnswerRenderer;
  frames: ManualFrames;
} {
  const frames = new ManualFrames();
  const renderer = new AnswerRenderer({
    latexTypesetter: null,
    languages: null,
    trans,
    frames,
    ...options
  });
  return { renderer, frames };
}

/** Frames until the answer is finished. */
export async function finish(
  renderer: AnswerRenderer,
  frames: ManualFrames
): Promise<void> {
  let done = false;
  const promise = renderer.finish().then(() => {
    done = true;
  });
  while (!done) {
    frames.tick();
    await new Promise(resolve => setTimeout(resolve, 0));
  }
  await promise;
}

/** The HTML of a text that came in these pieces, a frame after each. */
export async function streamed(
  pieces: readonly string[],
  options: Partial<AnswerRenderer.IOptions> = {}
): Promise<HTMLElement> {
  const { renderer, frames } = makeRenderer(options);
  for (const piece of pieces) {
    renderer.append(piece);
    frames.tick();
  }
  await finish(renderer, frames);
  return renderer.node;
}

/** Random numbers that are the same in each run. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A text cut at random places. */
export function cut(text: string, next: () => number, longest = 12): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = at + 1 + Math.floor(next() * longest);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}
