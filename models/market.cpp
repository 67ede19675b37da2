#include "models/market.hpp"

#include <cmath>

#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::models {

Autoregression::Autoregression(sim::StreamKey key, Tag tag, std::span<const double> persistence_per_month,
                               double months)
    : key_(key), tag_(tag), months_(months) {
  add_lanes(persistence_per_month);
}

void Autoregression::add_lanes(std::span<const double> persistence_per_month) {
  if (persistence_per_month.empty()) return;
  const std::size_t first = carry_.size();
  const std::size_t lanes = first + persistence_per_month.size();
  for (Lanes* each : {&carry_, &innovation_, &state_}) each->resize(lanes);
  const bool shared = all_equal(persistence_per_month);
  for (std::size_t i = first; i < lanes; ++i) {
    carry_[i] = shared && i > first ? carry_[first] : sim::exact_pow(persistence_per_month[i - first], months_);
    innovation_[i] = std::sqrt(std::max(0.0, 1.0 - carry_[i] * carry_[i]));
  }
}

CHANNELCAST_LANE_LOOP void Autoregression::move(int period, std::span<const double> noise, std::size_t first) {
  const auto state = std::span(state_).subspan(first, noise.size());
  if (period == 0) {
    std::ranges::copy(noise, state.begin());
    return;
  }
  const auto carry = std::span(carry_).subspan(first, noise.size());
  const auto innovation = std::span(innovation_).subspan(first, noise.size());
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < state.size(); ++i) state[i] = carry[i] * state[i] + innovation[i] * noise[i];
}

void Autoregression::advance(const Moment& moment) {
  thread_local Lanes scratch;
  const auto noise = room_for(scratch, moment.lanes);
  sim::fill_normal(moment.site(key_, tag_), noise);
  move(moment.period, noise, 0);
}

void Autoregression::catch_up(const Moment& moment, std::size_t first) {
  thread_local Lanes scratch;
  const auto noise = room_for(scratch, moment.lanes * std::size_t(moment.period + 1));
  sim::fill_normal_history(moment.site(key_, tag_), noise);
  for (int period = 0; period <= moment.period; ++period) {
    move(period, noise.subspan(std::size_t(period) * moment.lanes, moment.lanes), first);
  }
}

CHANNELCAST_LANE_LOOP void apply_market(std::span<const double> market, std::span<const double> volume_sd,
                                        std::span<const double> sensitivity, std::span<double> volume) {
  thread_local Lanes scratch;
  const auto factor = room_for(scratch, volume.size());
  for (std::size_t i = 0; i < volume.size(); ++i) {
    const double v = volume_sd[i] * sensitivity[i];
    factor[i] = v * market[i] - 0.5 * (v * v);
  }
  sim::fill_exp(factor, factor);
  for (std::size_t i = 0; i < volume.size(); ++i) volume[i] *= factor[i];
}

void own_loading(std::span<const double> loading, std::span<double> own) {
  for (std::size_t i = 0; i < own.size(); ++i) own[i] = std::sqrt(std::max(0.0, 1.0 - loading[i] * loading[i]));
}

CHANNELCAST_LANE_LOOP void quality_of(const QualityShift& shift, std::span<double> quality) {
  if (shift.market.empty()) {
    std::copy(shift.own.begin(), shift.own.end(), quality.begin());
    return;
  }
  for (std::size_t i = 0; i < quality.size(); ++i) {
    quality[i] = shift.loading[i] * shift.market[i] + shift.own_loading[i] * shift.own[i];
  }
}

CHANNELCAST_LANE_LOOP void shifted_rate(std::span<const double> logit_rate, std::span<const double> sd,
                                        std::span<const double> quality, std::span<double> rate) {
  for (std::size_t i = 0; i < rate.size(); ++i) rate[i] = logit_rate[i] + sd[i] * quality[i];
  sim::fill_logistic(rate, rate);
}

}  // namespace channelcast::models
