import * as React from 'react';
import type { IOffer } from '../model/completer';
import { CompleterModel } from '../model/completer';
import { promptSummary, promptTemplates } from '../model/prompts';
import type { IPanelContext } from './context';
import { usePanel } from './context';
import { takePrompt, wordsFor } from './takeprompt';
import { replaceText } from './textedit';

/** The completion of a prompt box. */
export interface ICompletion {
  readonly model: CompleterModel;
  /** Id of the list, for the box's `aria-controls`. */
  readonly listId: string;
  /** The text was typed (true), or the caret moved. */
  readonly update: (typed: boolean) => void;
  /** Whether a key was meant for the list. */
  readonly onKey: (event: React.KeyboardEvent) => boolean;
  readonly take: (offer: IOffer) => void;
}

/** Make the model: one for each box that is drawn. */
function createModel({
  context,
  settings,
  trans
}: IPanelContext): CompleterModel {
  return new CompleterModel({
    context,
    prompts: () => promptTemplates(settings?.current.prompts ?? [], trans),
    summary: prompt => promptSummary(prompt, wordsFor(trans, '', '')),
    nothing: trans.__('Nothing of this name was found.'),
    failed: trans.__('The search failed. Type on to search again.')
  });
}

/** Add the chip of something that was named; why it cannot be stands at the box. */
async function addChip(
  { composer, state, trans }: IPanelContext,
  offer: IOffer
): Promise<void> {
  try {
    const chip = await offer.candidate?.attach();
    if (chip && composer.isDisposed) {
      chip.dispose();
    } else if (chip) {
      composer.add(chip);
      state.announce(trans.__('Added: %1', chip.label));
    }
  } catch (reason) {
    state.complain(
      reason instanceof Error && reason.message
        ? reason.message
        : trans.__('%1 could not be added.', offer.label)
    );
  }
}

/** What of a prompt has to be written before what follows it. */
function separator(rest: string): string {
  return rest === '' || /^\s/.test(rest) ? '' : '\n';
}

/**
 * Names prompts (`/`) and context (`@`) in a prompt box.
 */
export function useCompletion(
  ref: React.RefObject<HTMLTextAreaElement>
): ICompletion {
  const panel = usePanel();
  const [model] = React.useState(() => createModel(panel));
  React.useEffect(() => () => model.close(), [model]);
  const listId = React.useId();

  const take = (offer: IOffer): void => {
    const box = ref.current;
    const { trigger } = model;
    if (!box || !trigger) {
      return;
    }
    const end = trigger.start + 1 + trigger.query.length;
    const rest = box.value.slice(end);
    model.close();
    if (offer.prompt) {
      const { text, caret } = takePrompt(panel, offer.prompt);
      replaceText(box, trigger.start, end, text + separator(rest), caret);
    } else {
      // A blank, unless one stands there already.
      const blank = /^\s/.test(rest) ? '' : ' ';
      replaceText(box, trigger.start, end, offer.label + blank);
      void addChip(panel, offer);
    }
  };

  const onKey = (event: React.KeyboardEvent): boolean => {
    const { altKey, ctrlKey, metaKey, shiftKey } = event;
    if (!model.isOpen || altKey || ctrlKey || metaKey || shiftKey) {
      return false;
    }
    const some = model.offers.length > 0;
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        model.move(event.key === 'ArrowDown' ? 1 : -1);
        return some;
      case 'Enter':
      case 'Tab':
        if (some || model.loading) {
          void model.chosen().then(offer => offer && take(offer));
          return true;
        }
        return false;
      case 'Escape':
        model.dismiss();
        return true;
      default:
        return false;
    }
  };

  const update = (typed: boolean): void => {
    const box = ref.current;
    if (!box || box.selectionStart !== box.selectionEnd) {
      model.close();
    } else {
      model.update(box.value, box.selectionEnd, typed);
    }
  };

  return { model, listId, update, onKey, take };
}
