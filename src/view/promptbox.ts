import * as React from 'react';
import { directionOf } from '../protocol/language';
import type { ICompletion } from './completion';
import { useCompletion } from './completion';
import { usePanel } from './context';
import type { PanelState } from './state';

/**
 * How much of the text the hidden copy holds that makes the box grow: more than the tallest box
 * shows, and little enough that a pasted file is not laid out twice.
 */
const GROW_CHARS = 4000;

/** How long a complaint stands: long enough to read a sentence twice. */
const COMPLAINT_MS = 8000;

/** The prompt box: what its elements need. */
export interface IPromptBox {
  readonly ref: React.RefObject<HTMLTextAreaElement>;
  readonly growRef: React.RefObject<HTMLDivElement>;
  readonly completion: ICompletion;
  readonly onInput: () => void;
  readonly onSelect: () => void;
  readonly onBlur: () => void;
  readonly onKeyDown: (event: React.KeyboardEvent<HTMLTextAreaElement>) => void;
  readonly send: () => void;
}

/** Whether the caret is where ArrowUp and ArrowDown have nowhere to go within the text. */
function atEdge(box: HTMLTextAreaElement): boolean {
  const { selectionStart: start, selectionEnd: end, value } = box;
  return start === end && (start === 0 || start === value.length);
}

/** Keep the box and its hidden copy as the model's text is; what makes the copy follow. */
function useText(
  ref: React.RefObject<HTMLTextAreaElement>,
  growRef: React.RefObject<HTMLDivElement>
): () => void {
  const { composer } = usePanel();
  const grow = React.useCallback(() => {
    if (growRef.current && ref.current) {
      const { value } = ref.current;
      growRef.current.dataset.text = `${value.slice(0, GROW_CHARS)}\n`;
      ref.current.dir = directionOf(value);
    }
  }, []);
  React.useLayoutEffect(() => {
    const sync = (): void => {
      const box = ref.current;
      if (box && box.value !== composer.text) {
        box.value = composer.text;
        box.setSelectionRange(box.value.length, box.value.length);
      }
      grow();
    };
    sync();
    composer.textChanged.connect(sync);
    return () => {
      composer.textChanged.disconnect(sync);
    };
  }, [composer, grow]);
  return grow;
}

/** Take the caret when the panel asks for it, also before the box is drawn. */
function useRequestedFocus(ref: React.RefObject<HTMLTextAreaElement>): void {
  const { state } = usePanel();
  React.useEffect(() => {
    const focus = (): void => {
      if (ref.current && state.takeFocus()) {
        ref.current.focus();
      }
    };
    focus();
    state.focusRequested.connect(focus);
    return () => {
      state.focusRequested.disconnect(focus);
    };
  }, [state]);
}

/**
 * The prompt box over the composer's model. The text lives in the element and in the model, not
 * in React: a keystroke draws nothing again.
 */
export function usePromptBox(enterSends: boolean): IPromptBox {
  const { composer, notebook, state } = usePanel();
  const ref = React.useRef<HTMLTextAreaElement>(null);
  const growRef = React.useRef<HTMLDivElement>(null);
  const grow = useText(ref, growRef);
  useRequestedFocus(ref);

  const completion = useCompletion(ref);
  const onInput = (): void => {
    composer.text = ref.current?.value ?? '';
    grow();
    completion.update(true);
  };
  const onSelect = (): void => completion.update(false);
  const onBlur = (): void => completion.model.close();

  const send = React.useCallback(() => {
    if (composer.send()) {
      state.scrollToEnd();
    } else if (composer.pending) {
      state.complain(composer.pending);
    }
    ref.current?.focus();
  }, [composer, state]);

  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>): void => {
    // Enter and arrows within an input method choose a candidate. Safari says so by the key code
    // alone: its composition has ended when the key arrives.
    if (event.nativeEvent.isComposing || event.keyCode === 229) {
      return;
    }
    const box = event.currentTarget;
    const command = event.ctrlKey || event.metaKey;
    let done = false;
    if (completion.onKey(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    switch (event.key) {
      case 'Enter':
        done = command || (!event.altKey && event.shiftKey !== enterSends);
        if (done) {
          send();
        }
        break;
      case 'Escape':
        done = true;
        notebook?.focus();
        break;
      case 'ArrowUp':
        done = atEdge(box) && composer.previous();
        break;
      case 'ArrowDown':
        done = atEdge(box) && composer.next();
        break;
    }
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  return {
    ref,
    growRef,
    completion,
    onInput,
    onSelect,
    onBlur,
    onKeyDown,
    send
  };
}

/**
 * The last complaint, gone by itself after a while, and the way to be rid of it.
 */
export function useComplaint(state: PanelState): [string, () => void] {
  const [complaint, setComplaint] = React.useState(state.complaint);
  React.useEffect(() => {
    const show = (_: PanelState, reason: string): void => setComplaint(reason);
    state.complained.connect(show);
    return () => {
      state.complained.disconnect(show);
    };
  }, [state]);
  React.useEffect(() => {
    const timer = window.setTimeout(() => state.complain(''), COMPLAINT_MS);
    return () => window.clearTimeout(timer);
  }, [complaint, state]);
  return [complaint, () => state.complain('')];
}
