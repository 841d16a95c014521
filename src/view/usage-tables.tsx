import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IUsageReport, IUsageSums } from '../protocol/frames';
import { Swatch } from './chart-legend';
import { seriesOf } from './chart-layout';
import { TextButton } from './controls';
import { count } from './format';
import { costOf, costText } from './usage-format';

// Rows of a table before "Show all": what cost most; three tables fit two screens.
const FIRST_ROWS = 10;

interface ITablesProps {
  readonly report: IUsageReport;
  readonly trans: TranslationBundle;
}

/** One row: what it is about, and its sums. */
export interface IRow {
  readonly key: string;
  readonly name: React.ReactNode;
  readonly sums: IUsageSums;
}

/**
 * The month by model, by conversation and by notebook.
 */
export function UsageTables(props: ITablesProps): JSX.Element {
  const { report, trans } = props;
  const series = seriesOf(report);
  const models = report.models.map((sums, index) => ({
    key: series[index].key,
    name: (
      <>
        <Swatch colour={series[index].colour} />
        {series[index].label}
      </>
    ),
    sums
  }));
  const conversations = report.conversations.map((sums, index) => ({
    key: sums.conversation_id ?? `none-${index}`,
    name:
      sums.title ??
      (sums.conversation_id === null
        ? trans.__('Without a conversation')
        : trans.__('Deleted conversation')),
    sums
  }));
  const notebooks = report.notebooks.map(sums => ({
    key: sums.notebook ?? '',
    name: sums.notebook ?? trans.__('Without a notebook'),
    sums
  }));
  return (
    <>
      <SumsTable title={trans.__('By model')} rows={models} trans={trans} />
      <SumsTable
        title={trans.__('By conversation')}
        rows={conversations}
        trans={trans}
      />
      <SumsTable
        title={trans.__('By notebook')}
        rows={notebooks}
        trans={trans}
      />
    </>
  );
}

function SumsTable(props: {
  readonly title: string;
  readonly rows: readonly IRow[];
  readonly trans: TranslationBundle;
}): JSX.Element | null {
  const { rows, title, trans } = props;
  const [all, setAll] = React.useState(false);
  if (rows.length === 0) {
    return null;
  }
  const shown = all ? rows : rows.slice(0, FIRST_ROWS);
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <div className="jp-gpt-Usage-scroll">
        <table>
          <Head first={title} trans={trans} />
          <tbody>
            {shown.map(({ key, name, sums }) => (
              <tr key={key}>
                <th scope="row">{name}</th>
                <Cells sums={sums} trans={trans} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!all && rows.length > shown.length && (
        <TextButton look="link" onClick={() => setAll(true)}>
          {trans.__('Show all %1', count(rows.length))}
        </TextButton>
      )}
    </section>
  );
}

/** The head of a table of sums. */
export function Head(props: {
  readonly first: string;
  /** A second column of names. */
  readonly second?: string;
  readonly trans: TranslationBundle;
}): JSX.Element {
  const { first, second, trans } = props;
  const columns = [
    trans.__('Calls'),
    trans.__('Tokens in'),
    trans.__('Cached'),
    trans.__('Tokens out'),
    trans.__('Cost')
  ];
  return (
    <thead>
      <tr>
        <th scope="col">
          <span className={second ? undefined : 'jp-gpt-hidden'}>{first}</span>
        </th>
        {second && <th scope="col">{second}</th>}
        {columns.map(column => (
          <th key={column} scope="col" className="jp-gpt-mod-number">
            {column}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** The figures of a row. */
export function Cells(props: {
  readonly sums: IUsageSums;
  readonly trans: TranslationBundle;
}): JSX.Element {
  const { sums, trans } = props;
  const figures = [sums.calls, sums.input, sums.cached_input, sums.output];
  const cost = costOf(sums);
  return (
    <>
      {figures.map((figure, index) => (
        <td key={index}>{count(figure)}</td>
      ))}
      <td
        data-cost-usd={cost.usd ?? undefined}
        title={cost.usd === null ? undefined : `$${cost.usd}`}
      >
        {costText(trans, cost)}
      </td>
    </>
  );
}
