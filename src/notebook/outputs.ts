import type { ICellModel } from '@jupyterlab/cells';
import type * as nbformat from '@jupyterlab/nbformat';
import { isCode } from './opencells';

/**
 * Lines kept of the beginning and of the end of an output: what a person would look at, and about
 * 1,500 tokens of a table.
 */
export const OUTPUT_LINES = 40;

/**
 * Lines kept of both ends of a traceback: the frames of the user's own code stand at its
 * beginning, the one that raised at its end.
 */
export const TRACEBACK_LINES = 60;

/** Characters kept of one line: a wide table fits, a minified file in one line does not. */
export const LINE_CHARACTERS = 1000;

/**
 * Characters that are read at each end of a long output: cleaning 100 MB would hold the page for a
 * second each time the prompt is looked at; these take a few ms.
 */
const END_CHARACTERS = 500_000;

/** Colours and cursor movements (CSI), titles and links (OSC), and other escape sequences. */
const ANSI = new RegExp(
  '\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)|[@-Z\\\\-_])',
  'g'
);

/**
 * Control characters other than tab and line feed.
 */
export const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * The error in the outputs of a cell.
 */
export interface ICellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: IHeadTail;
}

/**
 * A text with its middle left out.
 */
export interface IHeadTail {
  readonly text: string;
  /** Lines of the whole text. */
  readonly lines: number;
  /** Whether lines are missing. */
  readonly cut: boolean;
}

/**
 * Text without escape sequences and control characters.
 */
export function plainText(text: string): string {
  return text.replace(ANSI, '').replace(/\r\n/g, '\n').replace(CONTROL, '');
}

/**
 * The first and the last lines of a text, with a line between them that says what is missing.
 *
 * @param extra - Lines that the whole text has and this one lacks.
 */
export function headTail(text: string, keep: number, extra = 0): IHeadTail {
  const all = text.split('\n');
  const lines = all.length + extra;
  const shorten = (line: string) =>
    line.length > LINE_CHARACTERS
      ? `${line.slice(0, LINE_CHARACTERS)}… [${line.length - LINE_CHARACTERS} more characters]`
      : line;
  if (all.length <= 2 * keep) {
    return {
      text: all.map(shorten).join('\n'),
      lines,
      cut: extra > 0
    };
  }
  return {
    text: [
      ...all.slice(0, keep).map(shorten),
      `… [${lines - 2 * keep} lines left out: first ${keep} and last ${keep} of ${lines} lines] …`,
      ...all.slice(-keep).map(shorten)
    ].join('\n'),
    lines,
    cut: true
  };
}

/** Both ends of a long text, and how many lines it lacks; a text that is not long as it is. */
function ends(text: string): { text: string; lacking: number } {
  const from = text.lastIndexOf('\n', END_CHARACTERS);
  const to = text.indexOf('\n', text.length - END_CHARACTERS);
  if (text.length <= 2 * END_CHARACTERS || from < 0 || to < 0) {
    return { text, lacking: 0 };
  }
  let between = 1;
  for (
    let at = text.indexOf('\n', from + 1);
    at < to;
    at = text.indexOf('\n', at + 1)
  ) {
    between++;
  }
  const gap = `… [${between} lines left out] …`;
  return {
    text: `${text.slice(0, from)}\n${gap}\n${text.slice(to + 1)}`,
    lacking: between - 1
  };
}

/**
 * The last error in the cell's outputs, readable; null if the cell has not failed.
 */
export function cellError(model: ICellModel): ICellError | null {
  const outputs = allOutputs(model);
  for (let index = outputs.length - 1; index >= 0; index--) {
    const output = outputs[index];
    if (output.output_type === 'error') {
      const error = output as nbformat.IError;
      const traceback = Array.isArray(error.traceback) ? error.traceback : [];
      return {
        ename: plainText(String(error.ename ?? '')),
        evalue: headTail(plainText(String(error.evalue ?? '')), OUTPUT_LINES)
          .text,
        traceback: headTail(plainText(traceback.join('\n')), TRACEBACK_LINES)
      };
    }
  }
  return null;
}

