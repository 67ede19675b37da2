#include <array>

#include "models/finance.hpp"
#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"

namespace channelcast::models {

namespace {

constexpr std::size_t kTile = 256;  // lanes whose lines of a period stay in the nearest cache

using TileLanes = std::array<double, kTile>;

// Whether managers, fixed costs, launch and events cost the same in all trials.
bool common_costs_are_fixed(const Scenario& scenario) {
  for (const ProgrammeInput id : {ProgrammeInput::managers, ProgrammeInput::cost_per_manager_per_month,
                                  ProgrammeInput::fixed_cost_per_month, ProgrammeInput::launch_cost}) {
    if (scenario.input(id).uncertain >= 0) return false;
  }
  for (const SalesChange& change : scenario.sales_changes) {
    if (change.managers.uncertain >= 0) return false;
  }
  return std::ranges::all_of(scenario.events,
                             [](const Event& event) { return is_fixed_at(event.input(EventInput::cost), 0.0); });
}

// Interest of a period on what is owed at its start, [lane].
Lanes interest_of_periods(const sim::TimeGrid& grid, std::span<const double> yearly) {
  const double years = grid.months_per_period() / sim::kMonthsPerYear;
  const auto of_period = [&](double rate) {
    return rate > 0.0 ? sim::exact_expm1(sim::exact_log1p(rate) * years) : 0.0;
  };
  if (all_equal(yearly)) return Lanes(yearly.size(), of_period(yearly.front()));
  Lanes rates(yearly.size());
  std::ranges::transform(yearly, rates.begin(), of_period);
  return rates;
}

// Periods that are kept until they are paid; none where all is paid at once.
std::size_t later_rows(int delay, const sim::TimeGrid& grid) {
  return delay > 0 ? std::size_t(std::min(delay, grid.periods())) + 1 : 0;
}

}  // namespace

Books::Books(const Scenario& scenario, const BlockInputs& inputs)
    : scenario_(scenario),
      programme_(scenario, inputs),
      customer_delay_(scenario.grid.periods_in(scenario.input(ProgrammeInput::customer_payment_delay_months).fixed)),
      partner_delay_(scenario.grid.periods_in(scenario.input(ProgrammeInput::partner_payment_delay_months).fixed)),
      cash_(std::size_t(scenario.grid.periods()), inputs.lanes()),
      gross_profit_(later_rows(customer_delay_, scenario.grid), inputs.lanes()),
      fees_(later_rows(partner_delay_, scenario.grid), inputs.lanes()),
      none_(inputs.lanes()),
      common_now_(inputs.lanes()),
      stop_at_(inputs.lanes(), kNever),
      total_cost_(inputs.lanes()),
      cumulative_(inputs.lanes()),
      acquisition_to_date_(inputs.lanes()),
      payroll_(common_costs_are_fixed(scenario) ? 1 : inputs.lanes()),
      common_(payroll_.size()),
      tax_(inputs.lanes()),
      interest_(inputs.lanes()),
      total_to_date_(inputs.lanes()),
      receivable_(inputs.lanes()),
      payable_(inputs.lanes()),
      exhausted_month_(inputs.lanes(), kNever) {
  const InputValue& rate = scenario.input(ProgrammeInput::interest_rate);
  if (!is_fixed_at(rate, 0.0)) period_interest_rate_ = interest_of_periods(scenario.grid, inputs(rate));
}

CHANNELCAST_LANE_LOOP void Books::book_common_costs(const Moment& moment, std::span<const double> managers,
                                                    std::span<const double> event_costs) {
  const auto manager_cost = programme_(ProgrammeInput::cost_per_manager_per_month);
  const auto fixed = programme_(ProgrammeInput::fixed_cost_per_month);
  const auto launch = programme_(ProgrammeInput::launch_cost);
  const double launch_now = moment.period == 0 ? 1.0 : 0.0;
  const double before = common_now_.front();
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < payroll_.size(); ++i) {
    const double payroll = managers[i] * manager_cost[i] * moment.months;
    const double common = payroll + fixed[i] * moment.months + launch[i] * launch_now + event_costs[i];
    payroll_[i] += payroll;
    common_[i] += common;
    common_now_[i] = common;
  }
  const double shared = common_now_.front();
  if (payroll_.size() == 1 && shared != before) std::ranges::fill(common_now_, shared);
}

CHANNELCAST_LANE_LOOP void Books::book_budget(const Moment& moment, std::span<const double> acquisition) {
  add_to(acquisition_to_date_, acquisition);
  if (is_absent(scenario_.input(ProgrammeInput::budget))) return;
  const auto budget = programme_(ProgrammeInput::budget);
  std::int64_t reached = 0;  // as wide as a double: such sums are vectors
  for (std::size_t i = 0; i < moment.lanes; ++i) reached += acquisition_to_date_[i] >= budget[i] ? 1 : 0;
  if (reached == 0) return;
  const double now = moment.period + 1;
  const double month = now * moment.months;
  const double stop = may_stop() ? now : kNever;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    const bool just = (exhausted_month_[i] == kNever) & (acquisition_to_date_[i] >= budget[i]);
    exhausted_month_[i] = just ? month : exhausted_month_[i];
    stop_at_[i] = just ? stop : stop_at_[i];
  }
}

