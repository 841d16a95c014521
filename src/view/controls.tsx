import type { LabIcon } from '@jupyterlab/ui-components';
import { Button } from '@jupyterlab/ui-components';
import * as React from 'react';
import '../../style/base.css';

/**
 * An icon beside a text or within a button; decoration for a screen reader.
 */
export function Icon(props: { icon: LabIcon }): JSX.Element {
  return (
    <span className="jp-gpt-Icon" aria-hidden="true">
      <props.icon.react tag={null} />
    </span>
  );
}

/** How a button looks. */
export type ButtonLook = 'plain' | 'primary' | 'quiet' | 'link';

interface IButtonProps {
  readonly look?: ButtonLook;
  readonly small?: boolean;
  readonly icon?: LabIcon;
  /** Accessible name where it differs from the text, or where there is no text. */
  readonly name?: string;
  /** The tooltip; the accessible name if there is none. */
  readonly title?: string;
  /** Why it is off; it stays focusable, so that the reason can be read. */
  readonly off?: string | null;
  readonly className?: string;
  readonly onClick: (event: React.MouseEvent<HTMLButtonElement>) => void;
  readonly children?: React.ReactNode;
  readonly aria?: React.AriaAttributes;
  readonly onPoint?: (over: boolean) => void;
}

/** The classes of a button. */
function buttonClass(props: IButtonProps): string {
  const names = ['jp-gpt-Button'];
  if (props.look && props.look !== 'plain') {
    names.push(`jp-gpt-mod-${props.look}`);
  }
  if (props.small) {
    names.push('jp-gpt-mod-small');
  }
  if (props.icon && props.children === undefined) {
    names.push('jp-gpt-mod-icon');
  }
  if (props.className) {
    names.push(props.className);
  }
  return names.join(' ');
}

/**
 * A button of the panel: JupyterLab's own, in the panel's measures.
 */
export function TextButton(props: IButtonProps): JSX.Element {
  const point = props.onPoint;
  return (
    <Button
      {...props.aria}
      type="button"
      className={buttonClass(props)}
      aria-label={props.name}
      title={props.off ?? props.title ?? props.name}
      aria-disabled={props.off ? true : undefined}
      onClick={event => {
        if (!props.off) {
          props.onClick(event);
        }
      }}
      onPointerEnter={point && (() => point(true))}
      onPointerLeave={point && (() => point(false))}
      onFocus={point && (() => point(true))}
      onBlur={point && (() => point(false))}
    >
      {props.icon && <Icon icon={props.icon} />}
      {props.children}
    </Button>
  );
}

/**
 * A button that is an icon; its name is its tooltip too.
 */
export function IconButton(
  props: Omit<IButtonProps, 'children' | 'name' | 'icon'> & {
    readonly name: string;
    readonly icon: LabIcon;
  }
): JSX.Element {
  return <TextButton look="quiet" {...props} />;
}

/**
 * A sign of life: three dots that breathe, and stand still where motion is not wanted.
 */
export function Dots(props: { label: string }): JSX.Element {
  return (
    <span className="jp-gpt-Dots" role="img" aria-label={props.label}>
      <span />
      <span />
      <span />
    </span>
  );
}

/**
 * A line across the panel that says what is the matter.
 */
export function Banner(props: {
  icon: LabIcon;
  error?: boolean;
  children: React.ReactNode;
  action?: React.ReactNode;
}): JSX.Element {
  return (
    <div
      className={'jp-gpt-Banner' + (props.error ? ' jp-gpt-mod-error' : '')}
      role="status"
    >
      <Icon icon={props.icon} />
      <div className="jp-gpt-Banner-text">{props.children}</div>
      {props.action}
    </div>
  );
}

/** How long "Copied" or "Inserted" stands in place of the button's icon: long enough to be read. */
const FLASH_MS = 1600;

/**
 * True for a moment after each call of the second value.
 */
export function useFlash(): [boolean, () => void] {
  const [on, setOn] = React.useState(false);
  const timer = React.useRef<number>();
  React.useEffect(() => () => window.clearTimeout(timer.current), []);
  const flash = React.useCallback(() => {
    setOn(true);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setOn(false), FLASH_MS);
  }, []);
  return [on, flash];
}
