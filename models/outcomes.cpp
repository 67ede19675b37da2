#include "models/outcomes.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "sim/error.hpp"
#include "sim/exact_counts.hpp"
#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"

namespace channelcast::models {

namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

constexpr auto kNoOutcome = PartnerOutcome::count_;
constexpr auto kNoSeries = Series::count_;

// What a flow is added to in every period: a partner's total and a series of the programme.
struct SummedFlow {
  Flow flow;
  PartnerOutcome outcome = kNoOutcome;
  Series series = kNoSeries;
};
constexpr SummedFlow kSummed[] = {
    {Flow::leads, PartnerOutcome::leads, Series::leads},
    {Flow::fraud, PartnerOutcome::fraud_leads},
    {Flow::rejected, PartnerOutcome::rejected_leads},
    {Flow::payable, PartnerOutcome::payable_leads},
    {Flow::worked_live, PartnerOutcome::worked, Series::worked},
    {Flow::worked_form, PartnerOutcome::worked, Series::worked},
    {Flow::worked_fraud, PartnerOutcome::worked, Series::worked},
    {Flow::contacted, PartnerOutcome::contacted, Series::contacted},
    {Flow::no_answers, PartnerOutcome::no_answers},
    {Flow::target, PartnerOutcome::target_leads, Series::target_leads},
    {Flow::refusals, PartnerOutcome::refusals},
    {Flow::deals, PartnerOutcome::deals, Series::deals},
    {Flow::won, PartnerOutcome::won_deals},
    {Flow::contracts_paid, PartnerOutcome::contracts, Series::contracts},
    {Flow::contracts_reactivated, PartnerOutcome::contracts, Series::contracts},
    {Flow::contracts_reactivated, PartnerOutcome::reactivated_contracts, Series::reactivated_contracts},
    {Flow::churned, PartnerOutcome::churned_customers, Series::churned_customers},
    {Flow::active, kNoOutcome, Series::active_customers},
    {Flow::revenue, PartnerOutcome::revenue},
    {Flow::gross_profit, PartnerOutcome::gross_profit, Series::gross_profit},
    {Flow::partner_fees, PartnerOutcome::partner_fees},
    {Flow::acquisition_cost, PartnerOutcome::acquisition_cost, Series::acquisition_cost},
};
// The same for what mostly is 0 in a whole block.
constexpr SummedFlow kSummedRarely[] = {
    {Flow::expired_form, PartnerOutcome::expired_leads},
    {Flow::expired_fraud, PartnerOutcome::expired_leads},
    {Flow::noticed, PartnerOutcome::exits},
    {Flow::terminated, PartnerOutcome::terminations},
};

void add_to_both(std::span<double> one, std::span<double> other, std::span<const double> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    one[i] += values[i];
    other[i] += values[i];
  }
}

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

// Infinite where money was spent for nothing, undefined where neither money nor contracts are.
double cost_per_contract(double cost, double contracts) {
  if (contracts > 0.0) return cost / contracts;
  return cost > 0.0 ? kNever : kUndefined;
}

CHANNELCAST_LANE_LOOP bool all_within(std::span<const double> values, double limit) {
  std::uint64_t beyond = 0;
  for (const double value : values) beyond |= std::abs(value) <= limit ? 0U : 1U;
  return beyond == 0;
}

// Outcomes that may be no finite number in a trial that is in order.
bool may_be_infinite(Outcome id) {
  return id == Outcome::irr || id == Outcome::cac || id == Outcome::ltv_to_cac ||
         outcome_metrics()[std::size_t(id)].type == sim::MetricType::moment;
}

}  // namespace

