#include "models/finance.hpp"

#include <utility>

#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"

namespace channelcast::models {

namespace {

// Revenue and gross profit; returns what a customer pays in this period, [lane].
CHANNELCAST_LANE_LOOP std::span<const double> book_revenue(const PartnerPeriod& at) {
  const auto& [moment, partner, state, flows] = at;
  thread_local Lanes price;
  price.resize(moment.lanes);
  const auto revenue_per_month = partner(PartnerInput::revenue_per_month);
  for (std::size_t i = 0; i < moment.lanes; ++i) price[i] = revenue_per_month[i] * moment.months;
  partner.events.apply(partner.position, EventWhat::revenue, moment.period, price);
  const auto margin = partner(PartnerInput::gross_margin);
  const auto billed = flows[Flow::billed];
  const auto revenue = flows[Flow::revenue];
  const auto gross = flows[Flow::gross_profit];
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    revenue[i] = billed[i] * price[i];
    gross[i] = revenue[i] * margin[i];
  }
  if (!partner.off(PartnerInput::setup_fee)) {
    const auto setup_fee = partner(PartnerInput::setup_fee);
    const auto paid = flows[Flow::contracts_paid];
    const auto reactivated = flows[Flow::contracts_reactivated];
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < moment.lanes; ++i) {
      const double setup = (paid[i] + reactivated[i]) * setup_fee[i];
      revenue[i] += setup;
      gross[i] += setup;
    }
  }
  if (!partner.off(PartnerInput::outbound_per_month)) {
    const auto closed = flows[Flow::closed];
    const auto deal_value = partner(PartnerInput::deal_value);
    const auto commission = partner(PartnerInput::commission);
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < moment.lanes; ++i) gross[i] += closed[i] * (deal_value[i] * commission[i]);
  }
  return price;
}

// Adds what a partner is paid or costs by an input, each times an item of the period; most inputs are 0.
CHANNELCAST_LANE_LOOP void add_each(const PartnerPeriod& at, PartnerInput price, Flow item, std::span<double> total) {
  if (at.partner.off(price)) return;
  const auto each = at.partner(price);
  const std::span<const double> count = std::as_const(at.flows)[item];
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < total.size(); ++i) total[i] += each[i] * count[i];
}

CHANNELCAST_LANE_LOOP void book_fees(const PartnerPeriod& at, std::span<const double> price) {
  const auto& [moment, partner, state, flows] = at;
  const auto fees = flows[Flow::partner_fees];
  std::ranges::fill(fees, 0.0);
  add_each(at, PartnerInput::per_lead, Flow::payable, fees);
  add_each(at, PartnerInput::per_target, Flow::target, fees);
  if (!partner.off(PartnerInput::per_contract)) {
    const auto per_contract = partner(PartnerInput::per_contract);
    const auto paid = flows[Flow::contracts_paid];
    const auto clawed = flows[Flow::clawed_back];
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < moment.lanes; ++i) fees[i] += per_contract[i] * (paid[i] - clawed[i]);
  }
  if (!partner.off(PartnerInput::revenue_share)) {
    const auto revenue_share = partner(PartnerInput::revenue_share);
    const auto shared = flows[Flow::shared_billed];
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < moment.lanes; ++i) fees[i] += revenue_share[i] * (shared[i] * price[i]);
  }
  if (!partner.off(PartnerInput::fixed_per_month)) {
    const auto fixed = partner(PartnerInput::fixed_per_month);
    const auto work = flows[Flow::work_share];
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < moment.lanes; ++i) fees[i] += fixed[i] * moment.months * work[i];
  }
}

CHANNELCAST_LANE_LOOP void book_acquisition(const PartnerPeriod& at, std::span<const double> cost_per_worked_lead) {
  const auto& [moment, partner, state, flows] = at;
  const auto acquisition = flows[Flow::acquisition_cost];
  const FlowTable& known = flows;
  const auto live = known[Flow::worked_live];
  const auto form = known[Flow::worked_form];
  const auto fraud = known[Flow::worked_fraud];
  std::ranges::copy(flows[Flow::partner_fees], acquisition.begin());
  if (any_positive(known[Flow::launched])) {
    add_each(at, PartnerInput::partner_launch_cost, Flow::launched, acquisition);
  }
  if (any_positive(known[Flow::trained])) add_each(at, PartnerInput::training_cost, Flow::trained, acquisition);
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    acquisition[i] += cost_per_worked_lead[i] * (live[i] + form[i] + fraud[i]);
  }
  add_each(at, PartnerInput::cost_per_refusal, Flow::refusals, acquisition);
}

}  // namespace

void step_partner_money(const PartnerPeriod& at, std::span<const double> cost_per_worked_lead) {
  const auto price = book_revenue(at);
  book_fees(at, price);
  book_acquisition(at, cost_per_worked_lead);
}

