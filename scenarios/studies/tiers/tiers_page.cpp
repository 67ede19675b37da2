#include <fmt/format.h>

#include <algorithm>

#include "scenarios/studies/tiers/tiers.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kShownInputs = 12;

PageNumber money(double value, double error) { return {value, "currency", error}; }

PageSection overview(const Tiers& tiers) {
  PageSection section{"tiers", {"The tiers", "Уровни"}, {}, {}};
  section.meaning.push_back(
      {{"How likely each forecast agreed in advance is, and what a contract costs when it comes true.",
        "Насколько вероятен каждый заранее согласованный прогноз и сколько стоит договор, если он сбывается."},
       {}});
  PageChart chart;
  chart.kind = PageChart::Kind::bars;
  chart.title = {"Probability of each tier", "Вероятность каждого уровня"};
  chart.subtitle = {"With its 95 % interval", "С 95 %-интервалом"};
  chart.alternative = {{"Probability of each tier as a bar; the figures are in the table below.",
                        "Вероятность каждого уровня столбцом; цифры — в таблице ниже."},
                       {}};
  chart.x = {{"Probability", "Вероятность"}, "share"};
  chart.y = {{"Tier", "Уровень"}};
  PageSeries series;
  series.name = Phrase{"Probability", "Вероятность"};
  PageTable table;
  table.title = {"Tiers and the cost of a contract", "Уровни и стоимость договора"};
  table.columns = {{{"Tier", "Уровень"}, PageColumn::Kind::text},
                   {{"Probability", "Вероятность"}},
                   {{"CAC, mean", "CAC, среднее"}},
                   {{"CAC, q10", "CAC, q10"}},
                   {{"CAC, median", "CAC, медиана"}},
                   {{"CAC, q90", "CAC, q90"}}};
  const auto cac = [](const sim::ColumnSummary& summary, std::vector<PageValue>& cells) {
    cells.emplace_back(money(summary.mean, summary.mcse));
    for (const std::size_t q : {1, 3, 5}) cells.emplace_back(money(summary.quantile[q], summary.quantile_mcse[q]));
  };
  for (const Tier& tier : tiers.tiers) {
    chart.categories.emplace_back(tier.name);
    series.y.push_back(tier.met.value);
    series.low.push_back(tier.met.low);
    series.high.push_back(tier.met.high);
    std::vector<PageValue> cells = {tier.name, tier.met};
    cac(tier.cac, cells);
    table.rows.push_back(std::move(cells));
  }
  std::vector<PageValue> cells = {Phrase{"all trials", "все испытания"}, std::string("")};
  cac(tiers.cac, cells);
  table.rows.push_back(std::move(cells));
  chart.series.push_back(std::move(series));
  section.items.emplace_back(std::move(chart));
  section.items.emplace_back(std::move(table));
  return section;
}

PageChart nesting(const Tiers& tiers) {
  PageChart chart;
  chart.kind = PageChart::Kind::matrix;
  chart.title = {"One tier within another", "Один уровень внутри другого"};
  chart.subtitle = {"Of the trials in the row's tier, the share that is in the column's, too",
                    "Доля испытаний уровня строки, попавших и в уровень столбца"};
  chart.alternative = {{"Shares of the trials of each tier that are in each other tier.",
                        "Доли испытаний каждого уровня, попавших в каждый другой."},
                       {}};
  chart.y = {{"Tier", "Уровень"}};
  for (const Tier& tier : tiers.tiers) {
    chart.categories.emplace_back(tier.name);
    PageSeries series;
    series.name = tier.name;
    for (const sim::Probability& share : tier.also_in) series.y.push_back(share.value);
    chart.series.push_back(std::move(series));
  }
  return chart;
}

PageTable conditions_table(const output::RunReader& run, const Tier& tier) {
  PageTable table;
  table.title = {"What the tier asks for", "Условия уровня"};
  table.columns = {{{"Condition", "Условие"}, PageColumn::Kind::text},
                   {{"Met by itself", "Выполнено само по себе"}},
                   {{"Fails alone", "Не выполнено только оно"}}};
  for (const TierCondition& one : tier.conditions) {
    table.rows.push_back({condition_text(run, one.condition), one.met, one.fails_alone});
  }
  return table;
}