OutcomeRecorder::OutcomeRecorder(const Scenario& scenario, const BlockInputs& inputs, sim::BlockResult& result,
                                 const OutcomeSinks& sinks)
    : scenario_(scenario),
      inputs_(inputs),
      result_(result),
      series_(sinks.series),
      observer_(sinks.observer),
      totals_(scenario.partners.size()),
      period_(kSeries, inputs.lanes()),
      scratch_(inputs.lanes()),
      expired_(inputs.lanes()),
      first_year_periods_(scenario.grid.periods_in(sim::kMonthsPerYear)) {
  for (Lanes* sum : {&sums_.revenue, &sums_.gross_profit, &sums_.partner_fees, &sums_.acquisition}) {
    sum->assign(inputs.lanes(), 0.0);
  }
  for (std::size_t p = 0; p < totals_.size(); ++p) {
    if (scenario.partners[p].standby) totals_[p] = LaneTable(kPartnerOutcomes, 0);
  }
}

void OutcomeRecorder::add_to_series(Series id, std::span<const double> values, const LaneSubset& lanes) {
  const auto sum = period_[std::size_t(id)];
  bool& begun = begun_[std::size_t(id)];
  if (!begun && lanes.all()) {
    std::ranges::copy(values, sum.begin());
  } else {
    if (!begun) std::ranges::fill(sum, 0.0);
    lanes.add(values, sum);
  }
  begun = true;
}

CHANNELCAST_LANE_LOOP void OutcomeRecorder::add_partner(const Moment& moment, std::size_t partner,
                                                        const FlowTable& flow, const LaneSubset& lanes) {
  if (!lanes.all()) totals_[partner].widen(flow.lanes() - totals_[partner].lanes());
  for (const SummedFlow& row : kSummed) {
    if (flow.idle(row.flow)) continue;
    const auto values = flow[row.flow];
    if (lanes.all() && row.series != kNoSeries && row.outcome != kNoOutcome && begun_[std::size_t(row.series)]) {
      add_to_both(partner_outcome(partner, row.outcome), period_[std::size_t(row.series)], values);
      continue;
    }
    if (row.series != kNoSeries) add_to_series(row.series, values, lanes);
    if (row.outcome != kNoOutcome) add_to(partner_total(partner, row.outcome, lanes), values);
  }
  for (const SummedFlow& row : kSummedRarely) {
    if (flow.idle(row.flow) || !any_positive(flow[row.flow])) continue;
    add_to(partner_total(partner, row.outcome, lanes), flow[row.flow]);
  }
  for (const Flow expired : {Flow::expired_form, Flow::expired_fraud}) {
    if (!flow.idle(expired) && any_positive(flow[expired])) lanes.add(flow[expired], expired_);
  }
  if (!flow.idle(Flow::lost) && any_positive(flow[Flow::lost])) {
    const auto recovered = flow[Flow::recovered];
    const auto lost = flow[Flow::lost];
    const auto lost_for_good = partner_total(partner, PartnerOutcome::lost_leads, lanes);
    for (std::size_t i = 0; i < lost.size(); ++i) lost_for_good[i] += lost[i] - recovered[i];
    lanes.add(recovered, outcome(Outcome::recovered_leads));
  }
  if (moment.period < first_year_periods_) {
    add_to(partner_total(partner, PartnerOutcome::leads_first_year, lanes), flow[Flow::leads]);
  }
  lanes.add(flow[Flow::revenue], sums_.revenue);
  lanes.add(flow[Flow::partner_fees], sums_.partner_fees);
}

void OutcomeRecorder::record_partners(const Moment& moment, std::span<const FlowTable> flows,
                                      std::span<const PartnerState> states) {
  for (Lanes* sum : {&sums_.revenue, &sums_.partner_fees, &expired_}) std::fill(sum->begin(), sum->end(), 0.0);
  begun_.fill(false);
  for (std::size_t p = 0; p < flows.size(); ++p) {
    if (flows[p].lanes() > 0) add_partner(moment, p, flows[p], states[p].lanes);
    deliver_partner(moment, p, flows[p], states[p]);
  }
  for (const SummedFlow& row : kSummed) {
    if (row.series != kNoSeries && !begun_[std::size_t(row.series)]) {
      std::ranges::fill(period_[std::size_t(row.series)], 0.0);
    }
  }
  const auto copy = [](std::span<const double> from, Lanes& to) { std::copy(from.begin(), from.end(), to.begin()); };
  copy(period_[std::size_t(Series::gross_profit)], sums_.gross_profit);
  copy(period_[std::size_t(Series::acquisition_cost)], sums_.acquisition);
}

