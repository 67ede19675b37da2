// 1. The answer first.

import { figure, isNarrow } from "../charts";
import { type Context, shareOf } from "../context";
import type { Probability, Target } from "../data";
import { element } from "../dom";
import { labelsAt, shortened, whiskers } from "../shapes";
import { charts, note, type Section } from "./section";

interface Card {
  name: string;
  value: string;
  more: string;
  mood?: "good" | "bad";
}

function paybackSentence({ data, w, n, horizon }: Context): string {
  const payback = data.outcomes["payback_months"]!;
  if (payback.q50 == null) return w.answerPaybackNever(horizon);
  if (payback.q90 == null) return w.answerPaybackOpen(n.number(payback.q50), n.number(payback.q10));
  return w.answerPayback(n.number(payback.q50), n.number(payback.q10), n.number(payback.q90));
}

function within({ data }: Context): Probability {
  const payback = data.outcomes["payback_months"]!;
  return shareOf({ value: payback.p_within_horizon, mcse: payback.p_within_horizon_mcse, trials: data.run.trials });
}

function targetSentence({ data, w, n }: Context): string[] {
  if (data.targets.length === 0) return [];
  const byChance = [...data.targets].sort((a, b) => a.probability - b.probability);
  const met = byChance.find((target) => target.probability >= 0.5);
  if (met) return [w.answerTarget(met.name, n.chanceInWords(met))];
  const nearest = byChance.at(-1)!;
  return [w.answerNoTarget(nearest.name, n.chanceInWords(nearest))];
}

function overrunSentence({ data, w, n }: Context): string[] {
  const overrun = data.findings.budget_overrun;
  if (!overrun) return [];
  return [overrun.probability > 0 ? w.answerOverrun(n.chanceInWords(overrun), n.money(overrun.mean_if_any)) : w.answerNoOverrun];
}

function fundingSentence({ data, w, n }: Context): string {
  const peak = data.outcomes["peak_funding"]!;
  const month = data.outcomes["peak_funding_month"]!;
  if (!(peak.q50! > 0)) return w.answerNoFunding;
  return w.answerFunding(n.money(peak.q50), n.money(peak.q90), n.number(Math.round(month.q50 ?? 0)));
}

/** The constraint that binds in the most trials, if any does. */
function binding({ data }: Context): { key: string; found: Probability & Record<string, number | null> } | null {
  const keys = data.limits.filter((limit) => limit.in_scenario).map((limit) => limit.key);
  const found = keys
    .map((key) => ({ key, found: data.findings.constraints[key]! as Probability & Record<string, number | null> }))
    .filter((one) => one.found.probability > 0)
    .sort((a, b) => b.found.probability - a.found.probability);
  return found[0] ?? null;
}

function limitSentence(context: Context): string {
  const most = binding(context);
  const { w, n } = context;
  return most ? w.answerLimit(w.limitName[most.key] ?? most.key, n.chanceInWords(most.found)) : w.answerNoLimit;
}

function limitCard(context: Context): Card {
  const { data, w, n } = context;
  const most = binding(context);
  if (!most) return { name: w.cardLimit, value: w.none, more: "", mood: "good" };
  const periods = most.found["bound_periods_if_any"];
  const expired = most.found["expired_leads"];
  const detail =
    most.key === "sales_capacity"
      ? ` · ${w.boundPeriods(n.fixed(periods ?? 0, 1), n.whole(data.grid.periods), n.number(Math.round(expired ?? 0)))}`
      : "";
  const name = w.limitName[most.key] ?? most.key;
  return { name: w.cardLimit, value: name, more: w.bindsIn(n.probability(most.found)) + detail };
}

function overrunCard({ data, w, n }: Context): Card {
  const overrun = data.findings.budget_overrun;
  if (!overrun) return { name: w.cardOverrun, value: "–", more: w.noBudget };
  const budget = data.budget.amount == null ? w.uncertain : n.money(data.budget.amount);
  const mean = n.moneyWithError(overrun.mean_if_any, overrun.mean_if_any_mcse);
  const size = overrun.probability > 0 ? w.overrunSize(budget, mean) : `${w.budgetWord} ${budget}`;
  const more = [n.errorText(100 * overrun.mcse), size].filter(Boolean).join(" · ");
  return { name: w.cardOverrun, value: n.chance(overrun), more, mood: overrun.probability > 0.5 ? "bad" : undefined };
}

