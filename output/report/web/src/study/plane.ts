// Lines and points: y against x, both numbers.

import { isNarrow, type Palette, textWidth } from "../charts";
import type { Maybe } from "../data";
import type { CustomSeriesOption, LineSeriesOption } from "../echarts-options";
import { shortened } from "../shapes";
import type { StudyChart, StudySeries } from "./data";
import { arrow, colourOf, finite, halo, intervalName, kSmall, legend, legendHeight, type Mark, marksAcross, marksHeight, marksOf, seriesNames, type Sketch, titleBelow, titleHeight } from "./parts";
import { type Box, boxesAlong, leadEnd, placeLabels } from "./places";
import { isShare, type Speaker } from "./values";

type Render = NonNullable<CustomSeriesOption["renderItem"]>;
type Shape = NonNullable<ReturnType<Render>>;
type Api = Parameters<Render>[1];

const kSymbols = ["circle", "rect", "triangle", "diamond"];
const kDashes = ["solid", "dashed", "dotted"] as const;
const kFewPoints = 40;
const kPoint = 10;

/** Series beyond the colours there are differ by their symbol and dash too. */
const kindOf = (at: number): { symbol: string; dash: (typeof kDashes)[number] } => ({
  symbol: kSymbols[at % kSymbols.length]!,
  dash: kDashes[Math.floor(at / 6) % kDashes.length]!,
});

const plotOf = (parameters: Parameters<Render>[0]): Box => parameters.coordSys as unknown as Box;

/** Places of a series that have an x, and on which side of nothing they are interrupted. */
function runs(series: StudySeries): number[][] {
  const all: number[][] = [[]];
  series.x.forEach((x, at) => {
    if (x != null && (series.low[at] ?? series.high[at]) != null) all.at(-1)!.push(at);
    else all.push([]);
  });
  return all.filter((run) => run.length > 0);
}

/** The area between low and high; an end that is no number lies beyond the plot. */
function bandOf(series: StudySeries, name: string, fill: { colour: string; opacity: number }): CustomSeriesOption {
  return {
    type: "custom",
    name,
    silent: true,
    z: 1,
    clip: true,
    itemStyle: { color: fill.colour },
    // One shape for all points: it is drawn with the first of them.
    renderItem: (parameters, api) => {
      if (parameters.dataIndex !== 0) return { type: "group", children: [] };
      const plot = plotOf(parameters);
      const point = (at: number, y: Maybe, edge: number) => (y == null ? [api.coord([series.x[at]!, 0])[0]!, edge] : api.coord([series.x[at]!, y]));
      const children = runs(series).map((run): Shape => {
        const upper = run.map((at) => point(at, series.high[at] ?? null, plot.y));
        const lower = run.map((at) => point(at, series.low[at] ?? null, plot.y + plot.height)).reverse();
        return { type: "polygon", shape: { points: [...upper, ...lower] as number[][] }, style: { fill: fill.colour, opacity: fill.opacity } };
      });
      return { type: "group", children };
    },
    encode: { x: 0, y: [1, 2] },
    data: series.x.map((x, at) => [x ?? NaN, series.low[at] ?? NaN, series.high[at] ?? NaN]),
    tooltip: { show: false },
  };
}

/** One whisker, upright or flat; open where an end is no number. */
function whisker(ends: { from: number[] | null; to: number[] | null; at: number[]; upright: boolean }, plot: Box, colour: string): Shape[] {
  const { upright, at } = ends;
  const edge = (first: boolean) => (upright ? [at[0]!, first ? plot.y + plot.height : plot.y] : [first ? plot.x : plot.x + plot.width, at[1]!]);
  const [from, to] = [ends.from ?? edge(true), ends.to ?? edge(false)];
  const style = { stroke: colour, lineWidth: 1.4, opacity: 0.75 };
  const line = (a: number[], b: number[]): Shape => ({ type: "line", shape: { x1: a[0]!, y1: a[1]!, x2: b[0]!, y2: b[1]! }, style });
  const cap = ([x, y]: number[]) => (upright ? line([x! - 3, y!], [x! + 3, y!]) : line([x!, y! - 3], [x!, y! + 3]));
  return [
    line(from, to),
    ends.from ? cap(from) : arrow(from[0]!, from[1]!, upright ? "down" : "left", { colour }),
    ends.to ? cap(to) : arrow(to[0]!, to[1]!, upright ? "up" : "right", { colour }),
  ];
}

