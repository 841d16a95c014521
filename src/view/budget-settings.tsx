import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { browserZone } from '../model/usage-days';
import type { IBudget } from '../protocol/frames';
import { BudgetForm } from './budget-form';
import type { IBudgetClient } from './budget-text';
import { TextButton } from './controls';
import { explain } from './providers-text';
import { monthName, usd } from './usage-format';

/** What the field of the settings editor needs. */
export interface IBudgetSettingsOptions {
  readonly client: () => Promise<IBudgetClient>;
  readonly trans: TranslationBundle;
  /** IANA name; the browser's if absent. */
  readonly zone?: string;
}

/**
 * The budget in the settings editor: amount, time zone, and the administrator's cap.
 */
export function BudgetSettings(props: IBudgetSettingsOptions): JSX.Element {
  const { client, trans } = props;
  const zone = props.zone ?? browserZone();
  const [budget, setBudget] = React.useState<IBudget | null>(null);
  const [problem, setProblem] = React.useState('');
  const [saved, setSaved] = React.useState('');
  const load = React.useCallback(async (): Promise<void> => {
    try {
      setBudget(await (await client()).budget());
      setProblem('');
    } catch (reason) {
      setProblem(explain(reason, trans));
    }
  }, [client, trans]);
  React.useEffect(() => {
    void load();
  }, [load]);
  /** A zone that is null stays as it is stored. */
  const put = async (
    amount: string | null,
    tz: string | null
  ): Promise<void> => {
    const server = await client();
    setSaved('');
    setBudget(await server.putBudget({ monthly_usd: amount, tz }));
    setSaved(amount === null ? trans.__('Removed.') : trans.__('Saved.'));
  };
  if (budget === null) {
    return <Pending problem={problem} onRetry={load} trans={trans} />;
  }
  return (
    <fieldset className="jp-gpt-Fields">
      <legend>{trans.__('Monthly budget')}</legend>
      <BudgetForm
        // What another tab has saved stands in the field, too.
        key={budget.limit ?? ''}
        budget={budget}
        onSave={amount => put(amount, budget.limit ? null : zone)}
        trans={trans}
      />
      <State budget={budget} trans={trans} />
      <Zone
        budget={budget}
        zone={zone}
        // As it is by now: the panel may have raised it since.
        onChange={async tz => put((await (await client()).budget()).limit, tz)}
        trans={trans}
      />
      <p role="status">{saved}</p>
    </fieldset>
  );
}

/** What stands in place of a form that has nothing to show yet. */
export function Pending(props: {
  readonly problem: string;
  readonly onRetry: () => Promise<void>;
  readonly trans: TranslationBundle;
}): JSX.Element {
  const { onRetry, problem, trans } = props;
  if (!problem) {
    return <p role="status">{trans.__('Loading…')}</p>;
  }
  return (
    <div className="jp-gpt-Fields">
      <p role="alert">{problem}</p>
      <TextButton onClick={() => void onRetry()}>
        {trans.__('Try again')}
      </TextButton>
    </div>
  );
}

/** What is spent, and the cap. */
function State(props: {
  budget: IBudget;
  trans: TranslationBundle;
}): JSX.Element {
  const { budget, trans } = props;
  const spent = (budget.unpriced > 0 ? '≥ ' : '') + usd(budget.spent);
  return (
    <>
      <p>{trans.__('%1: %2 spent.', monthName(budget.month), spent)}</p>
      {budget.cap !== null && (
        <p>
          {trans.__(
            'At most %1 a month: set by your administrator.',
            usd(budget.cap)
          )}
        </p>
      )}
    </>
  );
}

/** Where the month begins: as stored, here, or as the provider bills. */
function Zone(props: {
  budget: IBudget;
  zone: string;
  onChange: (tz: string) => Promise<void>;
  trans: TranslationBundle;
}): JSX.Element {
  const { budget, trans, zone } = props;
  const id = React.useId();
  const [problem, setProblem] = React.useState('');
  const zones = [...new Set([budget.tz, zone, 'UTC'])];
  return (
    <>
      <label htmlFor={id}>
        {trans.__('Time zone in which the month begins')}
      </label>
      <select
        id={id}
        className="jp-mod-styled"
        value={budget.tz}
        onChange={event => {
          setProblem('');
          props.onChange(event.target.value).catch((reason: unknown) => {
            setProblem(explain(reason, trans));
          });
        }}
      >
        {zones.map(name => (
          <option key={name} value={name}>
            {name === 'UTC' ? trans.__('UTC, as the provider bills') : name}
          </option>
        ))}
      </select>
      {problem && <p role="alert">{problem}</p>}
    </>
  );
}
