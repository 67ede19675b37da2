// 8. Inputs with their distributions and where they come from; how reliable and how to reproduce.

import { figure } from "../charts";
import type { Context } from "../context";
import type { Driver, InputValue } from "../data";
import { disclosure, element, table } from "../dom";
import { note, type Section } from "./section";

/** A small error of the median payback, of its spread; and one of a target's probability that is not small. */
const kSmall = 0.05;
const kLoose = 0.02;

/** The largest error of a target's probability; of one met in no trial or in all, what its interval leaves open. */
function targetError({ data }: Context): number {
  return Math.max(0, ...data.targets.map(({ mcse, low, high }) => (mcse > 0 ? mcse : (high - low) / 2)));
}

function precisionSentence(context: Context): string {
  const { data, w, n } = context;
  const payback = data.outcomes["payback_months"]!;
  const error = payback.quantile_mcse.q50;
  const targets = targetError(context);
  const rest = targets > kLoose ? [w.precisionTargets(n.fixed(100 * targets, 1))] : [];
  if (payback.q50 == null) return [w.precisionNone(n.whole(data.run.trials)), ...rest].join(" ");
  if (error == null || !(error > 0)) return [w.precisionUnknown(n.whole(data.run.trials)), ...rest].join(" ");
  const text = n.errorText(error).replace(/^±\s*/, "");
  if (!(error <= kSmall * (payback.sd ?? 0))) return [w.precisionPoor(text), ...rest].join(" ");
  return [w.precisionGood(text), ...(rest.length > 0 ? rest : [w.precisionEnough])].join(" ");
}

/** "PERT (min 135, mode 155, max 170)", "true", "0.42". */
export function valueText({ w, n }: Pick<Context, "w" | "n">, value: InputValue, unit: string): string {
  if (value == null) return "–";
  if (typeof value === "boolean") return value ? w.yes : w.no;
  if (typeof value === "number") return n.exact(value, unit);
  if (typeof value === "string") return value;
  const { dist, ...parameters } = value as { dist?: string };
  const list = Object.entries(parameters as Record<string, unknown>).map(([key, part]) => {
    if (Array.isArray(part)) return `${key}: ${part.length > 8 ? `${part.length}` : part.map((one) => n.exact(one as number, unit)).join(", ")}`;
    return `${key} ${typeof part === "number" ? n.exact(part, unit) : String(part).slice(0, 60)}`;
  });
  return `${w.distributions[dist ?? ""] ?? dist ?? ""} (${list.join(", ")})`;
}

function density({ w, n, input }: Context, driver: Driver): HTMLElement {
  const { drawn, edges, shares, unit } = driver;
  const text = (value: number | null) => n.inUnit(value, unit);
  return figure(w, {
    title: input(driver.path),
    alternative: w.densityAlternative(text(drawn.q05), text(drawn.q50), text(drawn.q95)),
    height: 120,
    columns: [w.from, w.to, w.share].map((head) => ({ head })),
    rows: shares.map((share, at) => [text(edges[at]!), text(edges[at + 1]!), n.percent(share, 1)]),
    option: (colours) => ({
      grid: { top: 6, right: 22, left: 22, containLabel: false, bottom: 22 },
      xAxis: {
        type: "value",
        min: edges[0],
        max: edges.at(-1),
        splitNumber: 2,
        splitLine: { show: false },
        axisLabel: { fontSize: 10, formatter: (value: number) => text(value) },
        interval: (edges.at(-1)! - edges[0]!) / 2,
      },
      yAxis: { type: "value", show: false, min: 0 },
      series: [
        {
          type: "line",
          step: "middle",
          showSymbol: false,
          lineStyle: { color: colours.series[0], width: 1.4 },
          areaStyle: { color: colours.band },
          data: shares.map((share, at) => [(edges[at]! + edges[at + 1]!) / 2, share]),
        },
      ],
    }),
  });
}

function uncertainTable(context: Context): HTMLElement {
  const { data, w, n, input } = context;
  const given = new Map(data.inputs.given.map((one) => [one.path, one]));
  const rows = data.drivers.inputs.map((driver) => {
    const source = given.get(driver.path);
    const text = (value: number | null) => n.inUnit(value, driver.unit);
    return [
      input(driver.path),
      source ? valueText(context, source.value, driver.unit) : "–",
      ...[driver.drawn.q05, driver.drawn.q50, driver.drawn.q95, driver.drawn.mean].map(text),
      driver.unit,
      source?.provenance ?? "–",
      ...driver.effects.map(({ rank, low, high }) => (rank == null ? "–" : `${n.fixed(rank, 3)} (${n.fixed(low!, 3)} … ${n.fixed(high!, 3)})`)),
      driver.path,
    ];
  });
  const columns = [{ head: w.input }, { head: w.distribution, text: true }, { head: "q05" }, { head: "q50" }, { head: "q95" }, { head: w.mean }, { head: w.unit }, { head: w.source, text: true }, ...data.drivers.outcomes.map((outcome) => ({ head: w.rankWith(w.driven[outcome] ?? outcome) })), { head: w.path, text: true }];
  return table(w.uncertainTable, columns, rows);
}

