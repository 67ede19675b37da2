#include "models/conservation.hpp"

#include <cmath>

#include "sim/error.hpp"

namespace channelcast::models {

namespace {

// One lane of one partner's period, to write sums down as they are meant.
struct LaneFlows {
  const FlowTable& flows;
  std::size_t lane;
  double operator()(Flow item) const { return flows[item][lane]; }
};

// One trial's outcomes.
struct LaneOutcomes {
  const sim::BlockResult& result;
  std::size_t lane;
  double operator()(Outcome id) const { return result.outcome(std::size_t(id))[lane]; }
};

struct Waiting {
  double form, fraud;
};

// What does not add up in a period of a partner; null if all does.
const char* lead_problem(const LaneFlows& f, const Waiting& before, const Waiting& now) {
  if (f(Flow::leads) != f(Flow::fraud) + f(Flow::live) + f(Flow::form)) return "leads by kind";
  if (f(Flow::fraud) != f(Flow::rejected) + f(Flow::undetected)) return "fraud";
  const double arrived = f(Flow::form) - f(Flow::lost) + f(Flow::recovered);
  if (f(Flow::payable) != f(Flow::live) + arrived + f(Flow::undetected)) return "payable leads";
  const double live_left = f(Flow::live) - f(Flow::worked_live);
  if (now.form != before.form + arrived + live_left - f(Flow::worked_form) - f(Flow::expired_form)) {
    return "waiting leads";
  }
  if (now.fraud != before.fraud + f(Flow::undetected) - f(Flow::worked_fraud) - f(Flow::expired_fraud)) {
    return "waiting fraudulent leads";
  }
  if (f(Flow::worked_form) != f(Flow::contacted_form) + f(Flow::no_answers)) return "worked leads";
  if (f(Flow::contacted) != f(Flow::contacted_form) + f(Flow::worked_live)) return "contacted leads";
  const bool nested = f(Flow::recovered) <= f(Flow::lost) && f(Flow::target) <= f(Flow::contacted) &&
                      f(Flow::deals) <= f(Flow::target) && f(Flow::won) <= f(Flow::deals) &&
                      f(Flow::returned) <= f(Flow::refusals) && f(Flow::churned) <= f(Flow::billed);
  if (!nested) return "a part that is larger than its whole";
  if (f(Flow::active) != f(Flow::billed) - f(Flow::churned)) return "active customers";
  return nullptr;
}

bool close(double a, double b, double size) { return std::abs(a - b) <= 1e-9 * (1.0 + size); }

const char* total_problem(const LaneOutcomes& o) {
  if (o(Outcome::leads) != o(Outcome::rejected_leads) + o(Outcome::lost_leads) + o(Outcome::worked) +
                               o(Outcome::expired_leads) + o(Outcome::waiting_leads)) {
    return "leads of the horizon";
  }
  if (o(Outcome::contracts) !=
      o(Outcome::active_customers) + o(Outcome::churned_customers) + o(Outcome::unbilled_contracts)) {
    return "contracts: active, churned, not yet billed";
  }
  const double size = std::abs(o(Outcome::total_cost)) + std::abs(o(Outcome::gross_profit)) +
                      std::abs(o(Outcome::revenue)) + std::abs(o(Outcome::partner_fees));
  const double lines = o(Outcome::acquisition_cost) + o(Outcome::common_cost) + o(Outcome::tax) + o(Outcome::interest);
  if (!close(o(Outcome::total_cost), lines, size)) return "total cost by line";
  const double cash = o(Outcome::gross_profit) - o(Outcome::receivable) - o(Outcome::total_cost) + o(Outcome::payable);
  if (!close(o(Outcome::net_cash), cash, size)) return "cash by line";
  return nullptr;
}

}  // namespace

ConservationCheck::ConservationCheck(const Scenario& scenario, std::size_t lanes)
    : scenario_(scenario),
      waiting_form_(scenario.partners.size(), Lanes(lanes)),
      waiting_fraud_(scenario.partners.size(), Lanes(lanes)) {}

void ConservationCheck::period(const Moment& moment, std::span<const FlowTable> flows,
                               std::span<const PartnerState> states) {
  for (std::size_t p = 0; p < flows.size(); ++p) {
    for (std::size_t i = 0; i < moment.lanes; ++i) {
      const Waiting before{waiting_form_[p][i], waiting_fraud_[p][i]};
      const Waiting now{states[p].queue_form[i], states[p].queue_fraud[i]};
      if (const char* problem = lead_problem({flows[p], i}, before, now)) {
        throw InternalError("trial " + std::to_string(moment.first_trial + i) + ", period " +
                            std::to_string(moment.period) + ", partner \"" + scenario_.partners[p].name +
                            "\" does not add up: " + problem);
      }
    }
    waiting_form_[p] = states[p].queue_form;
    waiting_fraud_[p] = states[p].queue_fraud;
  }
}

void ConservationCheck::horizon(const sim::BlockResult& result) {
  for (std::size_t i = 0; i < result.block().lanes; ++i) {
    if (const char* problem = total_problem({result, i})) {
      throw InternalError("trial " + std::to_string(result.block().first_trial + i) + " does not add up: " + problem);
    }
  }
}

}  // namespace channelcast::models
