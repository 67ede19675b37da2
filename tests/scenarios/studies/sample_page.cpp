#include "tests/scenarios/studies/sample_page.hpp"

#include <cmath>
#include <limits>

namespace channelcast::scenarios {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
const std::string kHostile = "<img src=x onerror=alert(1)></script><script>alert(2)</script>{0}";
const std::string kLong = "Pilot Nordwest 2026, Filialen A bis K, zweite Welle mit Nachlauf";

PageTable values_table() {
  PageTable table{{"The mixes in figures", "Наборы в цифрах"}, {}, {}};
  table.columns = {{{"Mix", "Набор"}, PageColumn::Kind::text},
                   {{"{0}, mean", "{0}, среднее"}, PageColumn::Kind::number, {PageMetric{"npv"}}},
                   {{"Payback, median", "Окупаемость, медиана"}},
                   {{"Best", "Лучший"}},
                   {{"95 % interval", "95 %-ный интервал"}},
                   {{"Remark", "Примечание"}, PageColumn::Kind::text}};
  const auto row = [](std::string name, double npv, double payback, const sim::Probability& best, Phrase remark) {
    return std::vector<PageValue>{std::move(name),
                                  PageNumber{npv, "currency", 31000.0},
                                  PageNumber{payback, "months", 0.12},
                                  best,
                                  PageInterval{best.low, best.high, "share"},
                                  std::move(remark)};
  };
  table.rows = {row("base", 4.213e6, 18.25, {0.932, 0.004, 0.924, 0.939}, {"as planned", "как задумано"}),
                row(kLong, -1.5e6, kInfinity, {0.068, 0.004, 0.061, 0.076}, {}),
                row(kHostile, kNaN, 36.0, {0.0, 0.0, 0.0, 0.00038}, {"none", "нет"})};
  return table;
}

PageChart bars() {
  PageChart chart{PageChart::Kind::bars, {"Share of the variance of {0}", "Доля дисперсии: {0}"}};
  chart.title_values = {PageMetric{"npv"}};
  chart.subtitle = {"Bars: estimates; whiskers: 95 % intervals", "Столбцы: оценки; отрезки: 95 %-ные интервалы"};
  chart.alternative = {{"{0} has most of it.", "Больше всего: {0}."}, {PageInput{"partner.main.funnel.win_rate"}}};
  chart.categories = {PageInput{"partner.main.funnel.win_rate"}, PageInput{"partner.main.contact.answer_rate"},
                      PageInput{"sales.managers"}, Phrase{"Luck", "Случай"}, kLong};
  chart.x = {{"Index", "Индекс"}, "share"};
  chart.y.title = {"Input", "Параметр"};
  chart.series = {{Phrase{"First order", "Первого порядка"},
                   {},
                   {0.44, 0.18, 0.07, 0.21, kNaN},
                   {0.41, 0.15, 0.03, 0.17, kNaN},
                   {0.47, 0.21, 0.11, 0.25, kNaN}},
                  {Phrase{"Total", "Полный"},
                   {},
                   {0.51, 0.22, 0.08, 0.29, 0.004},
                   {0.47, 0.18, 0.05, 0.24, 0.001},
                   {0.55, 0.26, 0.11, 0.34, 0.007}}};
  return chart;
}

PageChart one_series_bars() {
  PageChart chart{PageChart::Kind::bars, {"Difference to the base case", "Разность с базовым вариантом"}};
  chart.alternative = {{"One is better.", "Один лучше."}};
  chart.categories = {std::string("a"), std::string("b"), kLong, std::string("never ran")};
  chart.x = {{"{0}", "{0}"}, "currency", {PageMetric{"npv"}}};
  chart.series = {{std::string("B"),
                   {},
                   {1.2e6, -0.8e6, 0.1e6, kNaN},
                   {0.9e6, -1.1e6, -0.3e6, kNaN},
                   {1.5e6, -0.5e6, kInfinity, kNaN}}};
  return chart;
}

PageChart tornado() {
  PageChart chart{PageChart::Kind::ranges, {"What moves {0}", "Что двигает: {0}"}};
  chart.title_values = {PageMetric{"npv"}};
  chart.alternative = {{"The win rate moves it most.", "Сильнее всего — доля выигранных."}};
  chart.categories = {PageInput{"partner.main.funnel.win_rate"}, PageInput{"partner.main.contact.answer_rate"},
                      PageInput{"customer.churn_per_month"},
                      PageInput{"partner.second-partner-with-a-name.payment.per_contract"}};
  chart.x = {{"Mean of {0}", "Среднее: {0}"}, "currency", {PageMetric{"npv"}}};
  chart.y.title = {"Input", "Параметр"};
  const std::vector<double> base(4, 4.0e6);
  chart.series = {
      {Phrase{"at its q10", "при q10"},
       {},
       {1.9e6, 2.8e6, 4.9e6, 4.2e6},
       {1.9e6, 2.8e6, 4.0e6, 4.0e6},
       {4.0e6, 4.0e6, 4.9e6, 4.2e6}},
      {Phrase{"at its q90", "при q90"}, {}, {6.4e6, 5.3e6, 3.2e6, 3.7e6}, base, {6.4e6, 5.3e6, 3.2e6, 3.7e6}}};
  chart.marks = {4.0e6};
  chart.mark_names = {{"As drawn", "Как разыграно"}};
  return chart;
}

PageChart forest() {
  PageChart chart{PageChart::Kind::ranges, {"Payback by mix", "Окупаемость по наборам"}};
  chart.alternative = {{"The base pays back first.", "Базовый окупается раньше."}};
  chart.interval = {"q10 … q90", "q10 … q90"};
  chart.categories = {std::string("base"), kLong, kHostile, std::string("never")};
  chart.x = {{"Month", "Месяц"}, "months"};
  chart.series = {{PageMetric{"payback_months"},
                   {},
                   {18.0, 24.0, kInfinity, kInfinity},
                   {14.0, 17.0, 22.0, kInfinity},
                   {25.0, kInfinity, kInfinity, kInfinity}}};
  chart.marks = {18.0, 24.0};
  chart.mark_names = {{"Goal", "Цель"}, {"Limit", "Предел"}};
  return chart;
}

PageChart lines() {
  PageChart chart{PageChart::Kind::lines, {"Probability of the goal", "Вероятность цели"}};
  chart.alternative = {{"It rises with the managers.", "Растёт с числом менеджеров."}};
  chart.x = {{"{0}", "{0}"}, "1", {PageInput{"sales.managers"}}};
  chart.y = {{"Probability to pay back by month 18", "Вероятность окупиться к 18-му месяцу"}, "probability"};
  PageSeries one{std::string("b2b")};
  PageSeries other{Phrase{"With events", "С событиями"}};
  for (int at = 0; at <= 20; ++at) {
    const double x = 1.0 + 0.5 * at;
    const double y = 1.0 / (1.0 + std::exp(3.0 - x));
    one.x.push_back(x);
    one.y.push_back(at == 7 ? kNaN : y);
    one.low.push_back(std::max(0.0, y - 0.03));
    one.high.push_back(at > 17 ? kInfinity : std::min(1.0, y + 0.03));
    other.x.push_back(x);
    other.y.push_back(0.8 * y);
  }
  chart.series = {one, other};
  chart.marks = {4.4};
  chart.mark_names = {{"Needed", "Нужно"}};
  chart.y_marks = {0.8};
  chart.y_mark_names = {{"Goal", "Цель"}};
  return chart;
}

PageChart money_line() {
  PageChart chart{PageChart::Kind::lines, {"Mean against trials", "Среднее и число испытаний"}};
  chart.alternative = {{"It settles.", "Сходится."}};
  chart.x = {{"Trials", "Испытания"}, "1"};
  chart.y = {{}, "currency"};
  chart.series = {{PageMetric{"npv"},
                   {1000.0, 2000.0, 4000.0, 8000.0},
                   {4.4e6, 4.1e6, 4.25e6, 4.21e6},
                   {4.0e6, 3.85e6, 4.1e6, 4.13e6},
                   {4.8e6, 4.35e6, 4.4e6, 4.29e6}}};
  return chart;
}

PageChart frontier() {
  PageChart chart{PageChart::Kind::points, {"Efficient frontier", "Эффективная граница"}};
  chart.subtitle = {"Whiskers: 95 % intervals", "Отрезки: 95 %-ные интервалы"};
  chart.alternative = {{"More {0} costs more risk.", "Больше {0} — больше риска."}, {PageMetric{"npv"}}};
  chart.x = {{"Mean of the worst 5 % of npv", "Среднее худших 5 % npv"}, "currency"};
  chart.y = {{"Mean of {0}", "Среднее: {0}"}, "currency", {PageMetric{"npv"}}};
  PageSeries best{Phrase{"On the frontier", "На границе"}};
  PageSeries other{Phrase{"Others", "Остальные"}};
  best.join = PageSeries::Join::line;
  for (int at = 0; at < 6; ++at) {
    best.x.push_back(-4.0e6 + 0.6e6 * at);
    best.y.push_back(6.0e6 - 0.12e6 * at * at);
    best.low.push_back(best.y.back() - 0.15e6);
    best.high.push_back(at == 5 ? kInfinity : best.y.back() + 0.15e6);
    best.x_low.push_back(best.x.back() - 0.2e6);
    best.x_high.push_back(best.x.back() + 0.2e6);
    best.labels.push_back(at == 2 ? kHostile : "base + partner-" + std::to_string(at));
  }
  // A heap at one place: not all labels have room.
  for (int at = 0; at < 40; ++at) {
    other.x.push_back(-2.5e6 + 3.0e4 * (at % 7) - 2.0e4 * (at % 3));
    other.y.push_back(at == 39 ? kNaN : 4.0e6 + 4.0e4 * (at % 5));
    other.labels.push_back("mix-" + std::to_string(at));
  }
  chart.series = {best, other, {std::string("now"), {-3.4e6}, {4.9e6}, {}, {}, {"today"}}};
  return chart;
}

PageChart matrix() {
  PageChart chart{PageChart::Kind::matrix,
                  {"Probability that the row beats the column", "Вероятность, что строка лучше столбца"}};
  chart.alternative = {{"The base beats all.", "Базовый лучше всех."}};
  chart.categories = {std::string("base"), std::string("cold"), kLong, kHostile};
  chart.x.title = {"is better than", "лучше, чем"};
  chart.y.title = {"Mix", "Набор"};
  chart.series = {
      {std::string("base"), {}, {kNaN, 0.93, 0.71, 1.0}, {kNaN, 0.92, 0.70, 0.9996}, {kNaN, 0.94, 0.72, 1.0}},
      {std::string("cold"), {}, {0.07, kNaN, 0.5, 0.3}, {0.06, kNaN, 0.49, 0.29}, {0.08, kNaN, 0.51, 0.31}},
      {kLong, {}, {0.29, 0.5, kNaN, 0.61}, {0.28, 0.49, kNaN, 0.6}, {0.3, 0.51, kNaN, 0.62}},
      {kHostile, {}, {0.0, 0.7, 0.39, kNaN}, {0.0, 0.69, 0.38, kNaN}, {0.0004, 0.71, 0.4, kNaN}}};
  return chart;
}

/// More than fits on a phone with whole names.
PageChart large_matrix() {
  PageChart chart{PageChart::Kind::matrix, {"Ten of them", "Десять"}};
  chart.alternative = {{"The first beats all.", "Первый лучше всех."}};
  for (int at = 0; at < 10; ++at) chart.categories.emplace_back("partner " + std::to_string(at + 1));
  for (int row = 0; row < 10; ++row) {
    PageSeries series{chart.categories[std::size_t(row)]};
    for (int column = 0; column < 10; ++column) series.y.push_back(row == column ? kNaN : 0.5 + 0.055 * (column - row));
    chart.series.push_back(series);
  }
  return chart;
}

}  // namespace

