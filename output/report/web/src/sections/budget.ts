// 3. Budget risk and funding.

import { figure, isNarrow } from "../charts";
import { type Context, endLabels, highestAt } from "../context";
import { disclosure, table } from "../dom";
import { line, ruler } from "../shapes";
import { charts, type Section } from "./section";

const needs = (quantile: number[]): number[] => quantile.map((cash) => Math.max(0, -cash));

function meaning(context: Context): string[] {
  const { data, w, n, when } = context;
  const { budget_overrun: overrun, budget_overrun_worst_tail: tail } = data.findings;
  const sentences = [];
  if (!overrun) {
    sentences.push(w.budgetNone);
  } else {
    const chance = n.chanceInWords(overrun);
    sentences.push(data.budget.amount == null ? w.budgetOverUnknown(chance) : w.budgetOver(chance, n.money(data.budget.amount)));
    if (tail?.cvar) sentences.push(w.budgetTail(n.money(tail.cvar)));
    const exhausted = data.findings.constraints["budget"];
    if (exhausted && exhausted.probability > 0) {
      sentences.push(w.budgetExhausted(n.chanceInWords(exhausted), n.number(exhausted["month_if_any"] ?? null)));
    }
  }
  const cash = data.series["cumulative_cash"]!;
  const at = highestAt(needs(cash.q10));
  // The need of a whole trial, whenever it is: in one month after the other fewer trials are seen to need as much.
  const peak = data.outcomes["peak_funding"]!;
  const funding = (peak.q95 ?? 0) > 0 ? w.fundingNeed(n.money(peak.q90), n.money(peak.q95), when[at]!) : w.fundingNone;
  return [sentences.join(" "), funding];
}

function spend({ data, w, n }: Context): HTMLElement {
  const curve = data.exceedance["acquisition_cost"]!;
  const cost = data.outcomes["acquisition_cost"]!;
  const budget = data.budget.amount;
  // Below all that occurs the curve says nothing: it starts a step before it falls.
  const first = Math.max(0, curve.probability.findIndex((p) => p < 0.998) - 4);
  const points = curve.amount.map((amount, at) => [amount, curve.probability[at]!]).slice(first);
  const last = curve.amount.at(-1) ?? 0;
  const rows = curve.amount.map((amount, at) => [n.money(amount), n.percentWithError(curve.probability[at]!, curve.mcse[at]!)]);
  return figure(w, {
    title: w.spendTitle,
    alternative: w.spendAlternative(n.money(cost.q10), n.money(cost.q90)),
    columns: [{ head: w.moreThan }, { head: w.probabilityWord }],
    rows: rows.slice(first).filter((_, at) => at % 4 === 0),
    option: (colours) => ({
      tooltip: { trigger: "axis", valueFormatter: (value) => n.percent(value as number) },
      grid: { top: 28 },
      xAxis: {
        type: "value",
        min: Math.min(points[0]?.[0] ?? 0, budget ?? Infinity),
        max: Math.max(last + 0.04 * (last - (points[0]?.[0] ?? 0)), 1.02 * (budget ?? 0)),
        axisLabel: { formatter: n.moneyAxis(curve.amount), showMinLabel: false, showMaxLabel: false },
        axisPointer: { label: { show: false } },
      },
      yAxis: { type: "value", min: 0, max: 1, axisLabel: { formatter: (value: number) => n.percentAxis(value) } },
      series: [
        {
          type: "line",
          name: w.probabilityWord,
          data: points,
          step: "end",
          showSymbol: false,
          lineStyle: { color: colours.series[0], width: 2.4 },
          itemStyle: { color: colours.series[0] },
          areaStyle: { color: colours.band, opacity: 0.6 },
          markLine: budget == null ? undefined : ruler({ xAxis: budget }, `${w.budgetWord} ${n.money(budget)}`, colours),
        },
      ],
    }),
  });
}

function funding({ data, w, n, periods, weeks }: Context): HTMLElement {
  const cash = data.series["cumulative_cash"]!;
  const lines = { q50: needs(cash.q50), q90: needs(cash.q10), q95: needs(cash.q05) };
  const at = highestAt(lines.q90);
  return figure(w, {
    title: w.fundingTitle(weeks),
    subtitle: w.fundingSubtitle,
    alternative: w.fundingAlternative(n.money(lines.q90[at]!), periods[at]!),
    columns: [w.starting, "q50", "q90", "q95"].map((head) => ({ head })),
    rows: periods.map((period, t) => [period, ...Object.values(lines).map((values) => n.money(values[t]!))]),
    option: (colours) => ({
      tooltip: { trigger: "axis", valueFormatter: (value) => n.money(value as number) },
      legend: { data: Object.keys(lines) },
      grid: { bottom: 34 },
      xAxis: { type: "category", data: periods, boundaryGap: false },
      yAxis: { type: "value", axisLabel: { formatter: n.moneyAxis(lines.q95) } },
      series: Object.entries(lines).map(([name, values], k) => line(name, values, { colour: colours.series[k]! })),
    }),
  });
}

function exhaustion(context: Context): HTMLElement | null {
  const { data, w, n, ends, weeks } = context;
  const moment = data.distributions["budget_exhausted_month"];
  if (!data.budget.given || !moment) return null;
  const values = [...moment.probability, moment.beyond_horizon];
  const errors = [...moment.mcse, moment.beyond_horizon_mcse];
  const names = [...ends, w.notWithin];
  return figure(w, {
    title: w.exhaustionTitle,
    height: 240,
    wide: true,
    alternative: w.exhaustionAlternative(n.percentWithError(moment.beyond_horizon, moment.beyond_horizon_mcse)),
    columns: [{ head: w.month }, { head: w.usedUp(weeks) }],
    rows: names.map((name, at) => [name, n.percentWithError(values[at]!, errors[at]!)]),
    option: (colours, width) => ({
      tooltip: { trigger: "axis", valueFormatter: (value) => n.percent(value as number) },
      grid: { top: 28 },
      xAxis: { type: "category", data: names, axisLabel: endLabels(context, isNarrow(width) ? 5 : 13) },
      yAxis: { type: "value", min: 0, axisLabel: { formatter: (value: number) => n.percentAxis(value) } },
      series: [
        {
          type: "bar",
          name: w.usedUp(weeks),
          data: values.map((value, at) =>
            at < ends.length
              ? value
              : { value, itemStyle: { color: colours.good }, label: { show: true, position: "top", color: colours.good, formatter: n.percent(value) } },
          ),
          itemStyle: { color: colours.series[5] },
        },
      ],
    }),
  });
}

function tails({ data, w, n, metric }: Context): HTMLElement {
  const rows = data.risks.map((risk) => [
    metric(risk.metric),
    n.percent(risk.level, 0),
    n.money(risk.var),
    n.moneyWithError(risk.cvar, risk.cvar_mcse),
  ]);
  return disclosure(w.tailsTitle, table(w.tailsTitle, [w.tailMetric, w.tailLevel, w.tailVar, w.tailCvar].map((head) => ({ head })), rows));
}

export function budgetSection(context: Context): Section {
  return {
    id: "budget",
    title: context.w.budgetTitle,
    meaning: meaning(context),
    content: [charts(spend(context), funding(context), exhaustion(context)), tails(context)],
  };
}