function givenTable(context: Context): HTMLElement {
  const { data, w } = context;
  const rows = data.inputs.given.map((one) => [one.path, valueText(context, one.value, one.unit), one.unit, one.provenance]);
  const columns = [{ head: w.path }, { head: w.value, text: true }, { head: w.unit }, { head: w.source, text: true }];
  return table(w.givenTable, columns, rows);
}

function errorsTable({ data, w, n, metric }: Context): HTMLElement {
  const money = new Set(["revenue", "gross_profit", "partner_fees", "acquisition_cost", "payroll", "common_cost", "tax", "interest", "total_cost", "net_cash", "receivable", "payable", "npv", "peak_funding", "budget_overrun", "cac", "ltv"]);
  const rows = Object.entries(data.outcomes).map(([name, one]) => {
    if (name === "irr") {
      const share = (value: number | null) => n.percent(value);
      return [metric(name), n.percentWithError(one.mean, one.mcse), share(one.q10), share(one.q50), share(one.q90), n.percent(one.p_within_horizon)];
    }
    const quantile = (q: "q10" | "q50" | "q90") => {
      if (one[q] == null) return w.beyond;
      return money.has(name) ? n.moneyWithError(one[q], one.quantile_mcse[q]) : n.withError(one[q], one.quantile_mcse[q]);
    };
    return [metric(name), n.meanWithError(one, money.has(name)), quantile("q10"), quantile("q50"), quantile("q90"), n.percent(one.p_within_horizon)];
  });
  return table(w.errorsTable, ["", w.mean, "q10", "q50", "q90", w.withinHorizon].map((head) => ({ head })), rows);
}

function runTable({ data, w, n }: Context): HTMLElement {
  const { run } = data;
  const trials = run.trials === run.planned_trials ? n.whole(run.trials) : `${n.whole(run.trials)} / ${n.whole(run.planned_trials)}`;
  const facts: [string, string][] = [
    ["scenario", run.path ?? "–"],
    ["sha", run.sha256],
    ["seed", run.seed],
    ["trials", trials],
    ["sampling", run.sampling],
    ["streams", String(run.stream_version)],
    ["program", `channelcast ${run.program_version} (${run.git_revision})`],
    ["report", `channelcast ${run.report_version}`],
  ];
  return table(w.runTable, [{ head: "" }, { head: "", text: true }], facts.map(([key, value]) => [w.fact[key]!, value]));
}

/** A word that a shell reads back as it is. */
const shellWord = (text: string): string => (/^[\w./:=,+@%-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function command({ data: { run } }: Context): string {
  const parts = ["channelcast run", shellWord(run.path ?? "SCENARIO.toml")];
  if (run.precision == null) parts.push(`--trials ${run.planned_trials}`);
  parts.push(`--seed ${run.seed}`, ...run.set.map(({ key, value }) => `--set ${shellWord(`${key}=${value}`)}`));
  if (run.shards > 1) parts.push(`--shard ${run.shard}/${run.shards}`);
  return [...parts, "-o run.h5"].join(" ");
}

export function inputsSection(context: Context): Section {
  const { data, w } = context;
  const { drivers, inputs } = data;
  const shown = drivers.inputs.filter((driver) => driver.edges.length > 0);
  return {
    id: "inputs",
    title: w.inputsTitle,
    meaning: [w.inputsMeaning(drivers.all, inputs.all, inputs.defaults), precisionSentence(context)],
    content: [
      shown.length > 0 ? element("h3", {}, w.densitiesTitle) : null,
      note(w.densitiesNote(shown.length, drivers.all)),
      element("div", { class: "charts small" }, ...shown.map((driver) => density(context, driver))),
      drivers.inputs.length > 0 ? disclosure(w.uncertainTable, uncertainTable(context), note(drivers.inputs.length < drivers.all ? w.more(drivers.all - drivers.inputs.length) : "")) : null,
      disclosure(w.givenTable, givenTable(context), note(inputs.given.length < inputs.all ? w.more(inputs.all - inputs.given.length) : "")),
      disclosure(w.errorsTable, errorsTable(context)),
      element("h3", {}, w.runTable),
      runTable(context),
      element("h3", {}, w.reproduceTitle),
      element("p", {}, w.reproduce),
      element("pre", { tabindex: "0" }, command(context)),
      note(w.reproduceFile),
    ],
  };
}
