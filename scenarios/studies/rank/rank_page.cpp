#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "scenarios/studies/rank/rank.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kShownRows = 40;

PageNumber score(double value) { return {value, "1"}; }
PageValue score(const std::optional<double>& value) {
  if (!value) return Phrase{"unknown", "неизвестно"};
  return score(*value);
}

/// The figures of one result, the largest effect first.
class Writer {
 public:
  explicit Writer(const RankResult& result) : result_(result), order_(result.by_effect()) {
    if (order_.size() > kShownRows) order_.resize(kShownRows);
    unit_ = std::string(models::outcome_metrics()[std::size_t(result.objective)].unit);
    metric_ = std::string(models::outcome_metrics()[std::size_t(result.objective)].name);
  }

  StudyPage write() {
    const models::Scenario& scenario = result_.file->scenario;
    StudyPage page;
    page.kind = partners() ? Phrase{"Ranking of partners", "Ранжирование партнёров"}
                           : Phrase{"Ranking of partner mixes", "Ранжирование наборов партнёров"};
    page.title = scenario.name;
    page.currency = scenario.currency;
    page.basis = {{"By {0}, {1} trials each, seed {2}", "По показателю «{0}», по {1} испытаний, зерно {2}"},
                  {PageMetric{metric_}, PageNumber{double(result_.trials)}, std::to_string(scenario.simulation.seed)}};
    page.sections.push_back(ice());
    page.sections.push_back(simulation());
    if (partners()) page.sections.push_back(matrix());
    return page;
  }

 private:
  [[nodiscard]] bool partners() const { return result_.of == RankOf::partners; }
  [[nodiscard]] const Alternative& at(std::size_t k) const { return result_.alternatives[k]; }

  [[nodiscard]] PageValue name_of(std::size_t k) const { return at(k).top ? at(k).name + " *" : at(k).name; }

  PageSection ice() const {
    PageSection section{"ice", {"Whom to take on first", "С кого начинать"}, {}, {}};
    section.meaning.push_back(
        {{"ICE is impact × confidence × ease, each from 1 to 10. Impact and confidence come from the simulation, ease "
          "is "
          "given. * marks the top {0}, the most that is taken on at a time.",
          "ICE — влияние × уверенность × лёгкость, от 1 до 10 каждое. Влияние и уверенность — из модели, лёгкость "
          "задана. * — первые {0}: больше одновременно не берут."},
         {PageNumber{double(result_.file->ranking.top)}}});
    if (!result_.top_by_ice) {
      section.meaning.push_back({{"No ease is given: the top is by the simulated effect.",
                                  "Лёгкость не задана: отобраны по влиянию в модели."},
                                 {}});
    }
    PageTable table;
    table.title = {"ICE", "ICE"};
    table.columns = {{{"Name", "Название"}, PageColumn::Kind::text},
                     {{"Impact", "Влияние"}},
                     {{"Confidence", "Уверенность"}},
                     {{"Ease", "Лёгкость"}},
                     {{"ICE", "ICE"}},
                     {{"95 % interval", "95 %-интервал"}},
                     {{"In the top when trials are drawn again", "Среди первых при повторной выборке"}}};
    for (const std::size_t k : order_) {
      const Alternative& one = at(k);
      table.rows.push_back({name_of(k), score(one.impact), score(one.confidence), score(one.ease),
                            score(one.ice ? std::optional(one.ice->value) : std::nullopt),
                            one.ice ? PageValue(PageInterval{one.ice->low, one.ice->high}) : PageValue(std::string()),
                            PageNumber{one.in_top, "share"}});
    }
    section.items.emplace_back(std::move(table));
    return section;
  }