function cards(context: Context): Card[] {
  const { data, w, n, metric } = context;
  const outcome = (name: string) => data.outcomes[name]!;
  const span = (name: string, money: boolean) => {
    const { q10, q90 } = outcome(name);
    const text = (value: number | null) => (value == null ? w.beyond : money ? n.money(value) : n.number(value));
    const error = outcome(name).quantile_mcse.q50;
    const errorText = money ? n.moneyError(error) : n.errorText(error);
    return `${errorText && `${errorText} · `}${w.tenToNinety(text(q10), text(q90))}`;
  };
  const median = (name: string) => (outcome(name).q50 == null ? w.beyond : n.number(outcome(name).q50));
  const money = (name: string) => n.money(outcome(name).q50);
  const p = within(context);
  return [
    { name: w.cardPayback, value: median("payback_months"), more: span("payback_months", false) },
    { name: w.cardWithin, value: n.chance(p), more: [n.errorText(100 * p.mcse), context.horizon].filter(Boolean).join(" · "), mood: p.probability >= 0.9 ? "good" : p.probability < 0.5 ? "bad" : undefined },
    { name: w.cardContracts, value: median("contracts"), more: span("contracts", false) },
    { name: w.cardCac, value: outcome("cac").q50 == null ? w.beyond : money("cac"), more: `${span("cac", true)} · ${metric("ltv_to_cac")} ${n.number(outcome("ltv_to_cac").q50)}` },
    {
      name: w.cardNpv,
      value: money("npv"),
      more: `${span("npv", true)} · ${w.npvNegative(n.chance(data.findings.npv_below_0))}`,
      mood: (outcome("npv").q50 ?? 0) < 0 ? "bad" : undefined,
    },
    overrunCard(context),
    { name: w.cardFunding, value: money("peak_funding"), more: `${span("peak_funding", true)} · ${w.inMonth(n.number(Math.round(outcome("peak_funding_month").q50 ?? 0)))}` },
    limitCard(context),
  ];
}

function cardList(list: Card[]): HTMLElement {
  return element(
    "dl",
    { class: "cards" },
    ...list.map(({ name, value, more, mood }) =>
      element(
        "div",
        { class: mood ? `card ${mood}` : "card" },
        element("dt", {}, name),
        element("dd", { class: "value" }, value),
        element("dd", { class: "more" }, more),
      ),
    ),
  );
}

function conditions({ n, metric }: Context, target: Target): string {
  return target.all
    .map((one) => `${metric(one.metric)} ${one.at_least ? "≥" : "≤"} ${n.number(one.bound)}`)
    .join("; ");
}

function targetsFigure(context: Context): HTMLElement | null {
  const { data, w, n } = context;
  const targets = data.targets;
  if (targets.length === 0) return note(w.noTargets);
  return figure(w, {
    title: w.targetsTitle,
    subtitle: w.targetsSubtitle,
    alternative: w.targetsAlternative(targets.map((one) => `${one.name} ${n.probability(one)}`).join(", ")),
    height: 64 + 42 * targets.length,
    wide: true,
    columns: [{ head: w.target }, { head: w.conditions, text: true }, { head: w.probabilityWord }, { head: w.interval }],
    rows: targets.map((one) => [
      one.name,
      conditions(context, one),
      n.probability(one),
      `${n.percent(one.low, 1)} – ${n.percent(one.high, 1)}`,
    ]),
    option: (colours, width) => ({
      tooltip: {},
      grid: { right: 96 },
      xAxis: { type: "value", min: 0, max: 1, axisLabel: { formatter: (value: number) => n.percent(value, 0) } },
      yAxis: { type: "category", inverse: true, data: targets.map((one) => shortened(one.name, isNarrow(width) ? 14 : 32)) },
      series: [
        {
          type: "bar",
          name: w.probabilityWord,
          barMaxWidth: 22,
          data: targets.map((one) => one.probability),
          itemStyle: { color: colours.series[0] },
          tooltip: { valueFormatter: (value) => n.percent(value as number, 1) },
        },
        whiskers(w.interval, targets, colours.ink),
        labelsAt(targets.map((one) => one.high), (at) => n.probability(targets[at]!), colours),
      ],
    }),
  });
}

export function answerSection(context: Context): Section {
  const { w, n, horizon } = context;
  return {
    id: "answer",
    title: w.answerTitle,
    meaning: [
      `${paybackSentence(context)} ${w.answerWithin(n.chanceInWords(within(context)), horizon)}`,
      ...targetSentence(context),
      [...overrunSentence(context), fundingSentence(context)].join(" "),
      limitSentence(context),
    ],
    content: [cardList(cards(context)), charts(targetsFigure(context)), note(w.howToRead), context.data.run.sampling === "random" ? null : note(w.upperErrors)],
  };
}
