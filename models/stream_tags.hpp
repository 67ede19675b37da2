// Where the model draws random numbers. Append-only: a tag once given is never reused or renumbered, because results of
// every scenario depend on it (sim/rng/stream.hpp).
#pragma once

#include <cstdint>

namespace channelcast::models {

enum class Tag : std::uint32_t {
  market_state = 1,   // entity "market": X_t
  quality_state = 2,  // entity "partner/NAME" from here on
  event_occurs = 3,   // entity "event/NAME"
  event_start = 4,
  volume_dispersion = 5,
  volume_leads = 6,
  fraud_episode = 7,
  fraud_count = 8,
  fraud_detected = 9,
  transfer_live = 10,
  transfer_outage = 11,
  transfer_lost = 12,
  transfer_recovered = 13,
  contact = 14,
  target_form = 15,
  target_live = 16,
  deal = 17,
  win = 18,
  deal_cycle = 19,  // index: lag
  reactivation = 20,
  reactivation_lag = 21,   // index: lag
  churn = 22,              // index: 0 pooled, else 1 + cohort
  churn_reactivated = 23,  // index: 1 + cohort
  exchange_sent = 24,
  exchange_closed = 25,
  exit = 26,
};

}  // namespace channelcast::models