// What is earned and incurred in a period, and what of earlier periods is received and paid in it.
struct Books::Lines {
  std::span<const double> revenue, gross_profit, fees, acquisition, common;
  std::span<const double> received, paid;
};

// Some lanes, line by line: what a scenario does not have costs nothing.
CHANNELCAST_LANE_LOOP void Books::book_tile(std::size_t period, std::size_t first, const Lines& lines) {
  const auto& [revenue, gross, fees, acquisition, common, received, paid] = lines;
  const std::size_t lanes = gross.size();
  const auto part = [&](std::span<double> row) { return row.subspan(first, lanes); };
  const auto input = [&](ProgrammeInput id) { return programme_(id).subspan(first, lanes); };
  const auto has = [&](ProgrammeInput id) { return !is_fixed_at(scenario_.input(id), 0.0); };
  TileLanes tax{};
  TileLanes interest{};
  if (has(ProgrammeInput::revenue_tax_rate)) {
    const auto rate = input(ProgrammeInput::revenue_tax_rate);
    for (std::size_t i = 0; i < lanes; ++i) tax[i] = rate[i] * revenue[i];
  }
  if (has(ProgrammeInput::profit_tax_rate)) {
    const auto rate = input(ProgrammeInput::profit_tax_rate);
    for (std::size_t i = 0; i < lanes; ++i) {
      const double profit = gross[i] - acquisition[i] - common[i] - tax[i];
      tax[i] += rate[i] * std::max(0.0, profit);
    }
  }
  add_to(part(tax_), tax);
  const auto cumulative = part(cumulative_);
  if (!period_interest_rate_.empty()) {
    const auto rate = part(period_interest_rate_);
    for (std::size_t i = 0; i < lanes; ++i) interest[i] = rate[i] * std::max(0.0, -cumulative[i]);
    add_to(part(interest_), interest);
  }
  const auto cash = part(cash_[period]);
  const auto total = part(total_cost_);
  const auto total_to_date = part(total_to_date_);
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < lanes; ++i) {
    cash[i] = received[i] - paid[i] - (acquisition[i] - fees[i]) - common[i] - tax[i] - interest[i];
    cumulative[i] += cash[i];
    total[i] = acquisition[i] + common[i] + tax[i] + interest[i];
    total_to_date[i] += total[i];
  }
  const auto add_difference = [](std::span<double> sum, std::span<const double> what, std::span<const double> less) {
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += what[i] - less[i];
  };
  if (customer_delay_ > 0) add_difference(part(receivable_), gross, received);
  if (partner_delay_ > 0) add_difference(part(payable_), fees, paid);
}

void Books::step(const Moment& moment, const PeriodSums& sums, std::span<const double> managers,
                 std::span<const double> event_costs) {
  book_common_costs(moment, managers, event_costs);
  const auto period = std::size_t(moment.period);
  // What is received and paid now was earned and incurred `delay` periods ago.
  const auto earlier = [&](std::span<const double> now, LaneTable& all, int delay) -> std::span<const double> {
    if (all.empty()) return now;
    std::ranges::copy(now, all[period % all.rows()].begin());
    return moment.period >= delay ? all[(period - std::size_t(delay)) % all.rows()] : std::span<const double>(none_);
  };
  const Lines lines{sums.revenue,
                    sums.gross_profit,
                    sums.partner_fees,
                    sums.acquisition,
                    common_now_,
                    earlier(sums.gross_profit, gross_profit_, customer_delay_),
                    earlier(sums.partner_fees, fees_, partner_delay_)};
  for (std::size_t first = 0; first < moment.lanes; first += kTile) {
    const auto part = [&](std::span<const double> row) {
      return row.subspan(first, std::min(kTile, moment.lanes - first));
    };
    book_tile(period, first,
              {part(lines.revenue), part(lines.gross_profit), part(lines.fees), part(lines.acquisition),
               part(lines.common), part(lines.received), part(lines.paid)});
  }
  book_budget(moment, sums.acquisition);
}

LaneTable discount_factors(const sim::TimeGrid& grid, std::span<const double> discount_rate) {
  const auto periods = std::size_t(grid.periods());
  const auto rates = all_equal(discount_rate) ? discount_rate.first(1) : discount_rate;
  LaneTable factors(periods, rates.size());
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const double rate_of_growth = sim::exact_log1p(rates[i]);
    for (std::size_t t = 0; t < periods; ++t) {
      factors[t][i] = -rate_of_growth * (double(t + 1) * grid.months_per_period() / sim::kMonthsPerYear);
    }
  }
  for (std::size_t t = 0; t < periods; ++t) sim::fill_exp(factors[t], factors[t]);
  return factors;
}

}  // namespace channelcast::models
