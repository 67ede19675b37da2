// 5. Leads and contracts by period, seasonality, backlog, waiting time and use of capacity.

import { figure } from "../charts";
import { type Context, highestAt, lowestAt } from "../context";
import type { Series } from "../data";
import { band, line, ruler } from "../shapes";
import { charts, type Section } from "./section";

/** From this share of trials on a limit is worth a warning. */
const kOften = 0.1;

interface Season {
  month: number;
  index: number;
}

/** Mean leads of each calendar month relative to the average month, over whole years at the end of the horizon. */
export function seasonOf(leads: number[], starts: string[], monthsPerPeriod: number): Season[] {
  const perYear = Math.round(12 / monthsPerPeriod);
  const years = Math.floor(leads.length / perYear);
  if (years < 1) return [];
  // The first year is left out where there are others: a partner's ramp is no season.
  const first = leads.length - perYear * Math.max(1, years - 1);
  const sums = new Map<number, [sum: number, count: number]>();
  for (let t = first; t < leads.length; t++) {
    const month = Number(starts[t]!.slice(5, 7)) - 1;
    const [sum, count] = sums.get(month) ?? [0, 0];
    sums.set(month, [sum + leads[t]!, count + 1]);
  }
  const months = [...sums].map(([month, [sum, count]]) => ({ month, index: sum / count })).sort((a, b) => a.month - b.month);
  const average = months.reduce((sum, { index }) => sum + index, 0) / months.length;
  return average > 0 ? months.map(({ month, index }) => ({ month, index: index / average })) : [];
}

const signed = (n: Context["n"], index: number): string => (index > 1.005 ? "+" : "") + n.percent(index - 1, 0);

function usesOf({ data }: Context): number[] | null {
  const capacity = data.series["capacity"]!.mean;
  if (!capacity.some((value) => value > 0)) return null;
  return data.series["worked"]!.mean.map((worked, t) => (capacity[t]! > 0 ? worked / capacity[t]! : 0));
}

function meaning(context: Context): string[] {
  const { data, w, n, when } = context;
  const sentences = [];
  const season = seasonOf(data.series["leads"]!.mean, data.grid.starts, data.grid.months_per_period);
  if (season.length > 1) {
    const weak = season[lowestAt(season.map(({ index }) => index))]!;
    const strong = season[highestAt(season.map(({ index }) => index))]!;
    sentences.push(w.timeSeason(n.calendarMonth(weak.month), signed(n, weak.index), n.calendarMonth(strong.month), signed(n, strong.index)));
  }
  const uses = usesOf(context);
  if (!uses) return [...sentences, w.timeUnlimited];
  const total = (name: string) => data.series[name]!.mean.reduce((sum, value) => sum + value, 0);
  const peak = highestAt(uses);
  sentences.push(w.timeCapacity(n.percent(total("worked") / total("capacity"), 0), n.percent(uses[peak]!, 0), when[peak]!));
  const bound = data.findings.constraints["sales_capacity"]!;
  sentences.push(bound.probability >= kOften ? w.timeTight(n.chanceInWords(bound)) : w.timeRoomy);
  const wait = data.series["wait_days"]!.mean;
  const longest = highestAt(wait);
  sentences.push(w.timeWait(n.number(wait[longest]!), when[longest]!));
  return [sentences.join(" ")];
}

interface Path {
  title: string;
  series: Series;
  wide?: boolean;
}

/** A series as its mean within q10 to q90. */
function path({ w, n, periods }: Context, { title, series, wide }: Path): HTMLElement {
  const [low, high] = [lowestAt(series.mean), highestAt(series.mean)];
  return figure(w, {
    title,
    subtitle: w.bandSubtitle,
    alternative: w.seriesAlternative(n.number(series.mean[low]!), periods[low]!, n.number(series.mean[high]!), periods[high]!),
    height: 260,
    wide,
    columns: [w.starting, w.mean, "q10", "q50", "q90"].map((head) => ({ head })),
    rows: periods.map((period, t) => [
      period,
      n.withError(series.mean[t]!, series.mcse[t]!),
      n.number(series.q10[t]!),
      n.number(series.q50[t]!),
      n.number(series.q90[t]!),
    ]),
    option: (colours) => ({
      tooltip: { trigger: "axis", valueFormatter: (value) => n.number(value as number) },
      xAxis: { type: "category", data: periods, boundaryGap: false },
      yAxis: { type: "value", min: 0, axisLabel: { formatter: (value: number) => n.axis(value) } },
      series: [band("q10–q90", series.q10, series.q90, colours.band), line(w.mean, series.mean, { colour: colours.series[0]! })],
    }),
  });
}

