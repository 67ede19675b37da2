#include "models/partner_totals.hpp"

#include <cmath>

#include "sim/lane_loop.hpp"

namespace channelcast::models {

namespace {

// A flow that is added up in every period: for the partner, and in most cases over partners.
struct SummedFlow {
  Flow flow;
  PartnerOutcome total;
  PeriodItem item = PeriodItem::count_;
};
constexpr SummedFlow kSummed[] = {
    {Flow::leads, PartnerOutcome::leads, PeriodItem::leads},
    {Flow::fraud, PartnerOutcome::fraud_leads},
    {Flow::rejected, PartnerOutcome::rejected_leads},
    {Flow::contacted, PartnerOutcome::contacted, PeriodItem::contacted},
    {Flow::target, PartnerOutcome::target_leads, PeriodItem::target_leads},
    {Flow::deals, PartnerOutcome::deals, PeriodItem::deals},
    {Flow::won, PartnerOutcome::won_deals},
    {Flow::contracts_reactivated, PartnerOutcome::reactivated_contracts, PeriodItem::reactivated_contracts},
    {Flow::churned, PartnerOutcome::count_, PeriodItem::churned_customers},
    {Flow::active, PartnerOutcome::count_, PeriodItem::active_customers},
    {Flow::revenue, PartnerOutcome::revenue, PeriodItem::revenue},
    {Flow::gross_profit, PartnerOutcome::gross_profit, PeriodItem::gross_profit},
    {Flow::partner_fees, PartnerOutcome::partner_fees, PeriodItem::partner_fees},
    {Flow::acquisition_cost, PartnerOutcome::acquisition_cost, PeriodItem::acquisition_cost},
};
// The same for what mostly is 0 in a whole block.
constexpr SummedFlow kSummedRarely[] = {
    {Flow::expired_form, PartnerOutcome::expired_leads, PeriodItem::expired},
    {Flow::expired_fraud, PartnerOutcome::expired_leads, PeriodItem::expired},
    {Flow::noticed, PartnerOutcome::exits},
    {Flow::terminated, PartnerOutcome::terminations},
};

// Programme totals that are sums of a partner outcome over partners.
struct SummedOutcome {
  PartnerOutcome from;
  Outcome to;
};
constexpr SummedOutcome kTotals[] = {
    {PartnerOutcome::leads, Outcome::leads},
    {PartnerOutcome::lost_leads, Outcome::lost_leads},
    {PartnerOutcome::fraud_leads, Outcome::fraud_leads},
    {PartnerOutcome::rejected_leads, Outcome::rejected_leads},
    {PartnerOutcome::payable_leads, Outcome::payable_leads},
    {PartnerOutcome::worked, Outcome::worked},
    {PartnerOutcome::expired_leads, Outcome::expired_leads},
    {PartnerOutcome::contacted, Outcome::contacted},
    {PartnerOutcome::no_answers, Outcome::no_answers},
    {PartnerOutcome::target_leads, Outcome::target_leads},
    {PartnerOutcome::refusals, Outcome::refusals},
    {PartnerOutcome::deals, Outcome::deals},
    {PartnerOutcome::won_deals, Outcome::won_deals},
    {PartnerOutcome::contracts, Outcome::contracts},
    {PartnerOutcome::reactivated_contracts, Outcome::reactivated_contracts},
    {PartnerOutcome::churned_customers, Outcome::churned_customers},
    {PartnerOutcome::pipeline_contracts, Outcome::pipeline_contracts},
    {PartnerOutcome::active_customers, Outcome::active_customers},
    {PartnerOutcome::leads_first_year, Outcome::leads_first_year},
    {PartnerOutcome::exits, Outcome::exits},
    {PartnerOutcome::terminations, Outcome::terminations},
    {PartnerOutcome::revenue, Outcome::revenue},
    {PartnerOutcome::gross_profit, Outcome::gross_profit},
    {PartnerOutcome::partner_fees, Outcome::partner_fees},
};

CHANNELCAST_LANE_LOOP void sum_of_three(std::span<const double> first, std::span<const double> second,
                                        std::span<const double> third, std::span<double> sum) {
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = first[i] + second[i] + third[i];
}

}  // namespace

PartnerTotals::PartnerTotals(const Scenario& scenario, PeriodSumsFor use, sim::BlockResult& result)
    : scenario_(scenario),
      result_(result),
      totals_(scenario.partners.size()),
      expired_form_(scenario.partners.size()),
      rows_(result.block().lanes),
      worked_(2, result.block().lanes),
      scratch_(result.block().lanes),
      first_year_periods_(scenario.grid.periods_in(sim::kMonthsPerYear)) {
  summed_.fill(use == PeriodSumsFor::series);
  for (const PeriodItem item :
       {PeriodItem::gross_profit, PeriodItem::partner_fees, PeriodItem::acquisition_cost, PeriodItem::expired}) {
    summed_[std::size_t(item)] = true;
  }
  summed_[std::size_t(PeriodItem::revenue)] = !is_fixed_at(scenario.input(ProgrammeInput::revenue_tax_rate), 0.0);
  for (std::size_t p = 0; p < totals_.size(); ++p) {
    if (scenario.partners[p].standby) totals_[p] = LaneTable(kPartnerOutcomes, 0);
  }
}

// One item after the other, so that a sum is near when the next partner adds to it.
CHANNELCAST_LANE_LOOP void PartnerTotals::add(const Moment& moment, std::span<const FlowTable> flows,
                                              std::span<const PartnerState> states) {
  rows_.begin();
  present_.clear();
  for (std::size_t p = 0; p < flows.size(); ++p) {
    if (flows[p].lanes() == 0) continue;
    present_.push_back(p);
    if (!states[p].lanes.all()) totals_[p].widen(flows[p].lanes() - totals_[p].lanes());
  }
  for (const SummedFlow& row : kSummed) {
    for (const std::size_t p : present_) {
      if (flows[p].idle(row.flow)) continue;
      const auto values = flows[p][row.flow];
      if (row.total != PartnerOutcome::count_) add_to(total(p, row.total, states[p].lanes), values);
      if (row.item != PeriodItem::count_) add_sum(row.item, states[p].lanes, values);
    }
  }
  for (const std::size_t p : present_) {
    const auto contracts = states[p].customers->unbilled();  // what was signed in this period is not billed yet
    add_to(total(p, PartnerOutcome::contracts, states[p].lanes), contracts);
    add_sum(PeriodItem::contracts, states[p].lanes, contracts);
  }
  for (const std::size_t p : present_) add_worked(flows[p], states[p].lanes);
  for (const std::size_t p : present_) {
    add_rare(p, flows[p], states[p].lanes);
    add_lost(p, flows[p], states[p].lanes);
    copy_reached(moment, p, flows[p], states[p].lanes);
  }
}

void PartnerTotals::add_worked(const FlowTable& flows, const LaneSubset& lanes) {
  if (!summed_[std::size_t(PeriodItem::worked)]) return;
  std::span<const double> worked = flows[Flow::worked_form];
  if (!flows.idle(Flow::worked_live) || !flows.idle(Flow::worked_fraud)) {
    const auto sum = worked_[rows_.empty(PeriodItem::worked) ? 0 : 1].first(worked.size());
    sum_of_three(flows[Flow::worked_live], worked, flows[Flow::worked_fraud], sum);
    worked = sum;
  }
  rows_.add(PeriodItem::worked, lanes, worked);
}

CHANNELCAST_LANE_LOOP void PartnerTotals::add_rare(std::size_t partner, const FlowTable& flows,
                                                   const LaneSubset& lanes) {
  for (const SummedFlow& row : kSummedRarely) {
    if (flows.idle(row.flow) || !any_positive(flows[row.flow])) continue;
    add_to(total(partner, row.total, lanes), flows[row.flow]);
    if (row.item != PeriodItem::count_) rows_.add(row.item, lanes, flows[row.flow]);
    if (row.flow != Flow::expired_form) continue;
    Lanes& expired = expired_form_[partner];
    expired.resize(flows.lanes(), 0.0);
    add_to(expired, flows[row.flow]);
  }
}

CHANNELCAST_LANE_LOOP void PartnerTotals::add_lost(std::size_t partner, const FlowTable& flows,
                                                   const LaneSubset& lanes) {
  if (flows.idle(Flow::lost) || !any_positive(flows[Flow::lost])) return;
  const auto lost = flows[Flow::lost];
  const auto recovered = flows[Flow::recovered];
  const auto lost_for_good = total(partner, PartnerOutcome::lost_leads, lanes);
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < lost.size(); ++i) lost_for_good[i] += lost[i] - recovered[i];
  lanes.add(recovered, outcome(Outcome::recovered_leads));
}

