import type { IDisposable } from '@lumino/disposable';

/**
 * How often the screen reader gets new sentences. A synthetic voice reads about three words a
 * second at its usual speed, so that a sentence takes some seconds: more often would only queue.
 */
const EVERY_MS = 2500;

/**
 * The most that is handed over at once. What a fast model writes in the meantime would keep the
 * voice busy for minutes; the rest is there to be read in the transcript.
 */
const MOST_CHARS = 600;

/** Of one line so much is read: what follows is not spoken in any case. */
const LONGEST_LINE = 4 * MOST_CHARS;

/** Text without any end of a sentence is not kept longer than this. */
const LONGEST_SENTENCE = 4 * MOST_CHARS;

/** The last end of a sentence: its sign and what closes it, followed by white space. */
const SENTENCE_END = /[.!?:…]["')\]*_`]*\s|\n/g;

/**
 * Turns a stream of Markdown into sentences for a screen reader.
 *
 * Text is only collected as it arrives, whatever its length; the work is done when it is time to
 * speak. Code is named, not read aloud: it is there in the transcript, with its own buttons.
 */
export class SentenceAnnouncer implements IDisposable {
  /**
   * @param say - Receives some whole sentences.
   * @param codeLabel - What is said in place of a block of code.
   */
  constructor(say: (text: string) => void, codeLabel: string) {
    this._say = say;
    this._codeLabel = codeLabel;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Take the next piece of text. */
  push(text: string): void {
    if (this._isDisposed) {
      return;
    }
    this._pieces.push(text);
    this._timer ??= window.setTimeout(() => {
      this._timer = null;
      this._speak(false);
    }, EVERY_MS);
  }

  /** The text has ended: say what is left. */
  finish(): void {
    this._clear();
    if (!this._isDisposed) {
      this._speak(true);
    }
  }

  dispose(): void {
    this._isDisposed = true;
    this._clear();
    this._pieces = [];
  }

  private _clear(): void {
    if (this._timer !== null) {
      window.clearTimeout(this._timer);
      this._timer = null;
    }
  }

  private _speak(whole: boolean): void {
    const text = this._pieces.join('');
    let end = whole ? text.length : 0;
    if (!whole) {
      for (const match of text.matchAll(SENTENCE_END)) {
        end = match.index + match[0].length;
      }
      if (text.length - end > LONGEST_SENTENCE) {
        end = text.length;
      }
    }
    this._pieces = end < text.length ? [text.slice(end)] : [];
    const spoken = this._plain(text.slice(0, end));
    if (spoken) {
      this._say(
        spoken.length > MOST_CHARS ? `${spoken.slice(0, MOST_CHARS)} …` : spoken
      );
    }
  }

  /** Leave out what is code, and the signs of Markdown. */
  private _plain(markdown: string): string {
    const lines: string[] = [];
    let length = 0;
    for (const whole of markdown.split('\n')) {
      const line = whole.slice(0, LONGEST_LINE);
      if (/^\s*(```|~~~)/.test(line)) {
        this._inCode = !this._inCode;
        if (this._inCode) {
          lines.push(this._codeLabel);
        }
      } else if (!this._inCode && length <= LONGEST_LINE) {
        length += line.length;
        lines.push(
          line
            .replace(/^\s*(#{1,6}|>|[-*+]|\|)\s*/, '')
            .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
            .replace(/[*_`|]+/g, ' ')
        );
      }
    }
    return lines.join(' ').replace(/\s+/g, ' ').trim();
  }

  private readonly _say: (text: string) => void;
  private readonly _codeLabel: string;
  private _pieces: string[] = [];
  private _timer: number | null = null;
  private _inCode = false;
  private _isDisposed = false;
}
