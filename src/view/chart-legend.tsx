import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IUsageReport } from '../protocol/frames';
import type { ISeries } from './chart-layout';

/** Which colour is which model; one model needs none. */
export function Legend(props: {
  report: IUsageReport;
  series: readonly ISeries[];
  trans: TranslationBundle;
}): JSX.Element | null {
  const { report, series, trans } = props;
  const estimated = Number(report.totals.estimated_usd) > 0;
  const many = series.length > 1;
  if (!many && !estimated) {
    return null;
  }
  return (
    <figcaption className="jp-gpt-Chart-legend">
      {many &&
        series.map(({ colour, key, label }) => (
          <span key={key} title={label}>
            <Swatch colour={colour} />
            <span className="jp-gpt-Chart-name">{label}</span>
          </span>
        ))}
      {estimated && (
        <span>
          <i className="jp-gpt-Swatch jp-gpt-mod-hatched" aria-hidden="true" />
          {trans.__('estimated')}
        </span>
      )}
    </figcaption>
  );
}

/** A small square in the colour of a model. */
export function Swatch(props: { colour: number }): JSX.Element {
  return (
    <i
      className={`jp-gpt-Swatch jp-gpt-Series-${props.colour}`}
      aria-hidden="true"
    />
  );
}
