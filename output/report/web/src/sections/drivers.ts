// 7. What drives payback, value and overrun.

import { figure, isNarrow } from "../charts";
import { type Context, shareOf } from "../context";
import type { Driver, Effect, Statistics } from "../data";
import { ranges, ruler, shortenedInput, whiskers } from "../shapes";
import { charts, note, type Section } from "./section";

const kShown = 12;
const kFewest = 5;
const kMany = 20;
const kTenth = 0.1;

interface Ranked {
  driver: Driver;
  effect: Effect;
}

/** Drivers of an outcome, the strongest first. */
function ranked({ data }: Context, outcome: number): Ranked[] {
  return data.drivers.inputs
    .map((driver) => ({ driver, effect: driver.effects[outcome]! }))
    .filter(({ effect }) => effect.rank != null)
    .sort((a, b) => Math.abs(b.effect.rank!) - Math.abs(a.effect.rank!));
}

/** Whether the interval of the correlation excludes 0. */
const clear = ({ effect }: Ranked): boolean => effect.low! > 0 || effect.high! < 0;

const isMoment = (outcome: string): boolean => /_months?$/.test(outcome);

/** How the trials of two tenths are compared. */
interface Yardstick {
  subtitle: string;
  value: (statistics: Statistics) => number | null;
  text: (value: number | null) => string;
  withError: (statistics: Statistics) => string;
  axis: (ends: (number | null)[]) => (value: number) => string;
}

/** Amounts are compared by their mean, payback by its median, which trials beyond the horizon do not spoil; where a
 * median is itself beyond the horizon, by how many trials pay back within it. */
function yardstickOf({ data, w, n }: Context, outcome: string, list: Ranked[]): Yardstick {
  if (!isMoment(outcome)) {
    return {
      subtitle: w.effectSubtitle(false),
      value: ({ mean }) => mean,
      text: (value) => n.money(value),
      withError: ({ mean, mcse }) => n.moneyWithError(mean, mcse),
      axis: (ends) => n.moneyAxis(ends),
    };
  }
  const all = [data.outcomes[outcome]!, ...list.flatMap(({ effect }) => [effect.lowest, effect.highest])];
  if (all.some((statistics) => statistics?.q50 === null)) {
    return {
      subtitle: w.effectSubtitleShare,
      value: ({ p_within_horizon }) => p_within_horizon,
      text: (value) => n.percent(value),
      withError: ({ p_within_horizon, p_within_horizon_mcse }) => n.percentWithError(p_within_horizon, p_within_horizon_mcse),
      axis: () => (value) => n.percentAxis(value),
    };
  }
  return {
    subtitle: w.effectSubtitle(true),
    value: ({ q50 }) => q50,
    text: (value) => n.number(value),
    withError: ({ q50, quantile_mcse }) => n.withError(q50, quantile_mcse.q50),
    axis: () => (value) => n.axis(value),
  };
}

function sentence(context: Context, outcome: string, at: number): string {
  const { w, n, input, data } = context;
  if (outcome === "budget_overrun" && data.findings.budget_overrun?.probability === 0) return w.noOverrunDrivers;
  const top = ranked(context, at)[0];
  if (!top || !clear(top)) return w.driversNone(w.driven[outcome] ?? outcome);
  const { lowest, highest } = top.effect;
  const [what, name] = [w.driven[outcome] ?? outcome, input(top.driver.path)];
  if (!lowest || !highest) return w.driversTopRank(what, name, n.fixed(top.effect.rank!, 2));
  const { value, text, subtitle } = yardstickOf(context, outcome, [top]);
  if (subtitle === w.effectSubtitleShare) {
    const share = ({ p_within_horizon, p_within_horizon_mcse }: Statistics) =>
      n.chanceInWords(shareOf({ value: p_within_horizon, mcse: p_within_horizon_mcse, trials: kTenth * data.run.trials }));
    return w.driversTopShare(what, name, share(lowest), share(highest));
  }
  const [low, high] = [text(value(lowest)), text(value(highest))];
  const median = isMoment(outcome);
  return w.driversTop(what, name, median ? { median, low: w.months(low), high: w.months(high) } : { median, low, high });
}

