import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { lowerLimit } from '../model/money';
import { toNumber } from '../model/spend';
import type { IBudget } from '../protocol/frames';
import { BudgetForm } from './budget-form';
import { TextButton } from './controls';
import { monthName, usd } from './usage-format';
import type { IUsageProps } from './usage-page';
import { Card } from './usage-summary';

/**
 * The budget of the current month: what of it is spent, and the way to change it.
 */
export function UsageBudget({ model, trans }: IUsageProps): JSX.Element | null {
  const [editing, setEditing] = React.useState(false);
  const button = React.useRef<HTMLDivElement>(null);
  const wasEditing = React.useRef(false);
  React.useEffect(() => {
    // The form has gone, and the focus with it.
    if (wasEditing.current && !editing) {
      button.current?.querySelector('button')?.focus();
    }
    wasEditing.current = editing;
  }, [editing]);
  const { budget } = model;
  if (budget === null) {
    return null;
  }
  return (
    <Card title={trans.__('Budget for %1', monthName(budget.month))}>
      <Spent budget={budget} zone={model.tz} trans={trans} />
      {editing ? (
        <BudgetForm
          budget={budget}
          autoFocus
          onSave={async amount => {
            await model.putBudget(amount);
            setEditing(false);
          }}
          onCancel={() => setEditing(false)}
          trans={trans}
        />
      ) : (
        <div ref={button}>
          <TextButton small onClick={() => setEditing(true)}>
            {trans.__('Set budget…')}
          </TextButton>
        </div>
      )}
    </Card>
  );
}

/** How much of the lower of the two limits is gone. */
function Spent(props: {
  budget: IBudget;
  /** The time zone of the view. */
  zone: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { budget, trans, zone } = props;
  const limit = lowerLimit(budget);
  if (limit === null) {
    return <p>{trans.__('No budget is set.')}</p>;
  }
  const reserved = toNumber(budget.reserved) > 0;
  const spent = (budget.unpriced > 0 ? '≥ ' : '') + usd(budget.spent);
  return (
    <>
      <b>{trans.__('%1 of %2', spent, usd(limit))}</b>
      <Meter budget={budget} limit={limit} trans={trans} />
      {reserved && (
        <p>
          {trans.__(
            '%1 more is held for running answers',
            usd(budget.reserved)
          )}
        </p>
      )}
      {budget.cap !== null && (
        <p>
          {trans.__('At most %1, set by your administrator', usd(budget.cap))}
        </p>
      )}
      {budget.tz !== zone && (
        <p>{trans.__('The month begins in %1', budget.tz)}</p>
      )}
    </>
  );
}

function Meter(props: {
  budget: IBudget;
  limit: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { budget, limit, trans } = props;
  const whole = toNumber(limit);
  const part = whole > 0 ? toNumber(budget.spent) / whole : 1;
  const percent = Math.round(part * 100);
  return (
    <div
      className={`jp-gpt-Meter jp-gpt-mod-${budget.level}`}
      role="progressbar"
      aria-label={trans.__('Part of the budget that is spent')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.min(100, percent)}
      aria-valuetext={trans.__('%1 %', percent)}
    >
      <i style={{ width: `${Math.min(100, part * 100)}%` }} />
    </div>
  );
}
