// Statistics as JSON, in the form of docs/formats/summary-json.md.
#pragma once

#include <vector>
#include <nlohmann/json.hpp>

#include "output/run_file.hpp"
#include "scenarios/studies/decision_summary.hpp"

namespace channelcast::scenarios {

/// A number; null for infinity and NaN, which JSON does not have.
[[nodiscard]] nlohmann::ordered_json number_json(double value);
[[nodiscard]] nlohmann::ordered_json numbers_json(const std::vector<double>& values);

[[nodiscard]] nlohmann::ordered_json summary_json(const sim::ColumnSummary& summary);
[[nodiscard]] nlohmann::ordered_json probability_json(const sim::Probability& probability);
[[nodiscard]] nlohmann::ordered_json series_json(const output::SeriesStatistics& series);
[[nodiscard]] nlohmann::ordered_json tail_json(const sim::TailRisk& tail);

/// All outcomes and all series of the programme of a run, by name; and its findings.
[[nodiscard]] nlohmann::ordered_json outcomes_json(const output::RunReader& run);
[[nodiscard]] nlohmann::ordered_json all_series_json(const output::RunReader& run);
[[nodiscard]] nlohmann::ordered_json findings_json(const DecisionFindings& findings);

}  // namespace channelcast::scenarios
