// Scenarios from TOML text with overrides, and whole runs of them in memory.
#pragma once

#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/metrics.hpp"
#include "output/run_file.hpp"
#include "scenarios/format/scenario_file.hpp"
#include "scenarios/studies/forecast.hpp"

namespace channelcast::testing {

using Sets = std::vector<std::string>;

[[nodiscard]] inline std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Path of a file of the project.
[[nodiscard]] inline std::string project_file(const std::string& path) {
  return std::string(CHANNELCAST_SOURCE_DIR) + "/" + path;
}

[[nodiscard]] inline scenarios::ScenarioFile scenario_of(const std::string& text, const Sets& sets = {}) {
  std::vector<scenarios::Override> overrides;
  for (const std::string& set : sets) overrides.push_back(scenarios::parse_override(set));
  return scenarios::parse_scenario(text, "test.toml", overrides);
}

/// A scenario of tests/golden by its name.
[[nodiscard]] inline scenarios::ScenarioFile golden_scenario(const std::string& name, const Sets& sets = {}) {
  return scenario_of(text_of(project_file("tests/golden/" + name + ".toml")), sets);
}

/// A finished run in memory, or in a file if options.output says so.
class MemoryRun {
 public:
  explicit MemoryRun(const scenarios::ScenarioFile& file, const scenarios::ForecastOptions& options = {})
      : plan_(scenarios::plan_forecast(file, options)),
        result_(scenarios::run_forecast(file, plan_, options, nullptr, {})),
        reader_(options.output.empty() ? output::RunReader(*result_.writer) : output::RunReader(options.output)) {}

  [[nodiscard]] const output::RunReader& reader() const { return reader_; }
  [[nodiscard]] const scenarios::ForecastPlan& plan() const { return plan_; }
  [[nodiscard]] const scenarios::ForecastResult& result() const { return result_; }
  [[nodiscard]] std::vector<double> outcome(models::Outcome id) const { return reader_.outcome(std::size_t(id)); }
  [[nodiscard]] sim::ColumnSummary summary(models::Outcome id) const { return reader_.summary(std::size_t(id)); }
  /// [trial] of one partner.
  [[nodiscard]] std::vector<double> partner_outcome(std::size_t partner, models::PartnerOutcome id) const {
    const std::vector<double> all = reader_.entity_outcome(std::size_t(id));
    const std::size_t partners = reader_.description().schema.entities.size();
    std::vector<double> own;
    for (std::size_t i = partner; i < all.size(); i += partners) own.push_back(all[i]);
    return own;
  }

 private:
  scenarios::ForecastPlan plan_;
  scenarios::ForecastResult result_;
  output::RunReader reader_;
};

/// Whether two columns hold the same bits (NaN equals NaN).
[[nodiscard]] inline bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

}  // namespace channelcast::testing