  PageSection simulation() const {
    PageSection section{"simulation", {"What the simulation says", "Что показывает модель"}, {}, {}};
    section.meaning.push_back(
        partners()
            ? PageSentence{{"The effect of a partner is the programme with it less the programme without it, under "
                            "the same random numbers. Effects do not add up: partners share the sales team.",
                            "Влияние партнёра — разница программы с ним и без него при тех же случайных числах. "
                            "Влияния не складываются: у партнёров общий отдел продаж."},
                           {}}
            : PageSentence{{"A mix stands beside doing nothing.", "Набор сравнивается с бездействием."}, {}});
    PageChart chart;
    chart.kind = PageChart::Kind::bars;
    chart.title = {"Effect", "Влияние"};
    chart.subtitle = {"Mean with its 95 % interval", "Среднее с 95 %-интервалом"};
    chart.alternative = {{"Effect of each on {0}; the figures are in the table below.",
                          "Влияние каждого на показатель «{0}»; цифры — в таблице ниже."},
                         {PageMetric{metric_}}};
    chart.x = {{"Effect", "Влияние"}, unit_};
    chart.y = {partners() ? Phrase{"Partner", "Партнёр"} : Phrase{"Mix", "Набор"}};
    PageSeries series;
    series.name = PageMetric{metric_};
    PageTable table;
    table.title = {"Effects", "Влияние"};
    table.columns = {
        {{"Name", "Название"}, PageColumn::Kind::text}, {{"Effect", "Влияние"}}, {{"Above 0", "Выше нуля"}}};
    if (partners()) table.columns.push_back({{"Own contribution", "Собственный вклад"}});
    for (const std::size_t k : order_) {
      const Alternative& one = at(k);
      chart.categories.push_back(name_of(k));
      series.y.push_back(one.effect.mean);
      series.low.push_back(one.effect.mean - sim::kNormal95 * one.effect.mcse);
      series.high.push_back(one.effect.mean + sim::kNormal95 * one.effect.mcse);
      std::vector<PageValue> cells = {name_of(k), PageNumber{one.effect.mean, unit_, one.effect.mcse}, one.positive};
      if (partners()) cells.emplace_back(PageNumber{one.contribution.mean, "currency", one.contribution.mcse});
      table.rows.push_back(std::move(cells));
    }
    chart.series.push_back(std::move(series));
    section.items.emplace_back(std::move(chart));
    section.items.emplace_back(std::move(table));
    return section;
  }

  PageSection matrix() const {
    PageSection section{"matrix", {"Opinion and simulation", "Мнение и модель"}, {}, {}};
    section.meaning.push_back(
        {{"The matrix is the weighted mean of the scores people gave, from 0 to 10; the cut-off is {0}. What is not "
          "scored is "
          "unknown, not 0.",
          "Матрица — взвешенное среднее экспертных оценок от 0 до 10; порог — {0}. Нет оценки — неизвестно, а не 0."},
         {PageNumber{result_.file->ranking.cut_off}}});
    for (std::size_t k = 0; k < std::min<std::size_t>(3, result_.disagreements.size()); ++k) {
      const Disagreement& one = result_.disagreements[k];
      section.meaning.push_back(
          {{"{0}: place {1} by the matrix, {2} by simulation.", "{0}: место {1} по матрице, {2} по модели."},
           {at(one.alternative).name, PageNumber{one.by_opinion}, PageNumber{one.by_simulation}}});
    }
    if (std::isfinite(result_.matrix_and_simulation.value)) {
      const sim::RankAssociation& found = result_.matrix_and_simulation;
      section.meaning.push_back({{"Rank correlation of the matrix with the simulation: {0}, 95 % interval {1} to {2}.",
                                  "Ранговая корреляция матрицы с моделью: {0}, 95 %-интервал от {1} до {2}."},
                                 {score(found.value), score(found.low), score(found.high)}});
    }
    PageTable table;
    table.title = {"Matrix", "Матрица"};
    table.columns = {{{"Name", "Название"}, PageColumn::Kind::text}, {{"Score", "Оценка"}},
                     {{"Unknown criteria", "Критериев без оценки"}}, {{"May be", "Может быть"}},
                     {{"Cut-off", "Порог"}, PageColumn::Kind::text}, {{"Place by the matrix", "Место по матрице"}},
                     {{"Place by simulation", "Место по модели"}}};
    const std::array<Phrase, 4> verdicts = {{{"passes", "проходит"},
                                             {"fails", "не проходит"},
                                             {"open", "зависит от неизвестного"},
                                             {"unknown", "неизвестно"}}};
    for (const std::size_t k : order_) {
      const Alternative& one = at(k);
      table.rows.push_back({name_of(k), score(one.matrix.value), score(double(one.matrix.unknown)),
                            PageInterval{one.matrix.low, one.matrix.high}, verdicts[std::size_t(one.matrix.verdict)],
                            score(one.rank_matrix), score(one.rank_simulated)});
    }
    section.items.emplace_back(std::move(table));
    return section;
  }

  const RankResult& result_;
  std::vector<std::size_t> order_;
  std::string unit_;
  std::string metric_;
};

}  // namespace

StudyPage rank_page(const RankResult& result) { return Writer(result).write(); }

}  // namespace channelcast::scenarios
