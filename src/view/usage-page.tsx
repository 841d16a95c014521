import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { UsageModel } from '../model/usage';
import { monthOf } from '../model/usage-days';
import type { IUsageReport } from '../protocol/frames';
import { Chart } from './chart';
import { ChartTable } from './chart-table';
import { useSignals } from './context';
import { Dots, TextButton } from './controls';
import { explain } from './providers-text';
import { UsageBudget } from './usage-budget';
import { monthName } from './usage-format';
import { UsageHeader } from './usage-header';
import { Comparison, UsageSummary } from './usage-summary';
import { UsageTables } from './usage-tables';

/** What the parts of the view are given. */
export interface IUsageProps {
  readonly model: UsageModel;
  readonly trans: TranslationBundle;
}

/**
 * One month of what was spent.
 */
export function UsagePage(props: IUsageProps): JSX.Element {
  const { model, trans } = props;
  useSignals(model.changed);
  return (
    <section
      className="jp-gpt-Usage-page"
      aria-label={trans.__('GPT usage')}
      aria-busy={model.busy}
    >
      <UsageHeader {...props} />
      {model.error && <Failure {...props} />}
      {model.report ? (
        <Report {...props} report={model.report} />
      ) : (
        !model.error && (
          <div className="jp-gpt-Loading">
            <Dots label={trans.__('Loading')} />
          </div>
        )
      )}
    </section>
  );
}

function Failure({ model, trans }: IUsageProps): JSX.Element {
  return (
    <div className="jp-gpt-Usage-empty" role="alert">
      <p>{explain(model.error, trans)}</p>
      <TextButton onClick={() => void model.refresh()}>
        {trans.__('Retry')}
      </TextButton>
    </div>
  );
}

function Report(
  props: IUsageProps & { readonly report: IUsageReport }
): JSX.Element {
  const { model, report, trans } = props;
  const empty = report.totals.calls === 0;
  return (
    <>
      <div className="jp-gpt-Usage-cards">
        {!empty && <UsageSummary {...props} />}
        <UsageBudget {...props} />
      </div>
      {empty ? (
        <Empty report={report} trans={trans} />
      ) : (
        <>
          <Comparison {...props} />
          <Days {...props} />
          <UsageTables key={model.month} report={report} trans={trans} />
        </>
      )}
    </>
  );
}

/** The days as bars, or as the same figures in a table. */
function Days(
  props: IUsageProps & { readonly report: IUsageReport }
): JSX.Element {
  const { model, report, trans } = props;
  const [asTable, setAsTable] = React.useState(false);
  return (
    <section aria-label={trans.__('Cost by day')}>
      <div className="jp-gpt-Usage-title">
        <h2>{trans.__('Cost by day')}</h2>
        <TextButton
          look="quiet"
          small
          aria={{ 'aria-pressed': asTable }}
          onClick={() => setAsTable(!asTable)}
        >
          {trans.__('Show as table')}
        </TextButton>
      </div>
      {asTable ? (
        <ChartTable report={report} trans={trans} />
      ) : (
        <Chart
          key={report.first}
          report={report}
          today={model.today}
          subscription={model.subscription}
          trans={trans}
        />
      )}
    </section>
  );
}

/** What will be here. */
function Empty(props: {
  report: IUsageReport;
  trans: TranslationBundle;
}): JSX.Element {
  const { report, trans } = props;
  return (
    <div className="jp-gpt-Usage-empty">
      <p>
        <b>{trans.__('No calls in %1.', monthName(monthOf(report.first)))}</b>
      </p>
      <p>
        {trans.__(
          'What each answer costs will stand here: by day, by model, by conversation and by notebook, with what caching saved and what a subscription would have cost.'
        )}
      </p>
    </div>
  );
}