function whiskersOf(series: StudySeries, colour: string): CustomSeriesOption {
  return {
    type: "custom",
    silent: true,
    z: 2,
    renderItem: (parameters, api) => {
      const at = parameters.dataIndex;
      const [x, y] = [series.x[at] ?? null, series.y[at] ?? null];
      if (x == null || y == null) return { type: "group", children: [] };
      const plot = plotOf(parameters);
      const place = api.coord([x, y]);
      const end = (value: Maybe | undefined, upright: boolean) => (value == null ? null : api.coord(upright ? [x, value] : [value, y]));
      const span = (low: Maybe | undefined, high: Maybe | undefined, upright: boolean) =>
        low == null && high == null ? [] : whisker({ from: end(low, upright), to: end(high, upright), at: place, upright }, plot, colour);
      return { type: "group", children: [...span(series.low[at], series.high[at], true), ...span(series.x_low[at], series.x_high[at], false)] };
    },
    encode: { x: [0, 4, 5], y: [1, 2, 3] },
    data: series.x.map((x, at) => [x, series.y[at], series.low[at], series.high[at], series.x_low[at], series.x_high[at]].map((value) => value ?? NaN)),
    tooltip: { show: false },
  };
}

/** What labels must not cover: points, their whiskers, and the lines that join them. */
function takenBy(series: StudySeries[], api: Api): Box[] {
  return series.flatMap(({ x, y, low, high, x_low, x_high, joined }) => {
    const pixel = (a: number, b: number) => api.coord([a, b]) as [number, number];
    const whiskers = x.flatMap((value, at) => {
      const of = y[at];
      if (value == null || of == null) return [];
      const upright = boxesAlong(pixel(value, low[at] ?? of), pixel(value, high[at] ?? of));
      return [...upright, ...boxesAlong(pixel(x_low[at] ?? value, of), pixel(x_high[at] ?? value, of))];
    });
    const places = x.flatMap((value, at) => (value == null || y[at] == null ? [] : [pixel(value, y[at]!)]));
    const points = places.map(([px, py]) => ({ x: px - kPoint / 2, y: py - kPoint / 2, width: kPoint, height: kPoint }));
    return [...points, ...whiskers, ...(joined ? places.slice(1).flatMap((place, at) => boxesAlong(places[at]!, place)) : [])];
  });
}

/** The labels of all points, drawn with the first of them. */
function labelsOf(chart: StudyChart, width: number, colours: Palette): CustomSeriesOption {
  const labels = chart.series.flatMap(({ x, y, labels: texts }) =>
    texts.flatMap((text, at) => (text && x[at] != null && y[at] != null ? [{ text: shortened(text, isNarrow(width) ? 18 : 30), x: x[at]!, y: y[at]! }] : [])),
  );
  return {
    type: "custom",
    silent: true,
    z: 7,
    clip: false,
    renderItem: (parameters, api) => {
      if (parameters.dataIndex !== 0) return { type: "group", children: [] };
      const points = labels.map(({ x, y }) => api.coord([x, y]) as [number, number]);
      const widths = labels.map(({ text }) => textWidth(text, kSmall) + 2);
      const places = placeLabels(points, widths, kSmall + 3, { plot: plotOf(parameters), taken: takenBy(chart.series, api) });
      const children = places.flatMap((place, at): Shape[] => {
        if (!place) return [];
        const { box, led } = place;
        const [px, py] = points[at]!;
        const near = leadEnd([px, py], box);
        const style = { text: labels[at]!.text, x: box.x + 1, y: box.y + box.height / 2, ...halo(colours), verticalAlign: "middle" as const };
        const lead: Shape = { type: "line", shape: { x1: px, y1: py, x2: near[0], y2: near[1] }, style: { stroke: colours.quiet, lineWidth: 0.8 } };
        return [...(led ? [lead] : []), { type: "text", style }];
      });
      return { type: "group", children };
    },
    encode: { x: 0, y: 1 },
    data: labels.map(({ x, y }) => [x, y]),
    tooltip: { show: false },
  };
}

/** Lines across at values of y, with their labels above their right end. */
function levels(marks: Mark[], colours: Palette): CustomSeriesOption {
  return {
    type: "custom",
    silent: true,
    z: 5,
    renderItem: (parameters, api) => {
      const mark = marks[parameters.dataIndex]!;
      const plot = plotOf(parameters);
      const y = api.coord([NaN, mark.at])[1]!;
      const dash = mark.label ? { lineDash: [4, 3] } : {};
      const below = y - plot.y < kSmall + 6;
      return {
        type: "group",
        children: [
          { type: "line", shape: { x1: plot.x, y1: y, x2: plot.x + plot.width, y2: y }, style: { stroke: colours.ink, lineWidth: 1.2, ...dash } },
          {
            type: "text",
            style: { text: mark.label, x: plot.x + plot.width - 4, y: below ? y + 3 : y - 3, ...halo(colours), align: "right", verticalAlign: below ? "top" : "bottom" },
          },
        ],
      };
    },
    encode: { y: 1 },
    data: marks.map(({ at }) => [NaN, at]),
    tooltip: { show: false },
  };
}

