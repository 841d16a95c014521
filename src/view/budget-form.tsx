import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IBudget } from '../protocol/frames';
import { amountField, amountProblem, typedAmount } from './budget-text';
import { TextButton } from './controls';
import { explain } from './providers-text';
import '../../style/usage-forms.css';

interface IBudgetFormProps {
  readonly budget: IBudget;
  readonly autoFocus?: boolean;
  /** Save the amount, or take the budget away (null); rejects with what the server says. */
  readonly onSave: (amount: string | null) => Promise<void>;
  readonly onCancel?: () => void;
  readonly trans: TranslationBundle;
}

/**
 * One field and one button: the month's budget.
 */
export function BudgetForm(props: IBudgetFormProps): JSX.Element {
  const { budget, onCancel, trans } = props;
  const id = React.useId();
  const form = useBudget(props);
  return (
    <div
      className="jp-gpt-Budget"
      onKeyDown={event => {
        if (event.key === 'Escape' && onCancel) {
          event.stopPropagation();
          onCancel();
        }
      }}
    >
      <label htmlFor={id}>{trans.__('Monthly budget in US dollars')}</label>
      <div className="jp-gpt-Budget-row">
        <AmountInput id={id} form={form} {...props} />
        <TextButton
          look="primary"
          off={form.busy ? trans.__('The budget is being saved.') : null}
          onClick={form.submit}
        >
          {trans.__('Save')}
        </TextButton>
        {budget.limit !== null && (
          <TextButton look="quiet" onClick={form.remove}>
            {trans.__('Remove budget')}
          </TextButton>
        )}
      </div>
      <p id={`${id}-problem`} className="jp-gpt-Field-problem" role="alert">
        {form.problem}
      </p>
    </div>
  );
}

function AmountInput(
  props: IBudgetFormProps & { readonly id: string; readonly form: IBudgetState }
): JSX.Element {
  const { autoFocus, form, id, trans } = props;
  return (
    <input
      id={id}
      className="jp-mod-styled"
      type="text"
      inputMode="decimal"
      autoComplete="off"
      autoFocus={autoFocus}
      value={form.text}
      placeholder={trans.__('for example 5')}
      aria-invalid={form.problem !== ''}
      aria-describedby={`${id}-problem`}
      onChange={event => form.setText(event.target.value)}
      onKeyDown={event => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
          event.preventDefault();
          form.submit();
        }
      }}
    />
  );
}

/** What is typed, and what came of it. */
interface IBudgetState {
  readonly text: string;
  readonly problem: string;
  readonly busy: boolean;
  setText(text: string): void;
  submit(): void;
  remove(): void;
}

function useBudget(props: IBudgetFormProps): IBudgetState {
  const { budget, onSave, trans } = props;
  const [text, setText] = React.useState(amountField(budget.limit));
  const [problem, setProblem] = React.useState('');
  const [busy, setBusy] = React.useState(false);
  const save = async (amount: string | null): Promise<void> => {
    setBusy(true);
    try {
      await onSave(amount);
      setProblem('');
    } catch (reason) {
      setProblem(explain(reason, trans));
    }
    setBusy(false);
  };
  const submit = (): void => {
    const found = amountProblem(text, trans);
    setProblem(found);
    if (!found) {
      void save(typedAmount(text));
    }
  };
  const remove = (): void => void save(null);
  return { text, problem, busy, setText, submit, remove };
}
