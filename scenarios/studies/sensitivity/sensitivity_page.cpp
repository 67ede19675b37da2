#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/studies/condition.hpp"
#include "scenarios/studies/sensitivity/sensitivity_output.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kShown = 15;

using Kind = PageColumn::Kind;

PageNumber share(const sim::Estimate& estimate) { return {estimate.value, "share", estimate.error}; }

// The name of a factor or bar: an input's if it is one path.
PageValue name_of_factor(const Factor& factor) {
  switch (factor.kind) {
    case Factor::Kind::single:
    case Factor::Kind::members: return PageInput{factor.name};
    case Factor::Kind::correlated:
      return Phrase{factor.name, fmt::format("связанные входы ({})", factor.inputs.size())};
    case Factor::Kind::draws: return factor.name;
    case Factor::Kind::others:
      return Phrase{factor.name, fmt::format("все остальные входы ({})", factor.inputs.size())};
  }
  return factor.name;
}

std::string unit_of(const OutcomeSensitivity& outcome) { return std::string(spec_of(outcome.outcome).unit); }

PageChart tornado_chart(const OutcomeSensitivity& outcome, const SensitivityResults& results,
                        const std::vector<std::size_t>& order) {
  PageChart chart;
  chart.kind = PageChart::Kind::ranges;
  chart.title = {"One input from its q10 to its q90", "Один вход от его q10 до его q90"};
  chart.subtitle = {"mean of the outcome, all other inputs as drawn",
                    "среднее показателя, остальные входы как разыграны"};
  chart.x = {{"mean of the outcome", "среднее показателя"}, unit_of(outcome)};
  chart.marks = {outcome.mean.value};
  PageSeries low{Phrase{"input at its q10", "вход на своём q10"}, {}, {}, {}, {}, {}};
  PageSeries high{Phrase{"input at its q90", "вход на своём q90"}, {}, {}, {}, {}, {}};
  const double mean = outcome.mean.value;
  for (const std::size_t bar : order) {
    const TornadoEffect& effect = outcome.tornado[bar];
    chart.categories.emplace_back(PageInput{results.bars[bar].name});
    for (auto [series, value] : {std::pair(&low, effect.low.value), std::pair(&high, effect.high.value)}) {
      series->y.push_back(value);
      series->low.push_back(std::min(mean, value));
      series->high.push_back(std::max(mean, value));
    }
  }
  chart.alternative = {
      {"Moving {0} changes the mean most, by {1}.", "Сильнее всего среднее меняет {0}: на {1}."},
      {PageInput{results.bars[order[0]].name},
       PageNumber{outcome.tornado[order[0]].swing.value, unit_of(outcome), outcome.tornado[order[0]].swing.error}}};
  chart.series = {std::move(low), std::move(high)};
  return chart;
}

