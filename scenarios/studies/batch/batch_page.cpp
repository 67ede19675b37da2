#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "scenarios/format/toml_reader.hpp"
#include "scenarios/studies/batch/batch_results.hpp"
#include "scenarios/studies/objective.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kShownRuns = 40;

/// The runs that the page shows: all, or the best of many, best first; the base case is the first.
std::vector<std::size_t> shown_runs(const BatchResult& batch, std::size_t by) {
  std::vector<std::size_t> order(batch.results.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const double sign = preferred(paired_metrics()[by].id) == Preferred::more ? -1.0 : 1.0;
  std::stable_sort(order.begin() + 1, order.end(), [&](std::size_t a, std::size_t b) {
    return sign * batch.results[a].restricted_mean[by] < sign * batch.results[b].restricted_mean[by];
  });
  if (order.size() > kShownRuns) order.resize(kShownRuns);
  return order;
}

std::string unit_of(std::size_t metric) {
  return std::string(models::outcome_metrics()[std::size_t(paired_metrics()[metric].id)].unit);
}

PageNumber figure(double value, double error, std::size_t metric) { return {value, unit_of(metric), error}; }

PageMetric metric_name(std::size_t metric) { return {paired_metrics()[metric].name}; }

PageValue run_name(const BatchResult& batch, std::size_t run) {
  if (run == 0) return Phrase{"base case", "исходный вариант"};
  return batch.name_of(run);
}

PageTable figures_table(const BatchResult& batch, const std::vector<std::size_t>& runs) {
  PageTable table;
  table.title = {"Runs: means with their errors", "Варианты: средние с погрешностями"};
  table.columns.push_back({{"Run", "Вариант"}, PageColumn::Kind::text});
  const std::array<Phrase, 5> heads = {{{"NPV", "NPV"},
                                        {"Contracts", "Договоры"},
                                        {"Payback, up to the horizon", "Окупаемость, не дальше горизонта"},
                                        {"Spend on acquisition", "Затраты на привлечение"},
                                        {"Peak funding", "Пик финансирования"}}};
  for (const Phrase& head : heads) table.columns.push_back({head, PageColumn::Kind::number});
  table.columns.push_back({{"Paid back within the horizon", "Окупается в пределах горизонта"}});
  for (const models::Target& target : batch.file->scenario.targets) {
    table.columns.push_back({{"Target: {0}", "Цель: {0}"}, PageColumn::Kind::number, {target.name}});
  }
  for (const std::size_t run : runs) {
    const BatchRowResult& row = batch.results[run];
    std::vector<PageValue> cells = {run_name(batch, run)};
    for (std::size_t m = 0; m < heads.size(); ++m) {
      cells.emplace_back(figure(row.restricted_mean[m], row.restricted_mcse[m], m));
    }
    cells.emplace_back(row.outcomes[std::size_t(models::Outcome::payback_months)].within_horizon);
    for (const sim::Probability& target : row.targets) cells.emplace_back(target);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

PageTable difference_table(const BatchResult& batch, const std::vector<std::size_t>& runs) {
  PageTable table;
  table.title = {"Differences to the base case, under the same random numbers",
                 "Разница с исходным вариантом при тех же случайных числах"};
  table.columns = {{{"Run", "Вариант"}, PageColumn::Kind::text},
                   {{"NPV", "NPV"}},
                   {{"NPV is better", "NPV лучше"}},
                   {{"Contracts", "Договоры"}},
                   {{"Contracts are more", "Договоров больше"}},
                   {{"Payback", "Окупаемость"}},
                   {{"Payback is earlier", "Окупаемость раньше"}},
                   {{"Spend", "Затраты"}},
                   {{"Peak funding", "Пик финансирования"}}};
  for (const std::size_t run : runs) {
    if (run == 0) continue;
    std::vector<PageValue> cells = {run_name(batch, run)};
    for (std::size_t m = 0; m < paired_metrics().size(); ++m) {
      const BatchDifference& one = batch.results[run].differences[m];
      cells.emplace_back(figure(one.mean, one.mcse, m));
      if (m < 3) {
        cells.push_back(one.equal.value == 1.0 ? PageValue(Phrase{"equal", "равно"}) : PageValue(one.better));
      }
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

PageChart difference_chart(const BatchResult& batch, const std::vector<std::size_t>& runs, std::size_t by) {
  PageChart chart;
  chart.kind = PageChart::Kind::ranges;
  chart.title = {"Difference to the base case", "Разница с исходным вариантом"};
  chart.subtitle = {"Mean and its 95 % interval; the base case is at 0",
                    "Среднее и его 95 %-интервал; исходный вариант — 0"};
  chart.alternative = {
      {"Mean difference in {0} between each run and the base case, with its 95 % interval; the figures "
       "are in the table below.",
       "Средняя разница по показателю «{0}» между каждым вариантом и исходным, с 95 %-интервалом; "
       "цифры — в таблице ниже."},
      {metric_name(by)}};
  chart.x = {{"Difference", "Разница"}, unit_of(by)};
  chart.y = {{"Run", "Вариант"}};
  chart.interval = {"95 % interval", "95 %-интервал"};
  chart.marks = {0.0};
  PageSeries series;
  series.name = metric_name(by);
  for (const std::size_t run : runs) {
    if (run == 0) continue;
    const BatchDifference& one = batch.results[run].differences[by];
    chart.categories.push_back(run_name(batch, run));
    series.y.push_back(one.mean);
    series.low.push_back(one.mean - sim::kNormal95 * one.mcse);
    series.high.push_back(one.mean + sim::kNormal95 * one.mcse);
  }
  chart.series.push_back(std::move(series));
  return chart;
}

/// Numbers that the rows set for their only input, by run; empty if a row sets none.
std::vector<double> single_input(const BatchResult& batch) {
  std::vector<double> values;
  if (batch.rows.keys.size() != 1 || batch.rows.mixes || batch.rows.rows.size() < 2) return values;
  for (const BatchRow& row : batch.rows.rows) {
    std::string reason;
    const auto node = row.values[0] ? parse_toml_value(*row.values[0], {}, reason) : std::nullopt;
    if (!node || (node->kind != NodeKind::whole && node->kind != NodeKind::number)) return {};
    values.push_back(node->number);
  }
  return values;
}

PageChart sweep_chart(const BatchResult& batch, const std::vector<double>& values, std::size_t by) {
  PageChart chart;
  chart.kind = PageChart::Kind::lines;
  chart.title = {"What the input does", "Как влияет параметр"};
  chart.subtitle = {"Median; the band holds eight of ten trials", "Медиана; в полосе — восемь испытаний из десяти"};
  chart.alternative = {{"{0} against {1}: median and the band from the 10 % to the 90 % quantile.",
                        "{0} в зависимости от «{1}»: медиана и полоса от 10 %- до 90 %-квантиля."},
                       {metric_name(by), PageInput{batch.rows.keys[0]}}};
  chart.x = {{"{0}", "{0}"}, "1", {PageInput{batch.rows.keys[0]}}};
  chart.y = {{"{0}", "{0}"}, unit_of(by), {metric_name(by)}};
  chart.interval = {"q10 to q90", "от q10 до q90"};
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  PageSeries series;
  series.name = metric_name(by);
  for (const std::size_t at : order) {
    const sim::ColumnSummary& summary = batch.results[at + 1].outcomes[std::size_t(paired_metrics()[by].id)];
    series.x.push_back(values[at]);
    series.y.push_back(summary.quantile[3]);
    series.low.push_back(summary.quantile[1]);
    series.high.push_back(summary.quantile[5]);
  }
  chart.series.push_back(std::move(series));
  return chart;
}

PageSection answer(const BatchResult& batch, const std::vector<std::size_t>& runs, std::size_t by) {
  const std::size_t best = batch.best_by(by);
  PageSection section{"best", {"Which run is best", "Какой вариант лучше"}, {}, {}};
  if (best == 0) {
    section.meaning.push_back(
        {{"No row is better than the base case by mean {0}.", "Ни один вариант не лучше исходного по среднему «{0}»."},
         {metric_name(by)}});
  } else {
    const BatchDifference& one = batch.results[best].differences[by];
    section.meaning.push_back({{"The best run by mean {0} is {1}: its difference to the base case is {2}, and it is "
                                "better in {3} of trials.",
                                "Лучший по среднему «{0}» вариант — {1}: разница с исходным {2}, он лучше в {3} "
                                "испытаний."},
                               {metric_name(by), run_name(batch, best), figure(one.mean, one.mcse, by), one.better}});
  }
  section.meaning.push_back(
      {{"The best of many runs is flattered by its luck: run it again with another seed before relying on its figure.",
        "Лучшему из многих вариантов отчасти повезло: прежде чем полагаться на его цифры, повторите его с другим "
        "зерном."},
       {}});
  section.items.emplace_back(difference_chart(batch, runs, by));
  if (const std::vector<double> values = single_input(batch); !values.empty()) {
    section.items.emplace_back(sweep_chart(batch, values, by));
  }
  return section;
}

}  // namespace

StudyPage batch_page(const BatchResult& batch, std::size_t by) {
  const models::Scenario& scenario = batch.file->scenario;
  const std::vector<std::size_t> runs = shown_runs(batch, by);
  StudyPage page;
  page.kind = {"Batch of runs", "Серия вариантов"};
  page.title = scenario.name;
  page.currency = scenario.currency;
  page.basis = {{"{0} runs beside the base case, {1} trials each, seed {2}, horizon of {3} months",
                 "{0} вариантов, кроме исходного, по {1} испытаний, зерно {2}, горизонт {3} мес."},
                {PageNumber{double(batch.rows.rows.size())}, PageNumber{double(scenario.simulation.trials)},
                 std::to_string(scenario.simulation.seed), PageNumber{batch.horizon_months, "months"}}};
  page.sections.push_back(answer(batch, runs, by));
  PageSection all{"runs", {"All runs", "Все варианты"}, {}, {}};
  if (runs.size() < batch.results.size()) {
    all.meaning.push_back({{"Shown are the base case and the best {0} runs of {1}; the tables have all of them.",
                            "Показаны исходный вариант и {0} лучших из {1}; в таблицах — все."},
                           {PageNumber{double(runs.size() - 1)}, PageNumber{double(batch.rows.rows.size())}}});
  }
  all.meaning.push_back(
      {{"Every run meets the same luck as the base case, trial by trial, so that a difference is what was changed. A "
        "payback beyond the horizon counts as the horizon.",
        "Каждый вариант в каждом испытании встречает ту же случайность, что и исходный, поэтому разница — следствие "
        "изменений. Окупаемость за горизонтом считается равной горизонту."},
       {}});
  all.items.emplace_back(figures_table(batch, runs));
  all.items.emplace_back(difference_table(batch, runs));
  page.sections.push_back(std::move(all));
  return page;
}

}  // namespace channelcast::scenarios
