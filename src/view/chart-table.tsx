import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IUsageReport } from '../protocol/frames';
import { keyOf, seriesOf } from './chart-layout';
import { shortDay } from './usage-format';
import { Cells, Head } from './usage-tables';

/**
 * The figures behind the bars.
 */
export function ChartTable(props: {
  readonly report: IUsageReport;
  readonly trans: TranslationBundle;
}): JSX.Element {
  const { report, trans } = props;
  const labels = new Map(
    seriesOf(report).map(({ key, label }) => [key, label])
  );
  return (
    <div className="jp-gpt-Usage-scroll">
      <table aria-label={trans.__('Cost by day')}>
        <Head
          first={trans.__('Day')}
          second={trans.__('Model')}
          trans={trans}
        />
        {report.days.map(({ day, models }) => (
          <tbody key={day}>
            {models.map((usage, index) => (
              <tr key={keyOf(usage)}>
                {index === 0 && (
                  <th scope="rowgroup" rowSpan={models.length}>
                    {shortDay(day)}
                  </th>
                )}
                <th scope="row">{labels.get(keyOf(usage)) ?? usage.model}</th>
                <Cells sums={usage} trans={trans} />
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
