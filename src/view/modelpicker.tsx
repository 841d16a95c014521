import * as React from 'react';
import { chevronIcon } from './icons';
import { usePanel, useSignals } from './context';
import { Icon } from './controls';
import { ModelList } from './modellist';
import type { IPick } from './picks';
import { picksFor } from './picks';

/** What the picker shows while nobody chooses. */
function useChosenLabel(): string {
  const { models, setup, trans } = usePanel();
  useSignals(models.changed, setup.changed);
  return (
    models.chosen?.label ??
    models.choice.model ??
    setup.status?.model ??
    trans.__('Default model')
  );
}

/**
 * The model picker: an editable combobox. Typing narrows the list, and takes a name that the list
 * does not have: some servers do not tell their models.
 */
export function ModelPicker(): JSX.Element {
  const { models, setup, state, trans } = usePanel();
  const chosen = useChosenLabel();
  const input = React.useRef<HTMLInputElement>(null);
  const [open, setOpen] = React.useState(false);
  const [query, setQuery] = React.useState<string | null>(null);
  const [index, setIndex] = React.useState(0);
  const id = React.useId();

  const provider =
    models.choice.provider ?? setup.status?.provider ?? 'default';
  const rowsFor = (typed: string): IPick[] =>
    picksFor(models.models, typed, provider, info =>
      models.favourites.has(info)
    );
  const picks = open ? rowsFor(query ?? '') : [];

  const show = (): void => {
    if (!open) {
      setOpen(true);
      setQuery(null);
      const current = rowsFor('').findIndex(
        pick =>
          pick.id === models.choice.model &&
          pick.provider === models.choice.provider
      );
      setIndex(Math.max(0, current));
      void models.refresh();
    }
  };
  const hide = (): void => {
    setOpen(false);
    setQuery(null);
  };
  const choose = (pick: IPick | undefined): void => {
    if (pick) {
      models.choose(pick.provider, pick.id);
      state.announce(trans.__('Model: %1', pick.label));
    }
    hide();
    // The next thing is to ask, whether it was chosen by key or by click.
    state.focusPrompt();
  };

  React.useEffect(() => {
    const pick = (): void => {
      input.current?.focus();
      input.current?.click();
    };
    state.pickRequested.connect(pick);
    return () => {
      state.pickRequested.disconnect(pick);
    };
  }, [state]);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) {
      return;
    }
    const last = picks.length - 1;
    const steps: { [key: string]: () => void } = {
      ArrowDown: () => (open ? setIndex(Math.min(last, index + 1)) : show()),
      ArrowUp: () => (open ? setIndex(Math.max(0, index - 1)) : show()),
      PageDown: () => setIndex(Math.min(last, index + 8)),
      PageUp: () => setIndex(Math.max(0, index - 8)),
      Enter: () => {
        if (open) {
          choose(picks[index]);
        } else {
          show();
        }
      },
      Escape: () => {
        hide();
        state.focusPrompt();
      }
    };
    const step = steps[event.key];
    if (step) {
      step();
      event.preventDefault();
      event.stopPropagation();
    }
  };

  return (
    <div className="jp-gpt-Picker">
      {/* The hidden copy gives the input the width of its text. */}
      <div className="jp-gpt-Picker-field" data-text={query ?? chosen}>
        <input
          ref={input}
          role="combobox"
          aria-label={trans.__('Model')}
          aria-expanded={open}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={
            open && picks.length > 0 ? `${id}-${index}` : undefined
          }
          autoComplete="off"
          spellCheck={false}
          size={1}
          title={open ? undefined : chosen}
          value={query ?? chosen}
          onChange={event => {
            show();
            setQuery(event.target.value);
            setIndex(0);
          }}
          onFocus={event => event.target.select()}
          onClick={event => {
            event.currentTarget.select();
            show();
          }}
          onBlur={hide}
          onKeyDown={onKeyDown}
        />
      </div>
      <Icon icon={chevronIcon} />
      {open && (
        <ModelList
          id={id}
          picks={picks}
          searched={Boolean(query?.trim())}
          index={index}
          onChoose={choose}
        />
      )}
    </div>
  );
}