function drawnSeries(chart: StudyChart, at: number, name: string, colours: Palette): (LineSeriesOption | CustomSeriesOption)[] {
  const series = chart.series[at]!;
  const colour = colourOf(colours, at);
  const { symbol, dash } = kindOf(at);
  const lines = chart.kind === "lines";
  const line: LineSeriesOption = {
    type: "line",
    name,
    data: series.x.map((x, k) => [x ?? NaN, series.y[k] ?? NaN]),
    symbol: lines ? "circle" : symbol,
    symbolSize: lines ? 5 : kPoint,
    showSymbol: !lines || series.x.length <= kFewPoints,
    showAllSymbol: true,
    lineStyle: { color: colour, width: lines ? 2 : series.joined ? 1.4 : 0, type: dash },
    itemStyle: { color: colour, ...(lines ? {} : { borderColor: colours.paper, borderWidth: 1 }) },
    z: 4,
  };
  if (!lines) return [line, ...(series.low.length + series.x_low.length > 0 ? [whiskersOf(series, colour)] : [])];
  if (series.low.length === 0) return [line];
  const alone = chart.series.length === 1;
  // The line first: the legend shows what it is told of first.
  return [line, bandOf(series, name, alone ? { colour: colours.band, opacity: 1 } : { colour, opacity: 0.2 })];
}

/** "12 (9 … 14)". */
function withSpan(speaker: Speaker, value: Maybe, span: [Maybe[], Maybe[]], place: { at: number; unit: string }): string {
  const [low, high] = span;
  const text = speaker.inUnit(value, place.unit);
  return low.length > 0 ? `${text} (${speaker.interval(low[place.at] ?? null, high[place.at] ?? null, place.unit)})` : text;
}

function pointText(speaker: Speaker, chart: StudyChart, name: string, place: { series: number; at: number }): string {
  const { x, y, low, high, x_low, x_high, labels } = chart.series[place.series]!;
  const said = (axis: "x" | "y", value: string) => [speaker.sentence(chart[axis].title) || axis, value].join(": ");
  return [
    [labels[place.at], name].filter(Boolean).join(" · "),
    said("x", withSpan(speaker, x[place.at] ?? null, [x_low, x_high], { at: place.at, unit: chart.x.unit })),
    said("y", withSpan(speaker, y[place.at] ?? null, [low, high], { at: place.at, unit: chart.y.unit })),
  ].join("\n");
}

interface Hovered {
  seriesName?: string;
  dataIndex: number;
}

function tooltipText(speaker: Speaker, chart: StudyChart, names: string[], items: Hovered[]): string {
  const places = items.flatMap(({ seriesName, dataIndex }) => {
    const series = names.indexOf(seriesName ?? "");
    return series < 0 ? [] : [{ series, at: dataIndex }];
  });
  if (chart.kind === "points") return places.map((place) => pointText(speaker, chart, names[place.series]!, place)).join("\n");
  const seen = places.filter(({ series }, k) => places.findIndex((other) => other.series === series) === k);
  const first = seen[0];
  const head = first ? speaker.inUnit(chart.series[first.series]!.x[first.at] ?? null, chart.x.unit) : "";
  const lines = seen.map(({ series, at }) => {
    const { y, low, high } = chart.series[series]!;
    return `${names[series]!}: ${withSpan(speaker, y[at] ?? null, [low, high], { at, unit: chart.y.unit })}`;
  });
  return [[speaker.sentence(chart.x.title), head].filter(Boolean).join(": "), ...lines].join("\n");
}

/** Shares lie between 0 and 1 where they fill some of it; else they would be a flat line. */
function bounds(unit: string, values: number[]): { min?: number; max?: number; scale?: boolean } {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return isShare(unit) && low >= 0 && high <= 1 && high - low > 0.3 ? { min: 0, max: 1 } : { scale: true };
}

