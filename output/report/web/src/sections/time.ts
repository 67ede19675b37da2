// 5. Leads and contracts by period, seasonality, backlog, waiting time and use of capacity.

import { figure } from "../charts";
import { type Context, highestAt, lowestAt } from "../context";
import type { Series } from "../data";
import { band, line, ruler } from "../shapes";
import { charts, type Section } from "./section";

/** From this share of trials on a limit is worth a warning. */
const kOften = 0.1;

/** With less of the capacity used than this there is room, though not at every time. */
const kTight = 0.8;
/** Fewer leads than this share of the busiest period's are none. */
const kHardly = 1e-3;

interface Season {
  month: number;
  index: number;
}

/** From how many leads on they are some. */
const few = ({ data }: Context): number => kHardly * Math.max(...data.series["leads"]!.mean);

/** The season's factors of the calendar months in which leads come in. */
function seasonOf(context: Context): Season[] {
  const { data } = context;
  const arriving = data.grid.starts.filter((_, t) => data.series["leads"]!.mean[t]! > few(context));
  const within = new Set(arriving.map((start) => Number(start.slice(5, 7)) - 1));
  return data.season.map((index, month) => ({ month, index })).filter(({ month }) => within.has(month));
}

/** Periods in which leads come in or still wait: of the others, waiting and use say nothing. */
function busyOf(context: Context): boolean[] {
  const { leads, backlog } = context.data.series;
  const least = few(context);
  return leads!.mean.map((arriving, t) => arriving > least || (t > 0 && backlog!.mean[t - 1]! > least));
}

const signed = (n: Context["n"], index: number): string => (index > 1.005 ? "+" : "") + n.percent(index - 1, 0);

/** Worked leads over capacity; null where nothing can be used. */
function usesOf({ data }: Context): (number | null)[] | null {
  const capacity = data.series["capacity"]!.mean;
  if (!capacity.some((value) => value > 0)) return null;
  return data.series["worked"]!.mean.map((worked, t) => (capacity[t]! > 0 ? worked / capacity[t]! : null));
}

function seasonSentence(context: Context): string[] {
  const { w, n } = context;
  const season = seasonOf(context);
  if (season.length < 2) return [];
  const weak = season[lowestAt(season.map(({ index }) => index))]!;
  const strong = season[highestAt(season.map(({ index }) => index))]!;
  return [w.timeSeason(n.calendarMonth(weak.month), signed(n, weak.index), n.calendarMonth(strong.month), signed(n, strong.index))];
}

function roomSentence({ data, w, n }: Context, use: number): string {
  const bound = data.findings.constraints["sales_capacity"]!;
  const chance = n.chanceInWords(bound);
  if (bound.probability < kOften) return w.timeRoomy;
  return use >= kTight ? w.timeTight(chance) : w.timeTightAtTimes(chance, n.number(bound["bound_periods_if_any"] ?? null));
}

function meaning(context: Context): string[] {
  const { data, w, n, when } = context;
  const sentences = seasonSentence(context);
  const uses = usesOf(context);
  if (!uses) return [[...sentences, w.timeUnlimited].join(" ")];
  const busy = busyOf(context);
  const total = (name: string) => data.series[name]!.mean.reduce((sum, value, t) => sum + (busy[t] ? value : 0), 0);
  const peak = highestAt(uses.map((value) => value ?? 0));
  const use = total("capacity") > 0 ? total("worked") / total("capacity") : 0;
  sentences.push(w.timeCapacity(n.percent(use, 0), n.percent(uses[peak]!, 0), when[peak]!));
  sentences.push(roomSentence(context, use));
  const wait = data.series["wait_days"]!.mean.map((days, t) => (busy[t] ? days : 0));
  const longest = highestAt(wait);
  if (wait[longest]! > 0) sentences.push(w.timeWait(n.number(wait[longest]!), when[longest]!));
  const last = busy.lastIndexOf(true);
  if (last + 1 < busy.length) sentences.push(w.timeIdle(when[last + 1]!));
  return [sentences.join(" ")];
}

interface Path {
  title: string;
  series: Series;
  wide?: boolean;
  /** Periods that are shown; all if it is missing. */
  where?: boolean[];
}

/** A series as its mean within q10 to q90. */
function path({ w, n, periods }: Context, { title, series, wide, where }: Path): HTMLElement {
  const shown = (t: number) => where?.[t] ?? true;
  const low = lowestAt(series.mean.map((value, t) => (shown(t) ? value : Infinity)));
  const high = highestAt(series.mean.map((value, t) => (shown(t) ? value : -Infinity)));
  const text = (values: number[], t: number) => (shown(t) ? n.number(values[t]!) : "–");
  const inside = (values: number[]) => values.map((value, t) => (shown(t) ? value : 0));
  return figure(w, {
    title,
    subtitle: w.bandSubtitle,
    alternative: w.seriesAlternative(n.number(series.mean[low]!), periods[low]!, n.number(series.mean[high]!), periods[high]!),
    height: 260,
    wide,
    columns: [w.starting, w.mean, "q10", "q50", "q90"].map((head) => ({ head })),
    rows: periods.map((period, t) => [
      period,
      shown(t) ? n.withError(series.mean[t]!, series.mcse[t]!) : "–",
      text(series.q10, t),
      text(series.q50, t),
      text(series.q90, t),
    ]),
    option: (colours) => ({
      tooltip: { trigger: "axis", valueFormatter: (value) => n.number((value ?? null) as number | null) },
      xAxis: { type: "category", data: periods, boundaryGap: false },
      yAxis: { type: "value", min: 0, axisLabel: { formatter: (value: number) => n.axis(value) } },
      series: [
        band("q10–q90", inside(series.q10), inside(series.q90), colours.band),
        line(w.mean, series.mean.map((value, t) => (shown(t) ? value : null)), { colour: colours.series[0]! }),
      ],
    }),
  });
}

function seasonFigure(context: Context): HTMLElement | null {
  const { w, n } = context;
  const season = seasonOf(context);
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
  const low = lowestAt(uses.map((value) => value ?? Infinity));
  const high = highestAt(uses.map((value) => value ?? 0));
  const cells = (t: number) => [data.series["worked"]!.mean[t]!, data.series["capacity"]!.mean[t]!].map((value) => n.number(value));
  return figure(w, {
    title: w.useTitle,
    subtitle: w.useSubtitle,
    alternative: w.seriesAlternative(n.percent(uses[low]!, 0), periods[low]!, n.percent(uses[high]!, 0), periods[high]!),
    height: 260,
    columns: [w.starting, w.workedWord, w.capacity, w.use].map((head) => ({ head })),
    rows: periods.map((period, t) => [period, ...cells(t), n.percent(uses[t] ?? null, 1)]),
    option: (colours) => ({
      tooltip: { trigger: "axis", valueFormatter: (value) => n.percent((value ?? null) as number | null, 1) },
      xAxis: { type: "category", data: periods },
      yAxis: { type: "value", min: 0, max: Math.max(1, uses[high]!), axisLabel: { formatter: (value: number) => n.percentAxis(value) } },
      series: [
        {
          type: "bar",
          name: w.use,
          data: uses.map((value) => ({ value, itemStyle: { color: (value ?? 0) > 0.95 ? colours.series[1] : colours.series[0] } })),
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
        limited ? path(context, { title: w.waitTitle, series: series("wait_days"), where: busyOf(context) }) : null,
      ),
    ],
  };
}
