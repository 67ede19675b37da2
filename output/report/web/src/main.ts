// The decision report: reads the data in the page and builds the page of it.

import { drawCharts } from "./charts";
import { contextOf } from "./context";
import type { Data } from "./data";
import { element } from "./dom";
import { answerSection } from "./sections/answer";
import { budgetSection } from "./sections/budget";
import { cashSection } from "./sections/cash";
import { driversSection } from "./sections/drivers";
import { funnelSection } from "./sections/funnel";
import { inputsSection } from "./sections/inputs";
import { partnersSection } from "./sections/partners";
import { render } from "./sections/section";
import { timeSection } from "./sections/time";

// Controls of the direction of writing in a name would turn what stands beside it.
const isolated = (_: string, value: unknown) => (typeof value === "string" ? value.replace(/[\u202a-\u202e\u2066-\u2069]/g, "") : value);
const data = JSON.parse(document.getElementById("data")!.textContent!, isolated) as Data;
const context = contextOf(data, document.documentElement.lang === "ru" ? "ru" : "en");
const { w, n } = context;

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

const { run, grid } = data;
document.getElementById("report")!.append(
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
  element(
    "nav",
    { "aria-label": w.contents },
    element("ol", {}, ...sections.map(({ id, title }, at) => element("li", {}, element("a", { href: `#${id}` }, `${at + 1}. ${title}`)))),
  ),
  ...sections.map((section, at) => render(section, at + 1)),
  element("footer", {}, element("p", {}, w.footer(run.report_version))),
);
drawCharts();
