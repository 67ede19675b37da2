// 7. What drives payback, value and overrun.

import { figure, isNarrow } from "../charts";
import type { Context } from "../context";
import type { Driver, Effect, Statistics } from "../data";
import { ranges, ruler, shortened, whiskers } from "../shapes";
import { charts, note, type Section } from "./section";

const kShown = 12;
const kFewest = 5;
const kMany = 20;

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

/** Payback is compared by its median, which trials beyond the horizon do not spoil; amounts by their mean. */
const isMoment = (outcome: string): boolean => /_months?$/.test(outcome);

function centre(outcome: string, statistics: Statistics | undefined): number | null {
  if (!statistics) return null;
  return isMoment(outcome) ? statistics.q50 : statistics.mean;
}

function valueText({ w, n }: Context, outcome: string, statistics: Statistics | undefined): string {
  const value = centre(outcome, statistics);
  if (value == null) return statistics ? w.beyond : "–";
  return isMoment(outcome) ? n.number(value) : n.money(value);
}

function valueWithError({ w, n }: Context, outcome: string, statistics: Statistics | undefined): string {
  const value = centre(outcome, statistics);
  if (value == null || !statistics) return statistics ? w.beyond : "–";
  return isMoment(outcome) ? n.withError(value, statistics.quantile_mcse.q50) : n.moneyWithError(value, statistics.mcse);
}

function sentence(context: Context, outcome: string, at: number): string {
  const { w, input, data } = context;
  if (outcome === "budget_overrun" && data.findings.budget_overrun?.probability === 0) return w.noOverrunDrivers;
  const top = ranked(context, at)[0];
  if (!top || !clear(top)) return w.driversNone(w.driven[outcome] ?? outcome);
  const { lowest, highest } = top.effect;
  const value = (statistics: Statistics | undefined) => {
    if (statistics && centre(outcome, statistics) == null) return w.beyondHorizon.toLowerCase();
    const text = valueText(context, outcome, statistics);
    return isMoment(outcome) ? w.months(text) : text;
  };
  return w.driversTop(w.driven[outcome] ?? outcome, input(top.driver.path), { median: isMoment(outcome), low: value(lowest), high: value(highest) });
}

function rankFigure(context: Context, outcome: string, list: Ranked[]): HTMLElement {
  const { w, n, input } = context;
  const names = list.map(({ driver }) => input(driver.path));
  return figure(w, {
    title: w.rankTitle(w.driven[outcome] ?? outcome),
    subtitle: w.rankSubtitle,
    alternative: w.rankAlternative(list.slice(0, 3).map(({ effect }, at) => `${names[at]!} ${n.fixed(effect.rank!, 2)}`).join(", ")),
    height: 60 + 26 * list.length,
    columns: [w.input, w.correlation, w.interval].map((head) => ({ head })),
    rows: list.map(({ effect }, at) => [names[at]!, n.fixed(effect.rank!, 3), `${n.fixed(effect.low!, 3)} … ${n.fixed(effect.high!, 3)}`]),
    option: (colours, width) => ({
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => n.fixed(value as number, 3) },
      xAxis: { type: "value", axisLabel: { formatter: (value: number) => n.fixed(value, 1) } },
      yAxis: { type: "category", inverse: true, data: names.map((name) => shortened(name, isNarrow(width) ? 20 : 34)), axisLabel: { interval: 0, fontSize: 11 } },
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

function effectFigure(context: Context, outcome: string, list: Ranked[]): HTMLElement {
  const { data, w, n, input } = context;
  const names = list.map(({ driver }) => input(driver.path));
  const horizon = data.grid.periods * data.grid.months_per_period;
  const place = (statistics: Statistics | undefined) => centre(outcome, statistics) ?? (statistics ? horizon : null);
  const overall = place(data.outcomes[outcome]) ?? 0;
  const ends = list.flatMap(({ effect }) => [place(effect.lowest), place(effect.highest)]);
  const axisText = isMoment(outcome) ? (value: number) => n.axis(value) : n.moneyAxis(ends, [overall]);
  const bars = (name: string, key: "lowest" | "highest", colour: string) =>
    ranges(name, list.map(({ effect }) => ({ low: overall, high: place(effect[key]) })), { colour, height: 13 });
  return figure(w, {
    title: w.effectTitle(w.driven[outcome] ?? outcome),
    subtitle: w.effectSubtitle(isMoment(outcome)),
    alternative: w.effectAlternative(
      list.slice(0, 3).map(({ effect }, at) => `${names[at]!}: ${valueText(context, outcome, effect.lowest)} → ${valueText(context, outcome, effect.highest)}`).join("; "),
    ),
    height: 60 + 26 * list.length + 26,
    columns: [w.input, w.lowestTenth, w.highestTenth, w.withinHorizon].map((head) => ({ head })).slice(0, isMoment(outcome) ? 4 : 3),
    rows: list.map(({ effect }, at) => [
      names[at]!,
      valueWithError(context, outcome, effect.lowest),
      valueWithError(context, outcome, effect.highest),
      ...(isMoment(outcome) ? [`${n.percent(effect.lowest?.p_within_horizon ?? null)} → ${n.percent(effect.highest?.p_within_horizon ?? null)}`] : []),
    ]),
    option: (colours, width) => ({
      tooltip: {
        trigger: "item",
        formatter: (item) => {
          if (Array.isArray(item)) return "";
          const [row] = item.value as number[];
          const key = item.seriesName === w.lowestTenth ? "lowest" : "highest";
          return `${names[row!]!}\n${item.seriesName}: ${valueText(context, outcome, list[row!]!.effect[key])}`;
        },
      },
      legend: { data: [w.lowestTenth, w.highestTenth] },
      grid: { bottom: isNarrow(width) ? 48 : 30, top: 28 },
      xAxis: { type: "value", scale: true, axisLabel: { formatter: axisText } },
      yAxis: { type: "category", inverse: true, data: names.map((name) => shortened(name, isNarrow(width) ? 20 : 34)), axisLabel: { interval: 0, fontSize: 11 } },
      series: [
        bars(w.lowestTenth, "lowest", colours.series[1]!),
        bars(w.highestTenth, "highest", colours.series[0]!),
        {
          type: "line",
          data: [],
          markLine: ruler({ xAxis: overall }, `${w.overall}: ${valueText(context, outcome, data.outcomes[outcome])}`, colours, "start"),
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