/**
 * Whether the cell has an output that is not an error.
 */
export function hasOutput(model: ICellModel): boolean {
  if (!isCode(model) || model.isDisposed) {
    return false;
  }
  for (let index = 0; index < model.outputs.length; index++) {
    if (model.outputs.get(index).type !== 'error') {
      return true;
    }
  }
  return false;
}

/**
 * The text of the cell's outputs, errors apart: no image, no base64, no HTML.
 */
export function outputText(model: ICellModel): IHeadTail {
  const texts: string[] = [];
  let lacking = 0;
  for (const output of allOutputs(model)) {
    const read = oneOutput(output);
    if (read.text.trim()) {
      texts.push(read.text);
      lacking += read.lacking;
    }
  }
  return headTail(texts.join('\n').replace(/\n+$/, ''), OUTPUT_LINES, lacking);
}

function allOutputs(model: ICellModel): nbformat.IOutput[] {
  return isCode(model) && !model.isDisposed ? model.outputs.toJSON() : [];
}

function oneOutput(output: nbformat.IOutput): {
  text: string;
  lacking: number;
} {
  if (output.output_type === 'stream') {
    const { text, lacking } = ends(joined(output.text));
    return { text: plainText(text).replace(/\n$/, ''), lacking };
  }
  if (
    output.output_type === 'execute_result' ||
    output.output_type === 'display_data'
  ) {
    return {
      text: bundleText(output.data as nbformat.IMimeBundle),
      lacking: 0
    };
  }
  return { text: '', lacking: 0 };
}

/**
 * An object's own name is not its content: `<pandas.io.formats.style.Styler at 0x7f…>`,
 * `<IPython.core.display.HTML object>`, `<Figure size 640x480 with 1 Axes>`.
 */
const NAME_ONLY = /^<[^<>\n]*>$/;

/** The most readable text of a MIME bundle, or the names of what it holds. */
function bundleText(data: nbformat.IMimeBundle): string {
  const html = data['text/html'];
  for (const mime of ['text/plain', 'text/markdown', 'text/latex']) {
    if (typeof data[mime] === 'string' || Array.isArray(data[mime])) {
      const text = plainText(joined(data[mime]));
      if (!html || !NAME_ONLY.test(text.trim())) {
        return text;
      }
    }
  }
  if (html) {
    return htmlText(joined(html));
  }
  return Object.keys(data)
    .map(mime => `[${mime}]`)
    .join(' ');
}

/** The text of a page; a table as lines of cells. */
function htmlText(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html');
  page.querySelectorAll('script, style').forEach(node => node.remove());
  page.querySelectorAll('table').forEach(table => {
    const rows = Array.from(table.rows, row =>
      Array.from(row.cells, cell =>
        (cell.textContent ?? '').replace(/\s+/g, ' ').trim()
      ).join(' | ')
    );
    table.replaceWith(`\n${rows.join('\n')}\n`);
  });
  return plainText(page.body.textContent ?? '')
    .replace(/\n\s*\n+/g, '\n')
    .trim();
}

/**
 * A picture in an output.
 */
export interface IOutputImage {
  readonly mime: string;
  /** Base64. */
  readonly data: string;
}

/** The pictures that models read and kernels make. */
const IMAGES = ['image/png', 'image/jpeg'];

/**
 * The pictures in the cell's outputs, in their order; of one output the first that is known.
 */
export function outputImages(model: ICellModel): IOutputImage[] {
  if (!isCode(model) || model.isDisposed) {
    return [];
  }
  const images: IOutputImage[] = [];
  for (let index = 0; index < model.outputs.length; index++) {
    // Not `toJSON` of all: the other outputs may be megabytes, and this is asked at each change.
    const { data } = model.outputs.get(index);
    const mime = IMAGES.find(type => data[type]);
    if (mime) {
      images.push({ mime, data: joined(data[mime]).replace(/\s+/g, '') });
    }
  }
  return images;
}

function joined(text: unknown): string {
  return Array.isArray(text) ? text.join('') : String(text ?? '');
}
