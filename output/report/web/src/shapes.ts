// Parts that several charts are made of.

import type { CustomSeriesOption, LineSeriesOption } from "./echarts-options";
import type { Palette } from "./charts";
import type { Maybe } from "./data";

/** The area between two lines over a category axis. */
export function band(name: string, low: number[], high: number[], colour: string): CustomSeriesOption {
  return {
    type: "custom",
    name,
    silent: true,
    z: 1,
    clip: true,
    itemStyle: { color: colour },
    // One shape for all points: it is drawn with the first of them.
    renderItem: (parameters, api) => {
      if (parameters.dataIndex !== 0) return { type: "group", children: [] };
      const upper = high.map((value, at) => api.coord([at, value]));
      const lower = low.map((value, at) => api.coord([at, value])).reverse();
      return { type: "polygon", shape: { points: [...upper, ...lower] }, style: { fill: colour } };
    },
    encode: { x: 0, y: [1, 2] },
    data: low.map((value, at) => [at, value, high[at]!]),
    tooltip: { show: false },
  };
}

export interface LineStyle {
  colour: string;
  width?: number;
  type?: "solid" | "dashed" | "dotted";
  z?: number;
}

export function line(name: string, values: Maybe[], style: LineStyle): LineSeriesOption {
  return {
    type: "line",
    name,
    data: values,
    showSymbol: false,
    symbol: "circle",
    lineStyle: { color: style.colour, width: style.width ?? 2, type: style.type ?? "solid" },
    itemStyle: { color: style.colour },
    z: style.z ?? 3,
  };
}

export interface Span {
  low: Maybe;
  high: Maybe;
}

/** Whiskers over the items of a category axis, which lies upright. */
export function whiskers(name: string, spans: Span[], colour: string): CustomSeriesOption {
  return {
    type: "custom",
    name,
    silent: true,
    z: 6,
    itemStyle: { color: colour },
    renderItem: (_, api) => {
      const at = api.value(0) as number;
      const low = api.coord([api.value(1), at]);
      const high = api.coord([api.value(2), at]);
      const stroke = { stroke: colour, lineWidth: 1.5 };
      const cap = (x: number, y: number) =>
        ({ type: "line", shape: { x1: x, y1: y - 4, x2: x, y2: y + 4 }, style: stroke }) as const;
      return {
        type: "group",
        children: [
          { type: "line", shape: { x1: low[0]!, y1: low[1]!, x2: high[0]!, y2: high[1]! }, style: stroke },
          cap(low[0]!, low[1]!),
          cap(high[0]!, high[1]!),
        ],
      };
    },
    encode: { x: [1, 2], y: 0 },
    data: spans.flatMap((span, at) => (span.low == null || span.high == null ? [] : [[at, span.low, span.high]])),
    tooltip: { show: false },
  };
}

/** Bars from one value to another over the items of an upright category axis. */
export function ranges(name: string, spans: Span[], style: { colour: string; height: number }): CustomSeriesOption {
  return {
    type: "custom",
    name,
    z: 3,
    itemStyle: { color: style.colour },
    renderItem: (_, api) => {
      const at = api.value(0) as number;
      const from = api.coord([api.value(1), at]);
      const to = api.coord([api.value(2), at]);
      const x = Math.min(from[0]!, to[0]!);
      return {
        type: "rect",
        shape: { x, y: from[1]! - style.height / 2, width: Math.max(1, Math.abs(to[0]! - from[0]!)), height: style.height, r: 2 },
        style: { fill: style.colour },
      };
    },
    encode: { x: [1, 2], y: 0 },
    data: spans.flatMap((span, at) => (span.low == null || span.high == null ? [] : [[at, span.low, span.high]])),
  };
}

/** Texts to the right of places in an upright category axis. */
export function labelsAt(places: number[], text: (at: number) => string, palette: Palette): LineSeriesOption {
  return {
    type: "line",
    silent: true,
    data: places.map((place, at) => [place, at]),
    lineStyle: { width: 0 },
    symbolSize: 0.1,
    label: { show: true, position: "right", distance: 8, color: palette.ink, formatter: ({ dataIndex }) => text(dataIndex) },
    tooltip: { show: false },
  };
}

/** A straight line with a label across a chart. */
export function ruler(at: { xAxis: number | string } | { yAxis: number }, label: string, palette: Palette, position: "start" | "end" = "end") {
  return {
    silent: true,
    symbol: "none",
    precision: 12, // or the line would stand where two digits put it
    lineStyle: { color: palette.ink, type: "dashed" as const, width: 1.2 },
    label: { show: label !== "", formatter: label, color: palette.ink, fontSize: 11, position },
    data: [at],
  };
}

/** Which labels of a long category axis are shown: about `most` of them, and the last, which says something else. */
export function labelsWithLast(count: number, most: number): (index: number) => boolean {
  const step = Math.max(1, Math.ceil(count / most));
  return (index) => index === count - 1 || (index % step === 0 && index < count - 1 - step * 1.2);
}

/** A name that fits beside a bar. */
export function shortened(text: string, length: number): string {
  const letters = [...text];
  return letters.length <= length ? text : `${letters.slice(0, length - 1).join("")}…`;
}

const kLeastOfName = 6;

/** "Answer rate · main" that fits beside a bar: what tells inputs of one name apart stays. */
export function shortenedInput(text: string, length: number): string {
  const at = text.lastIndexOf(" · ");
  if (at < 0 || [...text].length <= length) return shortened(text, length);
  const owner = shortened(text.slice(at), length - kLeastOfName);
  return shortened(text.slice(0, at), length - [...owner].length) + owner;
}
