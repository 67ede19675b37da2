#include "models/conservation.hpp"

#include <cmath>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/error.hpp"
#include "sim/exact_counts.hpp"

namespace channelcast::models {

namespace {

// A partner's total and the flows that it is the sum of, one of them taken away.
struct CheckedTotal {
  PartnerOutcome total;
  std::vector<Flow> flows;
  std::optional<Flow> less = std::nullopt;
};

const std::vector<CheckedTotal>& checked_totals() {
  static const std::vector<CheckedTotal> kTotals = {
      {PartnerOutcome::leads, {Flow::leads}},
      {PartnerOutcome::lost_leads, {Flow::lost}, Flow::recovered},
      {PartnerOutcome::fraud_leads, {Flow::fraud}},
      {PartnerOutcome::rejected_leads, {Flow::rejected}},
      {PartnerOutcome::payable_leads, {Flow::payable}},
      {PartnerOutcome::worked, {Flow::worked_live, Flow::worked_form, Flow::worked_fraud}},
      {PartnerOutcome::expired_leads, {Flow::expired_form, Flow::expired_fraud}},
      {PartnerOutcome::contacted, {Flow::contacted}},
      {PartnerOutcome::no_answers, {Flow::no_answers}},
      {PartnerOutcome::target_leads, {Flow::target}},
      {PartnerOutcome::refusals, {Flow::refusals}},
      {PartnerOutcome::deals, {Flow::deals}},
      {PartnerOutcome::won_deals, {Flow::won}},
      {PartnerOutcome::contracts, {Flow::contracts_paid, Flow::contracts_reactivated}},
      {PartnerOutcome::reactivated_contracts, {Flow::contracts_reactivated}},
      {PartnerOutcome::churned_customers, {Flow::churned}},
      {PartnerOutcome::exits, {Flow::noticed}},
      {PartnerOutcome::terminations, {Flow::terminated}},
      {PartnerOutcome::revenue, {Flow::revenue}},
      {PartnerOutcome::gross_profit, {Flow::gross_profit}},
      {PartnerOutcome::partner_fees, {Flow::partner_fees}},
      {PartnerOutcome::acquisition_cost, {Flow::acquisition_cost}},
  };
  return kTotals;
}

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
  double operator()(std::size_t partner, PartnerOutcome id) const {
    return result.entity_outcome(partner, std::size_t(id))[lane];
  }
};

struct Waiting {
  double form, fraud;
};

// Deals won and refusals that returned, to date: what has been signed of them, and what will be after the horizon.
struct Contracts {
  double promised, concluded, pipeline;
};

// Whether a whole is not the sum of its parts (what is taken away counts as negative). Terms beyond 2^53 may have been
// rounded and say nothing: the outcomes refuse the totals they end in, with a message and an exit code of their own.
bool differs(double whole, std::initializer_list<double> parts) {
  double sum = 0.0;
  double size = std::abs(whole);
  for (const double part : parts) {
    sum += part;
    size += std::abs(part);
  }
  return size <= sim::kLargestExactCount && whole != sum;
}

// Leads by kind, those to be paid, and those that wait.
const char* arrival_problem(const LaneFlows& f, const Waiting& before, const Waiting& now) {
  if (differs(f(Flow::leads), {f(Flow::fraud), f(Flow::live), f(Flow::form)})) return "leads by kind";
  if (differs(f(Flow::fraud), {f(Flow::rejected), f(Flow::undetected)})) return "fraud";
  if (differs(f(Flow::payable),
              {f(Flow::live), f(Flow::form), -f(Flow::lost), f(Flow::recovered), f(Flow::undetected)})) {
    return "payable leads";
  }
  if (differs(now.form, {before.form, f(Flow::form), -f(Flow::lost), f(Flow::recovered), f(Flow::live),
                         -f(Flow::worked_live), -f(Flow::worked_form), -f(Flow::expired_form)})) {
    return "waiting leads";
  }
  if (differs(now.fraud, {before.fraud, f(Flow::undetected), -f(Flow::worked_fraud), -f(Flow::expired_fraud)})) {
    return "waiting fraudulent leads";
  }
  return nullptr;
}

// What became of the leads that were worked, or expired.
const char* funnel_problem(const LaneFlows& f, bool include_non_target) {
  if (differs(f(Flow::worked_form), {f(Flow::contacted_form), f(Flow::no_answers)})) return "worked leads";
  if (differs(f(Flow::contacted), {f(Flow::contacted_form), f(Flow::worked_live)})) return "contacted leads";
  // Who was asked and did not sign refuses; leads that are no target are asked only where the partner wants it so.
  const double asked = f(include_non_target ? Flow::contacted : Flow::target);
  if (differs(f(Flow::refusals), {f(Flow::no_answers), f(Flow::expired_form), asked, -f(Flow::won)})) {
    return "refusals";
  }
  static constexpr std::pair<Flow, Flow> kNested[] = {
      {Flow::recovered, Flow::lost},      {Flow::target, Flow::contacted},     {Flow::deals, Flow::target},
      {Flow::won, Flow::deals},           {Flow::returned, Flow::refusals},    {Flow::churned, Flow::billed},
      {Flow::clawed_back, Flow::churned}, {Flow::shared_billed, Flow::billed}, {Flow::closed, Flow::outbound}};
  for (const auto& [part, whole] : kNested) {
    if (f(part) > f(whole)) return "a part that is larger than its whole";
  }
  return nullptr;
}

// `unbilled`: signed in the period before.
const char* customer_problem(const LaneFlows& f, double active_before, double unbilled) {
  if (differs(f(Flow::billed), {active_before, unbilled})) return "billed customers";
  if (differs(f(Flow::active), {f(Flow::billed), -f(Flow::churned)})) return "active customers";
  return nullptr;
}

const char* contract_problem(const Contracts& to_date, bool last) {
  const double known = to_date.concluded + to_date.pipeline;
  if (known <= sim::kLargestExactCount && known > to_date.promised)
    return "contracts without a deal won or a refusal that returned";
  if (last && differs(to_date.promised, {to_date.concluded, to_date.pipeline})) {
    return "contracts signed and in the pipeline";
  }
  return nullptr;
}

const char* count_problem(const LaneOutcomes& o) {
  if (differs(o(Outcome::leads), {o(Outcome::rejected_leads), o(Outcome::lost_leads), o(Outcome::worked),
                                  o(Outcome::expired_leads), o(Outcome::waiting_leads)})) {
    return "leads of the horizon";
  }
  if (differs(o(Outcome::contracts),
              {o(Outcome::active_customers), o(Outcome::churned_customers), o(Outcome::unbilled_contracts)})) {
    return "contracts: active, churned, not yet billed";
  }
  return nullptr;
}

bool close(double a, double b, double size) { return std::abs(a - b) <= 1e-9 * (1.0 + size); }

const char* money_problem(const LaneOutcomes& o) {
  const double size = std::abs(o(Outcome::total_cost)) + std::abs(o(Outcome::gross_profit)) +
                      std::abs(o(Outcome::revenue)) + std::abs(o(Outcome::partner_fees));
  const double lines = o(Outcome::acquisition_cost) + o(Outcome::common_cost) + o(Outcome::tax) + o(Outcome::interest);
  if (!close(o(Outcome::total_cost), lines, size)) return "total cost by line";
  const double cash = o(Outcome::gross_profit) - o(Outcome::receivable) - o(Outcome::total_cost) + o(Outcome::payable);
  if (!close(o(Outcome::net_cash), cash, size)) return "cash by line";
  static constexpr std::pair<Outcome, PartnerOutcome> kByPartner[] = {
      {Outcome::revenue, PartnerOutcome::revenue},
      {Outcome::gross_profit, PartnerOutcome::gross_profit},
      {Outcome::partner_fees, PartnerOutcome::partner_fees},
      {Outcome::acquisition_cost, PartnerOutcome::acquisition_cost}};
  for (const auto& [all, own] : kByPartner) {
    double sum = 0.0;
    for (std::size_t p = 0; p < o.result.entity_count(); ++p) sum += o(p, own);
    if (!close(o(all), sum, size)) return "money by partner";
  }
  return nullptr;
}

}  // namespace

