// Limits that a choice has to keep: statistics of outcomes and their bounds, as they are typed.
#pragma once

#include <string>
#include <vector>

#include "models/scenario.hpp"
#include "scenarios/studies/condition.hpp"
#include "scenarios/studies/evaluation.hpp"

namespace channelcast::scenarios {

/// An estimate with its Monte Carlo standard error.
struct Estimate {
  double value = 0.0;
  double mcse = 0.0;
};

/// One limit: a statistic of the trials, at most or at least a bound.
class Limit {
 public:
  /// Reads STATISTIC<=NUMBER or STATISTIC>=NUMBER, where STATISTIC is
  ///   METRIC or mean(METRIC)    the mean (of payback: up to the horizon)
  ///   q90(METRIC)               a quantile, q01 … q99
  ///   cvar5(METRIC)             the mean of the worst 5 % of trials, cvar1 … cvar50; worst by preferred()
  ///   p(METRIC<=X), p(METRIC>=X), p(target:NAME), p(overrun)
  /// Throws UsageError that names `option`.
  [[nodiscard]] static Limit parse(const std::string& text, const models::Scenario& scenario,
                                   const std::string& option);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::vector<models::Outcome> outcomes() const;
  [[nodiscard]] Estimate estimate(const Evaluation& evaluation) const;
  [[nodiscard]] bool keeps(double value) const {
    return side_ == Condition::Side::at_least ? value >= bound_ : value <= bound_;
  }
  /// How far a value is on the wrong side; 0 where it keeps the limit.
  [[nodiscard]] double excess(double value) const {
    const double beyond = side_ == Condition::Side::at_least ? bound_ - value : value - bound_;
    return keeps(value) ? 0.0 : beyond;
  }
  [[nodiscard]] double bound() const { return bound_; }
  /// "share" for a probability, else the outcome's unit.
  [[nodiscard]] std::string unit() const;

 private:
  enum class Statistic { mean, quantile, tail_mean, probability };

  void read_statistic(const std::string& text, const models::Scenario& scenario, const std::string& option);
  void read_probability(const std::string& inner, const models::Scenario& scenario, const std::string& option);

  std::string text_;
  Statistic statistic_ = Statistic::mean;
  models::Outcome outcome_{};
  double level_ = 0.0;                 // of a quantile or tail
  std::vector<Condition> conditions_;  // of a probability: all must hold
  Condition::Side side_ = Condition::Side::at_most;
  double bound_ = 0.0;
};

}  // namespace channelcast::scenarios
