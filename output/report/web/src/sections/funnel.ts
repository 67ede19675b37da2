// 4. The funnel: what becomes of the leads, and where they are lost.

import { type ChartSpec, figure, type Palette } from "../charts";
import type { Context } from "../context";
import type { Rate, Statistics } from "../data";
import { disclosure, table } from "../dom";
import { labelsAt, ranges } from "../shapes";
import { charts, note, type Section } from "./section";

interface Loss {
  reason: string;
  leads: number;
}
interface Stage {
  key: string;
  total: number;
  passed: number;
  losses: Loss[];
  /** What comes to what the stage above passes on. */
  incoming?: number;
}

/** The funnel in means. Every lead of a stage goes on or is in one of its losses (docs/methodology/funnel.md). */
export function stagesOf(mean: (name: string) => number): Stage[] {
  const signed = mean("contracts") - mean("reactivated_contracts");
  const stage = (key: string, total: number, passed: number, losses: [string, number][]): Stage => ({
    key,
    total,
    passed,
    losses: losses.map(([reason, leads]) => ({ reason, leads })).filter(({ leads }) => leads > total * 1e-9),
  });
  const worked = mean("worked");
  return [
    stage("leads", mean("leads"), worked, [
      ["rejected", mean("rejected_leads")],
      ["lost", mean("lost_leads")],
      ["expired", mean("expired_leads")],
      ["waiting", mean("waiting_leads")],
    ]),
    stage("worked", worked, mean("contacted"), [
      ["fraud_worked", worked - mean("contacted") - mean("no_answers")],
      ["no_answer", mean("no_answers")],
    ]),
    stage("contacted", mean("contacted"), mean("target_leads"), [["not_target", mean("contacted") - mean("target_leads")]]),
    stage("target", mean("target_leads"), mean("deals"), [["no_deal", mean("target_leads") - mean("deals")]]),
    stage("deals", mean("deals"), mean("won_deals"), [["not_won", mean("deals") - mean("won_deals")]]),
    stage("won", mean("won_deals"), signed, [["later", mean("won_deals") - signed]]),
    ...(mean("reactivated_contracts") > 0 ? [{ ...stage("reactivated", signed, signed, []), incoming: mean("reactivated_contracts") }] : []),
    stage("contracts", mean("contracts"), mean("active_customers"), [
      ["churned", mean("churned_customers")],
      ["unbilled", mean("unbilled_contracts")],
    ]),
  ];
}

const meanOf =
  ({ data }: Context) =>
  (name: string): number =>
    data.outcomes[name]?.mean ?? 0;

function meaning(context: Context, stages: Stage[]): string[] {
  const { data, w, n } = context;
  const mean = meanOf(context);
  const leads = mean("leads");
  const losses = stages.slice(0, 5).flatMap((stage) => stage.losses);
  const largest = [...losses].sort((a, b) => b.leads - a.leads)[0];
  const share = (part: number, whole: number) => n.percent(whole > 0 ? part / whole : 0);
  const avoidable = losses.filter(({ reason }) => ["rejected", "lost", "expired", "fraud_worked"].includes(reason));
  const cost = avoidable.reduce((sum, loss) => sum + loss.leads, 0);
  const returned = mean("reactivated_contracts");
  return [
    largest
      ? w.funnelMeaning(n.number(100 * (data.rates["contract"]?.value ?? 0)), w.reasons[largest.reason]!, n.whole(largest.leads), share(largest.leads, leads))
      : "",
    cost >= 0.5 ? w.funnelAvoidable(n.whole(cost), share(cost, leads)) : "",
    returned > 0 ? w.funnelReactivation(n.number(Math.round(returned) || returned), share(returned, mean("contracts"))) : w.funnelNoReactivation,
  ].filter(Boolean);
}

/** "No answer −6,802": the losses of a stage, a line each, the largest first. */
function lossText({ w, n }: Context, stage: Stage): string {
  if (stage.incoming) return `+${n.whole(stage.incoming)}`;
  const sorted = stage.losses.filter(({ leads }) => leads >= 0.5).sort((a, b) => b.leads - a.leads);
  return sorted.map((loss) => `${w.reasons[loss.reason]!} −${n.whole(loss.leads)}`).join("\n");
}

