import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CodeLines, parserOf } from './highlight';
import { watchOverflow } from './overflow';
import { cleanText, element } from './sanitize';

/** A finished code block of an answer. */
export interface ICodeBlock {
  /** Its place among the answer's code blocks. */
  readonly index: number;
  /** Lower case, as the fence says it; empty if it says nothing. */
  readonly language: string;
  /** Without the last line feed. */
  readonly code: string;
  readonly node: HTMLElement;
  /** An empty slot in the header: the view mounts its buttons there. */
  readonly bar: HTMLElement;
}

/** A language's name is one word; longer ones are cut, for the header's sake. */
const LONGEST_NAME = 32;

/** The language which a fence names. */
export function languageOf(info: string): string {
  const word = /^\{?\.?([^\s,{}:=]+)/.exec(cleanText(info))?.[1] ?? '';
  return word.toLowerCase().slice(0, LONGEST_NAME);
}

/**
 * A code block: a header with its language and a slot for buttons, above the code.
 */
export class CodeBlock implements ICodeBlock {
  constructor(options: CodeBlock.IOptions) {
    const { language, trans } = options;
    this.index = options.index;
    this.language = language;
    const name = language
      ? trans.__('Code, %1', language)
      : trans.__('Code without a language');
    this.node = element('div', 'jp-gpt-codeblock');
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', name);
    const header = element('div', 'jp-gpt-codeblock-header');
    const label = element('span', 'jp-gpt-codeblock-language');
    label.textContent = language || trans.__('text');
    this.bar = element('div', 'jp-gpt-codeblock-bar');
    header.append(label, this.bar);
    const pre = element('pre', 'jp-gpt-codeblock-code');
    const code = element('code');
    pre.append(code);
    this.node.append(header, pre);
    this._lines = new CodeLines(code);
    watchOverflow(pre, name);
    this._ready = this._load(options);
  }

  readonly index: number;
  readonly language: string;
  readonly node: HTMLElement;
  readonly bar: HTMLElement;

  get code(): string {
    return this._lines.text.replace(/\n$/, '');
  }

  /** Resolves when the language's parser is there, or known to be missing. */
  get ready(): Promise<void> {
    return this._ready;
  }

  /** Whether the parser is still being fetched. */
  get loading(): boolean {
    return this._loading;
  }

  append(text: string): void {
    this._lines.append(text);
  }

  /** Whether its text is complete. */
  get closed(): boolean {
    return this._closed;
  }

  close(): void {
    this._closed = true;
    this._lines.close();
  }

  /** Highlight until the deadline. Returns whether there is more to do. */
  step(deadline: number): boolean {
    return this._lines.step(deadline);
  }

  private async _load(options: CodeBlock.IOptions): Promise<void> {
    const parser = await parserOf(options.languages, this.language);
    if (parser) {
      this._lines.parser = parser;
    }
    this._loading = false;
  }

  private readonly _lines: CodeLines;
  private readonly _ready: Promise<void>;
  private _loading = true;
  private _closed = false;
}

/** A namespace for `CodeBlock` statics. */
export namespace CodeBlock {
  export interface IOptions {
    readonly index: number;
    readonly language: string;
    readonly languages: IEditorLanguageRegistry | null;
    readonly trans: TranslationBundle;
  }
}
