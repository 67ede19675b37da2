// Bars and ranges: horizontal, a row a category, with a slot in it a series.

import { fontOf, isNarrow, type Palette, textWidth } from "../charts";
import type { CustomSeriesOption } from "../echarts-options";
import { shortenedInput } from "../shapes";
import type { StudyChart, StudySeries } from "./data";
import { arrow, colourOf, finite, intervalName, kSmall, legend, legendHeight, marksAcross, marksHeight, marksOf, seriesNames, type Sketch, titleBelow, titleHeight } from "./parts";
import type { Speaker } from "./values";

type Render = NonNullable<CustomSeriesOption["renderItem"]>;
type Shape = NonNullable<ReturnType<Render>>;

const kWidestLabel = 130;

/** Whether two series have spans that overlap in a row; touching is no overlap. */
function overlapping(series: StudySeries[]): boolean {
  const rows = Math.max(0, ...series.map(({ low }) => low.length));
  for (let row = 0; row < rows; ++row) {
    const spans = series.flatMap((one) => {
      const ends = finite([one.low[row] ?? null, one.high[row] ?? null]);
      return ends.length === 2 ? [[Math.min(...ends), Math.max(...ends)] as const] : [];
    });
    spans.sort((a, b) => a[0] - b[0]);
    if (spans.some(([low], at) => at > 0 && low < spans[at - 1]![1])) return true;
  }
  return false;
}

/** Where a row's slot of a series is, in pixels. */
interface Slot {
  x: (value: number) => number;
  y: number;
  height: number;
  left: number;
  right: number;
}

type Row = { value: number | null; low: number | null; high: number | null };

/** A line from low to high. Where one end is no number the line goes to the edge of the plot, with an arrow. */
function spanShapes({ low, high }: Row, slot: Slot, style: { colour: string; width: number; caps: boolean }): Shape[] {
  if (low == null && high == null) return [];
  const x1 = low == null ? slot.left : slot.x(low);
  const x2 = high == null ? slot.right : slot.x(high);
  const stroke = { stroke: style.colour, lineWidth: style.width, lineCap: style.caps ? ("butt" as const) : ("round" as const) };
  const ends = [
    { x: x1, open: low == null, to: "left" as const },
    { x: x2, open: high == null, to: "right" as const },
  ];
  // An arrow is wider than its line, which ends within it.
  const half = Math.max(4, style.width);
  return [
    { type: "line", shape: { x1: low == null ? x1 + half : x1, y1: slot.y, x2: high == null ? x2 - half : x2, y2: slot.y }, style: stroke },
    ...ends.flatMap(({ x, open, to }): Shape[] => {
      if (open) return [arrow(x, slot.y, to, { colour: style.colour, half })];
      return style.caps ? [{ type: "line", shape: { x1: x, y1: slot.y - 4, x2: x, y2: slot.y + 4 }, style: stroke }] : [];
    }),
  ];
}

function barShapes(row: Row, slot: Slot, colour: string, colours: Palette): Shape[] {
  const zero = slot.x(0);
  const bar: Shape[] = [];
  if (row.value != null) {
    const x = slot.x(row.value);
    bar.push({
      type: "rect",
      shape: { x: Math.min(zero, x), y: slot.y - slot.height / 2, width: Math.max(1, Math.abs(x - zero)), height: slot.height, r: 2 },
      style: { fill: colour },
    });
  } else if (row.low == null && row.high == null) {
    bar.push({ type: "text", style: { text: "–", x: zero + 4, y: slot.y, fill: colours.quiet, font: fontOf(kSmall), verticalAlign: "middle" } });
  }
  return [...bar, ...spanShapes(row, slot, { colour: colours.ink, width: 1.5, caps: true })];
}

function rangeShapes(row: Row, slot: Slot, colour: string, colours: Palette): Shape[] {
  const shapes = spanShapes(row, slot, { colour, width: Math.min(7, slot.height * 0.6), caps: false });
  if (row.value != null) {
    shapes.push({ type: "circle", shape: { cx: slot.x(row.value), cy: slot.y, r: 5 }, style: { fill: colour, stroke: colours.paper, lineWidth: 1.5 } });
  } else if (shapes.length === 0) {
    shapes.push({ type: "text", style: { text: "–", x: slot.left + 4, y: slot.y, fill: colours.quiet, font: fontOf(kSmall), verticalAlign: "middle" } });
  }
  return shapes;
}

interface Layout {
  chart: StudyChart;
  names: string[];
  /** Slots in a row: 1 where series share it. */
  slots: number;
  /** What stands to the right of a row, if anything. */
  ends: string[];
}

const rowsOf = ({ y, low, high }: StudySeries, count: number): Row[] =>
  [...Array(count).keys()].map((at) => ({ value: y[at] ?? null, low: low[at] ?? null, high: high[at] ?? null }));

function drawnSeries({ chart, names, slots }: Layout, at: number, colours: Palette): CustomSeriesOption {
  const colour = colourOf(colours, at);
  const rows = rowsOf(chart.series[at]!, chart.categories.length);
  return {
    type: "custom",
    name: names[at]!,
    z: 3,
    itemStyle: { color: colour },
    renderItem: (parameters, api) => {
      const row = rows[parameters.dataIndex]!;
      const plot = parameters.coordSys as unknown as { x: number; width: number };
      const band = (api.size!([0, 1]) as number[])[1]! * 0.84;
      const of = slots === 1 ? 0 : at - (slots - 1) / 2;
      const slot: Slot = {
        x: (value) => api.coord([value, parameters.dataIndex])[0]!,
        y: api.coord([0, parameters.dataIndex])[1]! + (of * band) / slots,
        height: Math.min(18, (band / slots) * 0.86),
        left: plot.x,
        right: plot.x + plot.width,
      };
      const children = chart.kind === "bars" ? barShapes(row, slot, colour, colours) : rangeShapes(row, slot, colour, colours);
      return { type: "group", children };
    },
    encode: { x: [1, 2, 3], y: 0 },
    data: rows.map(({ value, low, high }, row) => [row, value ?? NaN, low ?? NaN, high ?? NaN]),
  };
}

