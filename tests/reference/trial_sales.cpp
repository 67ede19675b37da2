// Sales capacity: who is worked in a period, who waits, who expires.
#include <algorithm>
#include <cmath>

#include "tests/reference/trial.hpp"

namespace channelcast::reference {

using models::ProgrammeInput;

std::int64_t Trial::waiting() const {
  std::int64_t sum = 0;
  for (const PartnerTrial& partner : partners_) {
    sum += std::int64_t(partner.form_queue.size() + partner.fraud_queue.size());
  }
  return sum;
}

void Trial::set_wait(std::int64_t backlog) {
  const double response = value(ProgrammeInput::response_days);
  wait_days_ = response;
  if (limited_) {
    const double longest = std::max(response, value(ProgrammeInput::max_wait_days));
    wait_days_ = longest;
    if (capacity_ > 0) wait_days_ = std::min(response + days_ * double(backlog) / double(capacity_), longest);
  }
  const double half_life = value(ProgrammeInput::freshness_half_life_days);
  const double stale_days = std::max(0.0, wait_days_ - value(ProgrammeInput::freshness_grace_days));
  freshness_ = std::isnan(half_life) || bias_ == Bias::freshness_ignored ? 1.0 : std::exp2(-stale_days / half_life);
}

// Returns how many live leads were worked; those beyond capacity join the form queues.
std::int64_t Trial::serve_live() {
  std::int64_t all = 0;
  for (const PartnerTrial& partner : partners_) all += std::int64_t(partner.live.size());
  std::int64_t served = 0;
  for (PartnerTrial& partner : partners_) {
    auto quota = std::int64_t(partner.live.size());
    if (limited_ && all > capacity_) quota = quota * capacity_ / all;
    served += quota;
    for (std::int64_t k = 0; k < quota; ++k) work_live_lead(partner);
    partner.form_queue.resize(partner.form_queue.size() + partner.live.size() - std::size_t(quota));
    partner.live.clear();
  }
  return served;
}

void Trial::serve_queues(std::int64_t capacity) {
  const std::int64_t all = waiting();
  for (PartnerTrial& partner : partners_) {
    for (auto* queue : {&partner.form_queue, &partner.fraud_queue}) {
      const auto length = std::int64_t(queue->size());
      std::int64_t quota = length;
      if (limited_ && all > capacity) {
        quota = length * capacity / all;
        if (bias_ == Bias::quotas_rounded_up) quota = (length * capacity + all - 1) / all;
      }
      for (const Lead& lead : chance_.take(*queue, std::size_t(quota))) work_queued_lead(partner, lead);
    }
  }
}

void Trial::expire() {
  const std::int64_t all = waiting();
  capacity_bound_ = all > 0;
  const auto longest = std::int64_t(std::floor(double(capacity_) * value(ProgrammeInput::max_wait_days) / days_));
  const std::int64_t excess = all - longest;
  if (!limited_ || excess <= 0) return;
  for (PartnerTrial& partner : partners_) {
    for (auto* queue : {&partner.form_queue, &partner.fraud_queue}) {
      const std::int64_t quota = std::int64_t(queue->size()) * excess / all;
      for (const Lead& lead : chance_.take(*queue, std::size_t(quota))) {
        ++partner.now.expired;
        if (!lead.fraud) refuse(partner);
      }
    }
  }
}

void Trial::work_period() {
  managers_ = value(ProgrammeInput::managers);
  limited_ = !std::isnan(managers_);
  std::int64_t backlog = 0;
  for (const models::SalesChange& change : scenario_.sales_changes) {
    if (change.position <= t_) managers_ = value(change.managers);
  }
  capacity_ = 0;
  if (limited_) {
    const double leads = managers_ * value(ProgrammeInput::leads_per_manager_per_month) * months_;
    capacity_ = std::int64_t(std::floor(leads + 1e-9));
  } else {
    managers_ = 0.0;
  }
  // What waits at the period's start: the queues without what this period brought.
  for (PartnerTrial& partner : partners_) {
    partner.rates = rates_of(partner);
    const Tally& now = partner.now;
    const auto arrived = now.payable - std::int64_t(partner.live.size());
    backlog += std::int64_t(partner.form_queue.size() + partner.fraud_queue.size()) - arrived;
  }
  set_wait(backlog);
  const std::int64_t served = serve_live();
  serve_queues(capacity_ - served);
  expire();
  max_backlog_ = std::max(max_backlog_, waiting());
  if (capacity_bound_) ++capacity_bound_periods_;
}

}  // namespace channelcast::reference
