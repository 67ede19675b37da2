#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/sensitivity/sensitivity_output.hpp"

namespace channelcast::scenarios {

namespace {

PageNumber at_input(const GoalResult& result, double value) { return {value, std::string(result.input.spec->unit)}; }

PageSentence found_sentence(const GoalResult& result) {
  const std::vector<PageValue> range = {at_input(result, result.bounds.from), at_input(result, result.bounds.to)};
  if (result.found == GoalResult::Found::everywhere) {
    return {{"The goal is reached at every value between {0} and {1} that was tried.",
             "Цель достигается при всех проверенных значениях от {0} до {1}."},
            range};
  }
  return {{"The goal is not reached between {0} and {1}: this input alone does not do it.",
           "Между {0} и {1} цель не достигается: одного этого входа мало."},
          range};
}

PageSentence answer_sentence(const GoalResult& result, const GoalAnswer& answer) {
  const bool above = answer.reached == GoalAnswer::Reached::above;
  return {
      {above ? "The goal is reached from {0} on upwards (95 % interval {1} to {2}); in trials that the search did not "
               "see its probability there is {3}."
             : "The goal is reached from {0} on downwards (95 % interval {1} to {2}); in trials that the search did "
               "not see its probability there is {3}.",
       above ? "Цель достигается от {0} и выше (95 %-ный интервал от {1} до {2}); в испытаниях, которых поиск не "
               "видел, её вероятность там {3}."
             : "Цель достигается от {0} и ниже (95 %-ный интервал от {1} до {2}); в испытаниях, которых поиск не "
               "видел, её вероятность там {3}."},
      {at_input(result, answer.point.value), at_input(result, answer.low), at_input(result, answer.high),
       answer.fresh}};
}

PageChart curve_chart(const GoalResult& result) {
  PageChart chart;
  chart.kind = PageChart::Kind::lines;
  chart.title = {"Probability of the goal by the input's value", "Вероятность цели в зависимости от входа"};
  chart.subtitle = {"with its 95 % interval, over the same trials",
                    "с 95 %-ным интервалом, на одних и тех же испытаниях"};
  chart.x = {{"value of the input", "значение входа"}, std::string(result.input.spec->unit)};
  chart.y = {{"probability", "вероятность"}, "share"};
  PageSeries series{PageInput{result.input.path}, {}, {}, {}, {}, {}};
  PageSeries wanted{Phrase{"wanted", "требуется"}, {}, {}, {}, {}, {}};
  for (const GoalPoint& point : result.curve) {
    series.x.push_back(point.value);
    series.y.push_back(point.probability.value);
    series.low.push_back(point.probability.low);
    series.high.push_back(point.probability.high);
    wanted.x.push_back(point.value);
    wanted.y.push_back(result.goal.probability);
  }
  for (const GoalAnswer& answer : result.answers) chart.marks.push_back(answer.point.value);
  chart.alternative = {
      {"The probability goes from {0} at {1} to {2} at {3}.", "Вероятность меняется от {0} при {1} до {2} при {3}."},
      {result.curve.front().probability, at_input(result, result.curve.front().value), result.curve.back().probability,
       at_input(result, result.curve.back().value)}};
  chart.series = {std::move(series), std::move(wanted)};
  return chart;
}

}  // namespace

StudyPage goal_page(const ScenarioFile& file, const GoalResult& result) {
  StudyPage page;
  page.kind = {"A goal and one input", "Цель и один вход"};
  page.title = file.scenario.name;
  page.currency = file.scenario.currency;
  page.basis = {
      {"{0} trials at each value, the same ones; seed {1}.", "Испытаний на значение: {0}, одни и те же; зерно {1}."},
      {PageNumber{double(result.trials), "1"}, std::to_string(file.scenario.simulation.seed)}};
  PageSection section;
  section.id = "goal";
  section.title = {"What reaches the goal", "Что достигает цели"};
  section.meaning.push_back(
      {{"Goal: {0} with a probability of {1}. Moved: {2}. As the scenario stands, the probability is {3}.",
        "Цель: {0} с вероятностью {1}. Сдвигается: {2}. Для сценария как есть вероятность {3}."},
       {result.goal.text, PageNumber{result.goal.probability, "share"}, PageInput{result.input.path}, result.now}});
  if (result.answers.empty()) section.meaning.push_back(found_sentence(result));
  for (const GoalAnswer& answer : result.answers) section.meaning.push_back(answer_sentence(result, answer));
  if (!result.monotone) {
    section.meaning.push_back({{"The probability rises in one part of the range and falls in another.",
                                "В одной части диапазона вероятность растёт, в другой падает."},
                               {}});
  }
  section.items.emplace_back(curve_chart(result));
  page.sections.push_back(std::move(section));
  return page;
}

}  // namespace channelcast::scenarios