ConservationCheck::ConservationCheck(const Scenario& scenario, std::size_t lanes) : scenario_(scenario) {
  const Lanes none(lanes);
  carried_.assign(scenario.partners.size(), {none, none, none, none, none, none});
  sums_.assign(scenario.partners.size(), LaneTable(checked_totals().size(), lanes));
}

void ConservationCheck::period(const Moment& moment, std::span<const FlowTable> flows,
                               std::span<const PartnerState> states) {
  for (std::size_t p = 0; p < flows.size(); ++p) {
    for (std::size_t i = 0; i < flows[p].lanes(); ++i) {
      if (const char* problem = partner_problem(moment, p, i, flows[p], states[p])) {
        throw InternalError("trial " + std::to_string(moment.first_trial + states[p].lanes.lane(i)) + ", period " +
                            std::to_string(moment.period) + ", partner \"" + scenario_.partners[p].name +
                            "\" does not add up: " + problem);
      }
    }
    add_flows(p, flows[p], states[p].lanes);
  }
}

void ConservationCheck::add_flows(std::size_t partner, const FlowTable& flows, const LaneSubset& lanes) {
  for (std::size_t k = 0; k < checked_totals().size(); ++k) {
    const CheckedTotal& checked = checked_totals()[k];
    const auto sum = sums_[partner][k];
    for (const Flow item : checked.flows) lanes.add(flows[item], sum);
    for (std::size_t i = 0; checked.less && i < flows.lanes(); ++i) sum[lanes.lane(i)] -= flows[*checked.less][i];
  }
}

