import * as React from 'react';
import {
  cellIcon,
  cellsIcon,
  imageIcon,
  notebookIcon,
  plusIcon
} from './icons';
import { switchedOff } from '../protocol/features';
import type { IAttachment } from '../tokens';
import { usePanel } from './context';
import { useAdd } from './drop';
import type { IMenuEntry } from './menu';
import { MenuButton } from './menu';

/** What a picture may be, for the browser's dialog. */
const ACCEPT = 'image/png,image/jpeg,image/gif,image/webp';

/**
 * What can be added to the prompt now: the active cell, the selected ones, the whole notebook, a
 * picture. Read anew each time that the menu opens.
 */
function useEntries(pick: () => void): () => IMenuEntry[] {
  const { composer, context, notebook, setup, state, trans } = usePanel();
  const add = useAdd();
  const addNow = (attachment: IAttachment | null): void => {
    if (attachment) {
      composer.add(attachment);
      state.announce(trans.__('Added: %1', attachment.label));
    }
    state.focusPrompt();
  };
  return () => {
    if (notebook === null) {
      return [];
    }
    const { active } = notebook;
    const none = trans.__('No notebook is open');
    const selected = context?.selectedCells ?? 0;
    const all: (IMenuEntry | false | null)[] = [
      {
        icon: cellIcon,
        label: trans.__('Active cell'),
        off: active ? null : none,
        run: () => addNow(active && notebook.attach(active))
      },
      context !== null &&
        selected > 1 && {
          icon: cellsIcon,
          label: trans.__('%1 selected cells', selected),
          run: () => add([context.attachSelected()])
        },
      {
        icon: notebookIcon,
        label: trans.__('Whole notebook'),
        off: notebook.path ? null : none,
        run: () => addNow(notebook.attachNotebook())
      },
      context && {
        icon: imageIcon,
        label: trans.__('Image…'),
        off: setup.isOff('images') ? switchedOff(trans, 'images') : null,
        run: pick
      }
    ];
    return all.filter((entry): entry is IMenuEntry => Boolean(entry));
  };
}

/**
 * Adds something to the prompt.
 */
export function AddContext(): JSX.Element | null {
  const { context, notebook, trans } = usePanel();
  const add = useAdd();
  const picker = React.useRef<HTMLInputElement>(null);
  const entries = useEntries(() => picker.current?.click());
  if (notebook === null) {
    return null;
  }
  return (
    <>
      <MenuButton
        className="jp-gpt-AddContext"
        name={trans.__('Add context')}
        icon={plusIcon}
        entries={entries}
        stays
      />
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept={ACCEPT}
        onChange={event => {
          const files = Array.from(event.target.files ?? []);
          event.target.value = '';
          if (context) {
            add(files.map(file => context.attachImage(file, file.name)));
          }
        }}
      />
    </>
  );
}
