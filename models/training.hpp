// Knowledge that fades and trainings that restore it (docs/methodology/training.md).
#pragma once

#include "models/partner_block.hpp"

namespace channelcast::models {

/// Age of knowledge in a period, and whether a training falls into it.
struct Freshness {
  double periods_since = 0.0;  ///< whole periods since the partner's start or last training
  bool trained = false;
};
/// For a partner that started at `start` (in periods): trainings at positive multiples of every_months of its age, in
/// the period whose (age, age + Δ] holds the multiple. every_months 0: never.
[[nodiscard]] Freshness knowledge_age(double start, int period, double every_months, double months_per_period);

/// Sets knowledge (what the target rate is multiplied by) and trained. `stop_at`: [lane] the budget stop in periods,
/// +infinity if none: trainings end with the partner's work.
void step_training(const PartnerPeriod& at, std::span<const double> stop_at);

}  // namespace channelcast::models
