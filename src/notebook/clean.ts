import type { TranslationBundle } from '@jupyterlab/translation';
import type { IInsertBlock } from '../tokens';
import { askHidden } from './askhidden';
import { stripPrompts } from './fences';
import type { IPlannedCell } from './languages';
import { planCells } from './languages';
import { CONTROL } from './outputs';

/**
 * The blocks without prompts and control characters; what hides in them only if the user says so.
 *
 * @returns null where the user would rather not.
 */
export async function cleanBlocks(
  blocks: readonly IInsertBlock[],
  trans: TranslationBundle
): Promise<readonly IInsertBlock[] | null> {
  const clean = blocks.map(block => {
    const source = block.source.replace(/\r\n?/g, '\n').replace(CONTROL, '');
    return {
      ...block,
      source:
        block.kind === 'code' ? stripPrompts(source, block.language) : source
    };
  });
  return askHidden(
    clean.filter(block => block.source.trim()),
    trans
  );
}

/**
 * The cells that clean blocks become in a notebook of a language; their Markdown is harmless.
 */
export async function cleanCells(
  blocks: readonly IInsertBlock[],
  language: string
): Promise<IPlannedCell[]> {
  const cells = planCells(blocks, language);
  if (cells.every(cell => cell.type === 'code')) {
    return cells;
  }
  const { makeHarmless } = await import('./harmless');
  return cells.map(cell =>
    cell.type === 'markdown'
      ? { type: cell.type, source: makeHarmless(cell.source) }
      : cell
  );
}
