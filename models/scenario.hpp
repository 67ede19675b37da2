// The resolved scenario: everything the model needs, valid once built. scenarios/format builds it from a file.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/parameters.hpp"
#include "sim/inputs/input_plan.hpp"
#include "sim/time_grid.hpp"

namespace channelcast::models {

inline constexpr int kMaximumPeriods = 1200;
inline constexpr int kMaximumPartners = 10'000;
inline constexpr std::uint64_t kMaximumTrials = 1'000'000'000;

/// The value of a numeric parameter: fixed, or an uncertain input by its position in Scenario::uncertain.
struct InputValue {
  double fixed = 0.0;  ///< meaningful when `uncertain` < 0; NaN: absent
  int uncertain = -1;  ///< position in Scenario::uncertain, or -1
};

/// A point of a table: (days, cumulative share) of a deal cycle, (months, surviving share) of retention.
struct CurvePoint {
  double x;
  double y;
};
using Curve = std::vector<CurvePoint>;

/// The standby partner that takes over when another gives notice.
struct Reserve {
  int partner = -1;               ///< position in Scenario::partners; -1: none
  double lead_time_months = 1.0;  ///< from notice to the reserve's start
};

/// One partner (one member of a `count`ed group).
struct Partner {
  std::string name;      ///< "alpha", "agency-001"; entity "partner/NAME"
  std::string group;     ///< the name it has in the file (equals `name` without count)
  double start = 0.0;    ///< position in periods since the horizon's start; may be negative
  bool standby = false;  ///< starts only as somebody's reserve
  Reserve reserve;
  std::array<InputValue, kPartnerInputs> inputs;  ///< by PartnerInput
  double volume_scale = 1.0;                      ///< a mix's factor on the expected leads
  std::array<double, 12> season;                  ///< factors January … December with mean 1
  Curve deal_cycle_table;                         ///< when the deal cycle's distribution is `table`
  Curve retention_table;                          ///< when retention is `table`

  [[nodiscard]] const InputValue& input(PartnerInput id) const { return inputs[std::size_t(id)]; }
};

/// What an event acts on.
enum class EventWhat { none, volume, fraud, contact, target, deal, win, churn, revenue };

/// An event; entity "event/NAME".
struct Event {
  std::string name;
  EventWhat what = EventWhat::none;
  std::vector<int> partners;                    ///< positions of the partners it acts on
  std::optional<double> start;                  ///< position in periods; absent: exponential at per_year
  std::optional<double> end;                    ///< position in periods; absent: by duration or to the end
  std::array<InputValue, kEventInputs> inputs;  ///< by EventInput; per_year, duration NaN when absent

  [[nodiscard]] const InputValue& input(EventInput id) const { return inputs[std::size_t(id)]; }
};

/// A change of the number of managers, counting from the first period that starts on or after `position`.
struct SalesChange {
  double position;
  InputValue managers;
};

/// One condition of a target tier on a trial's outcome.
struct TargetCondition {
  std::string metric;  ///< an outcome's name (models/metrics.hpp)
  bool at_least;       ///< true: value >= bound; false: value <= bound
  double bound;
};
struct Target {
  std::string name;
  std::vector<TargetCondition> all;
};

/// A partner mix: what `compare` and other studies put in place of all partners (scenarios/format/mixes.hpp).
struct Mix {
  std::string name;
  std::vector<int> partners;
  std::vector<std::pair<int, double>> volume_scale;      ///< partner, factor
  std::vector<std::pair<std::string, std::string>> set;  ///< input path, value as text
};
/// A sweep over one input (run by `batch`).
struct Sweep {
  std::string key;
  std::vector<double> values;
};

/// When to stop a run at a target precision.
struct Precision {
  std::string metric;
  std::string statistic;    ///< "mean", "q05" … "q95", "p_within_horizon"
  double half_width = 0.0;  ///< of the 95 % interval
  std::uint64_t max_trials = 0;
};

struct SimulationSettings {
  std::uint64_t trials = 10'000;
  std::uint64_t seed = 1;
  sim::Sampling sampling = sim::Sampling::random;
  std::optional<Precision> precision;
};

struct Scenario {
  std::string name;
  std::string description;
  std::string currency = "RUB";
  sim::TimeGrid grid;
  SimulationSettings simulation;
  std::array<InputValue, kProgrammeInputs> inputs;  ///< by ProgrammeInput
  std::vector<SalesChange> sales_changes;           ///< by position
  std::vector<Partner> partners;
  std::vector<Event> events;
  std::vector<sim::UncertainInput> uncertain;  ///< in order of first mention
  std::vector<sim::RankCorrelation> correlations;
  std::vector<Target> targets;
  std::vector<Mix> mixes;
  std::vector<Sweep> sweeps;

  [[nodiscard]] const InputValue& input(ProgrammeInput id) const { return inputs[std::size_t(id)]; }
};

}  // namespace channelcast::models