// Outcomes that are what a moment finds.
void PartnerTotals::copy_reached(const Moment& moment, std::size_t partner, const FlowTable& flows,
                                 const LaneSubset& lanes) {
  if (moment.period + 1 == std::min(first_year_periods_, moment.periods)) {
    std::ranges::copy(total(partner, PartnerOutcome::leads, lanes),
                      total(partner, PartnerOutcome::leads_first_year, lanes).begin());
  }
  if (moment.period + 1 == moment.periods) {
    std::ranges::copy(flows[Flow::active], total(partner, PartnerOutcome::active_customers, lanes).begin());
  }
}

// Each lead is rejected, lost for good, worked, expired or still waiting; each genuine one that was worked was
// contacted or gave no answer; who gave none, expired, or was asked and did not sign, is a refusal.
CHANNELCAST_LANE_LOOP void PartnerTotals::finish_leads(std::size_t partner, const PartnerState& state) {
  const auto own = [&](PartnerOutcome id) { return total(partner, id, state.lanes); };
  const std::span<const double> leads = own(PartnerOutcome::leads);
  const std::span<const double> fraud = own(PartnerOutcome::fraud_leads);
  const std::span<const double> rejected = own(PartnerOutcome::rejected_leads);
  const std::span<const double> lost = own(PartnerOutcome::lost_leads);
  const std::span<const double> expired = own(PartnerOutcome::expired_leads);
  const std::span<const double> contacted = own(PartnerOutcome::contacted);
  const std::span<const double> won = own(PartnerOutcome::won_deals);
  const bool others_asked = scenario_.partners[partner].input(PartnerInput::include_non_target).fixed > 0.0;
  const std::span<const double> asked = others_asked ? contacted : own(PartnerOutcome::target_leads);
  const std::span<const double> waiting_form = state.queue_form;
  const std::span<const double> waiting_fraud = state.queue_fraud;
  const auto payable = own(PartnerOutcome::payable_leads);
  const auto worked = own(PartnerOutcome::worked);
  const auto no_answers = own(PartnerOutcome::no_answers);
  const auto refusals = own(PartnerOutcome::refusals);
  Lanes& expired_form = expired_form_[partner];
  expired_form.resize(leads.size(), 0.0);
  const std::span<const double> gone_form = expired_form;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < leads.size(); ++i) {
    payable[i] = leads[i] - rejected[i] - lost[i];
    worked[i] = payable[i] - expired[i] - waiting_form[i] - waiting_fraud[i];
    const double unreached = leads[i] - fraud[i] - lost[i] - waiting_form[i] - contacted[i];
    no_answers[i] = unreached - gone_form[i];
    refusals[i] = unreached + (asked[i] - won[i]);
  }
}