PageChart inputs_chart(const output::RunReader& run, const Tier& tier) {
  PageChart chart;
  chart.kind = PageChart::Kind::ranges;
  chart.title = {"What the trials inside share", "Что общего у испытаний внутри уровня"};
  chart.subtitle = {
      "How often a trial inside has a higher value than one outside, with its 95 % interval; one half: no "
      "difference",
      "Как часто значение внутри выше, чем снаружи, с 95 %-интервалом; половина — нет разницы"};
  chart.alternative = {{"For each input the probability that its value is higher inside the tier than outside.",
                        "Для каждого параметра вероятность, что внутри уровня он выше, чем снаружи."},
                       {}};
  chart.x = {{"Probability of a higher value inside", "Вероятность более высокого значения внутри"}, "share"};
  chart.y = {{"Input", "Параметр"}};
  chart.interval = {"95 % interval", "95 %-интервал"};
  chart.marks = {0.5};
  PageSeries series;
  series.name = tier.name;
  for (std::size_t k = 0; k < std::min(tier.inputs.size(), kShownInputs); ++k) {
    const TierInput& one = tier.inputs[k];
    chart.categories.emplace_back(PageInput{run.description().inputs[one.input].first});
    series.y.push_back(one.higher.value);
    series.low.push_back(one.higher.low);
    series.high.push_back(one.higher.high);
  }
  chart.series.push_back(std::move(series));
  return chart;
}

PageTable inputs_table(const output::RunReader& run, const Tier& tier) {
  PageTable table;
  table.title = {"Inputs inside the tier and in all trials", "Параметры внутри уровня и во всех испытаниях"};
  table.columns = {{{"Input", "Параметр"}, PageColumn::Kind::text},
                   {{"Median inside", "Медиана внутри"}},
                   {{"Median, all", "Медиана, все"}},
                   {{"Inside in the lowest third", "Внутри — в нижней трети"}},
                   {{"Inside in the highest third", "Внутри — в верхней трети"}},
                   {{"Differs beyond chance", "Отличие не случайно"}, PageColumn::Kind::text}};
  for (std::size_t k = 0; k < std::min(tier.inputs.size(), kShownInputs); ++k) {
    const TierInput& one = tier.inputs[k];
    const auto& [path, unit] = run.description().inputs[one.input];
    table.rows.push_back({PageInput{path}, PageNumber{one.inside.quantile[3], unit, one.inside.quantile_mcse[3]},
                          PageNumber{one.all.quantile[3], unit}, one.in_lowest, one.in_highest,
                          one.differs() ? Phrase{"yes", "да"} : Phrase{"no", "нет"}});
  }
  return table;
}

PageSection one(const output::RunReader& run, const Tier& tier, std::size_t position) {
  PageSection section{fmt::format("tier-{}", char('a' + position % 26)), {"{0}", "{0}"}, {}, {}, {tier.name}};
  const TierCondition& worst = tier.conditions[tier.bottleneck];
  section.meaning.push_back(
      {{"{0} of trials reach it. The bottleneck is {1}: in {2} of trials it fails while all other "
        "conditions hold.",
        "Достигается в {0} испытаний. Узкое место — {1}: в {2} испытаний не выполнено только "
        "оно."},
       {tier.met, condition_text(run, worst.condition), worst.fails_alone}});
  section.items.emplace_back(conditions_table(run, tier));
  if (!tier.compared) {
    section.meaning.push_back({{"Too few trials lie inside or outside to say what they share: at least {0} of each are "
                                "needed.",
                                "Внутри или снаружи слишком мало испытаний, чтобы судить об их общих чертах: нужно не "
                                "меньше {0}."},
                               {PageNumber{double(kFewestInTier)}}});
  } else if (!tier.inputs.empty()) {
    section.meaning.push_back(
        {{"What trials inside share need not be the cause. Whether an input differs beyond chance allows for all of "
          "them "
          "being looked at (Holm, 5 %).",
          "Общая черта — ещё не причина. Отличие названо неслучайным с поправкой на число параметров (Холм, 5 %)."},
         {}});
    section.items.emplace_back(inputs_chart(run, tier));
    section.items.emplace_back(inputs_table(run, tier));
  }
  return section;
}

}  // namespace

StudyPage tiers_page(const output::RunReader& run, const Tiers& tiers) {
  const output::RunDescription& description = run.description();
  StudyPage page;
  page.kind = {"Scenario tiers", "Уровни прогноза"};
  page.title = description.identity.scenario_name;
  page.currency = description.schema.currency;
  page.basis = {{"{0} trials, seed {1}, from {2}", "{0} испытаний, зерно {1}, начало {2}"},
                {PageNumber{double(run.trials())}, std::to_string(description.identity.seed),
                 description.schema.period_starts.front()}};
  PageSection first = overview(tiers);
  if (tiers.tiers.size() > 1) first.items.emplace_back(nesting(tiers));
  page.sections.push_back(std::move(first));
  for (std::size_t t = 0; t < tiers.tiers.size(); ++t) page.sections.push_back(one(run, tiers.tiers[t], t));
  return page;
}

}  // namespace channelcast::scenarios
