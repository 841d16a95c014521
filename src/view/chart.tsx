import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { dailyShare } from '../model/spend';
import { monthOf } from '../model/usage-days';
import type { IUsageReport } from '../protocol/frames';
import { ChartDays } from './chart-days';
import { Legend } from './chart-legend';
import type { IBar, ILayout, ISegment, ISeries } from './chart-layout';
import { HEIGHT, layOut, seriesOf, tickLabels } from './chart-layout';
import { costOf, costText, dayName, monthName, usd } from './usage-format';

// Width in px until the page is laid out, and where it never is (tests).
const FIRST_WIDTH = 640;

interface IChartProps {
  readonly report: IUsageReport;
  /** The day that it is now. */
  readonly today: string;
  /** Price of the subscription a month; 0: no line. */
  readonly subscription: number;
  readonly trans: TranslationBundle;
}

/**
 * What each day of a month cost: thin upright bars, dollars on the left, days below.
 *
 * The drawing is one image with a summary; over it lies a button for each day, for pointer, keys
 * and screen readers.
 */
export function Chart(props: IChartProps): JSX.Element {
  const { report, subscription, today, trans } = props;
  const [box, width] = useWidth();
  const [shown, setShown] = React.useState<number | null>(null);
  const daily = dailyShare(monthOf(report.first), subscription);
  const series = React.useMemo(() => seriesOf(report), [report]);
  const layout = React.useMemo(
    () => layOut(report, series, width, daily),
    [report, series, width, daily]
  );
  return (
    <figure className="jp-gpt-Chart">
      <div className="jp-gpt-Chart-box" ref={box}>
        <Drawing
          layout={layout}
          series={series}
          shown={shown}
          today={today}
          lineText={
            subscription > 0 && layout.bars.some(bar => bar.segments.length)
              ? trans.__(
                  '%1 a day: a subscription for %2',
                  usd(daily),
                  usd(subscription)
                )
              : ''
          }
          summary={summary(report, trans)}
        />
        <ChartDays
          layout={layout}
          series={series}
          shown={shown}
          onShow={setShown}
          trans={trans}
        />
      </div>
      <Legend report={report} series={series} trans={trans} />
    </figure>
  );
}