PageTable tornado_table(const OutcomeSensitivity& outcome, const SensitivityResults& results,
                        const models::Scenario& scenario) {
  PageTable table;
  table.title = {"All inputs that were moved", "Все входы, которые сдвигались"};
  table.columns = {{{"input", "вход"}, Kind::text},
                   {{"its q10", "его q10"}},
                   {{"its q90", "его q90"}},
                   {{"mean at q10", "среднее при q10"}},
                   {{"mean at q90", "среднее при q90"}},
                   {{"swing", "размах"}}};
  if (outcome.censored) {
    table.columns.push_back({{"within the horizon at q10", "в горизонте при q10"}});
    table.columns.push_back({{"within the horizon at q90", "в горизонте при q90"}});
  }
  const std::string unit = unit_of(outcome);
  for (const std::size_t k : by_swing(outcome)) {
    const TornadoBar& bar = results.bars[k];
    const TornadoEffect& effect = outcome.tornado[k];
    const std::string& own = scenario.uncertain[bar.inputs[0]].unit;
    std::vector<PageValue> row = {PageInput{bar.name},
                                  PageNumber{bar.low, own},
                                  PageNumber{bar.high, own},
                                  PageNumber{effect.low.value, unit, effect.low.error},
                                  PageNumber{effect.high.value, unit, effect.high.error},
                                  PageNumber{effect.swing.value, unit, effect.swing.error}};
    if (outcome.censored) {
      row.emplace_back(share(effect.within_low));
      row.emplace_back(share(effect.within_high));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

PageChart indices_chart(const OutcomeSensitivity& outcome, const SensitivityResults& results,
                        const std::vector<std::size_t>& order) {
  PageChart chart;
  chart.kind = PageChart::Kind::bars;
  chart.title = {"What the variance is due to", "Чем вызван разброс"};
  chart.subtitle = {"Sobol' indices with 95 % intervals", "индексы Соболя с 95 %-ными интервалами"};
  chart.x = {{"share of the variance", "доля дисперсии"}, "share"};
  PageSeries first{Phrase{"alone", "сам по себе"}, {}, {}, {}, {}, {}};
  PageSeries total{Phrase{"with interactions", "с взаимодействиями"}, {}, {}, {}, {}, {}};
  const auto add = [&](PageValue name, const FactorIndices& indices) {
    chart.categories.push_back(std::move(name));
    for (auto [series, estimate] : {std::pair(&first, indices.first), std::pair(&total, indices.total)}) {
      series->y.push_back(std::max(0.0, estimate.value));
      series->low.push_back(std::max(0.0, estimate.low));
      series->high.push_back(std::max(0.0, estimate.high));
    }
  };
  for (const std::size_t f : order) add(name_of_factor(results.factors[f]), outcome.factors[f]);
  add(Phrase{"luck within a trial", "случай внутри испытания"}, outcome.luck);
  chart.alternative = {
      {"Most of the variance is due to {0}: {1} with interactions; luck has {2}.",
       "Больше всего дисперсии даёт {0}: {1} с взаимодействиями; на случай приходится {2}."},
      {chart.categories[0], share(order.empty() ? outcome.luck.total : outcome.factors[order[0]].total),
       share(outcome.luck.total)}};
  chart.series = {std::move(first), std::move(total)};
  return chart;
}

PageTable indices_table(const OutcomeSensitivity& outcome, const SensitivityResults& results) {
  PageTable table;
  table.title = {"Shares of the variance", "Доли дисперсии"};
  table.columns = {
      {{"due to", "вызвано"}, Kind::text}, {{"alone", "само по себе"}}, {{"with interactions", "с взаимодействиями"}}};
  for (const std::size_t f : by_total(outcome)) {
    table.rows.push_back(
        {name_of_factor(results.factors[f]), share(outcome.factors[f].first), share(outcome.factors[f].total)});
  }
  table.rows.push_back(
      {Phrase{"luck within a trial", "случай внутри испытания"}, share(outcome.luck.first), share(outcome.luck.total)});
  return table;
}

void add_groups(PageSection& section, const OutcomeSensitivity& outcome, const SensitivityResults& results,
                const models::Scenario& scenario) {
  for (const GroupShares& group : outcome.groups) {
    const Factor& factor = results.factors[group.factor];
    PageTable table;
    table.title = {"How correlated inputs share their group's own effect (Shapley values)",
                   "Как связанные входы делят собственный эффект группы (значения Шепли)"};
    table.columns = {{{"input", "вход"}, Kind::text}, {{"share of the variance", "доля дисперсии"}}};
    for (std::size_t g = 0; g < factor.inputs.size(); ++g) {
      table.rows.push_back({PageInput{scenario.uncertain[factor.inputs[g]].path}, share(group.shapley[g])});
    }
    section.items.emplace_back(std::move(table));
  }
}

std::vector<PageSentence> meaning_of(const OutcomeSensitivity& outcome, const SensitivityResults& results) {
  std::vector<PageSentence> meaning;
  meaning.push_back(
      {{"{0} of the variance is due to what is not known (the inputs): better data would lower it. {1} is "
        "luck: it stays, whatever is known.",
        "{0} дисперсии вызвано тем, что неизвестно (входы): лучшие данные её снизят. {1} — случай: он "
        "останется, что бы ни было известно."},
       {share(outcome.known), share(outcome.luck.total)}});
  if (outcome.censored) {
    meaning.push_back({{"A trial beyond the horizon counts as {0} months; {1} of the trials lie within it.",
                        "Испытание за горизонтом считается как {0} мес.; доля испытаний в горизонте: {1}."},
                       {PageNumber{results.horizon_months, "months"}, share(outcome.within_horizon)}});
  }
  if (!results.bars.empty()) {
    const std::size_t widest = by_swing(outcome)[0];
    meaning.push_back(
        {{"The widest swing is that of {0}: from {1} at its q10 to {2} at its q90.",
          "Самый большой размах даёт {0}: от {1} при q10 до {2} при q90."},
         {PageInput{results.bars[widest].name}, PageNumber{outcome.tornado[widest].low.value, unit_of(outcome)},
          PageNumber{outcome.tornado[widest].high.value, unit_of(outcome)}}});
  }
  return meaning;
}

PageSection outcome_section(const OutcomeSensitivity& outcome, const SensitivityResults& results,
                            const models::Scenario& scenario) {
  PageSection section;
  section.id = std::string(spec_of(outcome.outcome).name);
  std::replace(section.id.begin(), section.id.end(), '_', '-');
  const std::string name(spec_of(outcome.outcome).name);
  section.title = {"What drives " + name, "Что определяет " + name};
  if (!outcome.problem.empty()) {
    section.meaning.push_back({{"{0} was not analysed: it " + outcome.problem + ".",
                                "{0}: анализ невозможен, показатель не всегда определён, бесконечен или постоянен."},
                               {PageMetric{name}}});
    return section;
  }
  section.meaning = meaning_of(outcome, results);
  const auto shown = [](std::vector<std::size_t> order) {
    order.resize(std::min(order.size(), kShown));
    return order;
  };
  if (!results.bars.empty()) {
    section.items.emplace_back(tornado_chart(outcome, results, shown(by_swing(outcome))));
    section.items.emplace_back(tornado_table(outcome, results, scenario));
  }
  section.items.emplace_back(indices_chart(outcome, results, shown(by_total(outcome))));
  if (results.factors.size() > kShown) section.items.emplace_back(indices_table(outcome, results));
  section.items.emplace_back(PageSentence{{"Interactions of all these: {0}.", "Взаимодействия всего этого: {0}."},
                                          {share(outcome.interactions)}});
  add_groups(section, outcome, results, scenario);
  return section;
}

PageSection reading_section(const SensitivityResults& results) {
  PageSection section;
  section.id = "reading";
  section.title = {"How to read it", "Как это читать"};
  section.meaning = {
      {{"\"Alone\" (first-order index): the part of the variance that would go on average if this input became known. "
        "\"With interactions\" (total index): the part that would be left if everything else were known.",
        "«Сам по себе» (индекс первого порядка): доля дисперсии, которая в среднем исчезла бы, если бы этот вход стал "
        "известен. «С взаимодействиями» (полный индекс): доля, которая осталась бы, если бы было известно всё "
        "остальное."},
       {}}};
  const auto has = [&](Factor::Kind kind) {
    return std::any_of(results.factors.begin(), results.factors.end(),
                       [&](const Factor& one) { return one.kind == kind; });
  };
  if (has(Factor::Kind::correlated) || has(Factor::Kind::draws)) {
    section.meaning.push_back(
        {{"Inputs that are correlated or share the rows of a file count as one: an index of one of them alone would "
          "not "
          "say what it is due to. In the tornado each is moved with the others as drawn.",
          "Входы, которые коррелируют или берутся из строк одного файла, считаются как один: индекс одного из них "
          "ничего не говорил бы о причине. В торнадо каждый сдвигается, остальные — как разыграны."},
         {}});
  }
  if (results.screened > 0) {
    section.meaning.push_back(
        {{"Of {0} factors the strongest by rank correlation stand by themselves; the total index of all others "
          "together "
          "is at least that of each of them.",
          "Из {0} факторов самые сильные по ранговой корреляции показаны отдельно; полный индекс всех остальных вместе "
          "не меньше индекса каждого из них."},
         {PageNumber{double(results.screened), "1"}}});
  }
  return section;
}

}  // namespace

StudyPage sensitivity_page(const ScenarioFile& file, const SensitivityResults& results) {
  const models::Scenario& scenario = file.scenario;
  StudyPage page;
  page.kind = {"Sensitivity", "Чувствительность"};
  page.title = scenario.name;
  page.currency = scenario.currency;
  page.basis = {{"{0} simulated trials, {1} to a run in {2} replicates; seed {3}; horizon {4} months.",
                 "Просчитано испытаний: {0}, по {1} на прогон в {2} повторениях; зерно {3}; горизонт {4} мес."},
                {PageNumber{double(results.simulations), "1"}, PageNumber{double(results.rows), "1"},
                 PageNumber{double(results.replicates), "1"}, std::to_string(scenario.simulation.seed),
                 PageNumber{results.horizon_months, "months"}}};
  for (const OutcomeSensitivity& outcome : results.outcomes) {
    page.sections.push_back(outcome_section(outcome, results, scenario));
  }
  page.sections.push_back(reading_section(results));
  return page;
}

}  // namespace channelcast::scenarios
