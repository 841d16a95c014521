import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IOutlook } from '../model/spend';
import { outlook } from '../model/spend';
import { isZero } from '../model/money';
import type { IUsageReport } from '../protocol/frames';
import { count } from './format';
import {
  costOf,
  costText,
  mark,
  monthName,
  times,
  usageText,
  usd
} from './usage-format';
import type { IUsageProps } from './usage-page';

/**
 * The month in a few figures.
 */
export function UsageSummary(
  props: IUsageProps & { readonly report: IUsageReport }
): JSX.Element {
  const { model, report, trans } = props;
  const { totals } = report;
  const cost = costOf(totals);
  const look = outlook(report, model.today, model.subscription);
  return (
    <>
      <Card title={trans.__('Spent')} exact={cost.usd} big>
        <b>{costText(trans, cost)}</b>
        <p>{usageText(trans, totals)}</p>
        <Notes report={report} trans={trans} />
      </Card>
      {look && !look.over && (
        <Card title={trans.__('Expected by the end of the month')}>
          <b>{`${cost.at_least ? '≥' : '≈'} ${usd(look.projected)}`}</b>
          <p>{trans.__('if it goes on like this')}</p>
        </Card>
      )}
      {!isZero(totals.saved_usd) && (
        <Card title={trans.__('Saved by caching')} exact={totals.saved_usd}>
          <b>{usd(totals.saved_usd)}</b>
          <p>{trans.__('because the provider knew the prompt already')}</p>
        </Card>
      )}
    </>
  );
}

/**
 * How the month compares with a subscription; nothing where nothing honest can be said.
 */
export function Comparison(
  props: IUsageProps & { readonly report: IUsageReport }
): JSX.Element | null {
  const { model, report, trans } = props;
  const look = outlook(report, model.today, model.subscription);
  return look === null || look.ratio === null ? null : (
    <p className="jp-gpt-Usage-versus">
      {comparison(report, look, model.subscription, trans)}
    </p>
  );
}

/** A figure with its title. */
export function Card(props: {
  readonly title: string;
  /** The exact amount, for the tooltip. */
  readonly exact?: string | null;
  readonly big?: boolean;
  readonly children: React.ReactNode;
}): JSX.Element {
  return (
    <section
      className={'jp-gpt-Card' + (props.big ? ' jp-gpt-mod-big' : '')}
      aria-label={props.title}
      title={props.exact ? `$${props.exact}` : undefined}
    >
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}

/** Why the total is not exact. */
function Notes(props: {
  report: IUsageReport;
  trans: TranslationBundle;
}): JSX.Element {
  const { report, trans } = props;
  const { estimated_usd: estimated, unpriced } = report.totals;
  return (
    <>
      {unpriced > 0 && (
        <p>
          {trans._n(
            '≥: the price of %2 call is not known',
            '≥: the price of %2 calls is not known',
            unpriced,
            count(unpriced)
          )}
        </p>
      )}
      {!isZero(estimated) && (
        <p>
          {trans.__(
            '%1 of it estimated: the provider reported nothing',
            usd(estimated)
          )}
        </p>
      )}
    </>
  );
}

/** The sentence of `Comparison`, whichever is dearer. */
function comparison(
  report: IUsageReport,
  look: IOutlook,
  subscription: number,
  trans: TranslationBundle
): string {
  const spent =
    mark(costOf(report.totals)) + usd(report.totals.cost.usd ?? '0');
  const price = usd(subscription);
  const ratio = times(look.ratio ?? 1);
  const factor = look.dearer
    ? trans.__('%1 × dearer than %2', ratio, price)
    : trans.__('%1 × cheaper than %2', ratio, price);
  // The number and its sign stay on one line.
  const verdict = factor.replace(' ×', '\u00a0×');
  return look.over
    ? trans.__(
        '%1 in %2: %3',
        spent,
        monthName(report.first.slice(0, 7)),
        verdict
      )
    : trans.__(
        '%1 so far, about %2 this month: %3',
        spent,
        usd(look.projected),
        verdict
      );
}
