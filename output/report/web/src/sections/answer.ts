// 1. The answer first.

import { figure, isNarrow } from "../charts";
import { type Context, shareOf } from "../context";
import type { Constraint, Probability, Target } from "../data";
import { element, table } from "../dom";
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
  if (n.number(payback.q10) === n.number(payback.q90)) return w.answerPaybackSame(n.number(payback.q50));
  return w.answerPayback(n.number(payback.q50), n.number(payback.q10), n.number(payback.q90));
}

function within({ data }: Context): Probability {
  const payback = data.outcomes["payback_months"]!;
  return shareOf({ value: payback.p_within_horizon, mcse: payback.p_within_horizon_mcse, trials: data.run.trials });
}

function targetSentence({ data, w, n }: Context): string[] {
  if (data.targets.length === 0) return [];
  const met = data.targets.filter((target) => target.probability >= 0.5);
  const chances = (met.length > 0 ? met : data.targets).map(({ probability }) => probability);
  const chance = met.length > 0 ? Math.min(...chances) : Math.max(...chances);
  if (chance === 0) return [w.answerNoTargetAtAll];
  const named = data.targets.filter(({ probability }) => probability === chance);
  const [one, several] = met.length > 0 ? [w.answerTarget, w.answerTargets] : [w.answerNoTarget, w.answerNoTargets];
  const text = n.chanceInWords(named[0]!);
  return [named.length === 1 ? one(named[0]!.name, text) : several(named.map(({ name }) => w.quoted(name)).join(", "), text)];
}

function overrunSentence({ data, w, n }: Context): string[] {
  const overrun = data.findings.budget_overrun;
  if (!overrun) return [];
  if (overrun.probability === 0) return [w.answerNoOverrun];
  return [w.answerOverrun(n.chanceInWords(overrun), n.money(overrun.mean_if_any)), ...(data.budget.stops ? [] : [w.answerBudgetReported])];
}

function fundingSentence({ data, w, n }: Context): string {
  const peak = data.outcomes["peak_funding"]!;
  const month = data.outcomes["peak_funding_month"]!;
  if (!(peak.q50! > 0)) return w.answerNoFunding;
  const [median, high, when] = [n.money(peak.q50), n.money(peak.q90), n.number(Math.round(month.q50 ?? 0))];
  return median === high ? w.answerFundingSame(median, when) : w.answerFunding(median, high, when);
}

/** Less than this share of the leads lost is no reason for more capacity. */
const kSlight = 0.005;

interface Limit {
  key: string;
  name: string;
  found: Constraint;
  /** Whether it is more than told of, and has ever bound. */
  binds: boolean;
  /** Whether it costs leads or contracts to speak of. */
  costly: boolean;
}

function limitsOf({ data, w }: Context): Limit[] {
  return data.limits
    .map(({ key, in_scenario }) => {
      const found = data.findings.constraints[key]!;
      const binds = in_scenario && found.probability > 0 && (key !== "budget" || data.budget.stops);
      const expired = found["expired_leads"] ?? 0;
      const costly = binds && (key !== "sales_capacity" || expired > kSlight * (data.outcomes["leads"]!.mean ?? 0));
      return { key, name: w.limitName[key] ?? key, found, binds, costly };
    })
    .sort((a, b) => Number(b.costly) - Number(a.costly) || b.found.probability - a.found.probability);
}

/** The limit that costs most often; else the one that only makes leads wait. */
const firstLimit = (limits: Limit[]): Limit | undefined => limits.find(({ costly }) => costly) ?? limits.find(({ binds }) => binds);

function limitSentence(context: Context): string {
  const { data, w, n } = context;
  const most = firstLimit(limitsOf(context));
  if (most) {
    const chance = n.chanceInWords(most.found);
    if (most.costly) return w.answerLimit(most.name, chance);
    const expired = most.found["expired_leads"] ?? 0;
    return expired >= 0.5 ? w.answerLimitSlight(most.name, chance, n.whole(expired)) : w.answerLimitFree(most.name, chance);
  }
  const set = data.limits.filter(({ key, in_scenario }) => in_scenario && (key !== "budget" || data.budget.stops));
  return set.length > 0 ? w.answerNoLimit(set.map(({ key }) => w.limitName[key] ?? key).join(", ")) : w.answerNoLimitSet;
}

/** What a limit does, of the trials in which it is met unless it says otherwise. */
function limitEffect({ data, w, n }: Context, { key, found }: Limit): string[] {
  if (key === "sales_capacity") {
    const expired = found["expired_leads"] ?? 0;
    return [
      w.boundPeriods(n.fixed(found["bound_periods_if_any"] ?? 0, 1), n.whole(data.grid.periods)),
      w.expiredLeads(n.withError(expired, found["expired_leads_mcse"] ?? null)),
    ];
  }
  if (key === "partner_pool") return [w.dryPools(n.number(found["exhausted_partners_if_any"] ?? null))];
  if (!data.budget.stops) return [w.nothingStops(n.money(data.findings.budget_overrun?.mean_if_any ?? null))];
  return [w.stopsIn(n.number(found["month_if_any"] ?? null))];
}

function limitsTable(context: Context): HTMLElement {
  const { w, n } = context;
  const rows = limitsOf(context).map((limit) => {
    const met = limit.found.probability > 0;
    const effect = met ? limitEffect(context, limit).join("; ") : w.notMet;
    return [limit.name[0]!.toUpperCase() + limit.name.slice(1), met ? n.probability(limit.found) : "–", effect];
  });
  return table(w.limitsTable, [{ head: w.limitWord }, { head: w.limitBinds }, { head: w.limitCost, text: true }], rows);
}

function limitCard(context: Context): Card {
  const { w, n } = context;
  const most = firstLimit(limitsOf(context));
  if (!most) return { name: w.cardLimit, value: w.none, more: "", mood: "good" };
  const often = w.bindsIn(n.probability(most.found));
  if (!most.costly) return { name: w.cardLimit, value: w.noneMuch, more: `${most.name} ${often}` };
  return { name: w.cardLimit, value: most.name, more: [often, limitEffect(context, most).at(-1)!].join(" · ") };
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
    { name: w.cardContracts, value: median("contracts"), more: `${span("contracts", false)} · ${w.meanIs(n.meanWithError(outcome("contracts"), false))}` },
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
    .map((one) => `${metric(one.metric)} ${one.at_least ? "≥" : "≤"} ${one.metric === "irr" ? n.percent(one.bound) : n.number(one.bound)}`)
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
      xAxis: { type: "value", min: 0, max: 1, axisLabel: { formatter: (value: number) => n.percentAxis(value) } },
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
    content: [cardList(cards(context)), charts(targetsFigure(context)), limitsTable(context), note(w.howToRead), context.data.run.sampling === "random" ? null : note(w.upperErrors)],
  };
}
