#include "scenarios/studies/report/drivers.hpp"

#include <algorithm>
#include <cmath>

namespace channelcast::scenarios {

namespace {

using Column = std::vector<double>;

constexpr std::size_t kBins = 32;
constexpr double kCut = 0.0005;  // of the draws at each end, which would stretch the axis of a long tail

double strength_of(const DriverEffect& effect) {
  return std::isnan(effect.rank.value) ? 0.0 : std::abs(effect.rank.value);
}

/// Shares of the draws in bins of equal width. The few beyond the axis' ends count in the bins there.
void add_histogram(const Column& sorted, Driver& driver) {
  const double low = sim::quantile_r7(sorted, kCut);
  const double high = sim::quantile_r7(sorted, 1.0 - kCut);
  if (!(high > low) || !std::isfinite(high - low)) return;
  for (std::size_t b = 0; b <= kBins; ++b) driver.edges.push_back(low + (high - low) * double(b) / double(kBins));
  auto from = sorted.begin();
  for (std::size_t b = 1; b <= kBins; ++b) {
    const auto to = b == kBins ? sorted.end() : std::upper_bound(from, sorted.end(), driver.edges[b]);
    driver.shares.push_back(double(to - from) / double(sorted.size()));
    from = to;
  }
}

class DriverSearch {
 public:
  DriverSearch(const output::RunReader& run, const std::vector<models::Outcome>& outcomes) : run_(run) {
    drivers_.outcomes = outcomes;
    for (const models::Outcome id : outcomes) {
      values_.push_back(run.outcome(std::size_t(id)));
      ranks_.push_back(sim::mid_ranks(values_.back()));
    }
  }

  Drivers search(std::size_t shown) {
    for (std::size_t k = 0; k < run_.description().inputs.size(); ++k) correlate(k);
    std::stable_sort(drivers_.inputs.begin(), drivers_.inputs.end(),
                     [](const Driver& a, const Driver& b) { return a.strength() > b.strength(); });
    for (std::size_t at = 0; at < drivers_.inputs.size(); ++at) {
      Driver& driver = drivers_.inputs[at];
      Column drawn = run_.input(driver.input);
      add_tails(driver, drawn, shown);
      driver.drawn = sim::summarize(drawn);  // sorts
      if (at < shown) add_histogram(drawn, driver);
    }
    return std::move(drivers_);
  }

 private:
  void correlate(std::size_t k) {
    Driver& driver = drivers_.inputs.emplace_back();
    driver.input = k;
    const Column ranks = sim::mid_ranks(run_.input(k));
    for (const Column& outcome : ranks_) driver.effects.push_back({sim::spearman(ranks, outcome), {}});
  }

  /// Inputs with a stronger effect on an outcome.
  [[nodiscard]] std::size_t stronger(const Driver& driver, std::size_t outcome) const {
    const double strength = strength_of(driver.effects[outcome]);
    return std::size_t(std::count_if(drivers_.inputs.begin(), drivers_.inputs.end(), [&](const Driver& other) {
      return strength_of(other.effects[outcome]) > strength;
    }));
  }

  void add_tails(Driver& driver, const Column& drawn, std::size_t shown) {
    if (drawn.size() < kFewestForTails) return;
    for (std::size_t m = 0; m < values_.size(); ++m) {
      DriverEffect& effect = driver.effects[m];
      if (strength_of(effect) == 0.0 || stronger(driver, m) >= shown) continue;
      effect.tail = sim::tail_effect(drawn, values_[m], kTailShare);
    }
  }

  const output::RunReader& run_;
  Drivers drivers_;
  std::vector<Column> values_;  ///< [outcome][trial]
  std::vector<Column> ranks_;
};

}  // namespace

double Driver::strength() const {
  double most = 0.0;
  for (const DriverEffect& effect : effects) most = std::max(most, strength_of(effect));
  return most;
}

Drivers drivers_of(const output::RunReader& run, const std::vector<models::Outcome>& outcomes, std::size_t shown) {
  return DriverSearch(run, outcomes).search(shown);
}

}  // namespace channelcast::scenarios
