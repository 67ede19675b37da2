// The decision summary: what a director asks of a run, each figure with its Monte Carlo error.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "output/run_file.hpp"

namespace channelcast::scenarios {

/// A mean over trials with its error; both NaN if there is no trial to take it over.
struct FindingMean {
  std::string key;  ///< its name in the JSON
  double mean = 0.0;
  double mcse = 0.0;
};

/// How a constraint bound, over trials.
struct ConstraintFinding {
  std::string key;                  ///< its name in the JSON: "sales_capacity", "partner_pool", "budget"
  std::string name;                 ///< "sales capacity", "partner pool", "budget"
  bool in_scenario = false;         ///< whether the scenario has this constraint at all
  sim::Probability binding;         ///< share of trials in which it bound at least once
  std::vector<FindingMean> means;   ///< how often and what it cost
  std::vector<std::string> detail;  ///< the same in words, item by item
};

/// Everything the summary says beyond the table of outcomes.
struct DecisionFindings {
  std::optional<sim::Probability> overrun;  ///< acquisition cost above the budget
  double overrun_mean_if_any = 0.0;         ///< mean overrun of the trials that have one; NaN if none has
  double overrun_mean_if_any_mcse = 0.0;
  sim::TailRisk overrun_tail;  ///< worst 5 %
  sim::Probability npv_negative;
  sim::TailRisk npv_tail;  ///< worst 5 %
  std::vector<ConstraintFinding> constraints;
};
[[nodiscard]] DecisionFindings decision_findings(const output::RunReader& run);

/// Whether text may use terminal colours.
enum class Colour { never, always };

/// The summary as text of at most 80 columns.
[[nodiscard]] std::string decision_summary_text(const output::RunReader& run, Colour colour);

/// The summary as JSON (docs/formats/summary-json.md).
[[nodiscard]] std::string decision_summary_json(const output::RunReader& run);

}  // namespace channelcast::scenarios