/** The width of a box, as it is now. */
function useWidth(): [React.RefObject<HTMLDivElement>, number] {
  const box = React.useRef<HTMLDivElement>(null);
  const [width, setWidth] = React.useState(FIRST_WIDTH);
  React.useLayoutEffect(() => {
    const measure = (): void => {
      const now = box.current?.clientWidth ?? 0;
      if (now > 0) {
        setWidth(now);
      }
    };
    measure();
    if (!box.current || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(measure);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}

/** The month in a sentence, for those who do not see the drawing. */
function summary(report: IUsageReport, trans: TranslationBundle): string {
  const month = monthName(monthOf(report.first));
  const total = costText(trans, costOf(report.totals));
  const dearest = [...report.days].sort((one, other) => sum(other) - sum(one));
  if (!dearest.length || sum(dearest[0]) === 0) {
    return trans.__('Cost by day in %1: %2 in all.', month, total);
  }
  return trans._n(
    'Cost by day in %2: %3 in all on %1 day. The dearest was %4 with %5.',
    'Cost by day in %2: %3 in all on %1 days. The dearest was %4 with %5.',
    report.days.length,
    month,
    total,
    dayName(dearest[0].day),
    usd(sum(dearest[0]))
  );
}

function sum(day: IUsageReport['days'][number]): number {
  return day.models.reduce((all, { cost }) => all + Number(cost.usd ?? 0), 0);
}

interface IDrawingProps {
  readonly layout: ILayout;
  readonly series: readonly ISeries[];
  readonly shown: number | null;
  readonly today: string;
  readonly lineText: string;
  readonly summary: string;
}

function Drawing(props: IDrawingProps): JSX.Element {
  const { layout, lineText, series, shown, today } = props;
  const { bars, bottom, left, slot, ticks, width } = layout;
  const labels = tickLabels(ticks.map(({ value }) => value));
  // React's ids have colons, which would end an address in `url(#…)`.
  const id = React.useId().replace(/:/g, '');
  return (
    <svg
      role="img"
      aria-label={props.summary}
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
    >
      <Hatches id={id} series={series} />
      {ticks.map(({ value, y }, index) => (
        <g key={value} className="jp-gpt-Chart-tick">
          <line x1={left} x2={width} y1={y} y2={y} />
          <text x={left - 8} y={y} dy="0.35em" textAnchor="end">
            {labels[index]}
          </text>
        </g>
      ))}
      {shown !== null && bars[shown] && (
        <rect
          className="jp-gpt-Chart-shown"
          x={bars[shown].left}
          y={0}
          width={slot}
          height={bottom}
        />
      )}
      {bars.map(bar => (
        <Day key={bar.day} bar={bar} layout={layout} today={today} id={id} />
      ))}
      {lineText && <SubscriptionLine layout={layout} text={lineText} />}
    </svg>
  );
}

/** The pattern of what was estimated, once for each colour. */
function Hatches(props: {
  id: string;
  series: readonly ISeries[];
}): JSX.Element {
  const colours = new Set(props.series.map(({ colour }) => colour));
  return (
    <defs>
      {[...colours].map(colour => (
        <pattern
          key={colour}
          id={`${props.id}-${colour}`}
          className={`jp-gpt-Series-${colour}`}
          width={5}
          height={5}
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect className="jp-gpt-Chart-pale" width={5} height={5} />
          <rect className="jp-gpt-Chart-bar" width={2} height={5} />
        </pattern>
      ))}
    </defs>
  );
}

function Day(props: {
  bar: IBar;
  layout: ILayout;
  today: string;
  id: string;
}): JSX.Element {
  const { bar, id, layout, today } = props;
  const middle = bar.left + layout.slot / 2;
  const unknown = bar.cost !== null && bar.cost.usd === null;
  const when =
    bar.day === today
      ? ' jp-gpt-mod-today'
      : bar.day > today
        ? ' jp-gpt-mod-later'
        : '';
  return (
    <g data-day={bar.day}>
      {bar.segments.map(segment => (
        <Segment key={segment.series.key} bar={bar} segment={segment} id={id} />
      ))}
      {unknown && (
        <circle
          className="jp-gpt-Chart-unknown"
          cx={middle}
          cy={layout.bottom - 6}
          r={3.5}
        />
      )}
      {bar.labelled && (
        <text
          className={`jp-gpt-Chart-day${when}`}
          x={middle}
          y={layout.bottom + 16}
          textAnchor="middle"
        >
          {Number(bar.day.slice(8))}
        </text>
      )}
    </g>
  );
}

function Segment(props: {
  bar: IBar;
  segment: ISegment;
  id: string;
}): JSX.Element {
  const { bar, id, segment } = props;
  const { estimated, height, series, y } = segment;
  const place = { x: bar.x, width: bar.width };
  return (
    <g className={`jp-gpt-Series-${series.colour}`}>
      <rect
        className="jp-gpt-Chart-bar"
        {...place}
        y={y + estimated}
        height={height - estimated}
      />
      {estimated > 0 && (
        <rect
          className="jp-gpt-Chart-estimated"
          {...place}
          y={y}
          height={estimated}
          fill={`url(#${id}-${series.colour})`}
        />
      )}
    </g>
  );
}

/** What a day may cost; where that is far above the bars, an arrow says so. */
function SubscriptionLine(props: {
  layout: ILayout;
  text: string;
}): JSX.Element {
  const { left, line, width } = props.layout;
  return (
    <g className="jp-gpt-Chart-line">
      {line !== null && <line x1={left} x2={width} y1={line} y2={line} />}
      <text x={width - 4} y={line === null ? 11 : line - 6} textAnchor="end">
        {line === null ? `↑ ${props.text}` : props.text}
      </text>
    </g>
  );
}
