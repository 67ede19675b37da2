// 6. Partners side by side, and what hangs on the largest.

import { figure, isNarrow } from "../charts";
import { type Context, shareOf } from "../context";
import type { Concentration, Partner, Probability, Statistics } from "../data";
import { table } from "../dom";
import { ranges, shortened, whiskers } from "../shapes";
import { charts, note, type Section } from "./section";

/** Acquisition cost of a contract, as a ratio of means; null without contracts. */
function costOf(partner: Partner): number | null {
  const contracts = partner.outcomes["contracts"]!.mean ?? 0;
  return contracts > 0 ? (partner.outcomes["acquisition_cost"]!.mean ?? 0) / contracts : null;
}

function concentrationSentences({ w, n }: Context, found: Concentration): string[] {
  const sentences = [w.partnersShare(found.partner, n.percent(found.share.mean)), w.partnersLeave(n.chanceInWords(found.leaves))];
  const [gone, stays] = [found.gone, found.stays];
  if (gone.trials === 0 || stays.trials === 0) return sentences;
  const medians = [gone.payback_months.q50, stays.payback_months.q50].map((value) => (value == null ? null : n.number(value)));
  if (medians[0] != null && medians[1] != null && medians[0] !== medians[1]) sentences.push(w.partnersGone(medians[0], medians[1]));
  const within = [gone, stays].map(({ payback_months: { p_within_horizon: value, p_within_horizon_mcse: mcse }, trials }) =>
    n.chanceInWords(shareOf({ value, mcse, trials })),
  );
  if (within[0] !== within[1]) sentences.push(w.partnersWithin(within[0]!, within[1]!));
  const values = [gone, stays].map(({ npv }) => n.money(npv.mean));
  if (values[0] !== values[1]) sentences.push(w.partnersNpv(values[0]!, values[1]!));
  return sentences.length > 2 ? [...sentences, w.partnersAssociation] : sentences;
}

function costSentences({ data, w, n }: Context): string[] {
  const { compared, enough, lowest, highest } = data.partners.costs;
  if (!lowest || !highest) return [];
  const sentences = [];
  if (data.partners.all === 1) sentences.push(w.partnersOne(lowest.name, n.money(lowest.cost)));
  if (compared > 1) sentences.push(w.partnersBest(lowest.name, n.money(lowest.cost), highest.name, n.money(highest.cost)));
  if (compared > 1 && compared < data.partners.all) sentences.push(w.partnersCompared(n.whole(compared), n.whole(enough)));
  const full = data.outcomes["cac"]!.q50;
  return full == null ? sentences : [...sentences, w.partnersFullCost(n.money(full))];
}

function meaning(context: Context): string[] {
  const found = context.data.concentration;
  return [costSentences(context).join(" "), found ? concentrationSentences(context, found).join(" ") : ""].filter(Boolean);
}

/** Whether something happened, which is 0 or 1 in each trial. */
const happened = ({ mean, mcse }: Statistics, trials: number): Probability => shareOf({ value: mean, mcse, trials });

function partnersTable({ data, w, n }: Context): HTMLElement {
  const heads = [w.partner, w.volumeWord, w.targetRate, w.contractsWord, w.cacWord, w.contributionWord, w.leavesWord, w.terminatedWord];
  const rows = data.partners.shown.map((partner) => {
    const outcome = (name: string) => partner.outcomes[name]!;
    const rate = partner.rates["target"];
    return [
      partner.name,
      n.meanWithError(outcome("leads"), false),
      n.percentWithError(rate?.value ?? null, rate?.mcse ?? null),
      n.meanWithError(outcome("contracts"), false),
      n.money(costOf(partner)),
      n.meanWithError(outcome("contribution"), true),
      n.probability(happened(outcome("exits"), data.run.trials)),
      n.probability(happened(outcome("terminations"), data.run.trials)),
    ];
  });
  return table(w.partnersTable, heads.map((head) => ({ head })), rows);
}

