import * as React from 'react';
import type { IEstimated } from '../protocol/frames';
import { usePanel, useSignals } from './context';
import { TextButton } from './controls';
import * as words from './costwords';

/** Rest after the last keystroke before a screen reader is told: a pause for thought. */
const REST_MS = 1000;

/** Whether nobody has typed for a while. */
function useResting(): boolean {
  const { composer } = usePanel();
  const [resting, setResting] = React.useState(true);
  React.useEffect(() => {
    let timer = 0;
    const onText = (): void => {
      setResting(false);
      window.clearTimeout(timer);
      timer = window.setTimeout(() => setResting(true), REST_MS);
    };
    composer.textChanged.connect(onText);
    return () => {
      window.clearTimeout(timer);
      composer.textChanged.disconnect(onText);
    };
  }, [composer]);
  return resting;
}

/** A piece of the line under the box. */
interface IPiece {
  readonly text: string;
  /** The model's name, which stands in the picker too. */
  readonly isModel?: boolean;
}

/** What is said under the box, piece by piece. */
function usePieces(): readonly IPiece[] {
  const { composer, estimate, models, trans } = usePanel();
  useSignals(estimate.changed, composer.excludes.changed, models.changed);
  const { current } = estimate;
  if (current === null) {
    return [];
  }
  const { left_out, provider, model } = current;
  const whole = words.modelLabel(models.models, provider, model);
  // The built-in models have a sentence for a name; its beginning is enough here.
  const label = provider === 'local' ? whole?.split(',')[0] : whole;
  const excluded = composer.excludes.list.length;
  const pieces: IPiece[] = [
    { text: words.tokenText(trans, current) },
    { text: words.costRange(trans, current) }
  ];
  if (label) {
    pieces.push({ text: label, isModel: true });
  }
  if (left_out > 0) {
    const text = trans._n(
      '%1 earlier message is left out',
      '%1 earlier messages are left out',
      left_out,
      left_out
    );
    pieces.push({ text });
  }
  if (excluded > 0) {
    const text = trans._n(
      '%1 part left out',
      '%1 parts left out',
      excluded,
      excluded
    );
    pieces.push({ text });
  }
  return pieces;
}

/** Tell a screen reader once what was told the eye at each keystroke. */
function useSaid(resting: boolean, text: string): void {
  const { state, trans } = usePanel();
  const wasTyping = React.useRef(false);
  React.useEffect(() => {
    if (!resting) {
      wasTyping.current = true;
    } else if (wasTyping.current && text) {
      wasTyping.current = false;
      state.announce(trans.__('Estimated cost: %1', text));
    }
  }, [resting, text]);
}

/** The same question was asked before, and its answer is here. */
function Same(props: { estimate: IEstimated }): JSX.Element | null {
  const { composer, conversations, state, trans } = usePanel();
  const { same } = props.estimate;
  const answer =
    same &&
    conversations.current.messages.find(({ id }) => id === same.answer_id);
  if (!same || !answer) {
    return null;
  }
  const price = words.costRange(trans, props.estimate);
  return (
    <div className="jp-gpt-Estimate-same">
      <span>
        {trans.__(
          'Asked %1:',
          words.ago(trans, new Date(same.asked_at), new Date())
        )}
      </span>
      <TextButton
        look="link"
        small
        onClick={() => state.showMessage(same.answer_id)}
      >
        {trans.__('Show that answer')}
      </TextButton>
      <span aria-hidden="true">·</span>
      <TextButton
        look="link"
        small
        off={composer.running ? trans.__('An answer is being written') : null}
        onClick={() => {
          if (composer.send()) {
            state.scrollToEnd();
          }
          state.focusPrompt();
        }}
      >
        {props.estimate.priced
          ? trans.__('Ask again for %1', price)
          : trans.__('Ask again (price unknown)')}
      </TextButton>
    </div>
  );
}

/**
 * What the draft will cost, live; and the way to what exactly will be sent.
 */
export function Estimate(): JSX.Element {
  const { composer, estimate, preview, trans } = usePanel();
  useSignals(composer.changed, composer.attachmentsChanged);
  const resting = useResting();
  const pieces = usePieces();
  const { current, stale } = estimate;
  const tooLong = current && words.tooLong(trans, current);
  const text = [...pieces.map(piece => piece.text), tooLong]
    .filter(Boolean)
    .join(', ');
  useSaid(resting && !stale, text);
  const empty =
    composer.text.trim() === '' &&
    !composer.attachments.some(({ available }) => available);
  return (
    <div className="jp-gpt-Estimate">
      <div className="jp-gpt-Estimate-line">
        <div
          className={
            'jp-gpt-Estimate-words' + (stale ? ' jp-gpt-mod-stale' : '')
          }
          role="status"
          aria-label={trans.__('Estimated cost')}
          aria-live={resting ? 'polite' : 'off'}
          aria-atomic="true"
          title={current ? words.expectedTitle(trans, current) : undefined}
        >
          {pieces.map((piece, index) => (
            <span
              key={index}
              className={
                'jp-gpt-Footer-item' +
                (piece.isModel ? ' jp-gpt-Estimate-model' : '')
              }
            >
              {piece.text}
            </span>
          ))}
        </div>
        <TextButton
          look="quiet"
          small
          className="jp-gpt-Estimate-preview"
          title={trans.__('Show word for word what will be sent')}
          off={empty ? trans.__('Write a prompt first') : null}
          onClick={() => preview.open()}
        >
          {trans.__('Preview')}
        </TextButton>
      </div>
      {tooLong && <div className="jp-gpt-Estimate-warning">{tooLong}</div>}
      {current && !stale && <Same estimate={current} />}
    </div>
  );
}
