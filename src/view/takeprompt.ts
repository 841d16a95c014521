import type { TranslationBundle } from '@jupyterlab/translation';
import type { IFilledPrompt, Placeholder } from '../model/prompts';
import { fillPrompt, placeholdersOf } from '../model/prompts';
import type { IAttachment, IPromptTemplate } from '../tokens';
import type { IPanelContext } from './context';

/** What a prompt is filled from. */
type Sources = Pick<IPanelContext, 'composer' | 'notebook' | 'state' | 'trans'>;

/**
 * Fill a prompt's placeholders, and add what they name to the draft unless it is there already.
 */
export function takePrompt(
  sources: Sources,
  { prompt }: IPromptTemplate
): IFilledPrompt {
  const { trans } = sources;
  const needs = placeholdersOf(prompt);
  const aboutCell = ['cell', 'error', 'output'] as const;
  const cells = cellChips(
    sources,
    aboutCell.some(need => needs.has(need))
  );
  for (const part of ['error', 'output'] as const) {
    if (needs.has(part)) {
      cells.forEach(chip => switchOn(chip, part));
    }
  }
  if (needs.has('notebook')) {
    addNotebook(sources);
  }
  const names = cells.map(({ label }) => label).join(', ');
  const language = needs.has('language') ? languageOf(cells) : '';
  return fillPrompt(prompt, wordsFor(trans, names, language));
}

/**
 * What the placeholders are replaced by.
 *
 * @param names - Of the cells; empty: none is known yet.
 */
export function wordsFor(
  trans: TranslationBundle,
  names: string,
  language: string
): Record<Placeholder, string> {
  const cell = names || trans.__('the cell');
  return {
    cell,
    error: trans.__('the error of %1', cell),
    output: trans.__('the output of %1', cell),
    notebook: trans.__('the notebook'),
    language
  };
}

/** The cells of the draft; where one is needed and there is none, the active one becomes one. */
function cellChips(
  { composer, notebook, state, trans }: Sources,
  needed: boolean
): readonly IAttachment[] {
  const cells = composer.attachments.filter(
    ({ kind, available }) => kind === 'cell' && available
  );
  if (cells.length > 0 || !needed) {
    return cells;
  }
  const active = notebook?.active;
  const chip = active ? notebook.attach(active) : null;
  if (chip === null) {
    state.complain(
      trans.__('No notebook is open: this prompt has no cell to go with it.')
    );
    return [];
  }
  composer.add(chip);
  return [chip];
}

function switchOn(chip: IAttachment, part: 'error' | 'output'): void {
  if (chip.options.some(({ id, enabled }) => id === part && !enabled)) {
    chip.setOption(part, true);
  }
}

function addNotebook({ composer, notebook }: Sources): void {
  const chip = composer.attachments.some(({ kind }) => kind === 'notebook')
    ? null
    : notebook?.attachNotebook();
  if (chip) {
    composer.add(chip);
  }
}

/** The language of the first cell that is code. */
function languageOf(cells: readonly IAttachment[]): string {
  for (const part of cells.flatMap(chip => chip.parts())) {
    if (part.type === 'cell' && part.language !== 'text') {
      return part.language ?? '';
    }
  }
  return '';
}