Books::Books(const Scenario& scenario, const BlockInputs& inputs)
    : scenario_(scenario),
      inputs_(inputs),
      customer_delay_(scenario.grid.periods_in(scenario.input(ProgrammeInput::customer_payment_delay_months).fixed)),
      partner_delay_(scenario.grid.periods_in(scenario.input(ProgrammeInput::partner_payment_delay_months).fixed)),
      period_interest_rate_(inputs.lanes()),
      cash_(std::size_t(scenario.grid.periods()), inputs.lanes()),
      gross_profit_(std::size_t(std::min(customer_delay_, scenario.grid.periods())) + 1, inputs.lanes()),
      fees_(std::size_t(std::min(partner_delay_, scenario.grid.periods())) + 1, inputs.lanes()),
      none_(inputs.lanes()),
      stop_at_(inputs.lanes(), kNever),
      total_cost_(inputs.lanes()),
      cumulative_(inputs.lanes()),
      acquisition_to_date_(inputs.lanes()),
      payroll_(inputs.lanes()),
      common_(inputs.lanes()),
      tax_(inputs.lanes()),
      interest_(inputs.lanes()),
      total_to_date_(inputs.lanes()),
      receivable_(inputs.lanes()),
      payable_(inputs.lanes()),
      exhausted_month_(inputs.lanes(), kNever) {
  const auto rate = inputs(scenario.input(ProgrammeInput::interest_rate));
  const double years = scenario.grid.months_per_period() / sim::kMonthsPerYear;
  const bool shared = all_equal(rate);
  for (std::size_t i = 0; i < rate.size(); ++i) {
    if (shared && i > 0) {
      period_interest_rate_[i] = period_interest_rate_[0];
      continue;
    }
    period_interest_rate_[i] = rate[i] > 0.0 ? sim::exact_expm1(sim::exact_log1p(rate[i]) * years) : 0.0;
  }
}

CHANNELCAST_LANE_LOOP void Books::book_budget(const Moment& moment, std::span<const double> acquisition) {
  add_to(acquisition_to_date_, acquisition);
  if (is_absent(scenario_.input(ProgrammeInput::budget))) return;
  const auto budget = inputs_(scenario_.input(ProgrammeInput::budget));
  const bool stops = BudgetPolicy(int(scenario_.input(ProgrammeInput::budget_policy).fixed)) == BudgetPolicy::stop;
  const double now = moment.period + 1;
  const double month = now * moment.months;
  const double stop = stops ? now : kNever;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    const bool just = (exhausted_month_[i] == kNever) & (acquisition_to_date_[i] >= budget[i]);
    exhausted_month_[i] = just ? month : exhausted_month_[i];
    stop_at_[i] = just ? stop : stop_at_[i];
  }
}

CHANNELCAST_LANE_LOOP void Books::step(const Moment& moment, const PeriodSums& sums, std::span<const double> managers,
                                       std::span<const double> event_costs) {
  const auto in = [&](ProgrammeInput id) { return inputs_(scenario_.input(id)); };
  const auto manager_cost = in(ProgrammeInput::cost_per_manager_per_month);
  const auto fixed = in(ProgrammeInput::fixed_cost_per_month);
  const auto launch = in(ProgrammeInput::launch_cost);
  const auto revenue_tax = in(ProgrammeInput::revenue_tax_rate);
  const auto profit_tax = in(ProgrammeInput::profit_tax_rate);
  const auto period = std::size_t(moment.period);
  const auto cash = cash_[period];
  const auto gross_now = gross_profit_[period % gross_profit_.rows()];
  const auto fees_now = fees_[period % fees_.rows()];
  std::copy_n(sums.gross_profit.data(), moment.lanes, gross_now.data());
  std::copy_n(sums.partner_fees.data(), moment.lanes, fees_now.data());
  // What is received and paid now was earned and incurred `delay` periods ago.
  const auto earlier = [&](const LaneTable& what, int delay) -> std::span<const double> {
    return moment.period >= delay ? what[(period - std::size_t(delay)) % what.rows()] : none_;
  };
  const auto received = earlier(gross_profit_, customer_delay_);
  const auto paid = earlier(fees_, partner_delay_);
  const double launch_now = moment.period == 0 ? 1.0 : 0.0;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    const double payroll = managers[i] * manager_cost[i] * moment.months;
    const double common = payroll + fixed[i] * moment.months + launch[i] * launch_now + event_costs[i];
    const double tax_on_revenue = revenue_tax[i] * sums.revenue[i];
    const double profit = sums.gross_profit[i] - sums.acquisition[i] - common - tax_on_revenue;
    const double tax = tax_on_revenue + profit_tax[i] * std::max(0.0, profit);
    const double interest = period_interest_rate_[i] * std::max(0.0, -cumulative_[i]);
    cash[i] = received[i] - paid[i] - (sums.acquisition[i] - sums.partner_fees[i]) - common - tax - interest;
    cumulative_[i] += cash[i];
    total_cost_[i] = sums.acquisition[i] + common + tax + interest;
    payroll_[i] += payroll;
    common_[i] += common;
    tax_[i] += tax;
    interest_[i] += interest;
    total_to_date_[i] += total_cost_[i];
    receivable_[i] += sums.gross_profit[i] - received[i];
    payable_[i] += sums.partner_fees[i] - paid[i];
  }
  book_budget(moment, sums.acquisition);
}

LaneTable discount_factors(const sim::TimeGrid& grid, std::span<const double> discount_rate) {
  const auto periods = std::size_t(grid.periods());
  if (all_equal(discount_rate)) {
    LaneTable shared(periods, 1);
    const double rate_of_growth = sim::exact_log1p(discount_rate.front());
    for (std::size_t t = 0; t < periods; ++t) {
      const double years = double(t + 1) * grid.months_per_period() / sim::kMonthsPerYear;
      shared[t][0] = sim::exact_exp(-rate_of_growth * years);
    }
    return shared;
  }
  LaneTable factors(periods, discount_rate.size());
  for (std::size_t i = 0; i < discount_rate.size(); ++i) {
    const double rate_of_growth = sim::exact_log1p(discount_rate[i]);
    for (std::size_t t = 0; t < periods; ++t) {
      factors[t][i] = -rate_of_growth * (double(t + 1) * grid.months_per_period() / sim::kMonthsPerYear);
    }
  }
  for (std::size_t t = 0; t < periods; ++t) sim::fill_exp(factors[t], factors[t]);
  return factors;
}

}  // namespace channelcast::models
