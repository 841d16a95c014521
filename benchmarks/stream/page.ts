import { python } from '@codemirror/lang-python';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { TranslationBundle } from '@jupyterlab/translation';
import { AnswerRenderer } from '../../src/markdown/renderer';

/** What is fed in one go: a token. */
const TOKEN = 4;

/** What of the registry the renderer asks for. */
const language = { name: 'python', support: python() };
const languages: Pick<
  IEditorLanguageRegistry,
  'findByName' | 'findByExtension' | 'getLanguage'
> = {
  findByName: name => (name === 'python' ? (language as never) : null),
  findByExtension: () => null,
  getLanguage: async () => language as never
};

const trans = {
  __: (text: string, ...args: string[]): string =>
    text.replace(/%(\d)/g, (_, index) => args[Number(index) - 1] ?? '')
};

interface ISink {
  append(text: string): void;
  finish(): Promise<void>;
}

function makeSink(mode: string, host: HTMLElement): ISink {
  if (mode === 'bare') {
    const pre = host.appendChild(document.createElement('div'));
    pre.style.whiteSpace = 'pre-wrap';
    let block: HTMLElement | null = null;
    return {
      append: text => {
        const parts = text.split('\n');
        parts.forEach((part, index) => {
          if (index > 0 || !block) {
            block = pre.appendChild(document.createElement('div'));
            block.append('');
          }
          (block.firstChild as Text).appendData(part);
        });
      },
      finish: async () => undefined
    };
  }
  const renderer = new AnswerRenderer({
    latexTypesetter: null,
    languages: languages as IEditorLanguageRegistry,
    trans: trans as TranslationBundle
  });
  host.append(renderer.node);
  return renderer;
}

/** A frame, and then the task behind it. */
function frame(): Promise<void> {
  return new Promise(resolve => {
    requestAnimationFrame(() => {
      setTimeout(resolve, 0);
    });
  });
}

/**
 * Feed a text as fast as frames allow.
 *
 * @param perFrame - Tokens a frame; 0 gives all at once.
 */
async function run(
  mode: string,
  text: string,
  perFrame: number
): Promise<{ wall: number; longest: number; tasks: number; nodes: number }> {
  const host = document.getElementById('host') as HTMLElement;
  host.replaceChildren();
  const long: number[] = [];
  const observer = new PerformanceObserver(list => {
    list.getEntries().forEach(entry => long.push(entry.duration));
  });
  const sink = makeSink(mode, host);
  // The first render is not counted: fonts and code are loaded by it.
  sink.append('# \n\n');
  await frame();
  await frame();
  observer.observe({ entryTypes: ['longtask'] });
  const begun = performance.now();
  const step = (perFrame || text.length) * TOKEN;
  for (let at = 0; at < text.length; at += step) {
    const end = Math.min(at + step, text.length);
    for (let token = at; token < end; token += TOKEN) {
      sink.append(text.slice(token, Math.min(token + TOKEN, end)));
    }
    host.scrollTop = host.scrollHeight;
    await frame();
  }
  await sink.finish();
  await frame();
  const wall = performance.now() - begun;
  observer.takeRecords().forEach(entry => long.push(entry.duration));
  observer.disconnect();
  return {
    wall,
    longest: Math.max(0, ...long),
    tasks: long.length,
    nodes: host.querySelectorAll('*').length
  };
}

/** Draw a text and leave it, for a picture. */
async function show(text: string): Promise<void> {
  const host = document.getElementById('host') as HTMLElement;
  host.replaceChildren();
  const sink = makeSink('ours', host);
  sink.append(text);
  await sink.finish();
  await frame();
}

Object.assign(window, { run, show });
