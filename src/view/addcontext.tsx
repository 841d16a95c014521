import * as React from 'react';
import {
  cellIcon,
  cellsIcon,
  imageIcon,
  notebookIcon,
  plusIcon
} from './icons';
import type { IAttachment } from '../tokens';
import { usePanel } from './context';
import { useAdd } from './drop';
import type { IMenuEntry } from './menu';
import { MenuButton } from './menu';

/** What a picture may be, for the browser's dialog. */
const ACCEPT = 'image/png,image/jpeg,image/gif,image/webp';

/**
 * Adds something to the prompt: the active cell, the selected ones, the whole notebook, a picture.
 */
export function AddContext(): JSX.Element | null {
  const { composer, context, notebook, state, trans } = usePanel();
  const add = useAdd();
  const picker = React.useRef<HTMLInputElement>(null);
  if (notebook === null) {
    return null;
  }
  const addNow = (attachment: IAttachment | null): void => {
    if (attachment) {
      composer.add(attachment);
      state.announce(trans.__('Added: %1', attachment.label));
    }
    state.focusPrompt();
  };
  const entries = (): IMenuEntry[] => {
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
        run: () => picker.current?.click()
      }
    ];
    return all.filter((entry): entry is IMenuEntry => Boolean(entry));
  };
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
