// The decision report.

import { contextOf } from "./context";
import type { Data } from "./data";
import { type Child, element } from "./dom";
import type { Language } from "./numbers";
import { answerSection } from "./sections/answer";
import { budgetSection } from "./sections/budget";
import { cashSection } from "./sections/cash";
import { driversSection } from "./sections/drivers";
import { funnelSection } from "./sections/funnel";
import { inputsSection } from "./sections/inputs";
import { partnersSection } from "./sections/partners";
import { contents, render } from "./sections/section";
import { timeSection } from "./sections/time";

export function reportPage(data: Data, language: Language): Child[] {
  const context = contextOf(data, language);
  const { w, n } = context;
  const { run, grid } = data;
  const sections = [
    answerSection(context),
    cashSection(context),
    budgetSection(context),
    funnelSection(context),
    timeSection(context),
    partnersSection(context),
    driversSection(context),
    inputsSection(context),
  ];
  return [
    element("a", { class: "skip", href: "#answer" }, w.skip),
    element(
      "header",
      {},
      element("p", { class: "kind" }, w.kind),
      element("h1", {}, element("bdi", {}, run.name)),
      run.description ? element("p", {}, run.description) : null,
      element("p", {}, `${w.head(context.horizon, grid.starts[0]!, n.whole(run.trials), run.seed)} · ${w.amounts(grid.currency)}`),
      run.shards > 1 ? element("p", {}, element("strong", {}, w.shard(run.shard, run.shards))) : null,
    ),
    contents(w, sections),
    ...sections.map((section, at) => render(section, at + 1)),
    element("footer", {}, element("p", {}, w.footer(run.report_version))),
  ];
}
