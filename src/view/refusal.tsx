import * as React from 'react';
import { errorSentence } from '../model/errors';
import {
  addUsd,
  compareUsd,
  dollars,
  isZero,
  nextBudget
} from '../model/money';
import { usePanel } from './context';
import { TextButton } from './controls';
import { errorOf } from './failure';
import type { PanelError } from './notice';

/** The codes with which the server refuses for what something costs. */
const REFUSALS: readonly PanelError['code'][] = [
  'over_budget',
  'over_cap',
  'unpriced',
  'unpriced_refused'
];

/** Whether the server refused for what it would cost: then sending again changes nothing. */
export function isRefusal(error: PanelError): boolean {
  return REFUSALS.includes(error.code);
}

/** Whether the ways out include taking the question back. */
export function offersLess({ code }: PanelError): boolean {
  return code === 'over_budget' || code === 'over_cap';
}

/** A field of the error's detail as text, or null. */
function text(error: PanelError, name: string): string | null {
  const value = error.detail?.[name] ?? null;
  return value === null || value === '' ? null : String(value);
}

/** The amount that is offered: the next one that people set, and not above the cap. */
function proposal(error: PanelError): string | null {
  const limit = text(error, 'limit');
  if (limit === null) {
    return null;
  }
  const least = addUsd(
    ...['needed', 'spent', 'reserved'].map(name => text(error, name) ?? '0')
  );
  const amount = nextBudget(limit, least);
  const cap = text(error, 'cap');
  if (cap === null || compareUsd(amount, cap) <= 0) {
    return amount;
  }
  // Up to the cap, if that is enough; beyond it only the administrator can help.
  return compareUsd(cap, least) >= 0 ? cap : null;
}

/** The budget's next step: one click saves it and sends again. */
function RaiseBudget(props: {
  amount: string;
  again: () => void;
}): JSX.Element {
  const { budget, trans } = usePanel();
  const [amount, setAmount] = React.useState(props.amount);
  const [busy, setBusy] = React.useState(false);
  const [sentence, setSentence] = React.useState('');
  const id = React.useId();
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      await budget.set(amount.replace(/[$\s]/g, ''));
      props.again();
    } catch (reason) {
      setSentence(errorSentence(trans, errorOf(reason)).sentence);
      setBusy(false);
    }
  };
  return (
    <form
      className="jp-gpt-Refusal-raise"
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
    >
      <label className="jp-gpt-Refusal-amount">
        <span aria-hidden="true">$</span>
        <input
          className="jp-gpt-Input"
          inputMode="decimal"
          size={5}
          aria-label={trans.__('Monthly budget in US dollars')}
          aria-invalid={sentence !== ''}
          aria-describedby={sentence ? id : undefined}
          value={amount}
          onChange={event => setAmount(event.target.value)}
        />
      </label>
      <TextButton
        small
        look="primary"
        title={trans.__('Save this as the monthly budget, and send again')}
        off={busy ? trans.__('Saving…') : null}
        onClick={() => void save()}
      >
        {trans.__('Raise budget')}
      </TextButton>
      {sentence && (
        <p id={id} className="jp-gpt-Refusal-error" role="alert">
          {sentence}
        </p>
      )}
    </form>
  );
}

/** The same question to a cheaper model, with its price for this very prompt. */
function Cheaper(props: {
  error: PanelError;
  again: () => void;
}): JSX.Element | null {
  const { models, trans } = usePanel();
  const { error } = props;
  const [provider, model] = [
    text(error, 'cheaper_provider'),
    text(error, 'cheaper_model')
  ];
  if (provider === null || model === null) {
    return null;
  }
  const label = text(error, 'cheaper_label') ?? model;
  const cost = text(error, 'cheaper_cost');
  // The built-in models say in their names that they are free.
  const price = cost && !isZero(cost) ? dollars(cost) : null;
  return (
    <TextButton
      small
      className="jp-gpt-Refusal-cheaper"
      onClick={() => {
        models.choose(provider, model);
        props.again();
      }}
    >
      {price
        ? trans.__('Use %1 (%2)', label, price)
        : trans.__('Use %1', label)}
    </TextButton>
  );
}

/**
 * The ways out of a refusal: raise the budget, a cheaper model, less context; or, where a price is
 * not known, to send all the same.
 */
export function RefusalActions(props: {
  error: PanelError;
  answerId: string;
  questionId: string | null;
}): JSX.Element {
  const { error, answerId, questionId } = props;
  const { composer, models, preview, state, trans } = usePanel();
  const again = (): void => {
    composer.sendAgain(answerId);
    state.scrollToEnd();
    state.focusPrompt();
  };
  const amount = error.code === 'over_budget' ? proposal(error) : null;
  return (
    <>
      {amount !== null && <RaiseBudget amount={amount} again={again} />}
      {error.code === 'unpriced' ? (
        <TextButton
          small
          look="primary"
          title={trans.__('Asked once for each model')}
          onClick={() => {
            // The model that the card speaks of, whatever is chosen by now.
            const model = text(error, 'model');
            const provider = text(error, 'provider');
            if (provider !== null && model !== null) {
              models.choose(provider, model);
            }
            composer.acceptUnpriced();
            again();
          }}
        >
          {trans.__('Send anyway')}
        </TextButton>
      ) : (
        <Cheaper error={error} again={again} />
      )}
      {offersLess(error) && questionId !== null && (
        <TextButton
          small
          title={trans.__('Take the question back and leave parts of it out')}
          onClick={() => {
            composer.edit(questionId);
            if (!preview.open()) {
              state.focusPrompt();
            }
          }}
        >
          {trans.__('Less context')}
        </TextButton>
      )}
    </>
  );
}
