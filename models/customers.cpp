#include "models/customers.hpp"

#include <cmath>

#include "models/block_inputs.hpp"
#include "sim/lane_loop.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::models {

namespace {

bool is_fixed(const Partner& partner, PartnerInput id) { return partner.input(id).uncertain < 0; }

Retention retention_of(const Partner& partner) { return Retention(int(partner.input(PartnerInput::retention).fixed)); }

RetentionParameters parameters_at(const Partner& partner, const BlockInputs& inputs, std::size_t lane) {
  const auto at = [&](PartnerInput id) { return inputs(partner.input(id))[lane]; };
  RetentionParameters parameters;
  parameters.kind = retention_of(partner);
  // Only what this kind of retention has: other kinds' inputs may be uncertain (from partner_defaults) where these are
  // not.
  switch (parameters.kind) {
    case Retention::constant: parameters.churn_per_month = at(PartnerInput::churn_per_month); break;
    case Retention::sbg:
      parameters.sbg_alpha = at(PartnerInput::sbg_alpha);
      parameters.sbg_beta = at(PartnerInput::sbg_beta);
      break;
    case Retention::weibull:
      parameters.weibull_shape = at(PartnerInput::weibull_shape);
      parameters.weibull_scale_months = at(PartnerInput::weibull_scale_months);
      break;
    case Retention::table: parameters.table = &partner.retention_table; break;
  }
  return parameters;
}

// How customers stay in every lane; not for constant churn.
LaneSurvival survival_of(const Partner& partner, const BlockInputs& inputs, double months_per_period) {
  if (retention_is_fixed(partner)) {
    return LaneSurvival(parameters_at(partner, inputs, 0), inputs.lanes(), months_per_period);
  }
  const bool sbg = retention_of(partner) == Retention::sbg;
  const auto first = inputs(partner.input(sbg ? PartnerInput::sbg_alpha : PartnerInput::weibull_shape));
  const auto second = inputs(partner.input(sbg ? PartnerInput::sbg_beta : PartnerInput::weibull_scale_months));
  return LaneSurvival({retention_of(partner), first, second}, months_per_period);
}

// Whole billed periods that lie within a number of months.
int billed_periods_within(double months, double months_per_period) {
  return int(std::floor(std::min(1e8, months / months_per_period + 1e-9)));
}

}  // namespace

bool retention_is_fixed(const Partner& partner) {
  switch (retention_of(partner)) {
    case Retention::constant: return is_fixed(partner, PartnerInput::churn_per_month);
    case Retention::sbg: return is_fixed(partner, PartnerInput::sbg_alpha) && is_fixed(partner, PartnerInput::sbg_beta);
    case Retention::weibull:
      return is_fixed(partner, PartnerInput::weibull_shape) && is_fixed(partner, PartnerInput::weibull_scale_months);
    case Retention::table: break;
  }
  return true;
}

CustomerRules customer_rules(const Partner& partner, const sim::TimeGrid& grid) {
  const auto fixed = [&](PartnerInput id) { return partner.input(id).fixed; };
  CustomerRules rules;
  if (!is_fixed_at(partner.input(PartnerInput::revenue_share), 0.0)) {
    const double months = fixed(PartnerInput::revenue_share_months);
    rules.shared_periods = std::isnan(months) ? -1 : billed_periods_within(months, grid.months_per_period());
  }
  if (!is_fixed_at(partner.input(PartnerInput::per_contract), 0.0)) {
    rules.clawback_periods = billed_periods_within(fixed(PartnerInput::clawback_months), grid.months_per_period());
  }
  rules.separate_origin = rules.clawback_periods > 0;
  rules.by_cohort =
      retention_of(partner) != Retention::constant || rules.shared_periods > 0 || rules.clawback_periods > 0;
  return rules;
}

HazardTable churn_table(const Partner& partner, const sim::TimeGrid& grid, const BlockInputs& inputs) {
  const double months = grid.months_per_period();
  if (retention_is_fixed(partner))
    return HazardTable(churn_hazards(parameters_at(partner, inputs, 0), months, grid.periods()));
  if (retention_of(partner) == Retention::constant) {
    LaneTable table(1, inputs.lanes());
    constant_survival(inputs(partner.input(PartnerInput::churn_per_month)), months, table[0]);
    for (double& hazard : table[0]) hazard = clip_share(1.0 - hazard);
    return HazardTable(std::move(table));
  }
  return HazardTable(churn_hazards(survival_of(partner, inputs, months), grid.periods()));
}

Lanes lifetime_values(const Scenario& scenario, const Partner& partner, const BlockInputs& inputs) {
  const bool one_rate = scenario.input(ProgrammeInput::discount_rate).uncertain < 0;
  const auto revenue = inputs(partner.input(PartnerInput::revenue_per_month));
  const auto margin = inputs(partner.input(PartnerInput::gross_margin));
  const auto rate = inputs(scenario.input(ProgrammeInput::discount_rate));
  const double months = scenario.grid.months_per_period();
  const double ltv_months = partner.input(PartnerInput::ltv_months).fixed;
  if (one_rate && retention_is_fixed(partner) && is_fixed(partner, PartnerInput::revenue_per_month) &&
      is_fixed(partner, PartnerInput::gross_margin)) {
    return {lifetime_value(parameters_at(partner, inputs, 0), {revenue[0] * margin[0], ltv_months, rate[0], months})};
  }
  Lanes values(inputs.lanes());
  const LifetimeTerms terms{ltv_months, months, rate.first(one_rate ? 1 : values.size())};
  if (retention_of(partner) == Retention::constant) {
    constant_survival(inputs(partner.input(PartnerInput::churn_per_month)), months, values);
    constant_lifetime_sums(terms, values);
  } else {
    lifetime_sums(survival_of(partner, inputs, months), terms, values);
  }
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = values[i] * (revenue[i] * margin[i]) * months;
  return values;
}

