import * as React from 'react';
import { draggedCells } from '../notebook/dragged';
import type { IAttachment } from '../tokens';
import { usePanel } from './context';

/** What JupyterLab's file browser drags: paths. */
const FILES = 'application/x-jupyter-icontents';

/** Marks the prompt box while something hovers over it that it would take. */
const OVER = 'jp-gpt-mod-drop';

/** A drag of JupyterLab's own: an event of `@lumino/dragdrop`, as far as we need it. */
interface ILuminoDrag extends Event {
  readonly mimeData: {
    hasData(mime: string): boolean;
    getData(mime: string): unknown;
  };
  readonly proposedAction: string;
  dropAction: string;
}

/**
 * Adds chips that are being made; what cannot be made says why at the prompt box.
 */
export function useAdd(): (making: readonly Promise<IAttachment>[]) => void {
  const { composer, state, trans } = usePanel();
  return React.useCallback(
    making => {
      void Promise.allSettled(making).then(results => {
        for (const result of results) {
          if (result.status === 'fulfilled') {
            composer.add(result.value);
            state.announce(trans.__('Added: %1', result.value.label));
          } else {
            const { reason } = result as { reason: unknown };
            state.complain(
              reason instanceof Error ? reason.message : String(reason)
            );
          }
        }
        state.focusPrompt();
      });
    },
    [composer, state, trans]
  );
}

/** What the prompt box is to do with what is pasted and dropped. */
export interface IDrop {
  /** The element that takes what is dropped. */
  readonly ref: React.RefObject<HTMLDivElement>;
  readonly onPaste: (event: React.ClipboardEvent) => void;
  readonly onDragOver: (event: React.DragEvent) => void;
  readonly onDragLeave: (event: React.DragEvent) => void;
  readonly onDrop: (event: React.DragEvent) => void;
}

/** Files that come from outside of JupyterLab. */
function filesOf(data: DataTransfer | null): File[] {
  return Array.from(data?.files ?? []);
}

/** Cells and files that JupyterLab drags. */
function useLuminoDrop(ref: React.RefObject<HTMLDivElement>): void {
  const { context, trans, state } = usePanel();
  const add = useAdd();
  React.useEffect(() => {
    const node = ref.current;
    if (!node || !context) {
      return;
    }
    const take = (event: Event): void => {
      const drag = event as ILuminoDrag;
      const data = drag.mimeData;
      const cells = draggedCells(data);
      if (cells === null && !data.hasData(FILES)) {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      drag.dropAction = drag.proposedAction;
      node.classList.toggle(
        OVER,
        event.type === 'lm-dragenter' || event.type === 'lm-dragover'
      );
      if (event.type !== 'lm-drop') {
        return;
      }
      if (cells !== null) {
        add([context.attachCells(cells)]);
      } else {
        const paths = data.getData(FILES) as readonly string[];
        add(paths.map(path => context.attachFile(path)));
      }
    };
    const types = ['lm-dragenter', 'lm-dragover', 'lm-dragleave', 'lm-drop'];
    types.forEach(type => node.addEventListener(type, take));
    return () => types.forEach(type => node.removeEventListener(type, take));
  }, [add, context, ref, state, trans]);
}

/**
 * What is dropped on the prompt box, or pasted into it, becomes a chip: images from anywhere, cells
 * of a notebook, files of the file browser.
 */
export function useDrop(): IDrop {
  const { context } = usePanel();
  const add = useAdd();
  const ref = React.useRef<HTMLDivElement>(null);
  useLuminoDrop(ref);
  const mark = (over: boolean): void => {
    ref.current?.classList.toggle(OVER, over);
  };
  const hasFiles = (event: React.DragEvent): boolean =>
    context !== null && event.dataTransfer.types.includes('Files');
  return {
    ref,
    onPaste: event => {
      const images = filesOf(event.clipboardData);
      // A table copied from a spreadsheet is a text and a picture of it: the text is meant.
      const hasText = event.clipboardData.types.includes('text/plain');
      if (context && images.length && !hasText) {
        event.preventDefault();
        add(images.map(image => context.attachImage(image)));
      }
    },
    onDragOver: event => {
      if (hasFiles(event)) {
        event.preventDefault();
        mark(true);
      }
    },
    onDragLeave: event => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) {
        mark(false);
      }
    },
    onDrop: event => {
      mark(false);
      if (context && hasFiles(event)) {
        event.preventDefault();
        event.stopPropagation();
        const files = filesOf(event.dataTransfer);
        add(files.map(file => context.attachImage(file, file.name)));
      }
    }
  };
}