/** What stands beside the bars, where there is room. */
function lossLabels(context: Context, stages: Stage[], colours: Palette) {
  return {
    type: "bar" as const,
    name: "",
    stack: "all",
    silent: true,
    data: stages.map(() => 0),
    label: {
      show: true,
      position: "right" as const,
      color: colours.quiet,
      fontSize: 11,
      lineHeight: 12,
      formatter: ({ dataIndex }: { dataIndex: number }) => lossText(context, stages[dataIndex]!),
    },
  };
}

function stagesOption(context: Context, stages: Stage[]): ChartSpec["option"] {
  const { w, n } = context;
  const reasons = [...new Set(stages.flatMap((stage) => stage.losses.map((loss) => loss.reason)))];
  return (colours, width) => {
    const roomy = width >= 600;
    const lossColours = [colours.series[5], colours.series[1], colours.series[3], colours.series[4]];
    return {
      tooltip: { trigger: "item", formatter: (item) => (Array.isArray(item) ? "" : `${item.seriesName}: ${n.whole(item.value as number)}`) },
      // Beside each bar stands what was lost; the widest bar leaves room for it.
      xAxis: { type: "value", max: roomy ? Math.ceil(1.45 * stages[0]!.total) : undefined, axisLabel: { formatter: (value: number) => n.axis(value), showMaxLabel: false } },
      yAxis: { type: "category", inverse: true, data: stages.map((stage) => w.stages[stage.key]!) },
      series: [
        {
          type: "bar" as const,
          name: w.passedOn,
          stack: "all",
          barMaxWidth: 26,
          data: stages.map((stage) => ({ value: stage.passed, itemStyle: { opacity: stage.incoming ? 0.15 : 1 } })),
          itemStyle: { color: colours.series[0] },
        },
        {
          type: "bar" as const,
          name: w.comesBack,
          stack: "all",
          barMaxWidth: 26,
          data: stages.map((stage) => stage.incoming ?? null),
          itemStyle: { color: colours.good },
        },
        ...reasons.map((reason, k) => ({
          type: "bar" as const,
          name: w.reasons[reason]!,
          stack: "all",
          barMaxWidth: 26,
          data: stages.map((stage) => stage.losses.find((loss) => loss.reason === reason)?.leads ?? null),
          itemStyle: { color: lossColours[k % lossColours.length], opacity: 0.75 },
        })),
        ...(roomy ? [lossLabels(context, stages, colours)] : []),
      ],
    };
  };
}

function stagesFigure(context: Context, stages: Stage[]): HTMLElement {
  const { w, n } = context;
  const share = (leads: number, stage: Stage) => n.percent(stage.total > 0 ? leads / stage.total : 0, 1);
  const returned = meanOf(context)("reactivated_contracts");
  return figure(w, {
    title: w.funnelChart,
    subtitle: w.funnelSubtitle,
    alternative: w.funnelAlternative(stages.map((stage) => `${w.stages[stage.key]!} ${stage.incoming ? `+${n.whole(stage.incoming)}` : n.whole(stage.total)}`).join(", ")),
    height: 400,
    wide: true,
    columns: [{ head: w.stage }, { head: w.outcome, text: true }, { head: w.mean }, { head: w.ofStage }],
    rows: stages.flatMap((stage) => stage.incoming ? [[w.stages[stage.key]!, w.comesBack, `+${n.whole(stage.incoming)}`, "–"]] : [
      [w.stages[stage.key]!, w.total, n.whole(stage.total), n.percent(1)],
      ["", w.passedOn, n.whole(stage.passed), share(stage.passed, stage)],
      ...stage.losses.map((loss) => ["", w.reasons[loss.reason]!, n.whole(loss.leads), share(loss.leads, stage)]),
      ...(stage.key === "contracts" && returned > 0 ? [["", w.plusReactivated(n.whole(returned)), n.whole(returned), share(returned, stage)]] : []),
    ]),
    option: stagesOption(context, stages),
  });
}