Customers::Customers(const CustomerRules& rules, std::shared_ptr<const HazardTable> shared, int periods)
    : rules_(rules), shared_(std::move(shared)) {
  if (!rules_.by_cohort) return;
  cohorts_ = LaneTable(std::size_t(periods), 0);
  alive_.assign(std::size_t(periods), false);
  reactivated_alive_.assign(std::size_t(periods), false);
  if (rules_.separate_origin) reactivated_cohorts_ = LaneTable(std::size_t(periods), 0);
}

void Customers::add_lanes(std::size_t more, const HazardTable& hazards) {
  if (!shared_) by_lane_.append(hazards);
  for (Lanes* each : {&active_, &unbilled_}) each->resize(each->size() + more, 0.0);
  cohorts_.widen(more);
  reactivated_cohorts_.widen(more);
}

CHANNELCAST_LANE_LOOP void Customers::sign(int period, std::span<const double> paid,
                                           std::span<const double> reactivated) {
  for (std::size_t i = 0; i < unbilled_.size(); ++i) unbilled_[i] = paid[i] + reactivated[i];
  if (!rules_.by_cohort) return;
  const auto cohort = std::size_t(period);
  add_to(cohorts_[cohort], paid);
  add_to(rules_.separate_origin ? reactivated_cohorts_[cohort] : cohorts_[cohort], reactivated);
  alive_[cohort] = any_positive(cohorts_[cohort]);
  if (rules_.separate_origin) reactivated_alive_[cohort] = any_positive(reactivated_cohorts_[cohort]);
}

CHANNELCAST_LANE_LOOP void Customers::draw_churn(const sim::DrawSite& site, const Cohort& cohort,
                                                 std::span<double> churned) const {
  thread_local Lanes scratch;
  if (cohort.event_factor.empty() && !hazards().by_lane()) {
    sim::fill_binomial(site, cohort.count, hazards().fixed(cohort.tenure), churned);
    return;
  }
  if (cohort.event_factor.empty()) {
    sim::fill_binomial(site, cohort.count, hazards().lanes(cohort.tenure), churned);
    return;
  }
  const auto probability = room_for(scratch, churned.size());
  for (std::size_t i = 0; i < probability.size(); ++i) {
    const double hazard = hazards().by_lane() ? hazards().lanes(cohort.tenure)[i] : hazards().fixed(cohort.tenure);
    probability[i] = clip_share(hazard * cohort.event_factor[i]);
  }
  sim::fill_binomial(site, cohort.count, probability, churned);
}

CHANNELCAST_LANE_LOOP void Customers::step_pooled(const Moment& moment, sim::StreamKey key,
                                                  std::span<const double> event_factor, FlowTable& flows) {
  const auto billed = flows[Flow::billed];
  const std::span<const double> joining = unbilled_;
  const std::span<double> customers = active_;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const double now = customers[i] + joining[i];
    customers[i] = now;
    billed[i] = now;
  }
  if (rules_.shared_periods < 0) std::copy(active_.begin(), active_.end(), flows[Flow::shared_billed].begin());
  const auto churned = flows[Flow::churned];
  draw_churn(moment.site(key, Tag::churn), {1, active_, event_factor}, churned);
  const auto active = flows[Flow::active];
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const double staying = customers[i] - churned[i];
    customers[i] = staying;
    active[i] = staying;
  }
}

void Customers::step_cohorts(const Moment& moment, sim::StreamKey key, std::span<const double> event_factor,
                             FlowTable& flows) {
  thread_local Lanes scratch;
  const auto churned = room_for(scratch, unbilled_.size());
  const auto one_cohort = [&](LaneTable& table, std::vector<bool>& alive, int cohort, Tag tag, bool returns_fee) {
    if (!alive[std::size_t(cohort)]) return;
    const int tenure = moment.period - cohort;
    const auto count = table[std::size_t(cohort)];
    draw_churn(moment.site(key, tag, std::uint32_t(cohort) + 1), {tenure, count, event_factor}, churned);
    add_to(flows[Flow::billed], count);
    if (rules_.shared_periods < 0 || tenure <= rules_.shared_periods) add_to(flows[Flow::shared_billed], count);
    add_to(flows[Flow::churned], churned);
    if (returns_fee && tenure <= rules_.clawback_periods) add_to(flows[Flow::clawed_back], churned);
    for (std::size_t i = 0; i < count.size(); ++i) count[i] -= churned[i];
    alive[std::size_t(cohort)] = any_positive(count);
  };
  for (const Flow item : {Flow::billed, Flow::shared_billed, Flow::churned, Flow::clawed_back}) flows.clear(item);
  for (int cohort = 0; cohort < moment.period; ++cohort) {
    one_cohort(cohorts_, alive_, cohort, Tag::churn, true);
    if (rules_.separate_origin) {
      one_cohort(reactivated_cohorts_, reactivated_alive_, cohort, Tag::churn_reactivated, false);
    }
  }
  const auto billed = flows[Flow::billed];
  const auto left = flows[Flow::churned];
  const auto active = flows[Flow::active];
  for (std::size_t i = 0; i < active.size(); ++i) active[i] = billed[i] - left[i];
}

void Customers::step(const Moment& moment, sim::StreamKey key, std::span<const double> event_factor, FlowTable& flows) {
  if (rules_.by_cohort) {
    step_cohorts(moment, key, event_factor, flows);
  } else {
    step_pooled(moment, key, event_factor, flows);
  }
}

}  // namespace channelcast::models
