#include "scenarios/studies/compare/comparison_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "scenarios/studies/compare/comparison_words.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kCurvePoints = 61;
constexpr std::size_t kNpv = 1;  // positions in kCompared
constexpr std::size_t kContracts = 2;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

PageNumber mean_of(const sim::ColumnSummary& summary, const std::string& unit) {
  return {summary.mean, unit, summary.mcse};
}

PageValue objective_value(const Comparison& comparison) {
  const Objective& objective = comparison.rules.objective;
  if (const auto outcome = objective.outcome()) return PageMetric{std::string(spec_of(*outcome).name)};
  return objective.words();
}

// The scenario itself has no name among its mixes.
PageValue name_value(const std::string& name) {
  if (name == kAsWritten) return Phrase{kAsWritten, "как в сценарии"};
  return name;
}

PageColumn text_column(const char* english, const char* russian) {
  return {{english, russian}, PageColumn::Kind::text};
}
PageColumn column(const char* english, const char* russian) { return {{english, russian}}; }

PageColumn metric_column(models::Outcome id) {
  switch (id) {
    case models::Outcome::payback_months: return column("Payback, median, months", "Окупаемость, медиана, мес.");
    case models::Outcome::npv: return column("NPV, mean", "NPV, среднее");
    case models::Outcome::contracts: return column("Contracts, mean", "Договоры, среднее");
    case models::Outcome::acquisition_cost: return column("Spend, mean", "Расходы на привлечение, среднее");
    default: return column("Funding need, mean", "Потребность в финансировании, среднее");
  }
}

std::string unit_of(models::Outcome id) { return std::string(spec_of(id).unit); }

class Page {
 public:
  explicit Page(const Comparison& comparison) : comparison_(comparison) {}

  StudyPage make() {
    page_.kind = {"Comparison of partner mixes", "Сравнение наборов партнёров"};
    page_.title = comparison_.title;
    page_.currency = comparison_.currency;
    page_.basis = {
        {"{0} alternatives, simulated with the same random numbers trial by trial; at least {1} and at most {2} trials "
         "each; "
         "seed {3}; horizon {4} months.",
         "Вариантов: {0}; все рассчитаны на одних и тех же случайных числах, испытание за испытанием; от {1} "
         "до {2} испытаний на вариант; начальное число {3}; горизонт {4} мес."},
        {count(double(comparison_.alternatives.size())), count(double(comparison_.common_trials)),
         count(double(best().trials)), fmt::format("{}", comparison_.seed), count(comparison_.horizon_months)}};
    page_.sections = {verdict(), outcomes(), differences(), distributions(), dominance()};
    return page_;
  }

 private:
  static PageNumber count(double value) { return {value, "1"}; }
  [[nodiscard]] const AlternativeResult& best() const { return comparison_.alternatives[comparison_.best]; }
  [[nodiscard]] const AlternativeResult& ranked(std::size_t rank) const {
    return comparison_.alternatives[comparison_.ranking[rank]];
  }

  [[nodiscard]] PageSentence verdict_sentence() const {
    const PageNumber confidence{comparison_.rules.race.confidence, "share"};
    switch (comparison_.end) {
      case RaceEnd::decided:
        return {{"“{0}” is the best by {1}, with {2} confidence.",
                 "Лучший вариант по показателю «{1}» — «{0}», с "
                 "доверием {2}."},
                {name_value(best().name), objective_value(comparison_), confidence}};
      case RaceEnd::indifferent:
        return {
            {"“{0}” is the best by {1}, or so close to it that the difference does not matter; with {2} confidence.",
             "По показателю «{1}» лучше всех «{0}» или отстаёт настолько мало, что это неважно; с доверием {2}."},
            {name_value(best().name), objective_value(comparison_), confidence}};
      case RaceEnd::equal:
        return {{"“{0}” is the best by {1}; others give the same in every trial.",
                 "По показателю «{1}» лучше всех «{0}»; другие дают то же самое в каждом испытании."},
                {name_value(best().name), objective_value(comparison_)}};
      case RaceEnd::out_of_trials: break;
    }
    return {
        {"“{0}” is ahead by {1}, but the trials do not decide it with {2} confidence: take more trials, or see the "
         "alternatives that are still open as equally good.",
         "По показателю «{1}» впереди «{0}», но испытаний не хватило, чтобы решить это с доверием {2}: увеличьте их "
         "число или считайте оставшиеся варианты равноценными."},
        {name_value(best().name), objective_value(comparison_), confidence}};
  }

