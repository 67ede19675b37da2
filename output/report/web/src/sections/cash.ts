// 2. Cumulative cash and payback.

import { figure, isNarrow } from "../charts";
import { type Context, endLabels, lowestAt } from "../context";
import { band, line, ruler } from "../shapes";
import { charts, note, type Section } from "./section";

/** First period from which on the path stays at or above zero after it was below; −1 if it does not, null if it never was. */
function crossing(path: number[]): number | null {
  const below = path.findLastIndex((value) => value < 0);
  if (below < 0) return null;
  return below + 1 < path.length ? below + 1 : -1;
}

function meaning({ data, w, n, when }: Context): string[] {
  const cash = data.series["cumulative_cash"]!;
  const low = lowestAt(cash.q50);
  const median = crossing(cash.q50);
  const bad = crossing(cash.q10);
  const sentences = [];
  if (median == null) {
    sentences.push(w.cashAlwaysPositive);
  } else {
    const [amount, month] = [n.money(cash.q50[low]!), when[low]!];
    sentences.push(median < 0 ? w.cashMedianNever(amount, month) : w.cashMedian(amount, month, when[median]!));
    if (median >= 0 && bad != null && bad !== median) sentences.push(bad < 0 ? w.cashBadNever : w.cashBad(when[bad]!));
  }
  const [low10, high90] = [n.money(cash.q10.at(-1)!), n.money(cash.q90.at(-1)!)];
  sentences.push(low10 === high90 ? w.cashSpreadSame(low10) : w.cashSpread(low10, high90));
  return [sentences.join(" ")];
}

function fan({ data, w, n, periods }: Context): HTMLElement {
  const cash = data.series["cumulative_cash"]!;
  const samples = data.samples.cumulative_cash;
  const zero = crossing(cash.q50);
  return figure(w, {
    title: w.fanTitle,
    subtitle: samples.length > 0 ? w.fanSubtitle(samples.length) : w.fanSubtitleOnly,
    alternative: w.fanAlternative(n.money(Math.min(...cash.q50)), n.money(cash.q50.at(-1)!)),
    height: 380,
    wide: true,
    columns: [w.starting, "q05", "q10", "q25", "q50", "q75", "q90", "q95", w.mean].map((head) => ({ head })),
    rows: periods.map((period, t) => [
      period,
      ...[cash.q05, cash.q10, cash.q25, cash.q50, cash.q75, cash.q90, cash.q95].map((path) => n.money(path[t]!)),
      n.moneyWithError(cash.mean[t]!, cash.mcse[t]!),
    ]),
    option: (colours) => ({
      tooltip: { trigger: "axis" },
      legend: { data: [w.outer, w.inner, w.median, ...(samples.length > 0 ? [w.sampleTrials] : [])] },
      grid: { bottom: 34, top: 28 },
      xAxis: { type: "category", data: periods, boundaryGap: false },
      yAxis: { type: "value", axisLabel: { formatter: n.moneyAxis(cash.q05, cash.q95) } },
      series: [
        band(w.outer, cash.q05, cash.q95, colours.band),
        band(w.inner, cash.q25, cash.q75, colours.bandInner),
        ...samples.map((path) => ({
          ...line(w.sampleTrials, path, { colour: colours.sample, width: 0.7, z: 2 }),
          silent: true,
          tooltip: { show: false },
        })),
        {
          ...line(w.median, cash.q50, { colour: colours.series[0]!, width: 2.6, z: 5 }),
          tooltip: { valueFormatter: (value) => n.money(value as number) },
          markLine: ruler({ yAxis: 0 }, "", colours),
        },
        ...(zero != null && zero >= 0
          ? [{ ...line(w.median, [], { colour: colours.series[0]! }), markLine: ruler({ xAxis: periods[zero]! }, w.backAtZero(periods[zero]!), colours) }]
          : []),
      ],
    }),
  });
}

function paybackCurve(context: Context): HTMLElement {
  const { data, w, n, ends, weeks } = context;
  const payback = data.distributions["payback_months"]!;
  const names = [...ends, w.beyond];
  const bars = [...payback.probability, payback.beyond_horizon];
  return figure(w, {
    title: w.paybackCurveTitle,
    subtitle: w.paybackCurveSubtitle(weeks),
    alternative: w.paybackCurveAlternative(n.percent(payback.cumulative.at(-1)!, 1), n.percent(payback.beyond_horizon)),
    height: 320,
    wide: true,
    columns: [w.month, w.paidBackIn(weeks), w.paidBackBy].map((head) => ({ head })),
    rows: [
      ...(payback.at_once > 0 ? [[w.atOnce, n.percent(payback.at_once, 1), n.percent(payback.at_once, 1)]] : []),
      ...ends.map((end, t) => [
        end,
        n.percentWithError(payback.probability[t]!, payback.mcse[t]!),
        n.percentWithError(payback.cumulative[t]!, payback.cumulative_mcse[t]!),
      ]),
      [w.beyondHorizon, n.percentWithError(payback.beyond_horizon, payback.beyond_horizon_mcse), ""],
    ],
    option: (colours, width) => ({
      tooltip: { trigger: "axis", valueFormatter: (value) => (value == null ? "–" : n.percent(value as number)) },
      legend: { data: [w.paidBackBy, w.paidBackIn(weeks)] },
      grid: { bottom: 34 },
      xAxis: { type: "category", data: names, axisLabel: endLabels(context, isNarrow(width) ? 5 : 13) },
      yAxis: { type: "value", min: 0, max: 1, axisLabel: { formatter: (value: number) => n.percentAxis(value) } },
      series: [
        {
          type: "bar",
          name: w.paidBackIn(weeks),
          barCategoryGap: "20%",
          itemStyle: { color: colours.bandInner },
          data: bars.map((value, at) =>
            at < ends.length
              ? value
              : {
                  value,
                  itemStyle: { color: colours.bad },
                  label: { show: true, position: "top", color: colours.bad, formatter: n.percent(value) },
                },
          ),
        },
        line(w.paidBackBy, payback.cumulative, { colour: colours.series[0]!, width: 2.6 }),
      ],
    }),
  });
}

export function cashSection(context: Context): Section {
  const { data, w } = context;
  return {
    id: "cash",
    title: w.cashTitle,
    meaning: meaning(context),
    content: [
      charts(fan(context), paybackCurve(context)),
      note(data.samples.problem ? w.noSamples(data.samples.problem) : ""),
    ],
  };
}