void ConservationCheck::totals(const sim::BlockResult& result) const {
  for (std::size_t p = 0; p < sums_.size(); ++p) {
    for (std::size_t k = 0; k < sums_[p].rows(); ++k) {
      const auto id = std::size_t(checked_totals()[k].total);
      const auto reported = result.entity_outcome(p, id);
      for (std::size_t i = 0; i < reported.size(); ++i) {
        const double sum = sums_[p][k][i];
        const double size = std::abs(sum) + std::abs(reported[i]);
        const bool count = partner_outcome_metrics()[id].type == sim::MetricType::count;
        if (size > sim::kLargestExactCount) continue;
        if (count ? sum == reported[i] : close(sum, reported[i], size)) continue;
        throw InternalError("trial " + std::to_string(result.block().first_trial + i) + ", partner \"" +
                            scenario_.partners[p].name + "\" does not add up: " +
                            std::string(partner_outcome_metrics()[id].name) + " is not the sum of its periods");
      }
    }
  }
}

const char* ConservationCheck::partner_problem(const Moment& moment, std::size_t partner, std::size_t element,
                                               const FlowTable& flows, const PartnerState& state) {
  const LaneFlows f{flows, element};
  const std::size_t lane = state.lanes.lane(element);
  CarriedOver& carried = carried_[partner];
  const Waiting before{carried.waiting_form[lane], carried.waiting_fraud[lane]};
  const Waiting now{state.queue_form[element], state.queue_fraud[element]};
  const double active_before = carried.active[lane];
  const double unbilled = carried.unbilled[lane];
  carried.waiting_form[lane] = now.form;
  carried.waiting_fraud[lane] = now.fraud;
  carried.active[lane] = f(Flow::active);
  carried.unbilled[lane] = f(Flow::contracts_paid) + f(Flow::contracts_reactivated);
  // Two sums that only grow: once beyond 2^53 they stay beyond it, whatever is still on its way.
  carried.promised[lane] += f(Flow::won) + f(Flow::returned);
  carried.concluded[lane] += carried.unbilled[lane];

  const bool include = scenario_.partners[partner].input(PartnerInput::include_non_target).fixed > 0.0;
  if (const char* problem = arrival_problem(f, before, now)) return problem;
  if (const char* problem = funnel_problem(f, include)) return problem;
  if (const char* problem = customer_problem(f, active_before, unbilled)) return problem;
  return contract_problem({carried.promised[lane], carried.concluded[lane], state.pipeline[element]},
                          moment.period + 1 == moment.periods);
}

void ConservationCheck::horizon(const sim::BlockResult& result) {
  for (std::size_t i = 0; i < result.block().lanes; ++i) {
    const LaneOutcomes outcomes{result, i};
    const char* problem = count_problem(outcomes);
    if (problem == nullptr) problem = money_problem(outcomes);
    if (problem == nullptr) continue;
    throw InternalError("trial " + std::to_string(result.block().first_trial + i) + " does not add up: " + problem);
  }
}

}  // namespace channelcast::models
