// Charts: one figure each, with a text alternative and the table behind it, drawn as SVG in the colours of the page.

import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type {
  BarSeriesOption,
  ComposeOption,
  CustomSeriesOption,
  GridComponentOption,
  LegendComponentOption,
  LineSeriesOption,
  TooltipComponentOption,
} from "./echarts-options";
import { type Column, disclosure, element, table } from "./dom";
import type { Words } from "./words";

use([BarChart, CustomChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

export type Option = ComposeOption<
  | BarSeriesOption
  | LineSeriesOption
  | CustomSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | TooltipComponentOption
>;

export interface Palette {
  ink: string;
  quiet: string;
  line: string;
  paper: string;
  /** First, second … of what is compared. */
  series: string[];
  band: string;
  bandInner: string;
  good: string;
  bad: string;
  sample: string;
}

const light: Palette = {
  ink: "#1c2430",
  quiet: "#5a6675",
  line: "#dde2e8",
  paper: "#ffffff",
  series: ["#1f5fa8", "#c9701a", "#1d7a4f", "#8a4fa3", "#6b7686", "#b3382c"],
  band: "#cfe0f3",
  bandInner: "#9fc2e8",
  good: "#1d7a4f",
  bad: "#b3382c",
  sample: "#8796a8",
};
const dark: Palette = {
  ink: "#e6eaf0",
  quiet: "#a3afbd",
  line: "#323b48",
  paper: "#1a2029",
  series: ["#7db4f0", "#f0a95c", "#62c596", "#c59be0", "#94a1b2", "#f08a7d"],
  band: "#22364d",
  bandInner: "#2f5178",
  good: "#62c596",
  bad: "#f08a7d",
  sample: "#73839a",
};

export interface ChartSpec {
  title: string;
  subtitle?: string;
  /** What somebody who does not see the chart should know of it. */
  alternative: string;
  /** In pixels; a function of the width where a legend needs more lines on a phone. */
  height?: number | ((width: number) => number);
  wide?: boolean;
  columns: Column[];
  rows: string[][];
  /** The chart in a place of so many pixels. */
  option: (palette: Palette, width: number) => Option;
}

interface Drawn {
  host: HTMLElement;
  chart: EChartsType;
  spec: ChartSpec;
}

const drawn: Drawn[] = [];
const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
let printing = false;

const palette = (): Palette => (prefersDark.matches && !printing ? dark : light);

/** Whether a chart has the width of a phone. */
export const isNarrow = (width: number): boolean => width < 480;

const kFonts = "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif";

/** A font of the charts, for texts that are drawn by hand. */
export const fontOf = (size: number): string => `${size}px ${kFonts}`;

const measure = document.createElement("canvas").getContext("2d");

/** The width of a text in pixels. */
export function textWidth(text: string, size: number): number {
  if (!measure) return 0.6 * size * text.length;
  measure.font = fontOf(size);
  return measure.measureText(text).width;
}

/** What all charts share. What a chart says of its own wins. */
function complete(option: Option, colours: Palette): Option {
  const axis = (given: unknown) => {
    const list = Array.isArray(given) ? given : [given ?? {}];
    return list.map((one: Record<string, unknown>) => ({
      ...one,
      nameTextStyle: { color: colours.quiet, ...(one["nameTextStyle"] as object) },
      axisLabel: {
        color: colours.quiet,
        hideOverlap: true,
        // Without a gap the last label would stand half outside.
        ...(one["boundaryGap"] === false ? { alignMaxLabel: "right" } : {}),
        ...(one["axisLabel"] as object),
      },
      axisLine: { lineStyle: { color: colours.line }, ...(one["axisLine"] as object) },
      axisTick: { lineStyle: { color: colours.line }, ...(one["axisTick"] as object) },
      splitLine: { lineStyle: { color: colours.line }, ...(one["splitLine"] as object) },
    }));
  };
  return {
    animation: false,
    textStyle: { color: colours.ink, fontFamily: kFonts },
    ...option,
    grid: { left: 8, right: 24, top: 16, bottom: 8, containLabel: true, ...(option.grid as object) },
    legend: option.legend
      ? { bottom: 0, itemWidth: 18, itemHeight: 10, textStyle: { color: colours.quiet }, ...(option.legend as object) }
      : undefined,
    xAxis: axis(option.xAxis),
    yAxis: axis(option.yAxis),
    tooltip: option.tooltip
      ? {
          // Drawn into the chart: names are never read as HTML.
          renderMode: "richText",
          confine: true,
          backgroundColor: colours.paper,
          borderColor: colours.line,
          textStyle: { color: colours.ink, fontSize: 12 },
          ...(option.tooltip as object),
        }
      : undefined,
  } as Option;
}

const heightOf = ({ height }: ChartSpec, width: number): number => (typeof height === "function" ? height(width) : (height ?? 300));

function draw(one: Drawn): void {
  const width = one.host.clientWidth;
  const height = heightOf(one.spec, width);
  const colours = palette();
  one.host.style.height = `${height}px`;
  if (width !== one.chart.getWidth() || height !== one.chart.getHeight()) one.chart.resize({ width, height });
  one.chart.setOption(complete(one.spec.option(colours, width), colours), { notMerge: true });
}

const observer = new ResizeObserver((entries) => {
  if (printing) return;
  for (const entry of entries) {
    const one = drawn.find(({ host }) => host === entry.target);
    if (one && one.host.clientWidth !== one.chart.getWidth()) draw(one);
  }
});

/** A figure; drawChart() draws it once it is in the page. */
export function figure(words: Words, spec: ChartSpec): HTMLElement {
  const host = element("div", { class: "chart", role: "img", "aria-label": `${spec.title}. ${spec.alternative}` });
  const made = element(
    "figure",
    spec.wide ? { class: "wide" } : {},
    element("figcaption", {}, spec.title, spec.subtitle ? element("small", {}, spec.subtitle) : null),
    host,
    disclosure(words.asTable, table(spec.title, spec.columns, spec.rows)),
  );
  pending.push({ host, spec });
  return made;
}
const pending: { host: HTMLElement; spec: ChartSpec }[] = [];

/** Draws all figures that are in the page by now. */
export function drawCharts(): void {
  for (const { host, spec } of pending.splice(0)) {
    host.style.height = `${heightOf(spec, host.clientWidth)}px`;
    const chart = init(host, null, { renderer: "svg", width: host.clientWidth, height: heightOf(spec, host.clientWidth) });
    const one = { host, chart, spec };
    drawn.push(one);
    draw(one);
    observer.observe(host);
  }
}

const redrawAll = (): void => drawn.forEach(draw);
prefersDark.addEventListener("change", redrawAll);
// Paper is white and has a width of its own, whatever the screen looks like.
window.addEventListener("beforeprint", () => {
  printing = true;
  const main = document.querySelector("main")!;
  main.style.width = "690px"; // what A4 leaves between the margins
  redrawAll();
});
window.addEventListener("afterprint", () => {
  printing = false;
  document.querySelector("main")!.style.width = "";
  redrawAll();
});