/** Figures in a column to the right of the plot. */
function endLabels(ends: string[], colours: Palette): CustomSeriesOption {
  return {
    type: "custom",
    silent: true,
    clip: false,
    renderItem: (parameters, api) => {
      const plot = parameters.coordSys as unknown as { x: number; width: number };
      const y = api.coord([0, parameters.dataIndex])[1]!;
      const style = { text: ends[parameters.dataIndex]!, x: plot.x + plot.width + 10, y, fill: colours.ink, font: fontOf(kSmall), verticalAlign: "middle" as const };
      return { type: "text", style };
    },
    encode: { y: 0 },
    data: ends.map((_, row) => [row]),
    tooltip: { show: false },
  };
}

function tooltipText(speaker: Speaker, { chart, names }: Layout, row: number): string {
  const unit = chart.x.unit;
  const lines = chart.series.map(({ y, low, high }, at) => {
    const span = low.length > 0 ? speaker.interval(low[row] ?? null, high[row] ?? null, unit) : "";
    const value = y.length > 0 ? speaker.inUnit(y[row] ?? null, unit) : "";
    return `${names[at]!}: ${value && span ? `${value} (${span})` : value || span}`;
  });
  return [speaker.value(chart.categories[row]!), ...lines].join("\n");
}

export function rowsSketch(speaker: Speaker, chart: StudyChart): Sketch {
  const count = chart.categories.length;
  const names = seriesNames(speaker, chart);
  const slots = chart.kind === "ranges" && !overlapping(chart.series) ? 1 : chart.series.length;
  const only = chart.series.length === 1 ? chart.series[0]! : null;
  const ends = only && only.y.length > 0 ? only.y.map((value) => speaker.inUnit(value, chart.x.unit)) : [];
  const layout: Layout = { chart, names, slots, ends };
  const marks = marksOf(speaker, chart.marks, chart.mark_names, chart.x.unit);
  const figures = chart.series.map(({ y, low, high }) => finite(y, low, high));
  const zeroLine = chart.kind === "bars" && Math.min(0, ...figures.flat()) < 0 && !chart.marks.includes(0) ? [{ at: 0, label: "" }] : [];
  const across = [...marks, ...zeroLine];
  const top = 12 + marksHeight(marks);
  const bottom = (width: number) => 8 + titleHeight(chart.x) + legendHeight(names, width);
  const endWidth = Math.min(kWidestLabel, Math.max(0, ...ends.map((text) => textWidth(text, kSmall))));
  return {
    height: (width) => top + bottom(width) + 30 + count * Math.max(28, 16 * slots + 12),
    option: (colours, width) => ({
      tooltip: {
        trigger: "axis",
        axisPointer: { type: "shadow" },
        formatter: (items) => tooltipText(speaker, layout, (Array.isArray(items) ? items[0] : items)?.dataIndex ?? 0),
      },
      legend: legend(names, width),
      grid: { top, bottom: bottom(width), right: ends.length > 0 ? endWidth + 22 : 24 },
      xAxis: {
        type: "value",
        scale: chart.kind === "ranges",
        splitNumber: isNarrow(width) ? 3 : 5,
        axisLabel: { formatter: speaker.axis(chart.x.unit, ...figures, chart.marks), fontSize: kSmall },
        ...titleBelow(speaker, chart.x, width),
      },
      yAxis: {
        type: "category",
        inverse: true,
        data: chart.categories.map((category) => shortenedInput(speaker.value(category), isNarrow(width) ? 20 : 36)),
        axisLine: { onZero: false },
        axisTick: { show: false },
        axisLabel: { interval: 0, fontSize: kSmall },
      },
      series: [
        ...chart.series.map((_, at) => drawnSeries(layout, at, colours)),
        ...(across.length > 0 ? [marksAcross(across, colours)] : []),
        ...(ends.length > 0 ? [endLabels(ends, colours)] : []),
      ],
    }),
  };
}

/** The table behind the chart: a row a category. */
export function rowsTable(speaker: Speaker, chart: StudyChart) {
  const names = chart.series.map(({ name }) => speaker.value(name));
  const span = intervalName(speaker, chart);
  const unit = chart.x.unit;
  const columns = chart.series.flatMap(({ y, low }, at) => [
    ...(y.length > 0 ? [{ head: names[at]!, cell: (row: number) => speaker.inUnit(y[row] ?? null, unit) }] : []),
    ...(low.length > 0
      ? [{ head: names.length > 1 || y.length === 0 ? `${names[at]!}: ${span}` : span, cell: (row: number) => speaker.interval(low[row] ?? null, chart.series[at]!.high[row] ?? null, unit) }]
      : []),
  ]);
  return {
    columns: [{ head: speaker.sentence(chart.y.title) }, ...columns.map(({ head }) => ({ head }))],
    rows: chart.categories.map((category, row) => [speaker.value(category), ...columns.map(({ cell }) => cell(row))]),
  };
}