function ratesFigure({ data, w, n }: Context): HTMLElement {
  const rates = Object.entries(data.rates).filter(([, rate]) => rate.value != null);
  return figure(w, {
    title: w.ratesTitle,
    subtitle: w.ratesSubtitle,
    alternative: w.ratesAlternative(rates.map(([key, rate]) => `${w.rateNames[key]!} ${n.percent(rate.value, 1)}`).join(", ")),
    height: 250,
    wide: true,
    columns: [w.rate, w.value, "q10", "q50", "q90"].map((head) => ({ head })),
    rows: rates.map(([key, rate]) => [w.rateNames[key]!, ...rateCells(rate, n)]),
    option: (colours) => ({
      tooltip: { trigger: "item", formatter: (item) => {
          const [key, rate] = rates[Array.isArray(item) ? 0 : item.dataIndex]!;
          return `${w.rateNames[key]!}: ${n.percentWithError(rate.value, rate.mcse)}`;
        } },
      grid: { right: 70 },
      xAxis: { type: "value", min: 0, max: 1, axisLabel: { formatter: (value: number) => n.percentAxis(value) } },
      yAxis: { type: "category", inverse: true, data: rates.map(([key]) => w.rateNames[key]!) },
      series: [
        ranges(w.tenToNinety("", ""), rates.map(([, rate]) => ({ low: rate.q10, high: rate.q90 })), { colour: colours.bandInner, height: 14 }),
        {
          type: "line",
          name: w.value,
          data: rates.map(([, rate], at) => [rate.value!, at]),
          lineStyle: { width: 0 },
          symbol: "circle",
          symbolSize: 8,
          itemStyle: { color: colours.series[0] },
          z: 5,
        },
        labelsAt(rates.map(([, rate]) => rate.q90 ?? rate.value!), (at) => n.percent(rates[at]![1].value, 1), colours),
      ],
    }),
  });
}

function rateCells(rate: Rate | undefined, n: Context["n"]): string[] {
  if (!rate) return ["–", "–", "–", "–"];
  return [n.percentWithError(rate.value, rate.mcse), n.percent(rate.q10, 1), n.percent(rate.q50, 1), n.percent(rate.q90, 1)];
}

const kCounts = ["leads", "rejected_leads", "fraud_leads", "lost_leads", "recovered_leads", "expired_leads", "worked", "no_answers", "contacted", "target_leads", "refusals", "deals", "won_deals", "contracts", "reactivated_contracts", "pipeline_contracts", "churned_customers", "active_customers"];

function counts({ data, w, n, metric }: Context): HTMLElement {
  const rows = kCounts.map((name) => {
    const one = data.outcomes[name]!;
    return [metric(name), n.meanWithError(one, false), n.number(one.q10), n.number(one.q50), n.number(one.q90)];
  });
  return disclosure(w.countsTitle, table(w.countsTitle, ["", w.mean, "q10", "q50", "q90"].map((head) => ({ head })), rows));
}

function byPartner({ data, w, n, metric }: Context): HTMLElement {
  const names = ["leads", "lost_leads", "fraud_leads", "rejected_leads", "expired_leads", "worked", "no_answers", "contacted", "target_leads", "refusals", "deals", "won_deals", "contracts", "reactivated_contracts", "pipeline_contracts", "churned_customers", "active_customers"];
  const rateKeys = ["contact", "target", "deal", "win", "contract"];
  const columns = [w.partner, ...names.map((name) => `${metric(name)} (q10 – q90)`), ...rateKeys.map((key) => `${w.rateNames[key]!} (q10 – q90)`)].map((head) => ({ head }));
  const rateText = (rate: Rate | undefined) =>
    rate?.value == null ? "–" : `${n.percent(rate.value, 1)}${rate.q10 == null ? "" : ` (${n.percent(rate.q10, 1)} – ${n.percent(rate.q90, 1)})`}`;
  const countText = (one: Statistics) => `${n.meanWithError(one, false)}${one.q10 == null ? "" : ` (${n.number(one.q10)} – ${n.number(one.q90)})`}`;
  const rows = data.partners.shown.map((partner) => [
    partner.name,
    ...names.map((name) => countText(partner.outcomes[name]!)),
    ...rateKeys.map((key) => rateText(partner.rates[key])),
  ]);
  return disclosure(w.byPartner, table(w.byPartner, columns, rows));
}

export function funnelSection(context: Context): Section {
  const { data, w } = context;
  const stages = stagesOf(meanOf(context));
  const { all, shown, by_trial } = data.partners;
  return {
    id: "funnel",
    title: w.funnelTitle,
    meaning: meaning(context, stages),
    content: [
      charts(stagesFigure(context, stages), ratesFigure(context)),
      counts(context),
      byPartner(context),
      note(shown.length < all ? w.partnersShown(shown.length, all) : ""),
      note(by_trial ? "" : w.noIntervals),
    ],
  };
}
