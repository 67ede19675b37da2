#include <limits>

#include "scenarios/studies/condition.hpp"
#include "scenarios/studies/sensitivity/sensitivity_output.hpp"
#include "scenarios/studies/study_file.hpp"

namespace channelcast::scenarios {

namespace {

using output::StudyArray;
using output::StudyFile;

StudyFile heading(const ScenarioFile& file, const char* filetype, const char* sampling) {
  StudyFile study = study_file_of(file, filetype);
  study.sampling = sampling;
  return study;
}

// Arrays [outcome, …, statistic] of estimates, filled outcome by outcome; NaN where an outcome was not analysed.
class Estimates {
 public:
  Estimates(std::string path, std::vector<std::string> inner, std::string name) {
    array_.path = std::move(path);
    array_.axes = {"/outcome"};
    for (std::string& axis : inner) array_.axes.push_back(std::move(axis));
    array_.axes.emplace_back("/statistic");
    array_.long_name = std::move(name);
  }
  void add(const OutcomeSensitivity& outcome, const sim::Estimate& one) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    const bool good = outcome.problem.empty();
    for (const double value : {one.value, one.error, one.low, one.high}) values_.push_back(good ? value : kNone);
  }
  [[nodiscard]] StudyArray array() {
    array_.values = std::move(values_);
    return std::move(array_);
  }

 private:
  StudyArray array_;
  std::vector<double> values_;
};

void add_axes(StudyFile& study, const SensitivityResults& results) {
  std::vector<std::string> outcomes;
  std::vector<std::string> factors;
  std::vector<std::string> bars;
  for (const OutcomeSensitivity& one : results.outcomes) outcomes.emplace_back(spec_of(one.outcome).name);
  for (const Factor& one : results.factors) factors.push_back(one.name);
  for (const TornadoBar& one : results.bars) bars.push_back(one.name);
  study.axes = {{"/outcome", outcomes, "1", "outcome of a trial"},
                {"/statistic", std::vector<std::string>{"value", "error", "low", "high"}, "1",
                 "estimate, its standard error, its 95 % interval"}};
  if (!factors.empty()) study.axes.push_back({"/factor", factors, "1", "inputs that count as one"});
  if (!bars.empty()) study.axes.push_back({"/tornado_input", bars, "1", "input that is moved"});
}

void add_outcomes(StudyFile& study, const SensitivityResults& results) {
  Estimates mean("/mean", {}, "mean; a moment beyond the horizon counts as the horizon");
  Estimates within("/within_horizon", {}, "share of trials within the horizon; 1 for what is no moment");
  Estimates epistemic("/epistemic_share", {}, "share of the variance due to the inputs alone");
  Estimates luck_first("/luck/first", {}, "first-order index of luck within a trial");
  Estimates luck_total("/luck/total", {}, "total index of luck: the aleatory share of the variance");
  Estimates interactions("/interactions", {}, "1 less all first-order indices");
  std::vector<double> sds;
  std::vector<std::string> problems;
  for (const OutcomeSensitivity& one : results.outcomes) {
    mean.add(one, one.mean);
    within.add(one, one.censored ? one.within_horizon : sim::Estimate{1.0, 0.0, 1.0, 1.0});
    epistemic.add(one, one.known);
    luck_first.add(one, one.luck.first);
    luck_total.add(one, one.luck.total);
    interactions.add(one, one.interactions);
    sds.push_back(one.problem.empty() ? one.sd : std::numeric_limits<double>::quiet_NaN());
    problems.push_back(one.problem);
  }
  for (Estimates* one : {&mean, &within, &epistemic, &luck_first, &luck_total, &interactions}) {
    study.arrays.push_back(one->array());
  }
  study.arrays.push_back({"/sd", {"/outcome"}, sds, "1", "standard deviation, in the outcome's unit"});
  study.arrays.push_back({"/problem", {"/outcome"}, problems, "1", "why the outcome was not analysed, else empty"});
}

void add_factors(StudyFile& study, const ScenarioFile& file, const SensitivityResults& results) {
  if (results.factors.empty()) return;
  Estimates first("/indices/first", {"/factor"}, "first-order Sobol' index");
  Estimates total("/indices/total", {"/factor"}, "total Sobol' index");
  for (const OutcomeSensitivity& one : results.outcomes) {
    for (const FactorIndices& indices : one.factors) {
      first.add(one, indices.first);
      total.add(one, indices.total);
    }
  }
  study.arrays.push_back(first.array());
  study.arrays.push_back(total.array());
  std::vector<std::string> kinds;
  std::vector<std::string> inputs;
  for (const Factor& factor : results.factors) {
    kinds.emplace_back(name_of(factor.kind));
    std::string list;
    for (const std::size_t k : factor.inputs) list += (list.empty() ? "" : "\n") + file.scenario.uncertain[k].path;
    inputs.push_back(list);
  }
  study.arrays.push_back({"/indices/kind", {"/factor"}, kinds, "1", "single, correlated, draws, members, others"});
  study.arrays.push_back({"/indices/inputs", {"/factor"}, inputs, "1", "paths of the factor's inputs, one a line"});
}

void add_tornado(StudyFile& study, const SensitivityResults& results) {
  if (results.bars.empty()) return;
  const std::vector<std::string> axis = {"/tornado_input"};
  Estimates low("/tornado/at_q10", axis, "mean with the input at its q10, others as drawn");
  Estimates high("/tornado/at_q90", axis, "mean with the input at its q90, others as drawn");
  Estimates swing("/tornado/swing", axis, "at_q90 less at_q10, over the same trials");
  Estimates in_low("/tornado/within_horizon_at_q10", axis,
                   "share of trials within the horizon; 1 for what is no moment");
  Estimates in_high("/tornado/within_horizon_at_q90", axis,
                    "share of trials within the horizon; 1 for what is no moment");
  const sim::Estimate all{1.0, 0.0, 1.0, 1.0};
  for (const OutcomeSensitivity& one : results.outcomes) {
    for (const TornadoEffect& effect : one.tornado) {
      low.add(one, effect.low);
      high.add(one, effect.high);
      swing.add(one, effect.swing);
      in_low.add(one, one.censored ? effect.within_low : all);
      in_high.add(one, one.censored ? effect.within_high : all);
    }
  }
  for (Estimates* one : {&low, &high, &swing, &in_low, &in_high}) study.arrays.push_back(one->array());
  std::vector<double> q10;
  std::vector<double> q90;
  for (const TornadoBar& bar : results.bars) {
    q10.push_back(bar.low);
    q90.push_back(bar.high);
  }
  study.arrays.push_back({"/tornado/q10", axis, q10, "1", "the input's q10, in its unit"});
  study.arrays.push_back({"/tornado/q90", axis, q90, "1", "the input's q90, in its unit"});
}

void add_shapley(StudyFile& study, const ScenarioFile& file, const SensitivityResults& results) {
  if (results.outcomes.empty() || results.outcomes[0].groups.empty()) return;
  std::vector<std::string> paths;
  for (const GroupShares& group : results.outcomes[0].groups) {
    for (const std::size_t k : results.factors[group.factor].inputs) paths.push_back(file.scenario.uncertain[k].path);
  }
  study.axes.push_back({"/correlated_input", paths, "1", "input of a correlated group"});
  Estimates shapley("/shapley", {"/correlated_input"}, "share of the group's first-order index (Shapley value)");
  for (const OutcomeSensitivity& one : results.outcomes) {
    for (const GroupShares& group : one.groups) {
      for (const sim::Estimate& share : group.shapley) shapley.add(one, share);
    }
  }
  study.arrays.push_back(shapley.array());
}

}  // namespace

