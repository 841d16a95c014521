import type { TranslationBundle } from '@jupyterlab/translation';
import type { IPromptTemplate } from '../tokens';

/** What a placeholder stands for. */
export type Placeholder = 'cell' | 'error' | 'output' | 'notebook' | 'language';

/** What has a placeholder's name in a prompt; `{cursor}` apart, any other brace is plain text. */
const PLACEHOLDER = /\{(cell|error|output|notebook|language|cursor)\}/g;

/**
 * A prompt with its placeholders filled.
 */
export interface IFilledPrompt {
  readonly text: string;
  /** Where one goes on writing. */
  readonly caret: number;
}

/**
 * The prompts that `/` offers: the user's own first, then those of a name that they do not have.
 */
export function promptTemplates(
  own: readonly IPromptTemplate[],
  trans: TranslationBundle
): readonly IPromptTemplate[] {
  const mine = new Set(own.map(({ name }) => name.toLowerCase()));
  return [...own, ...builtIn(trans).filter(({ name }) => !mine.has(name))];
}

/** In the order in which they are offered. */
function builtIn(trans: TranslationBundle): readonly IPromptTemplate[] {
  return [
    {
      name: trans.__('explain'),
      prompt: trans.__('Explain what {cell} does, step by step. {cursor}')
    },
    {
      name: trans.__('fix'),
      prompt: trans.__(
        'Say in one or two sentences why {error} happened, then give the whole corrected cell as one code block. {cursor}'
      )
    },
    {
      name: trans.__('test'),
      prompt: trans.__(
        'Write tests for the code in {cell} as one {language} code block: the usual cases and the edges. {cursor}'
      )
    },
    {
      name: trans.__('document'),
      prompt: trans.__(
        'Add docstrings and comments to {cell} without changing what it does, and give the whole cell as one code block. {cursor}'
      )
    },
    {
      name: trans.__('speed up'),
      prompt: trans.__(
        'Make {cell} faster without changing its results: say what is slow, then give the whole cell as one code block. {cursor}'
      )
    },
    {
      name: trans.__('plot'),
      prompt: trans.__(
        'Plot {cursor} with the data of {cell}, as one {language} code block with labelled axes.'
      )
    }
  ];
}

/**
 * The prompts that a text means, those whose name begins with it first.
 */
export function matchPrompts(
  prompts: readonly IPromptTemplate[],
  query: string
): readonly IPromptTemplate[] {
  const wanted = query.toLowerCase();
  const place = ({ name }: IPromptTemplate): number => {
    const at = name.toLowerCase().indexOf(wanted);
    // Within a word a text is found by accident.
    return at > 0 && /\w/.test(name[at - 1]) ? -1 : at;
  };
  return prompts
    .filter(prompt => place(prompt) >= 0)
    .sort((a, b) => Number(place(a) > 0) - Number(place(b) > 0));
}

/**
 * What a prompt needs.
 */
export function placeholdersOf(prompt: string): ReadonlySet<Placeholder> {
  const names = [...prompt.matchAll(PLACEHOLDER)].map(([, name]) => name);
  return new Set(
    names.filter((name): name is Placeholder => name !== 'cursor')
  );
}

/**
 * Fill the placeholders of a prompt. Without `{cursor}` the caret goes to its end.
 */
export function fillPrompt(
  prompt: string,
  words: Readonly<Record<Placeholder, string>>
): IFilledPrompt {
  let text = '';
  let caret = -1;
  let from = 0;
  for (const match of prompt.matchAll(PLACEHOLDER)) {
    text += prompt.slice(from, match.index);
    from = match.index + match[0].length;
    if (match[1] === 'cursor') {
      caret = caret < 0 ? text.length : caret;
    } else {
      const word = words[match[1] as Placeholder];
      text += word;
      // A language that nobody knows leaves no gap.
      from += word === '' && prompt[from] === ' ' ? 1 : 0;
    }
  }
  text += prompt.slice(from);
  return { text, caret: caret < 0 ? text.length : caret };
}

/**
 * A prompt as one reads it in a list.
 */
export function promptSummary(
  prompt: string,
  words: Readonly<Record<Placeholder, string>>
): string {
  return fillPrompt(prompt.replace('{cursor}', '…'), words)
    .text.replace(/\s*…\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