// A customer that was billed is active or has left.
CHANNELCAST_LANE_LOOP void PartnerTotals::finish_customers(std::size_t partner, const PartnerState& state) {
  const std::span<const double> contracts = total(partner, PartnerOutcome::contracts, state.lanes);
  const std::span<const double> active = total(partner, PartnerOutcome::active_customers, state.lanes);
  const std::span<const double> unbilled = state.customers->unbilled();
  const auto churned = total(partner, PartnerOutcome::churned_customers, state.lanes);
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < churned.size(); ++i) churned[i] = contracts[i] - unbilled[i] - active[i];
}

void PartnerTotals::finish_pool(std::size_t partner, const PartnerState& state) {
  const InputValue& pool = scenario_.partners[partner].input(PartnerInput::pool);
  if (is_absent(pool)) return;
  const auto left = state.lanes.spread(state.pool_left, std::floor(pool.fixed), scratch_);
  const auto exhausted = outcome(Outcome::pool_exhausted_partners);
  for (std::size_t i = 0; i < exhausted.size(); ++i) exhausted[i] += left[i] <= 0.0 ? 1.0 : 0.0;
}

CHANNELCAST_LANE_LOOP void PartnerTotals::finish(std::span<const PartnerState> states) {
  for (std::size_t p = 0; p < states.size(); ++p) {
    const PartnerState& state = states[p];
    finish_leads(p, state);
    finish_customers(p, state);
    for (std::size_t m = 0; m < totals_[p].rows(); ++m) {
      state.lanes.add(totals_[p][m], partner_outcome(p, PartnerOutcome(m)));
    }
    state.lanes.add(state.pipeline, partner_outcome(p, PartnerOutcome::pipeline_contracts));
    state.lanes.add(state.customers->unbilled(), outcome(Outcome::unbilled_contracts));
    state.lanes.add(state.queue_form, outcome(Outcome::waiting_leads));
    state.lanes.add(state.queue_fraud, outcome(Outcome::waiting_leads));
    const auto gross = partner_outcome(p, PartnerOutcome::gross_profit);
    const auto acquisition = partner_outcome(p, PartnerOutcome::acquisition_cost);
    const auto contribution = partner_outcome(p, PartnerOutcome::contribution);
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < gross.size(); ++i) contribution[i] = gross[i] - acquisition[i];
    for (const SummedOutcome& row : kTotals) {
      if (p == 0) {
        std::ranges::copy(partner_outcome(p, row.from), outcome(row.to).begin());
      } else {
        add_to(outcome(row.to), partner_outcome(p, row.from));
      }
    }
    finish_pool(p, state);
  }
}

}  // namespace channelcast::models