function contribution({ data, w, n }: Context): HTMLElement {
  const partners = data.partners.shown;
  const values = partners.map((partner) => partner.outcomes["contribution"]!);
  return figure(w, {
    title: w.partnersContribution,
    subtitle: w.partnersContributionSubtitle,
    alternative: w.partnersAlternative(partners.map((partner, at) => `${partner.name} ${n.money(values[at]!.mean)}`).join(", ")),
    height: 70 + 34 * partners.length,
    wide: partners.length > 4,
    columns: [w.partner, w.mean, "q10", "q50", "q90"].map((head) => ({ head })),
    rows: partners.map((partner, at) => [
      partner.name,
      n.meanWithError(values[at]!, true),
      n.money(values[at]!.q10),
      n.money(values[at]!.q50),
      n.money(values[at]!.q90),
    ]),
    option: (colours, width) => ({
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => n.money(value as number) },
      xAxis: { type: "value", axisLabel: { formatter: n.moneyAxis(values.map((one) => one.q90), values.map((one) => one.q10)) } },
      yAxis: { type: "category", inverse: true, data: partners.map((partner) => shortened(partner.name, isNarrow(width) ? 14 : 26)) },
      series: [
        { type: "bar", name: w.mean, barMaxWidth: 20, data: values.map((one) => one.mean), itemStyle: { color: colours.series[0] } },
        whiskers("q10–q90", values.map((one) => ({ low: one.q10, high: one.q90 })), colours.ink),
      ],
    }),
  });
}

function concentrationFigure({ data, w, n }: Context): HTMLElement | null {
  const found = data.concentration;
  if (!found || found.gone.trials === 0 || found.stays.trials === 0) return null;
  const groups = [
    { name: w.ifStays, group: found.stays },
    { name: w.ifGone, group: found.gone },
  ];
  const end = data.grid.periods * data.grid.months_per_period;
  const text = (value: number | null) => (value == null ? w.beyond : n.number(value));
  const spans = groups.map(({ group }) => ({ low: group.payback_months.q10, high: group.payback_months.q90 ?? end }));
  const lows = spans.map(({ low }) => low ?? end);
  return figure(w, {
    title: w.concentrationTitle(found.partner),
    subtitle: w.concentrationSubtitle,
    alternative: w.concentrationAlternative(text(found.gone.payback_months.q50), text(found.stays.payback_months.q50)),
    height: 170,
    columns: ["", w.trials, "q10", "q50", "q90", w.withinHorizon, w.contractsWord, "NPV"].map((head) => ({ head })),
    rows: groups.map(({ name, group }) => [
      name,
      n.whole(group.trials),
      ...(["q10", "q50", "q90"] as const).map((q) => text(group.payback_months[q])),
      n.percentWithError(group.payback_months.p_within_horizon, group.payback_months.p_within_horizon_mcse),
      n.meanWithError(group.contracts, false),
      n.meanWithError(group.npv, true),
    ]),
    option: (colours) => ({
      tooltip: {},
      xAxis: { type: "value", min: Math.max(0, 2 * Math.floor(Math.min(...lows) / 2)), max: (extent) => Math.ceil(extent.max) },
      yAxis: { type: "category", inverse: true, data: groups.map(({ name }) => name) },
      series: [
        ranges("q10–q90", spans, { colour: colours.bandInner, height: 18 }),
        {
          type: "line",
          name: w.median,
          data: groups.map(({ group }, at) => [group.payback_months.q50 ?? end, at]),
          lineStyle: { width: 0 },
          symbol: "circle",
          symbolSize: 10,
          itemStyle: { color: colours.series[0] },
          label: { show: true, position: "top", color: colours.ink, formatter: ({ dataIndex }) => text(groups[dataIndex]!.group.payback_months.q50) },
          z: 5,
        },
      ],
    }),
  });
}

export function partnersSection(context: Context): Section {
  const { data, w } = context;
  const { all, shown, by_trial } = data.partners;
  return {
    id: "partners",
    title: w.partnersTitle,
    meaning: meaning(context),
    content: [
      partnersTable(context),
      note(shown.length < all ? w.partnersShown(shown.length, all) : ""),
      charts(contribution(context), concentrationFigure(context)),
      note(by_trial ? "" : w.noConcentration),
    ],
  };
}