void OutcomeRecorder::deliver_partner(const Moment& moment, std::size_t partner, const FlowTable& flows,
                                      const PartnerState& state) {
  if (observer_) observe_partner(moment, partner, flows, state);
  if (!series_.wants_entities()) return;
  const auto add = [&](PartnerSeries id, std::span<const double> values) {
    series_.add_entity(partner, std::size_t(id), std::size_t(moment.period),
                       {values, state.lanes.list(), moment.lanes});
  };
  add(PartnerSeries::leads, flows[Flow::leads]);
  add(PartnerSeries::contacted, flows[Flow::contacted]);
  add(PartnerSeries::target_leads, flows[Flow::target]);
  const auto paid = flows[Flow::contracts_paid];
  const auto reactivated = flows[Flow::contracts_reactivated];
  for (std::size_t i = 0; i < paid.size(); ++i) scratch_[i] = paid[i] + reactivated[i];
  add(PartnerSeries::contracts, std::span(scratch_).first(paid.size()));
  add(PartnerSeries::active_customers, flows[Flow::active]);
  add(PartnerSeries::acquisition_cost, flows[Flow::acquisition_cost]);
  add(PartnerSeries::gross_profit, flows[Flow::gross_profit]);
}

// An observer sees whole blocks.
void OutcomeRecorder::observe_partner(const Moment& moment, std::size_t partner, const FlowTable& flows,
                                      const PartnerState& state) {
  if (state.lanes.all()) {
    observer_->partner_period(moment.period, int(partner), flows, state.queue_form, state.queue_fraud);
    return;
  }
  Lanes form(moment.lanes);
  Lanes fraud(moment.lanes);
  FlowTable whole(moment.lanes);
  for (std::size_t item = 0; item < kFlows; ++item) {
    const double elsewhere = Flow(item) == Flow::knowledge ? 1.0 : 0.0;  // nothing has faded before the start
    std::ranges::copy(state.lanes.spread(flows[Flow(item)], elsewhere, form), whole[Flow(item)].begin());
  }
  observer_->partner_period(moment.period, int(partner), whole, state.lanes.spread(state.queue_form, 0.0, form),
                            state.lanes.spread(state.queue_fraud, 0.0, fraud));
}

CHANNELCAST_LANE_LOOP void OutcomeRecorder::record_programme(const Moment& moment, const Books& books,
                                                             const SalesDesk& desk) {
  const auto period = std::size_t(moment.period);
  std::array<std::span<const double>, kSeries> series;
  for (std::size_t s = 0; s < kSeries; ++s) series[s] = period_[s];
  series[std::size_t(Series::total_cost)] = books.total_cost();
  series[std::size_t(Series::cash)] = books.cash()[period];
  series[std::size_t(Series::cumulative_cash)] = books.cumulative_cash();
  series[std::size_t(Series::backlog)] = desk.backlog();
  series[std::size_t(Series::wait_days)] = desk.wait_days();
  series[std::size_t(Series::capacity)] = desk.capacity();
  for (std::size_t s = 0; s < kSeries; ++s) {
    series_.add(s, period, series[s]);
    if (observer_) observer_->programme_period(moment.period, s, series[s]);
  }
  const auto backlog = desk.backlog();
  const auto largest = outcome(Outcome::max_backlog);
  const auto bound = outcome(Outcome::capacity_bound_periods);
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    largest[i] = std::max(largest[i], backlog[i]);
    bound[i] += backlog[i] + expired_[i] > 0.0 ? 1.0 : 0.0;
  }
}

