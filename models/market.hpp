// The market and the quality of a partner's leads: stationary first-order autoregressions
// (docs/methodology/market.md).
#pragma once

#include "models/block_inputs.hpp"
#include "models/lanes.hpp"

namespace channelcast::models {

/// X_0 ~ N(0,1), X_t = r X_{t-1} + sqrt(1 - r^2) e_t with r = persistence^months; every X_t is standard normal.
class Autoregression {
 public:
  /// `persistence_per_month`: lanes in [0, 1].
  Autoregression(sim::StreamKey key, Tag tag, std::span<const double> persistence_per_month, double months);

  /// Moves to moment.period; to be called once for each period from 0 on.
  void advance(const Moment& moment);
  /// Moves lanes that were added later, those of moment from `first` on, through all periods up to moment.period.
  void catch_up(const Moment& moment, std::size_t first);
  [[nodiscard]] std::span<const double> state() const { return state_; }
  /// Adds lanes, which have not moved yet.
  void add_lanes(std::span<const double> persistence_per_month);

 private:
  /// One period, `noise`: of the lanes from `first` on.
  void move(int period, std::span<const double> noise, std::size_t first);

  sim::StreamKey key_;
  Tag tag_;
  double months_;
  Lanes carry_;       // r
  Lanes innovation_;  // sqrt(1 - r^2)
  Lanes state_;
};

/// Multiplies `volume` by exp(v X - v^2/2), v = volume_sd × sensitivity: mean 1 over trials.
void apply_market(std::span<const double> market, std::span<const double> volume_sd,
                  std::span<const double> sensitivity, std::span<double> volume);

/// Loading of a partner's own state beside that of the market: sqrt(1 - loading^2).
void own_loading(std::span<const double> loading, std::span<double> own);

/// Rate of a period on the logit scale: logistic(logit_rate + sd × Q), Q = loading × X + own_loading × Y.
/// `market` may be empty when loading is 0 in all lanes. Rates 0 and 1 (logit -inf, +inf) stay.
struct QualityShift {
  std::span<const double> market;
  std::span<const double> own;
  std::span<const double> loading;
  std::span<const double> own_loading;
};
void quality_of(const QualityShift& shift, std::span<double> quality);
void shifted_rate(std::span<const double> logit_rate, std::span<const double> sd, std::span<const double> quality,
                  std::span<double> rate);

}  // namespace channelcast::models
