import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { Tuning, TuningName } from '../model/tuning';
import { tunableOf } from '../model/tuning';
import type { IModelInfo } from '../protocol/frames';
import { usePanel, useSignals } from './context';
import { IconButton, TextButton } from './controls';
import { starIcon, tuneIcon } from './icons';
import { favouriteTitle } from './modellist';

// The range that all providers of this API document.
const HOTTEST = 2;

/** A level by its name; one that we do not know keeps the provider's. */
function levelName(trans: TranslationBundle, level: string): string {
  switch (level) {
    case 'none':
      return trans.__('None');
    case 'minimal':
      return trans.__('Minimal');
    case 'low':
      return trans.__('Low');
    case 'medium':
      return trans.__('Medium');
    case 'high':
      return trans.__('High');
    default:
      return level;
  }
}

/** `Effort: High · Temperature: 0.2`; empty where all is left to the model. */
function summary(trans: TranslationBundle, tuning: Tuning): string {
  const { effort, verbosity, temperature } = tuning;
  return [
    effort && trans.__('Effort: %1', levelName(trans, effort)),
    verbosity && trans.__('Verbosity: %1', levelName(trans, verbosity)),
    temperature !== undefined && trans.__('Temperature: %1', temperature)
  ]
    .filter(Boolean)
    .join(' · ');
}

/** One choice with its name; where the model refused it, it says so. */
function Row(props: {
  label: string;
  refused: boolean;
  children: (id: string, described: string | undefined) => React.ReactNode;
}): JSX.Element {
  const { trans } = usePanel();
  const id = React.useId();
  return (
    <div className="jp-gpt-Tune-row">
      <label htmlFor={id}>{props.label}</label>
      {props.children(id, props.refused ? `${id}-why` : undefined)}
      {props.refused && (
        <div className="jp-gpt-Tune-why" id={`${id}-why`}>
          {trans.__('This model refused it, so it is left out.')}
        </div>
      )}
    </div>
  );
}

/** A choice among levels. */
function Levels(props: {
  name: 'effort' | 'verbosity';
  label: string;
  levels: readonly string[];
  refused: boolean;
}): JSX.Element | null {
  const { models, trans } = usePanel();
  const { choice, tuning } = models;
  const chosen = tuning.of(choice)[props.name] ?? '';
  if (props.levels.length === 0) {
    return null;
  }
  return (
    <Row label={props.label} refused={props.refused}>
      {(id, described) => (
        <select
          id={id}
          className="jp-gpt-Input"
          aria-describedby={described}
          disabled={props.refused}
          value={chosen}
          onChange={event =>
            tuning.set(choice, props.name, event.target.value || undefined)
          }
        >
          <option value="">{trans.__('Default')}</option>
          {props.levels.map(level => (
            <option key={level} value={level}>
              {levelName(trans, level)}
            </option>
          ))}
        </select>
      )}
    </Row>
  );
}

/** The temperature; while it is no number in range, what held before holds. */
function Temperature(props: { refused: boolean }): JSX.Element {
  const { models, settings, trans } = usePanel();
  const { choice, tuning } = models;
  const set = tuning.of(choice).temperature;
  const [text, setText] = React.useState<string | null>(null);
  const fallback = settings?.current.temperature ?? null;
  return (
    <Row label={trans.__('Temperature')} refused={props.refused}>
      {(id, described) => (
        <input
          id={id}
          className="jp-gpt-Input"
          type="number"
          min={0}
          max={HOTTEST}
          step={0.1}
          aria-describedby={described}
          disabled={props.refused}
          placeholder={
            fallback === null ? trans.__('Default') : String(fallback)
          }
          value={text ?? set ?? ''}
          onChange={event => {
            const { value } = event.target;
            setText(value);
            const number = Number(value);
            if (value === '') {
              tuning.set(choice, 'temperature', undefined);
            } else if (number >= 0 && number <= HOTTEST) {
              tuning.set(choice, 'temperature', number);
            }
          }}
          onBlur={() => setText(null)}
        />
      )}
    </Row>
  );
}

