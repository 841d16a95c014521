import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { cellIcon, notebookIcon, plusIcon } from './icons';
import type { IAttachment } from '../tokens';
import { usePanel } from './context';
import { Icon, IconButton } from './controls';

/** Something that can be added to the prompt. */
interface IEntry {
  readonly icon: LabIcon;
  readonly label: string;
  /** Why it cannot, or null. */
  readonly off: string | null;
  readonly make: () => IAttachment | null;
}

/** What can be added now; asked when the menu opens. */
function useEntries(): readonly IEntry[] {
  const { notebook, trans } = usePanel();
  const active = notebook?.active ?? null;
  const none = trans.__('No notebook is open');
  return [
    {
      icon: cellIcon,
      label: trans.__('Active cell'),
      off: active ? null : none,
      make: () => active && (notebook?.attach(active) ?? null)
    },
    {
      icon: notebookIcon,
      label: trans.__('Whole notebook'),
      off: notebook?.path ? null : none,
      make: () => notebook?.attachNotebook() ?? null
    }
  ];
}

/** The open menu: arrows move, Enter takes, Escape and a click elsewhere close. */
function Menu(props: {
  onChoose: (entry: IEntry) => void;
  /** The focus goes back to the button. */
  onClose: () => void;
  /** The focus has gone elsewhere. */
  onLeave: () => void;
}): JSX.Element {
  const { trans } = usePanel();
  const entries = useEntries();
  const node = React.useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [
    ...(node.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])
  ];
  React.useLayoutEffect(() => items()[0]?.focus(), []);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const all = items();
    const at = all.findIndex(item => item === document.activeElement);
    const steps: { [key: string]: () => void } = {
      ArrowDown: () => all[(at + 1) % all.length]?.focus(),
      ArrowUp: () => all[(at - 1 + all.length) % all.length]?.focus(),
      Home: () => all[0]?.focus(),
      End: () => all[all.length - 1]?.focus(),
      Escape: props.onClose,
      Tab: props.onClose
    };
    const step = steps[event.key];
    if (step) {
      step();
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return (
    <div
      ref={node}
      className="jp-gpt-Menu"
      role="menu"
      aria-label={trans.__('Add context')}
      onKeyDown={onKeyDown}
      onBlur={event => {
        // Who clicks elsewhere goes there; the button closes by its own click.
        const ground = event.currentTarget.parentElement;
        if (!ground?.contains(event.relatedTarget)) {
          props.onLeave();
        }
      }}
    >
      {entries.map(entry => (
        <button
          key={entry.label}
          type="button"
          role="menuitem"
          className="jp-gpt-Menu-item"
          tabIndex={-1}
          aria-disabled={entry.off ? true : undefined}
          title={entry.off ?? undefined}
          onClick={() => {
            if (!entry.off) {
              props.onChoose(entry);
            }
          }}
        >
          <Icon icon={entry.icon} />
          <span>{entry.label}</span>
        </button>
      ))}
    </div>
  );
}

/**
 * Adds something to the prompt: the active cell, the whole notebook.
 */
export function AddContext(): JSX.Element | null {
  const { composer, notebook, state, trans } = usePanel();
  const [open, setOpen] = React.useState(false);
  const box = React.useRef<HTMLDivElement>(null);
  if (notebook === null) {
    return null;
  }
  const close = (): void => {
    setOpen(false);
    box.current?.querySelector('button')?.focus();
  };
  return (
    <div
      className="jp-gpt-AddContext"
      ref={box}
      // Some browsers do not focus a clicked button: the menu would close before its click.
      onPointerDown={event => {
        if (open && !(event.target as Element).closest('[role=menu]')) {
          event.preventDefault();
        }
      }}
    >
      <IconButton
        name={trans.__('Add context')}
        icon={plusIcon}
        aria={{ 'aria-haspopup': 'menu', 'aria-expanded': open }}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Menu
          onClose={close}
          onLeave={() => setOpen(false)}
          onChoose={entry => {
            const attachment = entry.make();
            if (attachment) {
              composer.add(attachment);
              state.announce(trans.__('Added: %1', attachment.label));
            }
            setOpen(false);
            state.focusPrompt();
          }}
        />
      )}
    </div>
  );
}
