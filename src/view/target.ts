import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type {
  IAskedCell,
  INotebookSide,
  IInsertBlock,
  IInsertResult,
  IInsertTarget,
  InsertPlace
} from '../tokens';
import { usePanel } from './context';
import type { PanelState } from './state';

/** Where an insert would go now, and how to do it. */
export interface IInsertAction {
  readonly target: IInsertTarget;
  /** Translated reason why nothing can be inserted, or null. */
  readonly off: string | null;
  /** The tooltip of a button: where exactly its insert goes. */
  describe(place: InsertPlace): string;
  /** Insert; the result is announced. True if something was inserted. */
  insert(place: InsertPlace, blocks: readonly IInsertBlock[]): Promise<boolean>;
  /** Light the target up while a button is pointed at. */
  point(over: boolean): void;
  /**
   * Put blocks into a notebook of their own, and say what came of it; null where there is no
   * notebook side.
   */
  readonly openAsNotebook:
    ((blocks: readonly IInsertBlock[]) => Promise<boolean>) | null;
}

const NONE: IInsertTarget = {
  label: '',
  which: 'none',
  kind: 'cell',
  ref: null
};

/** Whether two targets look and are the same. */
function same(a: IInsertTarget, b: IInsertTarget): boolean {
  return (
    a.label === b.label &&
    a.which === b.which &&
    a.kind === b.kind &&
    a.ref?.cellId === b.ref?.cellId &&
    a.ref?.path === b.ref?.path
  );
}

/** The target of an answer; drawn again only when it has really changed. */
function useTarget(
  notebook: INotebookSide | null,
  asked: IAskedCell | null
): IInsertTarget {
  const [target, setTarget] = React.useState(
    () => notebook?.target(asked) ?? NONE
  );
  React.useEffect(() => {
    const update = (): void => {
      const next = notebook?.target(asked) ?? NONE;
      setTarget(old => (same(old, next) ? old : next));
    };
    update();
    notebook?.activeChanged.connect(update);
    return () => {
      notebook?.activeChanged.disconnect(update);
    };
    // The reference is made anew for each drawing; the cell that it names is what counts.
  }, [notebook, asked?.cellId, asked?.path]);
  return target;
}

/** Where exactly an insert goes. */
function sentence(
  trans: TranslationBundle,
  place: InsertPlace,
  { kind, label, which }: IInsertTarget
): string {
  if (kind === 'console') {
    return place === 'replace'
      ? trans.__(
          'Replace what is selected in the prompt of %1; runs nothing',
          label
        )
      : trans.__('Put into the prompt of %1; runs nothing', label);
  }
  if (kind === 'editor') {
    return place === 'replace'
      ? trans.__('Replace what is selected in %1', label)
      : trans.__('Insert at the cursor in %1', label);
  }
  const where = {
    below: trans.__('Insert below %1', label),
    above: trans.__('Insert above %1', label),
    replace: trans.__('Replace the code of %1: shows the change first', label)
  }[place];
  return which === 'active' ? trans.__('%1 (the active cell)', where) : where;
}

/** Say what came of an insert: to a screen reader, and where nothing came of it to everybody. */
function tell(
  state: PanelState,
  trans: TranslationBundle,
  result: IInsertResult,
  done: string
): boolean {
  const { cancelled, inserted, proposed, reason } = result;
  if (inserted) {
    state.announce(done);
  } else if (proposed) {
    state.announce(trans.__('The change waits in the notebook'));
  } else if (!cancelled) {
    const why = reason ?? trans.__('Nothing was inserted');
    state.announce(why);
    state.complain(why);
  }
  return inserted;
}

/**
 * Inserting from an answer to a question about `asked`.
 */
export function useInsert(asked: IAskedCell | null): IInsertAction {
  const { notebook, state, trans } = usePanel();
  const target = useTarget(notebook, asked);
  return React.useMemo(
    () => ({
      target,
      off: target.which === 'none' ? trans.__('No notebook is open') : null,
      describe: place => sentence(trans, place, target),
      insert: async (place, blocks) => {
        if (notebook === null) {
          return false;
        }
        notebook.highlight(null);
        const result = await notebook.insert(asked, place, blocks);
        return tell(state, trans, result, trans.__('Inserted'));
      },
      point: over => notebook?.highlight(over ? target.ref : null),
      openAsNotebook:
        notebook &&
        (async blocks => {
          const result = await notebook.openAsNotebook(blocks);
          return tell(state, trans, result, trans.__('Opened as a notebook'));
        })
    }),
    [notebook, state, trans, target, asked?.cellId, asked?.path]
  );
}
