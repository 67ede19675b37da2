// One lead at sales: calls, conversation, deal, signature or refusal, and the days until a signature.
#include <algorithm>
#include <cmath>

#include "tests/reference/trial.hpp"

namespace channelcast::reference {

using models::EventWhat;
using models::PartnerInput;

namespace {

double clip(double share) { return std::clamp(share, 0.0, 1.0); }

double shifted(double rate, double logits) {
  if (rate <= 0.0 || rate >= 1.0) return rate;
  return 1.0 / (1.0 + (1.0 - rate) / rate * std::exp(-logits));
}

// Days by which a share u of deals is signed: linear between the points, from (0, 0).
double table_days(const models::Curve& table, double u) {
  models::CurvePoint before{0.0, 0.0};
  for (const models::CurvePoint& point : table) {
    if (u <= point.y) return before.x + (point.x - before.x) * (u - before.y) / (point.y - before.y);
    before = point;
  }
  return kNever;
}

}  // namespace

Rates Trial::rates_of(const PartnerTrial& partner) const {
  const double target = shifted(partner(PartnerInput::target_rate), partner(PartnerInput::target_sd) * partner.quality);
  const double win = shifted(partner(PartnerInput::win_rate), partner(PartnerInput::win_sd) * partner.quality);
  return {clip(target * knowledge(partner) * event_factor(partner, EventWhat::target)),
          clip(partner(PartnerInput::deal_rate) * event_factor(partner, EventWhat::deal)),
          clip(win * event_factor(partner, EventWhat::win)),
          clip(partner(PartnerInput::answer_rate) * event_factor(partner, EventWhat::contact))};
}

bool Trial::trains_in(const PartnerTrial& partner, int period) const {
  const double every = partner(PartnerInput::every_months);
  if (every <= 0.0) return false;
  const double age = (period - partner.start) * months_;
  const double last = std::floor((age + months_) / every + 1e-9);
  return last >= 1.0 && last * every > age + 1e-9;
}

double Trial::knowledge(const PartnerTrial& partner) const {
  if (bias_ == Bias::knowledge_ignored || partner.start == kNever) return 1.0;
  const int first = int(std::floor(partner.start));
  int fresh = t_;
  const auto trained = [&](int s) { return s < partner.exit_at && s < stop_at_ && trains_in(partner, s); };
  while (fresh > first && !trained(fresh)) --fresh;
  const double known = std::exp(-partner(PartnerInput::decay_per_month) * months_ * (t_ - fresh));
  return 1.0 - partner(PartnerInput::training_effect) * (1.0 - known);
}

bool Trial::answers(const PartnerTrial& partner) {
  double attempts = partner(PartnerInput::attempts);
  for (; attempts >= 1.0; attempts -= 1.0) {
    if (chance_.happens(partner.rates.answer)) return true;
  }
  return chance_.happens(1.0 - std::pow(1.0 - partner.rates.answer, attempts));
}

void Trial::work_live_lead(PartnerTrial& partner) {
  ++partner.now.worked;
  talk(partner, partner.rates.target);
}

void Trial::work_queued_lead(PartnerTrial& partner, const Lead& lead) {
  ++partner.now.worked;
  if (lead.fraud) return;
  if (answers(partner)) {
    talk(partner, partner.rates.target * freshness_);
  } else {
    ++partner.now.no_answers;
    refuse(partner);
  }
}

void Trial::talk(PartnerTrial& partner, double target_rate) {
  Tally& now = partner.now;
  ++now.contacted;
  ++partner.contacted[std::size_t(t_)];
  if (!chance_.happens(target_rate)) {
    if (partner(PartnerInput::include_non_target) != 0.0) refuse(partner);
    return;
  }
  ++now.targets;
  ++partner.targets[std::size_t(t_)];
  if (!chance_.happens(partner.rates.deal)) return refuse(partner);
  ++now.deals;
  if (!chance_.happens(partner.rates.win)) return refuse(partner);
  ++now.won;
  sign_later(partner, deal_cycle_days(partner), false);
}

void Trial::refuse(PartnerTrial& partner) {
  ++partner.now.refusals;
  if (!chance_.happens(partner(PartnerInput::reactivation_rate))) return;
  const double from = partner(PartnerInput::from_months);
  const double to = partner(PartnerInput::to_months);
  sign_later(partner, (from + (to - from) * chance_.uniform()) * sim::kDaysPerMonth, true);
}

double Trial::deal_cycle_days(const PartnerTrial& partner) {
  const auto kind = models::LagDistribution(int(partner(PartnerInput::deal_cycle_distribution)));
  if (kind == models::LagDistribution::table) return table_days(partner.spec->deal_cycle_table, chance_.uniform());
  const double mean = partner(PartnerInput::mean_days);
  const double sd = partner(PartnerInput::sd_days);
  if (mean <= 0.0 || sd <= 0.0) return mean;
  if (kind == models::LagDistribution::gamma) return chance_.gamma(mean * mean / (sd * sd), sd * sd / mean);
  const double log_variance = std::log1p(sd * sd / (mean * mean));
  return chance_.lognormal(std::log(mean) - log_variance / 2.0, std::sqrt(log_variance));
}

void Trial::sign_later(PartnerTrial& partner, double days, bool reactivated) {
  double at = days > 0.0 ? t_ + chance_.uniform() + days / days_ : double(t_);
  if (bias_ == Bias::lag_one_period_late) at += 1.0;
  if (bias_ == Bias::return_one_period_late && reactivated) at += 1.0;
  if (at >= double(periods_)) {
    ++partner.now.pipeline;
  } else {
    ++(reactivated ? partner.due_reactivated : partner.due)[std::size_t(at)];
  }
}

}  // namespace channelcast::reference