StudyPage sample_page() {
  StudyPage page{{"Sample of a study", "Пример исследования"}, kHostile, "RUB", {}, {}};
  page.basis = {{"{0} trials, seed {1}", "{0} испытаний, начальное число {1}"},
                {PageNumber{20000.0}, std::string("42")}};
  const PageSentence best{{"“{0}” has the best {1} with a probability of {2}: {3} on average, payback in month {4}.",
                           "«{0}» лучший ({1}) с вероятностью {2}: в среднем {3}, окупаемость на {4}-м месяце."},
                          {std::string("base"), PageMetric{"contracts"}, sim::Probability{0.932, 0.004, 0.924, 0.939},
                           PageNumber{4.213e6, "currency", 31000.0}, PageNumber{kInfinity, "months"}}};
  const PageSentence never{{"“{0}” is best in {1} of the trials.", "«{0}» лучший в {1} испытаний."},
                           {kHostile, sim::Probability{0.0, 0.0, 0.0, 0.00038}}};
  const PageSentence note{{"Intervals hold pair by pair.", "Интервалы верны для каждой пары."}};
  const PageSentence luck{{"Luck has {0} of the variance ({1}).", "На случай приходится {0} дисперсии ({1})."},
                          {PageNumber{0.213, "share", 0.021}, PageInterval{0.17, 0.25, "share"}}};
  page.sections = {{"answer", {"The answer", "Ответ"}, {best, never}, {values_table(), note, matrix()}},
                   {"drivers",
                    {"What drives {0}", "Что влияет: {0}"},
                    {luck},
                    {bars(), tornado(), one_series_bars(), forest()},
                    {PageMetric{"npv"}}},
                   {"goal", {"A goal", "Цель"}, {luck}, {lines(), money_line()}},
                   {"frontier", {"The frontier", "Граница"}, {luck}, {frontier(), note, large_matrix()}}};
  return page;
}

}  // namespace channelcast::scenarios