StudyFile sensitivity_file(const ScenarioFile& file, const SensitivityResults& results) {
  StudyFile study = heading(file, "channelcast-sensitivity", "sobol");
  add_axes(study, results);
  add_outcomes(study, results);
  add_factors(study, file, results);
  add_tornado(study, results);
  add_shapley(study, file, results);
  return study;
}

StudyFile goal_file(const ScenarioFile& file, const GoalResult& result) {
  static constexpr std::array kSampling = {"random", "lhs", "sobol"};
  StudyFile study = heading(file, "channelcast-goal", kSampling[std::size_t(file.scenario.simulation.sampling)]);
  std::vector<double> values;
  std::vector<double> probabilities;
  std::vector<double> low;
  std::vector<double> high;
  for (const GoalPoint& point : result.curve) {
    values.push_back(point.value);
    probabilities.push_back(point.probability.value);
    low.push_back(point.probability.low);
    high.push_back(point.probability.high);
  }
  study.axes = {{"/value", values, std::string(result.input.spec->unit), result.input.path}};
  study.arrays = {{"/probability", {"/value"}, probabilities, "1", result.goal.text},
                  {"/probability_low", {"/value"}, low, "1", "lower end of the 95 % interval"},
                  {"/probability_high", {"/value"}, high, "1", "upper end of the 95 % interval"}};
  if (result.answers.empty()) return study;
  std::vector<double> answers;
  std::vector<double> from;
  std::vector<double> to;
  std::vector<double> fresh;
  for (const GoalAnswer& answer : result.answers) {
    answers.push_back(answer.point.value);
    from.push_back(answer.low);
    to.push_back(answer.high);
    fresh.push_back(answer.fresh.value);
  }
  study.axes.push_back(
      {"/answer", answers, std::string(result.input.spec->unit), "value at which the goal is reached"});
  study.arrays.push_back({"/answers/low", {"/answer"}, from, "1", "lower end of the 95 % interval; NaN: open"});
  study.arrays.push_back({"/answers/high", {"/answer"}, to, "1", "upper end of the 95 % interval; NaN: open"});
  study.arrays.push_back({"/answers/fresh", {"/answer"}, fresh, "1", "probability there in trials not used before"});
  return study;
}

}  // namespace channelcast::scenarios