export function planeSketch(speaker: Speaker, chart: StudyChart): Sketch {
  const names = seriesNames(speaker, chart);
  const [xs, ys] = [chart.series.map(({ x, x_low, x_high }) => finite(x, x_low, x_high)), chart.series.map(({ y, low, high }) => finite(y, low, high))];
  const marks = marksOf(speaker, chart.marks, chart.mark_names, chart.x.unit);
  const yMarks = marksOf(speaker, chart.y_marks, chart.y_mark_names, chart.y.unit);
  const top = 14 + marksHeight(marks) + titleHeight(chart.y);
  const bottom = (width: number) => 8 + titleHeight(chart.x) + legendHeight(names, width);
  const lines = chart.kind === "lines";
  return {
    height: (width) => top + bottom(width) + (lines ? 250 : 320),
    option: (colours, width) => ({
      tooltip: {
        trigger: lines ? "axis" : "item",
        formatter: (items) => tooltipText(speaker, chart, names, (Array.isArray(items) ? items : [items]) as Hovered[]),
      },
      legend: legend(names, width),
      grid: { top, bottom: bottom(width) },
      xAxis: {
        type: "value",
        ...bounds(chart.x.unit, [...xs.flat(), ...finite(chart.marks)]),
        splitNumber: isNarrow(width) ? 4 : 8,
        axisLine: { onZero: false },
        axisLabel: { formatter: speaker.axis(chart.x.unit, ...xs, chart.marks), fontSize: kSmall },
        axisPointer: { label: { show: false } },
        ...titleBelow(speaker, chart.x, width),
      },
      yAxis: {
        type: "value",
        ...bounds(chart.y.unit, [...ys.flat(), ...finite(chart.y_marks)]),
        axisLine: { onZero: false },
        axisLabel: { formatter: speaker.axis(chart.y.unit, ...ys, chart.y_marks), fontSize: kSmall },
        ...yTitle(speaker, chart, { width, gap: 8 + marksHeight(marks) }),
      },
      series: [
        ...chart.series.flatMap((_, at) => drawnSeries(chart, at, names[at]!, colours)),
        ...(chart.series.some(({ labels }) => labels.length > 0) ? [labelsOf(chart, width, colours)] : []),
        ...(marks.length > 0 ? [marksAcross(marks, colours)] : []),
        ...(yMarks.length > 0 ? [levels(yMarks, colours)] : []),
      ],
    }),
  };
}

/** A title over the upright axis, above the labels of the marks. */
function yTitle(speaker: Speaker, chart: StudyChart, place: { width: number; gap: number }) {
  const name = speaker.sentence(chart.y.title);
  return name ? { name, nameLocation: "end" as const, nameGap: place.gap, nameTextStyle: { align: "left" as const }, nameTruncate: { maxWidth: place.width - 80 } } : {};
}

/** The table behind lines: a row a value of x. */
function linesTable(speaker: Speaker, chart: StudyChart) {
  const names = chart.series.map(({ name }) => speaker.value(name));
  const span = intervalName(speaker, chart);
  const xs = [...new Set(finite(...chart.series.map(({ x }) => x)))].sort((a, b) => a - b);
  const columns = chart.series.flatMap((series, at) => {
    const unit = chart.y.unit;
    const place = (x: number) => series.x.indexOf(x);
    const value = { head: names[at]!, cell: (x: number) => (place(x) < 0 ? "" : speaker.inUnit(series.y[place(x)] ?? null, unit)) };
    if (series.low.length === 0) return [value];
    const cell = (x: number) => (place(x) < 0 ? "" : speaker.interval(series.low[place(x)] ?? null, series.high[place(x)] ?? null, unit));
    return [value, { head: names.length > 1 ? `${names[at]!}: ${span}` : span, cell }];
  });
  return {
    columns: [{ head: speaker.sentence(chart.x.title) || "x" }, ...columns.map(({ head }) => ({ head }))],
    rows: xs.map((x) => [speaker.inUnit(x, chart.x.unit), ...columns.map(({ cell }) => cell(x))]),
  };
}

/** The table behind points: a row a point. */
function pointsTable(speaker: Speaker, chart: StudyChart) {
  const [xName, yName] = [speaker.sentence(chart.x.title) || "x", speaker.sentence(chart.y.title) || "y"];
  const labelled = chart.series.some(({ labels }) => labels.length > 0);
  const span = intervalName(speaker, chart);
  const spans = {
    x: chart.series.some(({ x_low }) => x_low.length > 0),
    y: chart.series.some(({ low }) => low.length > 0),
  };
  const heads = [speaker.w.studySeries, ...(labelled ? [speaker.w.studyPoint] : []), xName, ...(spans.x ? [`${xName}: ${span}`] : []), yName, ...(spans.y ? [`${yName}: ${span}`] : [])];
  const rows = chart.series.flatMap(({ name, x, y, low, high, x_low, x_high, labels }) =>
    x.map((value, at) => [
      speaker.value(name),
      ...(labelled ? [labels[at] ?? ""] : []),
      speaker.inUnit(value, chart.x.unit),
      ...(spans.x ? [speaker.interval(x_low[at] ?? null, x_high[at] ?? null, chart.x.unit)] : []),
      speaker.inUnit(y[at] ?? null, chart.y.unit),
      ...(spans.y ? [speaker.interval(low[at] ?? null, high[at] ?? null, chart.y.unit)] : []),
    ]),
  );
  return { columns: heads.map((head, at) => ({ head, text: labelled && at === 1 })), rows };
}

export const planeTable = (speaker: Speaker, chart: StudyChart) => (chart.kind === "lines" ? linesTable(speaker, chart) : pointsTable(speaker, chart));
