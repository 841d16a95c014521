import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type {
  ICellRef,
  IGPTNotebook,
  IInsertBlock,
  IInsertTarget,
  InsertPlace
} from '../tokens';
import { usePanel } from './context';

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
  /** Open a new notebook; null where there is no notebook side. */
  readonly createNotebook: (() => void) | null;
}

const NONE: IInsertTarget = { label: '', which: 'none', ref: null };

/** Whether two targets look and are the same. */
function same(a: IInsertTarget, b: IInsertTarget): boolean {
  return (
    a.label === b.label &&
    a.which === b.which &&
    a.ref?.cellId === b.ref?.cellId &&
    a.ref?.path === b.ref?.path
  );
}

/** The target of an answer; drawn again only when it has really changed. */
function useTarget(
  notebook: IGPTNotebook | null,
  asked: ICellRef | null
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
  target: IInsertTarget
): string {
  const where = {
    below: trans.__('Insert below %1', target.label),
    above: trans.__('Insert above %1', target.label),
    replace: trans.__('Replace the code of %1', target.label)
  }[place];
  return target.which === 'active'
    ? trans.__('%1 (the active cell)', where)
    : where;
}

/**
 * Inserting from an answer to a question about `asked`.
 */
export function useInsert(asked: ICellRef | null): IInsertAction {
  const { notebook, state, trans } = usePanel();
  const target = useTarget(notebook, asked);
  return React.useMemo(() => {
    const insert = async (
      place: InsertPlace,
      blocks: readonly IInsertBlock[]
    ): Promise<boolean> => {
      if (notebook === null) {
        return false;
      }
      notebook.highlight(null);
      const result = await notebook.insert(asked, place, blocks);
      state.announce(
        result.inserted
          ? trans.__('Inserted')
          : (result.reason ?? trans.__('Nothing was inserted'))
      );
      if (!result.inserted) {
        state.complain(result.reason ?? trans.__('Nothing was inserted'));
      }
      return result.inserted;
    };
    return {
      target,
      off: target.which === 'none' ? trans.__('No notebook is open') : null,
      describe: place => sentence(trans, place, target),
      insert,
      point: over => notebook?.highlight(over ? target.ref : null),
      createNotebook: notebook && (() => void notebook.createNotebook())
    };
  }, [notebook, state, trans, target, asked?.cellId, asked?.path]);
}