/** Puts the chosen model on top of the list, or takes it back. */
function Star(props: { model: IModelInfo }): JSX.Element {
  const { models, trans } = usePanel();
  const on = models.favourites.has(props.model);
  return (
    <IconButton
      small
      className={'jp-gpt-Tune-star' + (on ? ' jp-gpt-mod-on' : '')}
      name={trans.__('Favourite')}
      title={favouriteTitle(trans, on)}
      icon={starIcon}
      aria={{ 'aria-pressed': on }}
      onClick={() => models.favourites.toggle(props.model)}
    />
  );
}

/** The open box: Escape and a click elsewhere close it. */
function TuneBox(props: { onClose: (back: boolean) => void }): JSX.Element {
  const { models, trans } = usePanel();
  const { choice, tuning } = models;
  const node = React.useRef<HTMLDivElement>(null);
  const takes = tunableOf(models.chosen);
  const refused = (name: TuningName): boolean => takes.refused.has(name);
  React.useLayoutEffect(() => {
    // What the model has refused meanwhile stands in the list.
    void models.refresh();
    node.current
      ?.querySelector<HTMLElement>('select:enabled, input:enabled, button')
      ?.focus({ preventScroll: true });
  }, []);
  return (
    <div
      ref={node}
      className="jp-gpt-Tune-box"
      role="dialog"
      aria-label={trans.__('How the model answers')}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          props.onClose(true);
        }
      }}
    >
      <Levels
        name="effort"
        label={trans.__('Reasoning effort')}
        levels={takes.effort}
        refused={refused('effort')}
      />
      <Levels
        name="verbosity"
        label={trans.__('Verbosity')}
        levels={takes.verbosity}
        refused={refused('verbosity')}
      />
      {takes.temperature && <Temperature refused={refused('temperature')} />}
      <div className="jp-gpt-Tune-end">
        {models.chosen && <Star model={models.chosen} />}
        <span>
          {trans.__(
            'For %1',
            models.chosen?.label ??
              choice.model ??
              trans.__('the default model')
          )}
        </span>
        <TextButton
          small
          look="quiet"
          off={
            summary(trans, tuning.of(choice))
              ? null
              : trans.__('All is left to the model')
          }
          onClick={() => tuning.reset(choice)}
        >
          {trans.__('Reset')}
        </TextButton>
      </div>
    </div>
  );
}

/**
 * How the chosen model answers: its effort, the length of its answers, its temperature. Kept for
 * each model; what is not set is left to the model, and not sent.
 */
export function Tune(): JSX.Element {
  const { models, trans } = usePanel();
  useSignals(models.changed);
  const [open, setOpen] = React.useState(false);
  const box = React.useRef<HTMLDivElement>(null);
  const set = summary(trans, models.tuning.of(models.choice));
  const close = (back: boolean): void => {
    setOpen(false);
    if (back) {
      box.current?.querySelector('button')?.focus();
    }
  };
  React.useEffect(() => {
    const onPointer = ({ target }: PointerEvent): void => {
      if (!box.current?.contains(target as Node)) {
        setOpen(false);
      }
    };
    if (open) {
      document.addEventListener('pointerdown', onPointer);
    }
    return () => document.removeEventListener('pointerdown', onPointer);
  }, [open]);
  const name = trans.__('How the model answers');
  return (
    <div
      className={'jp-gpt-Tune' + (set ? ' jp-gpt-mod-set' : '')}
      ref={box}
      onBlur={event => {
        // A click on the box's own ground takes the focus nowhere.
        if (
          event.relatedTarget &&
          !event.currentTarget.contains(event.relatedTarget)
        ) {
          close(false);
        }
      }}
    >
      <IconButton
        name={set ? `${name}. ${set}` : name}
        title={set || name}
        icon={tuneIcon}
        aria={{ 'aria-haspopup': 'dialog', 'aria-expanded': open }}
        onClick={() => setOpen(!open)}
      />
      {open && <TuneBox onClose={close} />}
    </div>
  );
}