function rankFigure(context: Context, outcome: string, list: Ranked[]): HTMLElement {
  const { w, n, input } = context;
  const names = list.map(({ driver }) => input(driver.path));
  return figure(w, {
    title: w.rankTitle(w.driven[outcome] ?? outcome),
    subtitle: w.rankSubtitle(isMoment(outcome)),
    alternative: w.rankAlternative(list.slice(0, 3).map(({ effect }, at) => `${names[at]!} ${n.fixed(effect.rank!, 2)}`).join(", ")),
    height: 60 + 26 * list.length,
    columns: [w.input, w.correlation, w.interval].map((head) => ({ head })),
    rows: list.map(({ effect }, at) => [names[at]!, n.fixed(effect.rank!, 3), `${n.fixed(effect.low!, 3)} … ${n.fixed(effect.high!, 3)}`]),
    option: (colours, width) => ({
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => n.fixed(value as number, 3) },
      xAxis: { type: "value", splitNumber: isNarrow(width) ? 3 : 5, axisLabel: { formatter: (value: number) => n.axis(value) } },
      yAxis: { type: "category", inverse: true, data: names.map((name) => shortenedInput(name, isNarrow(width) ? 20 : 34)), axisLabel: { interval: 0, fontSize: 11 } },
      series: [
        {
          type: "bar",
          name: w.correlation,
          barMaxWidth: 15,
          data: list.map(({ effect }) => ({ value: effect.rank!, itemStyle: { color: effect.rank! >= 0 ? colours.series[0] : colours.series[1] } })),
        },
        whiskers(w.interval, list.map(({ effect }) => effect), colours.ink),
      ],
    }),
  });
}

function effectFigure(context: Context, outcome: string, list: Ranked[]): HTMLElement | null {
  if (list.length === 0) return null;
  const { data, w, n, input } = context;
  const names = list.map(({ driver }) => input(driver.path));
  const yardstick = yardstickOf(context, outcome, list);
  const place = (statistics: Statistics | undefined) => (statistics ? yardstick.value(statistics) : null);
  const text = (statistics: Statistics | undefined) => yardstick.text(place(statistics));
  const overall = place(data.outcomes[outcome]) ?? 0;
  const ends = list.flatMap(({ effect }) => [place(effect.lowest), place(effect.highest)]);
  const bars = (name: string, key: "lowest" | "highest", colour: string) =>
    ranges(name, list.map(({ effect }) => ({ low: overall, high: place(effect[key]) })), { colour, height: 13 });
  return figure(w, {
    title: w.effectTitle(w.driven[outcome] ?? outcome),
    subtitle: yardstick.subtitle,
    alternative: w.effectAlternative(
      list.slice(0, 3).map(({ effect }, at) => `${names[at]!}: ${text(effect.lowest)} → ${text(effect.highest)}`).join("; "),
    ),
    height: 60 + 26 * list.length + 26,
    columns: [w.input, w.lowestTenth, w.highestTenth, w.withinHorizon].map((head) => ({ head })).slice(0, isMoment(outcome) ? 4 : 3),
    rows: list.map(({ effect }, at) => [
      names[at]!,
      yardstick.withError(effect.lowest!),
      yardstick.withError(effect.highest!),
      ...(isMoment(outcome) ? [`${n.percent(effect.lowest!.p_within_horizon)} → ${n.percent(effect.highest!.p_within_horizon)}`] : []),
    ]),
    option: (colours, width) => ({
      tooltip: {
        trigger: "item",
        formatter: (item) => {
          if (Array.isArray(item)) return "";
          const [row] = item.value as number[];
          const key = item.seriesName === w.lowestTenth ? "lowest" : "highest";
          return `${names[row!]!}\n${item.seriesName}: ${text(list[row!]!.effect[key])}`;
        },
      },
      legend: { data: [w.lowestTenth, w.highestTenth] },
      grid: { bottom: isNarrow(width) ? 48 : 30, top: 28 },
      xAxis: { type: "value", scale: true, splitNumber: isNarrow(width) ? 3 : 5, axisLabel: { formatter: yardstick.axis([...ends, overall]) } },
      yAxis: { type: "category", inverse: true, data: names.map((name) => shortenedInput(name, isNarrow(width) ? 20 : 34)), axisLabel: { interval: 0, fontSize: 11 } },
      series: [
        bars(w.lowestTenth, "lowest", colours.series[1]!),
        bars(w.highestTenth, "highest", colours.series[0]!),
        {
          type: "line",
          data: [],
          markLine: ruler({ xAxis: overall }, `${w.overall}: ${text(data.outcomes[outcome])}`, colours, "start"),
        },
      ],
    }),
  });
}

export function driversSection(context: Context): Section {
  const { data, w } = context;
  if (data.drivers.inputs.length === 0) {
    return { id: "drivers", title: w.driversTitle, meaning: [w.driversNoInputs], content: [] };
  }
  const figures = data.drivers.outcomes.flatMap((outcome, at) => {
    const all = ranked(context, at);
    // What is not seen to matter stands in the table of section 8; a few are shown so that a reader sees that it ends.
    const list = all.slice(0, Math.min(kShown, Math.max(kFewest, all.filter(clear).length)));
    if (list.length === 0) return [];
    return [charts(rankFigure(context, outcome, list), effectFigure(context, outcome, list.filter(({ effect }) => effect.lowest)))];
  });
  return {
    id: "drivers",
    title: w.driversTitle,
    meaning: data.drivers.outcomes.map((outcome, at) => sentence(context, outcome, at)),
    content: [...figures, note(data.drivers.all > kMany ? `${w.driversNote} ${w.driversMany(data.drivers.all)}` : w.driversNote)],
  };
}
