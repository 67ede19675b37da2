#include "models/outcomes.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "sim/error.hpp"
#include "sim/exact_counts.hpp"
#include "sim/lane_loop.hpp"

namespace channelcast::models {

namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// The series that are sums over partners.
constexpr std::pair<Series, PeriodItem> kSums[] = {
    {Series::leads, PeriodItem::leads},
    {Series::worked, PeriodItem::worked},
    {Series::contacted, PeriodItem::contacted},
    {Series::target_leads, PeriodItem::target_leads},
    {Series::deals, PeriodItem::deals},
    {Series::contracts, PeriodItem::contracts},
    {Series::reactivated_contracts, PeriodItem::reactivated_contracts},
    {Series::churned_customers, PeriodItem::churned_customers},
    {Series::active_customers, PeriodItem::active_customers},
    {Series::acquisition_cost, PeriodItem::acquisition_cost},
    {Series::gross_profit, PeriodItem::gross_profit},
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
      series_wanted_(sinks.observer != nullptr || sinks.series.wants_series()),
      partners_(scenario, series_wanted_ ? PeriodSumsFor::series : PeriodSumsFor::books, result) {}

void OutcomeRecorder::record_partners(const Moment& moment, std::span<const FlowTable> flows,
                                      std::span<const PartnerState> states) {
  partners_.add(moment, flows, states);
  for (std::size_t p = 0; p < flows.size(); ++p) deliver_partner(moment, p, flows[p], states[p]);
}

PeriodSums OutcomeRecorder::sums() const {
  const PeriodRows& rows = partners_.rows();
  return {rows[PeriodItem::revenue], rows[PeriodItem::gross_profit], rows[PeriodItem::partner_fees],
          rows[PeriodItem::acquisition_cost]};
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
  add(PartnerSeries::contracts, state.customers->unbilled());  // what was signed in this period is not billed yet
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

void OutcomeRecorder::record_programme(const Moment& moment, const Books& books, const SalesDesk& desk) {
  if (series_wanted_) deliver_programme(moment, books, desk);
  record_backlog(desk);
}

void OutcomeRecorder::deliver_programme(const Moment& moment, const Books& books, const SalesDesk& desk) {
  const auto period = std::size_t(moment.period);
  std::array<std::span<const double>, kSeries> series;
  for (const auto& [id, item] : kSums) series[std::size_t(id)] = partners_.rows()[item];
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
}

void OutcomeRecorder::record_backlog(const SalesDesk& desk) {
  const auto backlog = desk.backlog();
  const auto expired = partners_.rows()[PeriodItem::expired];
  const auto largest = outcome(Outcome::max_backlog);
  const auto bound = outcome(Outcome::capacity_bound_periods);
  for (const std::size_t i : desk.short_lanes()) {
    largest[i] = std::max(largest[i], backlog[i]);
    bound[i] += backlog[i] + expired[i] > 0.0 ? 1.0 : 0.0;
  }
}

void OutcomeRecorder::finish_cash(const Books& books) {
  const double months = scenario_.grid.months_per_period();
  const LaneTable discount = discount_factors(scenario_.grid, inputs_(scenario_.input(ProgrammeInput::discount_rate)));
  follow_cash(books.cash(), {}, months,
              {outcome(Outcome::payback_months), outcome(Outcome::net_cash), outcome(Outcome::peak_funding),
               outcome(Outcome::peak_funding_month)});
  follow_cash(books.cash(), discount, months,
              {outcome(Outcome::discounted_payback_months), outcome(Outcome::npv), {}, {}});
  internal_rate_of_return(books.cash(), months, outcome(Outcome::irr));
}

void OutcomeRecorder::finish_ratios(const Books& books) {
  const auto copy = [&](Outcome id, std::span<const double> values) {
    const auto all = outcome(id);
    values.size() == 1 ? void(std::ranges::fill(all, values.front())) : void(std::ranges::copy(values, all.begin()));
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
  const auto payroll = outcome(Outcome::payroll);
  const auto cac = outcome(Outcome::cac);
  const auto ratio = outcome(Outcome::ltv_to_cac);
  for (std::size_t i = 0; i < ltv.size(); ++i) {
    const double cost = acquisition[i] + payroll[i];
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
      // A partner's counts are parts of the programme's, and its cost of a contract is infinite where money was spent
      // for nothing.
      if (partner_outcome_metrics()[m].type == sim::MetricType::count || PartnerOutcome(m) == PartnerOutcome::cac) {
        continue;
      }
      check(result.entity_outcome(p, m), partner_outcome_metrics()[m],
            "partner \"" + scenario_.partners[p].name + "\": ");
    }
  }
}

void OutcomeRecorder::finish(const Books& books, std::span<const PartnerState> states) {
  partners_.finish(states);
  finish_cash(books);
  finish_ratios(books);
  check_numbers();
}

}  // namespace channelcast::models
