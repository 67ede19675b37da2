// A plain partner programme as a chain of exact draws: what a sampler is for, and little else. Three partners send
// 2,500, 500 and 50 leads a month for 36 months; each lead is contacted, is a target lead, becomes a deal, is won or
// refused; won deals become contracts after up to 13 months, some refusals return, customers leave. 2,172 draws a
// trial, n and p different in every trial. The same algorithm on arrays over trials, whoever draws:
// bench/baselines/numpy_chain.py is it in numpy.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace channelcast::bench {

inline constexpr std::size_t kMonths = 36;
inline constexpr std::array<double, 3> kLeadsPerMonth = {2500.0, 500.0, 50.0};
inline constexpr std::array<double, 4> kRates = {0.75, 0.64, 0.40, 0.25};  // contacted, target, deal, won
inline constexpr double kRateSpread = 0.2;                                 // uniform, ± this share of the rate
// Shares of won deals that become contracts after 0, 1, … months.
inline constexpr std::array<double, 14> kLag = {0.04, 0.10, 0.14, 0.15, 0.13, 0.11, 0.09,
                                                0.07, 0.05, 0.04, 0.03, 0.02, 0.02, 0.01};
inline constexpr double kReturning = 0.1;  // of refusals, in the next three months
inline constexpr double kChurn = 0.03;

/// One address of a draw: no two are used twice in a trial.
struct Place {
  std::uint32_t partner, month, step;
};

/// to += sign * of: the few sums between the draws.
using AddLanes = void (*)(double sign, std::span<const double> of, std::span<double> to);

/// Contracts of each trial. `Draws` has uniform(place, out), poisson(place, mean, out) and binomial(place, n, p, out)
/// with p as a span or a number; all arrays have one value a trial.
template <class Draws>
class Chain {
 public:
  Chain(Draws& draws, AddLanes add_lanes, std::size_t trials) : draws_(draws), add_(add_lanes), trials_(trials) {
    for (auto* array : {&leads_, &contacted_, &target_, &deals_, &won_, &refused_, &part_, &active_, &mean_, &total_}) {
      array->resize(trials);
    }
    for (auto& rate : rate_) rate.resize(trials);
    for (auto& month : contracts_) month.resize(trials);
  }

  std::span<const double> run() {
    std::fill(total_.begin(), total_.end(), 0.0);
    for (std::uint32_t partner = 0; partner < kLeadsPerMonth.size(); ++partner) {
      begin(partner);
      for (std::uint32_t month = 0; month < kMonths; ++month) step(partner, month);
    }
    return total_;
  }

 private:
  using Array = std::vector<double>;

  void begin(std::uint32_t partner) {
    for (std::uint32_t k = 0; k < rate_.size(); ++k) {
      draws_.uniform({partner, kMonths, k}, rate_[k]);
      for (double& rate : rate_[k]) rate = kRates[k] * (1.0 + kRateSpread * (2.0 * rate - 1.0));
    }
    std::fill(mean_.begin(), mean_.end(), kLeadsPerMonth[partner]);
    std::fill(active_.begin(), active_.end(), 0.0);
    for (Array& month : contracts_) std::fill(month.begin(), month.end(), 0.0);
  }

  void step(std::uint32_t partner, std::uint32_t month) {
    std::uint32_t k = 0;
    const auto place = [&] { return Place{partner, month, k++}; };
    draws_.poisson(place(), mean_, leads_);
    draws_.binomial(place(), leads_, rate_[0], contacted_);
    draws_.binomial(place(), contacted_, rate_[1], target_);
    draws_.binomial(place(), target_, rate_[2], deals_);
    draws_.binomial(place(), deals_, rate_[3], won_);
    refused_ = deals_;
    add_(-1.0, won_, refused_);
    draws_.binomial(place(), refused_, kReturning, part_);
    add_(1.0, part_, won_);
    double left = 1.0;
    for (std::size_t lag = 0; lag + 1 < kLag.size(); ++lag) {
      draws_.binomial(place(), won_, kLag[lag] / left, part_);
      add(month + lag, part_);
      add_(-1.0, part_, won_);
      left -= kLag[lag];
    }
    add(month + kLag.size() - 1, won_);
    draws_.binomial(place(), active_, kChurn, part_);
    const Array& signed_now = contracts_[month];
    add_(1.0, signed_now, active_);
    add_(-1.0, part_, active_);
    add_(1.0, signed_now, total_);
  }

  void add(std::size_t month, const Array& count) {
    if (month >= kMonths) return;
    add_(1.0, count, contracts_[month]);
  }

  Draws& draws_;
  AddLanes add_;
  std::size_t trials_;
  Array leads_, contacted_, target_, deals_, won_, refused_, part_, active_, mean_, total_;
  std::array<Array, 4> rate_;
  std::array<Array, kMonths> contracts_;
};

}  // namespace channelcast::bench
