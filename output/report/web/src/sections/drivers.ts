// 7. What drives payback, value and overrun.

import { figure } from "../charts";
import type { Context } from "../context";
import type { Driver, Effect, Statistics } from "../data";
import { element } from "../dom";
import { shortened, whiskers } from "../shapes";
import { charts, note, type Section } from "./section";

const kShown = 12;

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
  const { w, metric, input, data } = context;
  if (outcome === "budget_overrun" && data.findings.budget_overrun?.probability === 0) return w.noOverrunDrivers;
  const top = ranked(context, at)[0];
  if (!top || !clear(top)) return w.driversNone(metric(outcome));
  const { lowest, highest } = top.effect;
  return w.driversTop(metric(outcome), input(top.driver.path), valueText(context, outcome, lowest), valueText(context, outcome, highest));
}

function rankFigure(context: Context, outcome: string, list: Ranked[]): HTMLElement {
  const { w, n, metric, input } = context;
  const names = list.map(({ driver }) => input(driver.path));
  return figure(w, {
    title: w.rankTitle(metric(outcome)),
    subtitle: w.rankSubtitle,
    alternative: w.rankAlternative(list.slice(0, 3).map(({ effect }, at) => `${names[at]!} ${n.fixed(effect.rank!, 2)}`).join(", ")),
    height: 60 + 26 * list.length,
    columns: [w.input, w.correlation, w.interval].map((head) => ({ head })),
    rows: list.map(({ effect }, at) => [names[at]!, n.fixed(effect.rank!, 3), `${n.fixed(effect.low!, 3)} … ${n.fixed(effect.high!, 3)}`]),
    option: (colours, narrow) => ({
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => n.fixed(value as number, 3) },
      xAxis: { type: "value", axisLabel: { formatter: (value: number) => n.fixed(value, 1) } },
      yAxis: { type: "category", inverse: true, data: names.map((name) => shortened(name, narrow ? 20 : 34)), axisLabel: { interval: 0, fontSize: 11 } },
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
  const { data, w, n, metric, input } = context;
  const names = list.map(({ driver }) => input(driver.path));
  const horizon = data.grid.periods * data.grid.months_per_period;
  const place = (statistics: Statistics | undefined) => centre(outcome, statistics) ?? (statistics ? horizon : null);
  const overall = place(data.outcomes[outcome]) ?? 0;
  const axisText = (value: number) => (isMoment(outcome) ? n.number(value) : n.axisMoney(value));
  const bars = (name: string, key: "lowest" | "highest", colour: string) => ({
    type: "bar" as const,
    name,
    stack: "one row",
    stackStrategy: "all" as const,
    barMaxWidth: 15,
    itemStyle: { color: colour },
    data: list.map(({ effect }) => (place(effect[key]) ?? overall) - overall),
    tooltip: { valueFormatter: (value: unknown) => axisText((value as number) + overall) },
  });
  return figure(w, {
    title: w.effectTitle(metric(outcome)),
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
    option: (colours, narrow) => ({
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
      legend: { data: [w.lowestTenth, w.highestTenth] },
      grid: { bottom: narrow ? 48 : 30 },
      xAxis: { type: "value", axisLabel: { formatter: (value: number) => axisText(value + overall) } },
      yAxis: { type: "category", inverse: true, data: names.map((name) => shortened(name, narrow ? 20 : 34)), axisLabel: { interval: 0, fontSize: 11 } },
      series: [bars(w.lowestTenth, "lowest", colours.series[1]!), bars(w.highestTenth, "highest", colours.series[0]!)].map((series) => ({
        ...series,
        // Both bars start at the value of all trials and share a row, also where they lie on one side of it.
        stack: undefined,
        barGap: "-100%",
      })),
    }),
  });
}

export function driversSection(context: Context): Section {
  const { data, w } = context;
  if (data.drivers.inputs.length === 0) {
    return { id: "drivers", title: w.driversTitle, meaning: [w.driversNoInputs], content: [] };
  }
  const figures = data.drivers.outcomes.flatMap((outcome, at) => {
    const list = ranked(context, at).slice(0, kShown);
    if (list.length === 0) return [];
    return [element("h3", {}, context.metric(outcome)), charts(rankFigure(context, outcome, list), effectFigure(context, outcome, list.filter(({ effect }) => effect.lowest)))];
  });
  return {
    id: "drivers",
    title: w.driversTitle,
    meaning: data.drivers.outcomes.map((outcome, at) => sentence(context, outcome, at)),
    content: [...figures, note(w.driversNote)],
  };
}
