import * as React from 'react';
import { cellIcon, notebookIcon, plusIcon } from './icons';
import type { IAttachment } from '../tokens';
import { usePanel } from './context';
import type { IMenuEntry } from './menu';
import { MenuButton } from './menu';

/**
 * Adds something to the prompt: the active cell, the whole notebook.
 */
export function AddContext(): JSX.Element | null {
  const { composer, notebook, state, trans } = usePanel();
  if (notebook === null) {
    return null;
  }
  const add = (attachment: IAttachment | null): void => {
    if (attachment) {
      composer.add(attachment);
      state.announce(trans.__('Added: %1', attachment.label));
    }
    state.focusPrompt();
  };
  const entries = (): IMenuEntry[] => {
    const { active } = notebook;
    const none = trans.__('No notebook is open');
    return [
      {
        icon: cellIcon,
        label: trans.__('Active cell'),
        off: active ? null : none,
        run: () => add(active && notebook.attach(active))
      },
      {
        icon: notebookIcon,
        label: trans.__('Whole notebook'),
        off: notebook.path ? null : none,
        run: () => add(notebook.attachNotebook())
      }
    ];
  };
  return (
    <MenuButton
      className="jp-gpt-AddContext"
      name={trans.__('Add context')}
      icon={plusIcon}
      entries={entries}
      stays
    />
  );
}
