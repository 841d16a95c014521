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
import { useComplaint, usePromptBox } from './promptbox';

/** Send, or Stop while an answer is being written. */
function SendButton(props: { onSend: () => void }): JSX.Element {
  const { composer, trans } = usePanel();
  useSignals(composer.changed);
  if (composer.running) {
    return (
      <TextButton
        look="primary"
        className="jp-gpt-Composer-send jp-gpt-mod-stop"
        name={trans.__('Stop')}
        title={trans.__('Stop the answer; what has arrived stays')}
        icon={stopIcon}
        onClick={() => composer.stop()}
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
        <div className="jp-gpt-Composer-complaint">
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
        <Attachments />
        <div className="jp-gpt-Composer-grow" ref={box.growRef}>
          <textarea
            ref={box.ref}
            rows={1}
            aria-label={trans.__('Message GPT')}
            aria-describedby={hint}
            placeholder={trans.__('Ask about your notebook…')}
            spellCheck={true}
            onInput={box.onInput}
            onKeyDown={box.onKeyDown}
          />
        </div>
        <div className="jp-gpt-Composer-row">
          <ModelPicker />
          <AddContext />
          <span className="jp-gpt-Composer-space" />
          <SendButton onSend={box.send} />
        </div>
      </div>
      <Estimate />
      <div className="jp-gpt-hidden" id={hint}>
        {enterSends
          ? trans.__(
              'Enter sends, Shift+Enter starts a new line, Escape goes back to the notebook.'
            )
          : trans.__(
              'Shift+Enter sends, Enter starts a new line, Escape goes back to the notebook.'
            )}
      </div>
    </div>
  );
}
