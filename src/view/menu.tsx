import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { Icon, IconButton } from './controls';

/** Something that a menu offers. */
export interface IMenuEntry {
  readonly key?: string;
  readonly icon?: LabIcon;
  readonly label: string;
  /** A second, quieter line: a price. */
  readonly note?: string;
  /** Why it is off; null or absent: it is not. */
  readonly off?: string | null;
  readonly run: () => void;
}

/** Turn the menu round where there is no room above its button. */
function useRoom(node: React.RefObject<HTMLDivElement>): void {
  React.useLayoutEffect(() => {
    const box = node.current?.closest(
      '.jp-gpt-Transcript-scroll, .jp-gpt-Chat'
    );
    if (node.current && box) {
      const above = node.current.getBoundingClientRect().top;
      const top = box.getBoundingClientRect().top;
      node.current.classList.toggle('jp-gpt-mod-down', above < top);
    }
  }, [node]);
}

/** The open menu: arrows move, Enter takes, Escape and a click elsewhere close. */
function Menu(props: {
  name: string;
  entries: readonly IMenuEntry[];
  onChoose: (entry: IMenuEntry) => void;
  onClose: (back: boolean) => void;
}): JSX.Element {
  const node = React.useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [
    ...(node.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])
  ];
  useRoom(node);
  React.useLayoutEffect(() => items()[0]?.focus({ preventScroll: true }), []);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const all = items();
    const at = all.findIndex(item => item === document.activeElement);
    const steps: { [key: string]: () => void } = {
      ArrowDown: () => all[(at + 1) % all.length]?.focus(),
      ArrowUp: () => all[(at - 1 + all.length) % all.length]?.focus(),
      Home: () => all[0]?.focus(),
      End: () => all[all.length - 1]?.focus(),
      Escape: () => props.onClose(true),
      Tab: () => props.onClose(true)
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
      aria-label={props.name}
      onKeyDown={onKeyDown}
      onBlur={event => {
        // Not for its own button: that closes it with its click.
        const around = event.currentTarget.parentElement;
        if (!around?.contains(event.relatedTarget)) {
          props.onClose(false);
        }
      }}
    >
      {props.entries.map(entry => (
        <button
          key={entry.key ?? entry.label}
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
          {entry.icon && <Icon icon={entry.icon} />}
          <span className="jp-gpt-Menu-label">{entry.label}</span>
          {entry.note && <span className="jp-gpt-Menu-note">{entry.note}</span>}
        </button>
      ))}
    </div>
  );
}

/**
 * An icon that opens a menu.
 *
 * @param props - `entries` is asked when the menu opens; `stays` keeps the focus where the entry
 * has put it.
 */
export function MenuButton(props: {
  name: string;
  icon: LabIcon;
  small?: boolean;
  off?: string | null;
  className?: string;
  entries: () => readonly IMenuEntry[];
  stays?: boolean;
}): JSX.Element {
  const [open, setOpen] = React.useState(false);
  const box = React.useRef<HTMLDivElement>(null);
  const close = (back: boolean): void => {
    setOpen(false);
    if (back) {
      box.current?.querySelector('button')?.focus();
    }
  };
  return (
    <div
      className={props.className ?? 'jp-gpt-MenuButton'}
      ref={box}
      // Some browsers do not focus a clicked button: the menu would close before its click.
      onPointerDown={event => {
        if (open && !(event.target as Element).closest('[role=menu]')) {
          event.preventDefault();
        }
      }}
    >
      <IconButton
        small={props.small}
        name={props.name}
        icon={props.icon}
        off={props.off}
        aria={{ 'aria-haspopup': 'menu', 'aria-expanded': open }}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Menu
          name={props.name}
          entries={props.entries()}
          onClose={close}
          onChoose={entry => {
            close(!props.stays);
            entry.run();
          }}
        />
      )}
    </div>
  );
}