  PageSection verdict() {
    PageTable table{{"Ranking", "Место"},
                    {text_column("Alternative", "Вариант"), column("Trials", "Испытаний"),
                     column("Objective, mean", "Показатель, среднее"), column("Best in a trial", "Лучший в испытании"),
                     column("Best on average", "Лучший в среднем"), text_column("State", "Состояние")},
                    {}};
    for (std::size_t rank = 0; rank < comparison_.ranking.size(); ++rank) {
      const AlternativeResult& one = ranked(rank);
      const Phrase state = one.standing.beaten_by                          ? Phrase{"left behind", "отстал"}
                           : comparison_.ranking[rank] == comparison_.best ? Phrase{"ahead", "впереди"}
                                                                           : Phrase{"still open", "не решено"};
      table.rows.push_back({name_value(one.name), count(double(one.trials)),
                            mean_of(one.objective, comparison_.rules.objective.unit()), one.best_in_trial,
                            chance_text(one.best_on_average), state});
    }
    PageChart chart;
    chart.kind = PageChart::Kind::bars;
    chart.title = {"How often each is the best", "Как часто каждый вариант оказывается лучшим"};
    chart.subtitle = {
        "share of trials; luck decides a single trial, so even the best on average does not win them all",
        "доля испытаний; в отдельном испытании решает и случай, поэтому лучший в среднем выигрывает не все"};
    chart.alternative = {{"“{0}” is the best in {1} of trials.", "«{0}» — лучший в {1} испытаний."},
                         {name_value(best().name), best().best_in_trial}};
    chart.x.unit = "share";
    PageSeries series;
    series.name = Phrase{"best in a trial", "лучший в испытании"};
    for (std::size_t rank = 0; rank < comparison_.ranking.size(); ++rank) {
      const sim::Probability& p = ranked(rank).best_in_trial;
      chart.categories.emplace_back(name_value(ranked(rank).name));
      series.y.push_back(p.value);
      series.low.push_back(p.low);
      series.high.push_back(p.high);
    }
    chart.series = {series};
    PageSection section{
        "choice",
        {"Which is best", "Какой вариант лучше"},
        {verdict_sentence(),
         {{"Trials were spent where the choice was open: an alternative is left behind once its disadvantage is "
           "beyond chance at every look taken so far.",
           "Испытания тратились там, где выбор оставался открытым: вариант выбывает, когда его отставание уже нельзя "
           "объяснить случаем, сколько бы раз ни проверяли."},
          {}}},
        {table, chart}};
    if (loses(best())) {
      section.meaning.push_back({{"Its mean NPV is below zero: doing nothing would cost less.",
                                  "Его средний NPV ниже нуля: ничего не делать было бы дешевле."},
                                 {}});
    }
    return section;
  }

  PageSection outcomes() {
    PageTable table{{"Outcomes of each alternative", "Результаты каждого варианта"},
                    {text_column("Alternative", "Вариант"), text_column("Partners", "Партнёры")},
                    {}};
    for (const models::Outcome id : kCompared) table.columns.push_back(metric_column(id));
    table.columns.push_back(column("Pays back within the horizon", "Окупается в пределах горизонта"));
    for (std::size_t rank = 0; rank < comparison_.ranking.size(); ++rank) {
      const AlternativeResult& one = ranked(rank);
      std::vector<PageValue> row = {name_value(one.name), partners_text(one)};
      row.emplace_back(PageNumber{one.outcomes[0].quantile[3], "months", one.outcomes[0].quantile_mcse[3]});
      for (std::size_t m = 1; m < one.outcomes.size(); ++m) {
        row.emplace_back(mean_of(one.outcomes[m], unit_of(kCompared[m])));
      }
      row.emplace_back(one.outcomes[0].within_horizon);
      table.rows.push_back(std::move(row));
    }
    return {"outcomes",
            {"What each brings and costs", "Что даёт и чего стоит каждый"},
            {{{"A payback median is shown as “–” where fewer than half of the trials pay back within the horizon.",
               "Вместо медианы окупаемости стоит «–», если в пределах горизонта окупается менее половины испытаний."},
              {}}},
            {table}};
  }

  static std::string partners_text(const AlternativeResult& one) {
    constexpr std::size_t kMost = 5;
    std::vector<std::string> names = one.partners;
    const std::size_t all = names.size();
    names.resize(std::min(all, kMost));
    return fmt::format("{}{}", fmt::join(names, ", "), all > kMost ? fmt::format(" … ({})", all) : "");
  }