void OutcomeRecorder::finish_partners(std::span<const PartnerState> states) {
  for (std::size_t p = 0; p < states.size(); ++p) {
    const PartnerState& state = states[p];
    for (std::size_t m = 0; m < totals_[p].rows(); ++m) {
      state.lanes.add(totals_[p][m], partner_outcome(p, PartnerOutcome(m)));
    }
    state.lanes.add(state.pipeline, partner_outcome(p, PartnerOutcome::pipeline_contracts));
    const auto contracts = partner_outcome(p, PartnerOutcome::contracts);
    const auto churned = partner_outcome(p, PartnerOutcome::churned_customers);
    const auto unbilled = state.lanes.spread(state.customers->unbilled(), 0.0, scratch_);
    const auto active = partner_outcome(p, PartnerOutcome::active_customers);
    const auto gross = partner_outcome(p, PartnerOutcome::gross_profit);
    const auto acquisition = partner_outcome(p, PartnerOutcome::acquisition_cost);
    const auto contribution = partner_outcome(p, PartnerOutcome::contribution);
    for (std::size_t i = 0; i < active.size(); ++i) {
      active[i] = contracts[i] - unbilled[i] - churned[i];
      contribution[i] = gross[i] - acquisition[i];
    }
    add_to(outcome(Outcome::unbilled_contracts), unbilled);
    state.lanes.add(state.queue_form, outcome(Outcome::waiting_leads));
    state.lanes.add(state.queue_fraud, outcome(Outcome::waiting_leads));
    for (const SummedOutcome& row : kTotals) add_to(outcome(row.to), partner_outcome(p, row.from));
    const InputValue& pool = scenario_.partners[p].input(PartnerInput::pool);
    if (is_absent(pool)) continue;
    const auto left = state.lanes.spread(state.pool_left, std::floor(pool.fixed), scratch_);
    const auto exhausted = outcome(Outcome::pool_exhausted_partners);
    for (std::size_t i = 0; i < exhausted.size(); ++i) exhausted[i] += left[i] <= 0.0 ? 1.0 : 0.0;
  }
}

CHANNELCAST_LANE_LOOP void OutcomeRecorder::finish_cash(const Books& books) {
  const double months = scenario_.grid.months_per_period();
  const LaneTable discount = discount_factors(scenario_.grid, inputs_(scenario_.input(ProgrammeInput::discount_rate)));
  payback_moment(books.cash(), {}, months, outcome(Outcome::payback_months));
  payback_moment(books.cash(), discount, months, outcome(Outcome::discounted_payback_months));
  internal_rate_of_return(books.cash(), months, outcome(Outcome::irr));
  const auto npv = outcome(Outcome::npv);
  const auto net = outcome(Outcome::net_cash);
  const auto peak = outcome(Outcome::peak_funding);
  const auto peak_month = outcome(Outcome::peak_funding_month);
  for (std::size_t t = 0; t < books.cash().rows(); ++t) {
    const auto cash = books.cash()[t];
    const auto factor = discount[t];
    const double end = double(t + 1) * months;
    for (std::size_t i = 0; i < npv.size(); ++i) npv[i] += cash[i] * factor[i];
    for (std::size_t i = 0; i < net.size(); ++i) {
      net[i] += cash[i];
      const bool deeper = -net[i] > peak[i];
      peak[i] = deeper ? -net[i] : peak[i];
      peak_month[i] = deeper ? end : peak_month[i];
    }
  }
}

