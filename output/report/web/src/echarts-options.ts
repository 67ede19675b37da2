// The types of the chart library that the charts use.
export type { BarSeriesOption, CustomSeriesOption, LineSeriesOption } from "echarts/charts";
export type { GridComponentOption, LegendComponentOption, TooltipComponentOption } from "echarts/components";
export type { ComposeOption } from "echarts/core";
