import * as React from 'react';
import { closeIcon, sendIcon, stopIcon } from './icons';
import { Attachments } from './attachments';
import { usePanel, useSignals } from './context';
import { IconButton, TextButton } from './controls';
import { AddContext } from './addcontext';
import { useDrop } from './drop';
import { Estimate } from './estimate';
import { ModelPicker } from './modelpicker';
import { ErrorCard } from './notice';
import { CompletionList, rowId } from './completionlist';
import type { IPromptBox } from './promptbox';
import { useComplaint, usePromptBox } from './promptbox';
import { Tune } from './tune';

/** Send, or Stop while an answer is being written. */
function SendButton(props: { onSend: () => void }): JSX.Element {
  const { composer, conversations, state, trans } = usePanel();
  useSignals(composer.changed);
  if (composer.running) {
    const { running } = conversations.current;
    return (
      <TextButton
        look="primary"
        className="jp-gpt-Composer-send jp-gpt-mod-stop"
        name={trans.__('Stop')}
        title={
          running?.stored
            ? trans.__('Stop the answer; what has arrived stays')
            : trans.__('Take the question back into the box')
        }
        icon={stopIcon}
        onClick={() => {
          composer.stop();
          state.focusPrompt();
        }}
      />
    );
  }
  return (
    <TextButton
      look="primary"
      className="jp-gpt-Composer-send"
      name={trans.__('Send')}
      icon={sendIcon}
      off={
        composer.canSend
          ? null
          : (composer.pending ?? trans.__('Write a prompt first'))
      }
      onClick={props.onSend}
    />
  );
}

/** What kept the last prompt, or the last insert, from happening. */
function Problem(): JSX.Element | null {
  const { composer, state, trans } = usePanel();
  useSignals(composer.changed);
  const [complaint, forget] = useComplaint(state);
  const problem = composer.problem;
  const dismiss = (onClick: () => void): JSX.Element => (
    <TextButton small look="quiet" onClick={onClick}>
      {trans.__('Dismiss')}
    </TextButton>
  );
  return (
    <>
      {problem && (
        <div className="jp-gpt-Composer-problem" role="alert">
          <ErrorCard error={problem}>
            {dismiss(() => composer.clearProblem())}
          </ErrorCard>
        </div>
      )}
      {complaint && (
        <div className="jp-gpt-Composer-complaint" role="alert">
          <span>{complaint}</span>
          <IconButton
            small
            name={trans.__('Dismiss')}
            icon={closeIcon}
            onClick={forget}
          />
        </div>
      )}
    </>
  );
}

/** The prompt box itself; drawn again when what it offers changes, not for each key. */
function PromptText(props: { box: IPromptBox; hint: string }): JSX.Element {
  const { box, hint } = props;
  const { trans } = usePanel();
  const { listId, model } = box.completion;
  useSignals(model.changed);
  return (
    <textarea
      ref={box.ref}
      rows={1}
      aria-label={trans.__('Message GPT')}
      aria-describedby={hint}
      aria-autocomplete="list"
      aria-haspopup="listbox"
      aria-controls={model.isOpen ? listId : undefined}
      aria-activedescendant={
        model.isOpen && model.offers.length > 0
          ? rowId(listId, model.index)
          : undefined
      }
      placeholder={trans.__('Ask about your notebook…')}
      spellCheck={true}
      onInput={box.onInput}
      onSelect={box.onSelect}
      onBlur={box.onBlur}
      onKeyDown={box.onKeyDown}
    />
  );
}

/**
 * Where a prompt is written: its chips, the box, the model, Send.
 */
export function Composer(): JSX.Element {
  const { settings, trans } = usePanel();
  useSignals(settings?.changed ?? null);
  const enterSends = settings?.current.enterSends ?? true;
  const box = usePromptBox(enterSends);
  const drop = useDrop();
  const hint = React.useId();
  return (
    <div className="jp-gpt-Composer">
      <Problem />
      <div
        className="jp-gpt-Composer-box"
        ref={drop.ref}
        onPaste={drop.onPaste}
        onDragOver={drop.onDragOver}
        onDragLeave={drop.onDragLeave}
        onDrop={drop.onDrop}
        onPointerDown={event => {
          // A click beside the text, on the box's own ground, is meant for the text.
          if (event.target === event.currentTarget) {
            event.preventDefault();
            box.ref.current?.focus();
          }
        }}
      >
        <CompletionList completion={box.completion} />
        <Attachments />
        <div className="jp-gpt-Composer-grow" ref={box.growRef}>
          <PromptText box={box} hint={hint} />
        </div>
        <div className="jp-gpt-Composer-row">
          <ModelPicker />
          <AddContext />
          <Tune />
          <span className="jp-gpt-Composer-space" />
          <SendButton onSend={box.send} />
        </div>
      </div>
      <Estimate />
      <div className="jp-gpt-hidden" id={hint}>
        {enterSends
          ? trans.__(
              'Enter sends, Shift+Enter starts a new line, Escape goes back to the notebook. A slash at the beginning offers prompts, an at sign names cells, variables and files.'
            )
          : trans.__(
              'Shift+Enter sends, Enter starts a new line, Escape goes back to the notebook. A slash at the beginning offers prompts, an at sign names cells, variables and files.'
            )}
      </div>
    </div>
  );
}
