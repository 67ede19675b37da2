// Parts that the charts of studies share: slots, legends, marks across, axes with titles.

import { fontOf, isNarrow, type Option, type Palette, textWidth } from "../charts";
import type { Maybe } from "../data";
import type { CustomSeriesOption, LegendComponentOption } from "../echarts-options";
import { shortened } from "../shapes";
import type { Axis, StudyChart } from "./data";
import type { Speaker } from "./values";

/** A chart with what draws it. */
export interface Sketch {
  height: (width: number) => number;
  option: (colours: Palette, width: number) => Option;
}

export const kSmall = 11;
const kLegendLine = 22;
const kMarkLine = 16;
const kMarkLines = 3;

export const colourOf = (colours: Palette, at: number): string => colours.series[at % colours.series.length]!;

/** Names of series, told apart: two of one name would be one to the chart library. */
export function seriesNames(speaker: Speaker, chart: StudyChart): string[] {
  const names = chart.series.map(({ name }) => speaker.value(name));
  return names.map((name, at) => name + "\u200b".repeat(names.slice(0, at).filter((other) => other === name).length));
}

/** What low … high is called. */
export const intervalName = ({ w }: Speaker, chart: StudyChart): string =>
  chart.interval || (chart.kind === "ranges" ? w.studyFromTo : w.interval);

const legendText = (name: string, width: number): string => shortened(name, isNarrow(width) ? 34 : 60);

/** Lines that a legend needs in a chart so wide. */
function legendLines(names: string[], width: number): number {
  let [lines, used] = [1, 0];
  for (const name of names) {
    const room = 18 + 5 + textWidth(legendText(name, width), 12) + 12;
    if (used > 0 && used + room > width - 16) [lines, used] = [lines + 1, 0];
    used += room;
  }
  return lines;
}

/** Height of the legend; one series needs none. */
export const legendHeight = (names: string[], width: number): number => (names.length > 1 ? 6 + kLegendLine * legendLines(names, width) : 0);

export const legend = (names: string[], width: number): LegendComponentOption | undefined =>
  names.length > 1 ? { data: names, itemGap: 12, formatter: (name: string) => legendText(name, width) } : undefined;

export interface Mark {
  at: number;
  label: string;
}

/** A text that is read on lines too: with an edge in the colour of the page. */
export const halo = (colours: Palette) => ({ fill: colours.ink, stroke: colours.paper, lineWidth: 3, font: fontOf(kSmall) });

/** Lines across at values of an axis; that at 0 is a plain line unless it has a name. */
export function marksOf(speaker: Speaker, places: Maybe[], names: string[], unit: string): Mark[] {
  return places.flatMap((at, k) => {
    if (at == null) return [];
    const name = names[k] ?? "";
    const value = speaker.inUnit(at, unit);
    return [{ at, label: name ? `${name}: ${value}` : at === 0 ? "" : value }];
  });
}

/** Room above the plot for the labels of marks, each in a line of its own so that none covers another. */
export const marksHeight = (marks: Mark[]): number => kMarkLine * Math.min(kMarkLines, marks.filter(({ label }) => label).length);

/** Upright lines with their labels above the plot. */
export function marksAcross(marks: Mark[], colours: Palette): CustomSeriesOption {
  const labelled = marks.filter(({ label }) => label);
  return {
    type: "custom",
    silent: true,
    z: 5,
    clip: false,
    renderItem: (parameters, api) => {
      const mark = marks[parameters.dataIndex]!;
      const plot = parameters.coordSys as unknown as { x: number; y: number; width: number; height: number };
      const x = api.coord([mark.at, NaN])[0]!;
      const line = Math.max(0, labelled.indexOf(mark)) % kMarkLines;
      const half = textWidth(mark.label, kSmall) / 2;
      const top = plot.y - (mark.label ? kMarkLine * line + 3 : 0);
      const centre = Math.min(plot.x + plot.width + 20 - half, Math.max(plot.x - 20 + half, x));
      return {
        type: "group",
        children: [
          {
            type: "line",
            shape: { x1: x, y1: top, x2: x, y2: plot.y + plot.height },
            style: { stroke: mark.label ? colours.ink : colours.quiet, lineWidth: 1.2, ...(mark.label ? { lineDash: [4, 3] } : {}) },
          },
          {
            type: "text",
            style: { text: mark.label, x: centre, y: top - 3, ...halo(colours), align: "center", verticalAlign: "bottom" },
          },
        ],
      };
    },
    encode: { x: 0 },
    data: marks.map(({ at }) => [at, NaN]),
    tooltip: { show: false },
  };
}

/** A title under a horizontal axis. */
export function titleBelow(speaker: Speaker, { title }: Axis, width: number) {
  const name = speaker.sentence(title);
  return name ? { name, nameLocation: "middle" as const, nameGap: 26, nameTruncate: { maxWidth: width - 32 } } : {};
}
export const titleHeight = ({ title }: Axis): number => (title.text ? 20 : 0);

/** A small triangle at the edge of the plot: an interval that goes on beyond it. */
export function arrow(x: number, y: number, to: "left" | "right" | "up" | "down", style: { colour: string; half?: number }) {
  const { colour, half = 4 } = style;
  const [dx, dy] = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] }[to] as [number, number];
  const side = (sign: number) => [x - 2 * half * dx + half * sign * dy, y - 2 * half * dy + half * sign * dx];
  return { type: "polygon" as const, shape: { points: [[x, y], side(1), side(-1)] }, style: { fill: colour } };
}

/** All numbers that are numbers. */
export const finite = (...lists: Maybe[][]): number[] => lists.flat().filter((value): value is number => value != null);