  PageSection differences() {
    PageSection section{
        "differences",
        {"Differences, trial by trial", "Разности, испытание за испытанием"},
        {{{"Each alternative minus “{0}”. Because all see the same months, luck and partners, what they "
           "share cancels out: the last column says how many times more trials independent runs would "
           "take for the same error.",
           "Каждый вариант минус «{0}». Поскольку у всех одни и те же месяцы, удача и партнёры, общее "
           "взаимно уничтожается: последний столбец показывает, во сколько раз больше испытаний "
           "потребовали бы независимые расчёты при той же погрешности."},
          {name_value(best().name)}}},
        {}};
    for (const std::size_t m : {kNpv, kContracts}) section.items.emplace_back(difference_chart(m));
    for (std::size_t m = 0; m < std::size(kCompared); ++m) section.items.emplace_back(difference_table(m));
    return section;
  }

  // Where the middle of the differences lies, and how far they spread over the trials.
  PageChart difference_chart(std::size_t m) {
    PageChart chart;
    chart.kind = PageChart::Kind::ranges;
    chart.title = m == kNpv ? Phrase{"Difference in NPV", "Разность NPV"}
                            : Phrase{"Difference in contracts", "Разность числа договоров"};
    chart.subtitle = {"minus the best: mean, and the middle 80 % of trials",
                      "относительно лучшего: среднее и средние 80 % испытаний"};
    chart.alternative = {{"Differences of each alternative from “{0}”.", "Разности каждого варианта с «{0}»."},
                         {name_value(best().name)}};
    chart.x.unit = unit_of(kCompared[m]);
    chart.y.title = {"Alternative", "Вариант"};
    chart.interval = {"middle 80 % of trials", "средние 80 % испытаний"};
    chart.marks = {0.0};
    PageSeries series;
    series.name = Phrase{"difference", "разность"};
    for (const std::size_t k : comparison_.ranking) {
      if (k == comparison_.best) continue;
      const OrientedMetric metric = against(comparison_, k, comparison_.best).metric(m);
      chart.categories.emplace_back(name_value(comparison_.alternatives[k].name));
      series.y.push_back(metric.mean);
      series.low.push_back(metric.q10);
      series.high.push_back(metric.q90);
    }
    chart.series = {series};
    return chart;
  }

  PageTable difference_table(std::size_t m) {
    const std::string name(spec_of(kCompared[m]).name);
    static constexpr const char* kEnglish[] = {"Payback, months (beyond the horizon counts as its length)", "NPV",
                                               "Contracts", "Spend", "Funding need"};
    static constexpr const char* kRussian[] = {"Окупаемость, мес. (за горизонтом считается его длина)", "NPV",
                                               "Договоры", "Расходы на привлечение", "Потребность в финансировании"};
    PageTable table{{kEnglish[m], kRussian[m]},
                    {text_column("Alternative", "Вариант"), column("Mean difference", "Средняя разность"),
                     column("q10", "q10"), column("q90", "q90"), column("Better", "Лучше"), column("Worse", "Хуже"),
                     column("Trials saved, times", "Экономия испытаний, раз")},
                    {}};
    for (const std::size_t k : comparison_.ranking) {
      if (k == comparison_.best) continue;
      const OrientedMetric metric = against(comparison_, k, comparison_.best).metric(m);
      const std::string unit = unit_of(kCompared[m]);
      table.rows.push_back({name_value(comparison_.alternatives[k].name), PageNumber{metric.mean, unit, metric.mcse},
                            PageNumber{metric.q10, unit}, PageNumber{metric.q90, unit}, metric.better, metric.worse,
                            PageNumber{metric.variance_ratio, "1"}});
    }
    return table;
  }

  PageSection distributions() {
    PageSection section{
        "distributions",
        {"Distributions", "Распределения"},
        {{{"The curve of the alternative that lies lower and further right is the better one for NPV and "
           "contracts; for payback, the higher one.",
           "Для NPV и договоров лучше тот вариант, чья кривая лежит ниже и правее; для окупаемости — тот, "
           "чья кривая выше."},
          {}}},
        {}};
    for (const std::size_t m : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
      if (auto chart = curves(m)) section.items.emplace_back(std::move(*chart));
    }
    if (nobody_pays_back()) {
      section.items.emplace_back(
          PageSentence{{"No alternative pays back within the horizon in any trial.",
                        "Ни один вариант не окупается в пределах горизонта ни в одном испытании."},
                       {}});
    }

    return section;
  }

  [[nodiscard]] bool nobody_pays_back() const {
    return std::all_of(comparison_.alternatives.begin(), comparison_.alternatives.end(),
                       [](const AlternativeResult& one) { return one.outcomes[0].within_horizon.value == 0.0; });
  }