void OutcomeRecorder::finish_ratios(const Books& books) {
  const auto copy = [&](Outcome id, std::span<const double> values) {
    std::copy(values.begin(), values.end(), outcome(id).begin());
  };
  copy(Outcome::acquisition_cost, books.acquisition_to_date());
  copy(Outcome::payroll, books.payroll());
  copy(Outcome::common_cost, books.common_cost());
  copy(Outcome::tax, books.tax());
  copy(Outcome::interest, books.interest());
  copy(Outcome::total_cost, books.total_cost_to_date());
  copy(Outcome::receivable, books.receivable());
  copy(Outcome::payable, books.payable());
  copy(Outcome::budget_exhausted_month, books.budget_exhausted_month());
  const auto acquisition = books.acquisition_to_date();
  if (!is_absent(scenario_.input(ProgrammeInput::budget))) {
    const auto budget = inputs_(scenario_.input(ProgrammeInput::budget));
    const auto overrun = outcome(Outcome::budget_overrun);
    for (std::size_t i = 0; i < overrun.size(); ++i) overrun[i] = std::max(0.0, acquisition[i] - budget[i]);
  }
  const auto ltv = outcome(Outcome::ltv);
  Lanes unweighted(ltv.size(), 0.0);
  const auto partners = scenario_.partners.size();
  for (std::size_t p = 0; p < partners; ++p) {
    const Lanes values = lifetime_values(scenario_, scenario_.partners[p], inputs_);
    const auto own = partner_outcome(p, PartnerOutcome::ltv);
    const auto contracts = partner_outcome(p, PartnerOutcome::contracts);
    for (std::size_t i = 0; i < ltv.size(); ++i) {
      own[i] = values[values.size() == 1 ? 0 : i];
      ltv[i] += own[i] * contracts[i];
      unweighted[i] += own[i] / double(partners);
    }
  }
  for (std::size_t p = 0; p < partners; ++p) {
    const auto cost = partner_outcome(p, PartnerOutcome::acquisition_cost);
    const auto own_contracts = partner_outcome(p, PartnerOutcome::contracts);
    const auto own_cac = partner_outcome(p, PartnerOutcome::cac);
    for (std::size_t i = 0; i < ltv.size(); ++i) own_cac[i] = cost_per_contract(cost[i], own_contracts[i]);
  }
  const auto contracts = outcome(Outcome::contracts);
  const auto cac = outcome(Outcome::cac);
  const auto ratio = outcome(Outcome::ltv_to_cac);
  for (std::size_t i = 0; i < ltv.size(); ++i) {
    const double cost = acquisition[i] + books.payroll()[i];
    ltv[i] = contracts[i] > 0.0 ? ltv[i] / contracts[i] : unweighted[i];
    cac[i] = cost_per_contract(cost, contracts[i]);
    ratio[i] = cac[i] > 0.0 ? ltv[i] / cac[i] : kUndefined;
  }
}

void OutcomeRecorder::check_numbers() const {
  const auto check = [&](std::span<const double> values, const sim::MetricSpec& metric, const std::string& whose) {
    const double limit =
        metric.type == sim::MetricType::count ? sim::kLargestExactCount : std::numeric_limits<double>::max();
    if (all_within(values, limit)) return;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::abs(values[i]) <= limit) continue;
      const char* const problem = std::isfinite(values[i])
                                      ? "is above 2^53, up to which whole numbers are exact: make volumes smaller"
                                      : "is not a finite number";
      throw trial_failure(result_.block().first_trial + i, whose + std::string(metric.name) + " " + problem);
    }
  };
  const sim::BlockResult& result = result_;
  for (std::size_t m = 0; m < kOutcomes; ++m) {
    if (!may_be_infinite(Outcome(m))) check(result.outcome(m), outcome_metrics()[m], "");
  }
  for (std::size_t p = 0; p < scenario_.partners.size(); ++p) {
    for (std::size_t m = 0; m < kPartnerOutcomes; ++m) {
      if (PartnerOutcome(m) == PartnerOutcome::cac) continue;  // infinite where money was spent for nothing
      check(result.entity_outcome(p, m), partner_outcome_metrics()[m],
            "partner \"" + scenario_.partners[p].name + "\": ");
    }
  }
}

void OutcomeRecorder::finish(const Books& books, std::span<const PartnerState> states) {
  finish_partners(states);
  finish_cash(books);
  finish_ratios(books);
  check_numbers();
}

}  // namespace channelcast::models
