// A comparison as an HDF5 file (docs/formats/study-file.md).
#include <limits>

#include "output/study_file.hpp"
#include "scenarios/studies/compare/comparison.hpp"
#include "scenarios/studies/compare/comparison_words.hpp"
#include "scenarios/studies/study_file.hpp"

namespace channelcast::scenarios {

namespace {

constexpr double kNotSimulated = std::numeric_limits<double>::quiet_NaN();

std::string unit_of(const Comparison& comparison, models::Outcome id) {
  const std::string unit(spec_of(id).unit);
  return unit == "currency" ? comparison.currency : unit;
}

/// Values by alternative and alternative: row minus column; NaN on the diagonal.
template <class Pick>
std::vector<double> matrix_of(const Comparison& comparison, std::size_t m, const Pick& pick) {
  const std::size_t size = comparison.alternatives.size();
  std::vector<double> values(size * size, kNotSimulated);
  for (std::size_t one = 0; one < size; ++one) {
    for (std::size_t other = 0; other < size; ++other) {
      if (one != other) values[one * size + other] = pick(against(comparison, one, other).metric(m));
    }
  }
  return values;
}

void add_alternatives(const Comparison& comparison, output::StudyFile& file) {
  std::vector<double> mean;
  std::vector<double> mcse;
  std::vector<double> in_trial;
  std::vector<double> on_average;
  std::vector<std::int64_t> trials;
  for (const AlternativeResult& one : comparison.alternatives) {
    mean.push_back(one.objective.mean);
    mcse.push_back(one.objective.mcse);
    in_trial.push_back(one.best_in_trial.value);
    on_average.push_back(one.best_on_average);
    trials.push_back(std::int64_t(one.trials));
  }
  const std::string unit = comparison.rules.objective.unit();
  const auto add = [&](const char* path, auto values, const std::string& of, const char* name) {
    file.arrays.push_back({path, {"/alternative"}, std::move(values), of, name});
  };
  add("/ranking/trials", trials, "1", "trials simulated");
  add("/ranking/objective_mean", mean, unit, "mean of the objective");
  add("/ranking/objective_mcse", mcse, unit, "its standard error");
  add("/ranking/p_best_in_trial", in_trial, "1", "share of the common trials in which it is the best");
  add("/ranking/p_best_on_average", on_average, "1", "probability that its mean is the best (Bayesian bootstrap)");
}

void add_outcomes(const Comparison& comparison, output::StudyFile& file) {
  std::uint64_t most = 0;
  for (const AlternativeResult& one : comparison.alternatives) most = std::max(most, one.trials);
  std::vector<std::int64_t> numbers(most);
  for (std::uint64_t i = 0; i < most; ++i) numbers[i] = std::int64_t(i);
  file.axes.push_back({"/trial", std::move(numbers), "1", "trial number; the same in every alternative"});
  for (std::size_t m = 0; m < std::size(kCompared); ++m) {
    std::vector<double> values;
    for (const auto& columns : comparison.trials) {
      values.insert(values.end(), columns[m].begin(), columns[m].end());
      values.resize(values.size() + most - columns[m].size(), kNotSimulated);
    }
    file.arrays.push_back({"/outcomes/" + std::string(spec_of(kCompared[m]).name),
                           {"/alternative", "/trial"},
                           std::move(values),
                           unit_of(comparison, kCompared[m]),
                           std::string(spec_of(kCompared[m]).description) + "; NaN where not simulated"});
  }
}

void add_pairs(const Comparison& comparison, output::StudyFile& file) {
  for (std::size_t m = 0; m < std::size(kCompared); ++m) {
    const std::string unit = unit_of(comparison, kCompared[m]);
    const auto add = [&](const char* what, const std::string& of, const char* name, const auto& pick) {
      file.arrays.push_back({"/pairs/" + std::string(spec_of(kCompared[m]).name) + "/" + what,
                             {"/alternative", "/other"},
                             matrix_of(comparison, m, pick),
                             of,
                             name});
    };
    add("mean", unit, "mean difference, alternative minus other", [](const OrientedMetric& x) { return x.mean; });
    add("mcse", unit, "its standard error", [](const OrientedMetric& x) { return x.mcse; });
    add("q10", unit, "10 % quantile of the difference", [](const OrientedMetric& x) { return x.q10; });
    add("q90", unit, "90 % quantile of the difference", [](const OrientedMetric& x) { return x.q90; });
    add("p_better", "1", "share of trials in which the alternative is better",
        [](const OrientedMetric& x) { return x.better.value; });
    add("p_better_mcse", "1", "its standard error", [](const OrientedMetric& x) { return x.better.mcse; });
    add("variance_ratio", "1", "variance of independent over that of common random numbers",
        [](const OrientedMetric& x) { return x.variance_ratio; });
  }
}

}  // namespace

void write_comparison(const Comparison& comparison, const ScenarioFile& scenario, const std::string& path) {
  output::StudyFile file = study_file_of(scenario, "channelcast-comparison");
  std::vector<std::string> names;
  for (const AlternativeResult& one : comparison.alternatives) names.push_back(one.name);
  file.axes.push_back({"/alternative", names, "1", "what is compared"});
  file.axes.push_back({"/other", names, "1", "what it is compared with"});
  add_alternatives(comparison, file);
  add_outcomes(comparison, file);
  add_pairs(comparison, file);
  output::write_study_file(path, file);
}

}  // namespace channelcast::scenarios