function seasonFigure({ data, w, n }: Context): HTMLElement | null {
  const season = seasonOf(data.series["leads"]!.mean, data.grid.starts, data.grid.months_per_period);
  if (season.length < 2) return null;
  const names = season.map(({ month }) => n.calendarMonth(month));
  const indices = season.map(({ index }) => index);
  const [weak, strong] = [lowestAt(indices), highestAt(indices)];
  return figure(w, {
    title: w.seasonTitle,
    subtitle: w.seasonSubtitle,
    alternative: w.seasonAlternative(`${names[weak]!} ${signed(n, indices[weak]!)}`, `${names[strong]!} ${signed(n, indices[strong]!)}`),
    height: 260,
    columns: [{ head: w.month }, { head: w.value }],
    rows: names.map((name, at) => [name, signed(n, indices[at]!)]),
    option: (colours) => ({
      tooltip: { trigger: "axis", valueFormatter: (value) => signed(n, 1 + (value as number)) },
      xAxis: { type: "category", data: names },
      yAxis: { type: "value", axisLabel: { formatter: (value: number) => `${value > 0 ? "+" : ""}${n.axis(100 * value)}\u00a0%` } },
      series: [
        {
          type: "bar",
          name: w.seasonTitle,
          data: indices.map((index) => ({ value: index - 1, itemStyle: { color: index >= 1 ? colours.series[0] : colours.series[1] } })),
        },
      ],
    }),
  });
}

function useFigure(context: Context): HTMLElement | null {
  const { data, w, n, periods } = context;
  const uses = usesOf(context);
  if (!uses) return null;
  const [low, high] = [lowestAt(uses), highestAt(uses)];
  const cells = (t: number) => [data.series["worked"]!.mean[t]!, data.series["capacity"]!.mean[t]!].map((value) => n.number(value));
  return figure(w, {
    title: w.useTitle,
    subtitle: w.useSubtitle,
    alternative: w.seriesAlternative(n.percent(uses[low]!, 0), periods[low]!, n.percent(uses[high]!, 0), periods[high]!),
    height: 260,
    columns: [w.starting, w.workedWord, w.capacity, w.use].map((head) => ({ head })),
    rows: periods.map((period, t) => [period, ...cells(t), n.percent(uses[t]!, 1)]),
    option: (colours) => ({
      tooltip: { trigger: "axis", valueFormatter: (value) => n.percent(value as number, 1) },
      xAxis: { type: "category", data: periods },
      yAxis: { type: "value", min: 0, max: Math.max(1, ...uses), axisLabel: { formatter: (value: number) => n.percent(value, 0) } },
      series: [
        {
          type: "bar",
          name: w.use,
          data: uses.map((value) => ({ value, itemStyle: { color: value > 0.95 ? colours.series[1] : colours.series[0] } })),
          markLine: ruler({ yAxis: 1 }, "", colours),
        },
      ],
    }),
  });
}

export function timeSection(context: Context): Section {
  const { data, w } = context;
  const series = (name: string) => data.series[name]!;
  const limited = usesOf(context) != null;
  return {
    id: "time",
    title: w.timeTitle,
    meaning: meaning(context),
    content: [
      charts(
        path(context, { title: w.leadsTitle, series: series("leads"), wide: true }),
        path(context, { title: w.contractsTitle, series: series("contracts"), wide: true }),
        seasonFigure(context),
        useFigure(context),
        limited ? path(context, { title: w.backlogTitle, series: series("backlog") }) : null,
        limited ? path(context, { title: w.waitTitle, series: series("wait_days") }) : null,
      ),
    ],
  };
}
