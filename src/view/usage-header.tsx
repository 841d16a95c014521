import * as React from 'react';
import { monthOf } from '../model/usage-days';
import { IconButton, TextButton } from './controls';
import { download } from './usage-download';
import { explain } from './providers-text';
import { downloadIcon, earlierIcon, laterIcon } from './usage-icons';
import { monthName } from './usage-format';
import type { IUsageProps } from './usage-page';

/**
 * Which month, in which time zone, and the way out as a file.
 */
export function UsageHeader(props: IUsageProps): JSX.Element {
  const { model, trans } = props;
  return (
    <div className="jp-gpt-Usage-header">
      <div className="jp-gpt-Usage-month">
        <IconButton
          name={trans.__('Earlier month')}
          icon={earlierIcon}
          off={
            model.hasEarlier ? null : trans.__('There were no calls before.')
          }
          onClick={() => void model.shift(-1)}
        />
        <h1 aria-live="polite">{monthName(model.month)}</h1>
        <IconButton
          name={trans.__('Later month')}
          icon={laterIcon}
          off={model.hasLater ? null : trans.__('This is the current month.')}
          onClick={() => void model.shift(1)}
        />
        {model.hasLater && (
          <TextButton
            look="quiet"
            small
            onClick={() => void model.show(monthOf(model.today))}
          >
            {trans.__('This month')}
          </TextButton>
        )}
      </div>
      <Zone {...props} />
      <Export {...props} />
    </div>
  );
}

/** Where days begin. */
function Zone({ model, trans }: IUsageProps): JSX.Element {
  if (model.zone === 'UTC') {
    return (
      <span className="jp-gpt-Usage-zone">
        {trans.__('Days in UTC, as the provider bills')}
      </span>
    );
  }
  return (
    <label
      className="jp-gpt-Usage-zone"
      title={
        model.utc
          ? trans.__('Days begin at midnight UTC')
          : trans.__('Days begin at midnight in %1', model.zone)
      }
    >
      <input
        type="checkbox"
        checked={model.utc}
        onChange={event => void model.setUtc(event.target.checked)}
      />
      {trans.__('UTC, as the provider bills')}
    </label>
  );
}

/** All calls of the month as a table for a spreadsheet. */
function Export({ model, trans }: IUsageProps): JSX.Element {
  const [problem, setProblem] = React.useState('');
  const [busy, setBusy] = React.useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    setProblem('');
    try {
      download(`gpt-usage-${model.month}.csv`, 'text/csv', await model.csv());
    } catch (reason) {
      setProblem(explain(reason, trans));
    }
    setBusy(false);
  };
  const none = model.report?.totals.calls === 0;
  return (
    <>
      <TextButton
        icon={downloadIcon}
        name={trans.__('Export CSV')}
        title={trans.__('Save all calls of the month, one a line')}
        off={
          none
            ? trans.__('There is nothing to export.')
            : busy
              ? trans.__('The file is being made.')
              : null
        }
        onClick={() => void save()}
      >
        {trans.__('Export CSV')}
      </TextButton>
      {problem && <p role="alert">{problem}</p>}
    </>
  );
}
