import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IUsageOfModel } from '../protocol/frames';
import type { IBar, ILayout, ISeries } from './chart-layout';
import { keyOf } from './chart-layout';
import { costOf, costText, dayName } from './usage-format';

// Rows of the box beside a bar; what is beyond them is in the table.
const MOST_ROWS = 12;

interface IChartDaysProps {
  readonly layout: ILayout;
  readonly series: readonly ISeries[];
  /** Index of the day that is pointed at or has the focus. */
  readonly shown: number | null;
  readonly onShow: (index: number | null) => void;
  readonly trans: TranslationBundle;
}

/**
 * A button over each day: one stop for Tab, the arrow keys go from day to day.
 */
export function ChartDays(props: IChartDaysProps): JSX.Element {
  const { onShow, series, shown, trans } = props;
  const { bars, bottom, slot } = props.layout;
  const group = React.useRef<HTMLDivElement>(null);
  const [current, setCurrent] = React.useState(() => lastUsed(bars));
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Escape') {
      onShow(null);
      return;
    }
    const next = target(event.key, current, bars.length);
    if (next !== null) {
      event.preventDefault();
      setCurrent(next);
      group.current?.querySelectorAll('button')[next]?.focus();
    }
  };
  return (
    <>
      <div
        ref={group}
        role="group"
        aria-label={trans.__('Days')}
        onKeyDown={onKeyDown}
        onPointerLeave={() => onShow(null)}
      >
        {bars.map((bar, index) => (
          <button
            key={bar.day}
            type="button"
            className="jp-gpt-Chart-place"
            style={{ left: bar.left, width: slot, height: bottom + 20 }}
            tabIndex={index === current ? 0 : -1}
            aria-label={spoken(bar, series, trans)}
            onPointerEnter={() => onShow(index)}
            onFocus={() => {
              setCurrent(index);
              onShow(index);
            }}
            onBlur={() => onShow(null)}
          />
        ))}
      </div>
      {shown !== null && bars[shown] && (
        <Tip {...props} bar={bars[shown]} right={shown > bars.length / 2} />
      )}
    </>
  );
}

/** The last day on which something was called: what one wants to read first. */
function lastUsed(bars: readonly IBar[]): number {
  const used = bars.map(({ cost }) => cost !== null);
  return Math.max(0, used.lastIndexOf(true));
}

function target(key: string, index: number, count: number): number | null {
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, index - 1);
    case 'ArrowRight':
      return Math.min(count - 1, index + 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

/** The rows of a day, in the order of the series. */
function rowsOf(
  bar: IBar,
  series: readonly ISeries[]
): { one: ISeries; usage: IUsageOfModel }[] {
  return series.flatMap(one => {
    const usage = bar.models.find(model => keyOf(model) === one.key);
    return usage ? [{ one, usage }] : [];
  });
}

function spoken(
  bar: IBar,
  series: readonly ISeries[],
  trans: TranslationBundle
): string {
  const day = dayName(bar.day);
  if (bar.cost === null) {
    return trans.__('%1: no calls', day);
  }
  const models = rowsOf(bar, series).map(
    ({ one, usage }) => `${one.label} ${costText(trans, costOf(usage))}`
  );
  return `${day}: ${costText(trans, bar.cost)}. ${models.join(', ')}`;
}

/** The box beside the day: what the button's name says, to be seen. */
function Tip(
  props: IChartDaysProps & { readonly bar: IBar; readonly right: boolean }
): JSX.Element {
  const { bar, layout, series, trans } = props;
  const rows = rowsOf(bar, series);
  const more = rows.length - MOST_ROWS;
  const place = props.right
    ? { right: layout.width - bar.left + 6 }
    : { left: bar.left + layout.slot + 6 };
  return (
    <div className="jp-gpt-Chart-tip" style={place} aria-hidden="true">
      <div className="jp-gpt-Chart-tip-head">
        <span>{dayName(bar.day)}</span>
        <b>
          {bar.cost === null ? trans.__('no calls') : costText(trans, bar.cost)}
        </b>
      </div>
      {rows.slice(0, MOST_ROWS).map(({ one, usage }) => (
        <div key={one.key} className="jp-gpt-Chart-tip-row">
          <i className={`jp-gpt-Swatch jp-gpt-Series-${one.colour}`} />
          <span className="jp-gpt-Chart-name">{one.label}</span>
          <span>{costText(trans, costOf(usage))}</span>
        </div>
      ))}
      {more > 0 && <div>{trans._n('and %1 more', 'and %1 more', more)}</div>}
    </div>
  );
}
