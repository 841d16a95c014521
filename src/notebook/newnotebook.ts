import type * as nbformat from '@jupyterlab/nbformat';
import { UUID } from '@lumino/coreutils';
import type { IPlannedCell } from './languages';

/** A kernel as a notebook names it. */
export interface IKernelspec {
  readonly name: string;
  readonly display_name: string;
  readonly language: string;
}

/**
 * A new notebook with these cells; nothing in it has run.
 */
export function newNotebook(
  cells: readonly IPlannedCell[],
  kernelspec: IKernelspec | null
): nbformat.INotebookContent {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: kernelspec
      ? {
          kernelspec: { ...kernelspec },
          language_info: { name: kernelspec.language }
        }
      : {},
    cells: cells.map(({ type, source }) => ({
      cell_type: type,
      id: UUID.uuid4(),
      metadata: {},
      source,
      ...(type === 'code' && { execution_count: null, outputs: [] })
    }))
  };
}
