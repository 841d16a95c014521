import { addCosts, toNumber } from '../model/spend';
import { daysOf, monthOf } from '../model/usage-days';
import type { ICost, IUsageOfModel, IUsageReport } from '../protocol/frames';
import { grouped } from './usage-format';

/**
 * Where the bars of a month stand: pure geometry, in pixels from the top left.
 */

// Height of the drawing, in px: the bars are tall enough to tell 5 % apart, and the totals above
// and a table below still fit a laptop's screen.
export const HEIGHT = 280;
// Room above the bars, for the text on the line, and below, for the days.
const TOP = 22;
const BOTTOM = 24;
// Widest bar, in px: thin upright bars, also on a wide screen.
const WIDEST_BAR = 20;
// Width in px of a digit of the axis, which has 11 px.
const DIGIT = 6.6;
// Narrowest place of a day, in px, in which its number is written.
const DAY_LABEL = 17;
// Height in px below which a bar would not be seen.
const LOWEST_BAR = 2;
// How many times higher than the highest bar the line may be and still be drawn in its place;
// beyond that the bars would be too low to be told apart.
const LINE_REACH = 8;
// How many colours there are in style/usage.css; they come again from the first.
export const COLOURS = 12;

/** One model of one provider, with its colour. */
export interface ISeries {
  readonly key: string;
  readonly label: string;
  readonly colour: number;
}

/** What one model cost on one day. */
export interface ISegment {
  readonly series: ISeries;
  readonly usage: IUsageOfModel;
  readonly y: number;
  readonly height: number;
  /** How much of it, from the top, was estimated. */
  readonly estimated: number;
}

/** One day. */
export interface IBar {
  readonly day: string;
  /** Left edge of the day's place. */
  readonly left: number;
  /** Left edge of the bar. */
  readonly x: number;
  readonly width: number;
  readonly segments: readonly ISegment[];
  readonly models: readonly IUsageOfModel[];
  /** Null: nothing was called. */
  readonly cost: ICost | null;
  /** Whether the day's number is written below. */
  readonly labelled: boolean;
}

/** The whole drawing. */
export interface ILayout {
  readonly width: number;
  readonly left: number;
  readonly bottom: number;
  /** Width of a day's place. */
  readonly slot: number;
  readonly ticks: readonly { readonly value: number; readonly y: number }[];
  readonly bars: readonly IBar[];
  /** Height of the subscription's line; null where it lies above the drawing. */
  readonly line: number | null;
}

/** The key of a model. */
export function keyOf(usage: IUsageOfModel): string {
  return `${usage.provider}/${usage.model}`;
}

/** The models of a report, the dearest first; a name that two providers have names them. */
export function seriesOf(report: IUsageReport): ISeries[] {
  const names = report.models.map(({ model }) => model);
  return report.models.map((usage, index) => ({
    key: keyOf(usage),
    label:
      names.indexOf(usage.model) === names.lastIndexOf(usage.model)
        ? usage.model
        : `${usage.model} (${usage.provider})`,
    colour: index % COLOURS
  }));
}

/** Steps of the axis that people can read: 1, 2 or 5 times a power of ten. */
export function ticksUpTo(most: number): number[] {
  if (most <= 0) {
    return [0];
  }
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(by => by * power).find(it => it >= rough)!;
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** `0`, `$0.02`: alike, with as many decimals as the step of the axis needs. */
export function tickLabels(ticks: readonly number[]): string[] {
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
  const needed = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const places = needed === 0 ? 0 : Math.max(2, needed);
  return ticks.map(tick =>
    tick === 0 ? '0' : `$${grouped(tick.toFixed(places))}`
  );
}

/**
 * Lay the month out.
 *
 * @param daily - What a day may cost for the month to cost as much as the subscription; 0: no line.
 */
export function layOut(
  report: IUsageReport,
  series: readonly ISeries[],
  width: number,
  daily: number
): ILayout {
  const days = daysOf(monthOf(report.first));
  const byDay = new Map(report.days.map(({ day, models }) => [day, models]));
  const sums = days.map(day => sumOf(byDay.get(day) ?? []));
  const highest = Math.max(...sums, 0);
  const inReach = daily > 0 && highest > 0 && daily <= highest * LINE_REACH;
  const ticks = ticksUpTo(inReach ? Math.max(highest, daily) : highest);
  const top = ticks[ticks.length - 1] || 1;
  const bottom = HEIGHT - BOTTOM;
  const scale = (bottom - TOP) / top;
  const longest = Math.max(...tickLabels(ticks).map(label => label.length));
  const left = Math.ceil(longest * DIGIT) + 10;
  const slot = (width - left) / days.length;
  const barWidth = Math.min(WIDEST_BAR, Math.max(2, Math.floor(slot * 0.62)));
  const every = slot >= DAY_LABEL ? 1 : slot >= DAY_LABEL / 2 ? 2 : 5;
  return {
    width,
    left,
    bottom,
    slot,
    ticks: ticks.map(value => ({ value, y: bottom - value * scale })),
    line: inReach ? bottom - daily * scale : null,
    bars: days.map((day, index) => {
      const models = byDay.get(day) ?? [];
      const place = left + index * slot;
      return {
        day,
        left: place,
        x: place + (slot - barWidth) / 2,
        width: barWidth,
        models,
        segments: stack(models, series, bottom, scale),
        cost: models.length ? addCosts(models) : null,
        labelled: index % every === 0
      };
    })
  };
}

function sumOf(models: readonly IUsageOfModel[]): number {
  return models.reduce((sum, { cost }) => sum + toNumber(cost.usd), 0);
}

/** One upon the other, in the order of the series. */
function stack(
  models: readonly IUsageOfModel[],
  series: readonly ISeries[],
  bottom: number,
  scale: number
): ISegment[] {
  const low = sumOf(models) * scale;
  // A bar of a thousandth of the highest is drawn higher than it is, rather than not at all.
  const stretch = low > 0 && low < LOWEST_BAR ? LOWEST_BAR / low : 1;
  let y = bottom;
  return series.flatMap(one => {
    const usage = models.find(model => keyOf(model) === one.key);
    const height = usage ? toNumber(usage.cost.usd) * scale * stretch : 0;
    if (!usage || height <= 0) {
      return [];
    }
    y -= height;
    const part = toNumber(usage.estimated_usd) / toNumber(usage.cost.usd);
    const estimated = height * Math.min(1, Math.max(0, part));
    return [{ series: one, usage, y, height, estimated }];
  });
}