  // Share of trials at or below each value, for every alternative.
  std::optional<PageChart> curves(std::size_t m) {
    static constexpr const char* kEnglish[] = {"Paid back by month", "NPV at most", "Contracts at most"};
    static constexpr const char* kRussian[] = {"Окупилось к месяцу", "NPV не выше", "Договоров не больше"};
    PageChart chart;
    chart.kind = PageChart::Kind::lines;
    chart.title = {kEnglish[m], kRussian[m]};
    chart.subtitle = {"share of trials", "доля испытаний"};
    chart.alternative = {{"Cumulative distributions of the alternatives.", "Функции распределения вариантов."}, {}};
    chart.x.unit = unit_of(kCompared[m]);
    chart.y.unit = "share";
    std::vector<std::vector<double>> sorted;
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const std::size_t k : comparison_.ranking) {
      sorted.push_back(comparison_.trials[k][m]);
      std::sort(sorted.back().begin(), sorted.back().end());
      for (const double value : sorted.back()) {
        if (!std::isfinite(value)) break;
        low = std::min(low, value);
        high = std::max(high, value);
      }
    }
    if (!std::isfinite(low)) return std::nullopt;  // nothing to draw: nobody pays back
    if (low == high) high = low + 1.0;
    for (std::size_t at = 0; at < sorted.size(); ++at) {
      PageSeries series;
      series.name = name_value(ranked(at).name);
      for (std::size_t i = 0; i < kCurvePoints; ++i) {
        const double x = low + (high - low) * double(i) / double(kCurvePoints - 1);
        const auto below = std::upper_bound(sorted[at].begin(), sorted[at].end(), x) - sorted[at].begin();
        series.x.push_back(x);
        series.y.push_back(double(below) / double(sorted[at].size()));
      }
      chart.series.push_back(std::move(series));
    }
    return chart;
  }

  PageSection dominance() {
    PageChart chart;
    chart.kind = PageChart::Kind::matrix;
    chart.title = {"How often the row is better than the column", "Как часто строка лучше столбца"};
    chart.subtitle = {"share of trials, by NPV", "доля испытаний, по NPV"};
    chart.alternative = {{"Shares of trials in which one alternative has the higher NPV than another.",
                          "Доли испытаний, в которых NPV одного варианта выше, чем другого."},
                         {}};
    for (std::size_t row = 0; row < comparison_.ranking.size(); ++row) {
      chart.categories.emplace_back(name_value(ranked(row).name));
      PageSeries series;
      series.name = name_value(ranked(row).name);
      for (std::size_t at = 0; at < comparison_.ranking.size(); ++at) {
        const bool same = at == row;
        series.y.push_back(
            same ? kNone
                 : against(comparison_, comparison_.ranking[row], comparison_.ranking[at]).metric(1).better.value);
      }
      chart.series.push_back(std::move(series));
    }
    PageSection section{
        "dominance",
        {"One against one, and dominance", "Попарно и стохастическое доминирование"},
        {{{"First order: whatever the threshold, it is passed at least as often. Second order: everyone "
           "who shuns risk prefers it. Both are said of the sample; a true distribution function may "
           "differ from the sample's by up to {0} (95 %).",
           "Первый порядок: любой порог достигается не реже. Второй порядок: вариант предпочтёт каждый, "
           "кто избегает риска. Оба утверждения — о выборке; истинная функция распределения может "
           "отличаться от выборочной на величину до {0} (95 %)."},
          {PageNumber{sim::dominance_margin(comparison_.common_trials, comparison_.common_trials), "share"}}}},
        {chart, dominance_table()}};
    return section;
  }

  PageTable dominance_table() {
    PageTable table{{"Stochastic dominance in the sample", "Стохастическое доминирование в выборке"},
                    {text_column("Dominates", "Доминирует"), text_column("over", "над"),
                     text_column("in", "по показателю"), text_column("order", "порядок")},
                    {}};
    for (const PairResult& pair : comparison_.pairs) {
      for (const MetricDifference& metric : pair.metrics) {
        add_dominance(pair.a, pair.b, metric.outcome, metric.a_over_b, table);
        add_dominance(pair.b, pair.a, metric.outcome, metric.b_over_a, table);
      }
    }
    if (table.rows.empty()) {
      table.rows.push_back({Phrase{"none", "нет"}, std::string("–"), std::string("–"), std::string("–")});
    }
    return table;
  }

  void add_dominance(std::size_t winner, std::size_t loser, models::Outcome id, const sim::Dominance& dominance,
                     PageTable& table) {
    if (!dominance.first_order() && !dominance.second_order()) return;
    table.rows.push_back({name_value(comparison_.alternatives[winner].name),
                          name_value(comparison_.alternatives[loser].name), PageMetric{std::string(spec_of(id).name)},
                          dominance.first_order() ? Phrase{"first", "первый"} : Phrase{"second", "второй"}});
  }

  const Comparison& comparison_;
  StudyPage page_;
};

}  // namespace

StudyPage comparison_page(const Comparison& comparison) { return Page(comparison).make(); }

}  // namespace channelcast::scenarios
