// A matrix of shares: a cell a pair, coloured from 0 to 1, with its number.

import { fontOf, isNarrow, type Palette, textWidth } from "../charts";
import type { Maybe } from "../data";
import { shortened } from "../shapes";
import type { StudyChart } from "./data";
import { intervalName, kSmall, type Sketch } from "./parts";
import type { Speaker } from "./values";

const kWidestCell = 170;
/** From here on heads are cut to the width of a cell instead of turned. */
const kRoomyCell = 84;

const kSign = /\s?%/;

const channels = (colour: string): number[] => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

/** A colour between two, as #rrggbb. */
function mixed(from: string, to: string, share: number): string {
  const [a, b] = [channels(from), channels(to)];
  return `#${a.map((one, at) => Math.round(one + (b[at]! - one) * share).toString(16).padStart(2, "0")).join("")}`;
}

/** Relative luminance, as WCAG 2 defines it. */
function luminance(colour: string): number {
  const [r, g, b] = channels(colour).map((one) => (one <= 10 ? one / 3295 : ((one / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** The one of two colours that is read better on a third. */
function readable(on: string, one: string, other: string): string {
  const contrast = (text: string) => {
    const [a, b] = [luminance(text), luminance(on)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  return contrast(one) >= contrast(other) ? one : other;
}

/** A share with what is known of it, in whole per cent where that says enough; one of 0 or 1 by its bound. */
function shareText({ n }: Speaker, share: Maybe, low: Maybe, high: Maybe): string {
  if (share == null) return "–";
  if (share >= 0.01 && share <= 0.99) return n.percent(share, 0);
  return low == null || high == null ? n.percent(share) : n.chance({ probability: share, mcse: 0, low, high });
}

interface Cell {
  row: number;
  column: number;
  share: Maybe;
  text: string;
}

function cellsOf(speaker: Speaker, chart: StudyChart): Cell[] {
  return chart.series.flatMap(({ y, low, high }, row) =>
    chart.categories.map((_, column) => {
      const share = y[column] ?? null;
      return { row, column, share, text: shareText(speaker, share, low[column] ?? null, high[column] ?? null) };
    }),
  );
}

function tooltipText(speaker: Speaker, chart: StudyChart, { row, column, text }: Cell): string {
  const { name, low, high } = chart.series[row]!;
  const span = low[column] != null || high[column] != null ? ` (${speaker.interval(low[column] ?? null, high[column] ?? null, "share")})` : "";
  return `${speaker.value(name)} · ${speaker.value(chart.categories[column]!)}\n${text}${span}`;
}

export function matrixSketch(speaker: Speaker, chart: StudyChart): Sketch {
  const count = chart.categories.length;
  const heads = chart.categories.map((category) => speaker.value(category));
  const names = chart.series.map(({ name }) => speaker.value(name));
  const cells = cellsOf(speaker, chart);
  const layout = (width: number) => {
    const letters = isNarrow(width) ? 13 : 26;
    const left = Math.max(0, ...names.map((name) => textWidth(shortened(name, letters), kSmall))) + 16;
    const cell = Math.min(kWidestCell, (width - left - 12) / count);
    const widest = Math.max(0, ...heads.map((head) => textWidth(shortened(head, letters), kSmall)));
    const upright = widest > cell - 6 && cell < kRoomyCell;
    return { letters, ofHead: upright || widest <= cell - 6 ? letters : Math.floor((cell - 8) / 6.4), left, cell, upright, top: (upright ? widest : kSmall) + 14 + (chart.x.title.text ? 16 : 0), row: Math.max(30, Math.min(46, cell * 0.6)) };
  };
  const drawn = (colours: Palette, cell: number) => {
    // Where a cell is narrow the sign is left out: the whole chart is of shares.
    const texts = cells.map(({ share, text }) => (share == null ? "" : text));
    const fits = texts.every((text) => textWidth(text, kSmall) <= cell - 6);
    const size = fits || texts.every((text) => textWidth(text.replace(kSign, ""), kSmall) <= cell - 6) ? kSmall : kSmall - 2;
    return cells.map((one, at) => {
      const fill = one.share == null ? colours.paper : mixed(colours.paper, colours.series[0]!, Math.min(1, Math.max(0, one.share)));
      return { fill, ink: readable(fill, colours.ink, colours.paper), font: fontOf(size), text: fits ? texts[at]! : texts[at]!.replace(kSign, "") };
    });
  };
  return {
    height: (width) => layout(width).top + 12 + count * layout(width).row,
    option: (colours, width) => {
      const { letters, ofHead, left, cell, upright, top } = layout(width);
      const looks = drawn(colours, cell);
      const axis = { type: "category" as const, axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } };
      const title = speaker.sentence(chart.x.title);
      return {
        tooltip: { trigger: "item", formatter: (item) => (Array.isArray(item) ? "" : tooltipText(speaker, chart, cells[item.dataIndex]!)) },
        grid: { containLabel: false, left, top, bottom: 12, right: Math.max(4, width - left - cell * count) },
        xAxis: {
          ...axis,
          position: "top",
          data: heads.map((head) => shortened(head, ofHead)),
          axisLabel: { interval: 0, fontSize: kSmall, rotate: upright ? 90 : 0, hideOverlap: false },
          ...(title ? { name: title, nameLocation: "middle", nameGap: top - 14 } : {}),
        },
        yAxis: { ...axis, inverse: true, data: names.map((name) => shortened(name, letters)), axisLabel: { interval: 0, fontSize: kSmall } },
        series: [
          {
            type: "custom",
            renderItem: (parameters, api) => {
              const look = looks[parameters.dataIndex]!;
              const [x, y] = api.coord([api.value(0), api.value(1)]) as [number, number];
              const [w, h] = api.size!([1, 1]) as [number, number];
              const border = { stroke: colours.line, lineWidth: 1 };
              return {
                type: "group",
                children: [
                  { type: "rect", shape: { x: x - w / 2, y: y - h / 2, width: w, height: h }, style: { fill: look.fill, ...border } },
                  { type: "text", style: { text: look.text, x, y, fill: look.ink, font: look.font, align: "center", verticalAlign: "middle" } },
                ],
              };
            },
            encode: { x: 0, y: 1 },
            data: cells.map(({ column, row }) => [column, row]),
          },
        ],
      };
    },
  };
}

/** The table behind it: a row a series. */
export function matrixTable(speaker: Speaker, chart: StudyChart) {
  const spans = chart.series.some(({ low }) => low.length > 0);
  const cell = (row: number, column: number) => {
    const { y, low, high } = chart.series[row]!;
    const text = shareText(speaker, y[column] ?? null, low[column] ?? null, high[column] ?? null);
    const known = low[column] != null && high[column] != null;
    return known ? `${text} (${speaker.interval(low[column]!, high[column]!, "share")})` : text;
  };
  const corner = speaker.sentence(chart.y.title);
  const head = spans ? [corner, `(${intervalName(speaker, chart)})`].filter(Boolean).join(" ") : corner;
  return {
    columns: [{ head }, ...chart.categories.map((category) => ({ head: speaker.value(category) }))],
    rows: chart.series.map(({ name }, row) => [speaker.value(name), ...chart.categories.map((_, column) => cell(row, column))]),
  };
}
