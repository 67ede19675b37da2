#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/page_text.hpp"
#include "scenarios/studies/sensitivity/sensitivity_output.hpp"
#include "scenarios/studies/text_table.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kIndent = 2;

// The answers and, apart from each other, some of the values that were tried: most of them lie close to a crossing.
std::vector<GoalPoint> spread_points(const GoalResult& result) {
  const double gap = (result.bounds.to - result.bounds.from) / 30.0;
  std::vector<GoalPoint> shown;
  for (const GoalPoint& point : result.curve) {
    const bool answer = std::any_of(result.answers.begin(), result.answers.end(),
                                    [&](const GoalAnswer& one) { return one.point.value == point.value; });
    const bool apart = std::none_of(shown.begin(), shown.end(),
                                    [&](const GoalPoint& other) { return point.value - other.value < gap; });
    if (answer || apart) shown.push_back(point);
  }
  return shown;
}

}  // namespace

std::string goal_text(const ScenarioFile& file, const GoalResult& result) {
  const auto percent = [](double share) { return number_text(100.0 * share) + " %"; };
  const std::string& path = result.input.path;
  std::string text = fmt::format("GOAL  {}\n", shortened(file.scenario.name, 70));
  text += paragraph(fmt::format("wanted: {} with probability {}; as the scenario stands: {}", result.goal.text,
                                percent(result.goal.probability), probability_text(result.now)),
                    2);
  text += paragraph(fmt::format("moved: {} ({}), now {}", path, result.input.spec->unit, result.present), 2);
  text += paragraph(fmt::format("{} trials at each value, the same ones, seed {}; ± is one error",
                                exact_number(double(result.trials)), file.scenario.simulation.seed),
                    2);
  const std::string range =
      fmt::format("between {} and {}", number_text(result.bounds.from), number_text(result.bounds.to));
  text += "\n";
  if (result.found == GoalResult::Found::everywhere) {
    text += paragraph(fmt::format("The goal is reached at every value {} that was tried.", range), 2);
  } else if (result.found == GoalResult::Found::nowhere) {
    const auto best = std::max_element(
        result.curve.begin(), result.curve.end(),
        [](const GoalPoint& a, const GoalPoint& b) { return a.probability.value < b.probability.value; });
    text += paragraph(fmt::format("The goal is not reached {}: the best is {} at {}. This input alone does not do it "
                                  "there; --from and --to look elsewhere.",
                                  range, probability_text(best->probability), number_text(best->value)),
                      2);
  }
  for (const GoalAnswer& answer : result.answers) {
    const bool above = answer.reached == GoalAnswer::Reached::above;
    const std::string value =
        result.input.whole() ? exact_number(answer.point.value) : number_with_error(answer.point.value, answer.error);
    text += paragraph(fmt::format("Reached with {} at {} or {}{}.", path, value, above ? "more" : "less",
                                  result.answers.size() > 1 ? ", as far as the next crossing" : ""),
                      2);
    const auto end = [&](double bound, const char* open) {
      return std::isnan(bound) ? std::string(open) : number_text(bound);
    };
    text += fmt::format("    95 % interval                {} to {}\n", end(answer.low, "below the bounds"),
                        end(answer.high, "above the bounds"));
    text += fmt::format("    probability there            {}\n", probability_text(answer.point.probability));
    text += fmt::format("    in trials not used before    {}\n", probability_text(answer.fresh));
  }
  if (!result.monotone) {
    text += paragraph(
        "The probability does not go one way: it rises in one part of the range and falls in another. "
        "Look at the values below before you rely on a crossing.",
        2);
  }
  TextTable table(0);
  table.add_row({"value", "probability"});
  for (const GoalPoint& point : spread_points(result)) {
    table.add_row({number_text(point.value), probability_text(point.probability)});
  }
  return text + "\n" + table.text(kIndent);
}

}  // namespace channelcast::scenarios
