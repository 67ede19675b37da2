#include "models/programme.hpp"

#include <cmath>
#include <map>
#include <optional>

#include "models/block_inputs.hpp"
#include "models/capacity.hpp"
#include "models/exchange.hpp"
#include "models/exit.hpp"
#include "models/finance.hpp"
#include "models/fraud.hpp"
#include "models/funnel.hpp"
#include "models/market.hpp"
#include "models/metrics.hpp"
#include "models/outcomes.hpp"
#include "models/training.hpp"
#include "models/transfer.hpp"
#include "models/volume.hpp"
#include "sim/error.hpp"

namespace channelcast::models {

namespace {

bool any_partner(const Scenario& scenario, PartnerInput id) {
  return std::any_of(scenario.partners.begin(), scenario.partners.end(),
                     [&](const Partner& partner) { return !is_fixed_at(partner.input(id), 0.0); });
}

// Every key once: two names with one 64-bit key would share their random numbers.
class KeyBook {
 public:
  explicit KeyBook(std::uint64_t seed) : seed_(seed) {}
  sim::StreamKey of(const std::string& entity) {
    const sim::StreamKey key = sim::stream_key(seed_, entity);
    const auto [at, fresh] = names_.emplace(key, entity);
    if (!fresh) {
      throw ScenarioError("'" + entity + "' and '" + at->second + "' have the same random stream key; rename one");
    }
    return key;
  }

 private:
  std::uint64_t seed_;
  std::map<sim::StreamKey, std::string> names_;
};

void intern_inputs(const Scenario& scenario, ConstantLanes& constants) {
  const auto intern = [&](const InputValue& input) {
    if (input.uncertain < 0) constants.intern(input.fixed);
  };
  for (const InputValue& input : scenario.inputs) intern(input);
  for (const SalesChange& change : scenario.sales_changes) intern(change.managers);
  for (const Partner& partner : scenario.partners) {
    for (const InputValue& input : partner.inputs) intern(input);
  }
  for (const Event& event : scenario.events) {
    for (const InputValue& input : event.inputs) intern(input);
  }
}

}  // namespace

// What all trials share of one partner.
struct PreparedPartner {
  sim::StreamKey key;
  CustomerRules rules;
  std::shared_ptr<const HazardTable> hazards;  // null: by trial
  std::optional<LagTable> deal_lags;           // nullopt: by trial
  std::optional<LagTable> return_lags;
  std::size_t termination_window = 0;  // periods; 0: never
};

struct Programme::Prepared {
  explicit Prepared(const Scenario& s, std::size_t lanes) : scenario(s), schema(schema_of(s)), constants(lanes) {}

  const Scenario& scenario;
  sim::Schema schema;
  ConstantLanes constants;
  sim::StreamKey market_key;
  std::vector<PreparedPartner> partners;
  std::vector<sim::StreamKey> event_keys;
  bool market_moves_volume = false;
  bool needs_market = false;
};

namespace {

PreparedPartner prepare_partner(const Scenario& scenario, const Partner& partner, sim::StreamKey key,
                                const BlockInputs& fixed) {
  PreparedPartner prepared{key, customer_rules(partner, scenario.grid), nullptr, std::nullopt, std::nullopt, 0};
  if (retention_is_fixed(partner)) {
    prepared.hazards = std::make_shared<const HazardTable>(churn_table(partner, scenario.grid, fixed));
  }
  if (deal_cycle_is_fixed(partner)) prepared.deal_lags = deal_cycle_lags(partner, scenario.grid, fixed);
  if (reactivation_is_fixed(partner)) prepared.return_lags = reactivation_lags(partner, scenario.grid, fixed);
  if (!is_absent(partner.input(PartnerInput::target_share_below))) {
    const double months = partner.input(PartnerInput::window_months).fixed;
    prepared.termination_window = std::size_t(scenario.grid.periods_in(months, 1));
  }
  return prepared;
}

// A partner at the start of a block.
PartnerState initial_state(const PartnerView& partner, const PreparedPartner& prepared, const sim::TimeGrid& grid) {
  const std::size_t lanes = partner.inputs.lanes();
  const auto periods = std::size_t(grid.periods());
  PartnerState state;
  state.start.assign(lanes, partner.spec.standby ? kNever : partner.spec.start);
  state.ever_started = !partner.spec.standby;
  state.exit_at.assign(lanes, kNever);
  state.noticed_at.assign(lanes, kNever);
  if (!partner.absent(PartnerInput::pool)) state.pool_left.assign(lanes, std::floor(partner.plain(PartnerInput::pool)));
  if (!partner.off(PartnerInput::episodes_per_year)) state.in_episode.assign(lanes, 0.0);
  for (Lanes* zero : {&state.queue_form, &state.queue_fraud, &state.pipeline, &state.leads_to_date,
                      &state.outbound_to_date, &state.quality}) {
    zero->assign(lanes, 0.0);
  }
  state.arriving = LaneTable(periods, lanes);
  state.arriving_reactivated = LaneTable(periods, lanes);
  if (prepared.termination_window > 0) {
    state.window_target = LaneTable(prepared.termination_window, lanes);
    state.window_contacted = LaneTable(prepared.termination_window, lanes);
  }
  if (!partner.off(PartnerInput::target_sd) || !partner.off(PartnerInput::win_sd)) {
    state.own_quality.emplace(partner.key, Tag::quality_state, partner(PartnerInput::quality_persistence_per_month),
                              grid.months_per_period());
  }
  state.deal_lags = prepared.deal_lags ? *prepared.deal_lags : deal_cycle_lags(partner.spec, grid, partner.inputs);
  state.return_lags =
      prepared.return_lags ? *prepared.return_lags : reactivation_lags(partner.spec, grid, partner.inputs);
  auto hazards = prepared.hazards;
  if (!hazards) hazards = std::make_shared<const HazardTable>(churn_table(partner.spec, grid, partner.inputs));
  state.customers.emplace(prepared.rules, std::move(hazards), grid.periods(), lanes);
  prepare_funnel(partner, state);
  return state;
}

void step_customers(const Moment& moment, const PartnerView& partner, PartnerState& state, FlowTable& flows) {
  std::span<const double> factor;
  thread_local Lanes scratch;
  if (partner.events.touches(partner.position, EventWhat::churn)) {
    scratch.assign(moment.lanes, 1.0);
    if (partner.events.apply(partner.position, EventWhat::churn, moment.period, scratch)) factor = scratch;
  }
  state.customers->step(moment, partner.key, factor, flows);
  state.customers->sign(moment.period, flows[Flow::contracts_paid], flows[Flow::contracts_reactivated]);
}

}  // namespace

sim::Schema schema_of(const Scenario& scenario) {
  sim::Schema schema;
  schema.outcomes.assign(outcome_metrics().begin(), outcome_metrics().end());
  schema.entity_outcomes.assign(partner_outcome_metrics().begin(), partner_outcome_metrics().end());
  schema.series.assign(series_metrics().begin(), series_metrics().end());
  schema.entity_series.assign(partner_series_metrics().begin(), partner_series_metrics().end());
  schema.entity_kind = "partner";
  for (const Partner& partner : scenario.partners) schema.entities.push_back(partner.name);
  schema.periods = std::size_t(scenario.grid.periods());
  schema.months_per_period = scenario.grid.months_per_period();
  for (int t = 0; t < scenario.grid.periods(); ++t) {
    schema.period_starts.push_back(sim::to_string(scenario.grid.period_start(t)));
  }
  schema.currency = scenario.currency;
  return schema;
}

double state_bytes_per_trial(const Scenario& scenario) {
  const double periods = scenario.grid.periods();
  double values = 5.0 * periods + double(kSeries) + double(kOutcomes);  // cash, discount factors, delays
  for (const Partner& partner : scenario.partners) {
    const CustomerRules rules = customer_rules(partner, scenario.grid);
    const double cohorts = rules.by_cohort ? (rules.separate_origin ? 2.0 : 1.0) : 0.0;
    values += double(kFlows) + double(kPartnerOutcomes) + 20.0 + (2.0 + cohorts) * periods;
  }
  return 8.0 * values;
}

Programme::Programme(const Scenario& scenario, std::size_t block_lanes) {
  auto prepared = std::make_unique<Prepared>(scenario, block_lanes);
  intern_inputs(scenario, prepared->constants);
  KeyBook keys(scenario.simulation.seed);
  prepared->market_key = keys.of("market");
  for (const Event& event : scenario.events) prepared->event_keys.push_back(keys.of("event/" + event.name));
  const BlockInputs fixed(prepared->constants, {}, block_lanes);
  for (const Partner& partner : scenario.partners) {
    prepared->partners.push_back(prepare_partner(scenario, partner, keys.of("partner/" + partner.name), fixed));
  }
  prepared->market_moves_volume = !is_fixed_at(scenario.input(ProgrammeInput::market_volume_sd), 0.0);
  prepared->needs_market = prepared->market_moves_volume ||
                           any_partner(scenario, PartnerInput::exit_market_sensitivity) ||
                           any_partner(scenario, PartnerInput::market_loading);
  prepared_ = std::move(prepared);
}

Programme::~Programme() = default;

const sim::Schema& Programme::schema() const { return prepared_->schema; }

void Programme::simulate(sim::BlockResult& result, sim::SeriesSink& series) const { simulate(result, series, nullptr); }

void Programme::simulate(sim::BlockResult& result, sim::SeriesSink& series, PeriodObserver* observer) const {
  const Scenario& scenario = prepared_->scenario;
  const sim::TimeGrid& grid = scenario.grid;
  const std::size_t lanes = result.block().lanes;
  const auto first_trial = std::uint32_t(result.block().first_trial);
  const BlockInputs inputs(prepared_->constants, result.inputs(), lanes);
  const EventEffects events(scenario, inputs, prepared_->event_keys, first_trial);

  std::vector<PartnerView> partners;
  std::vector<PartnerState> states;
  for (std::size_t p = 0; p < scenario.partners.size(); ++p) {
    partners.push_back({scenario.partners[p], int(p), prepared_->partners[p].key, inputs, events});
    states.push_back(initial_state(partners[p], prepared_->partners[p], grid));
  }
  std::vector<FlowTable> flows(partners.size(), FlowTable(lanes));
  SalesDesk desk(scenario, inputs);
  Books books(scenario, inputs);
  OutcomeRecorder recorder(scenario, inputs, result, series, observer);
  std::optional<Autoregression> market;
  if (prepared_->needs_market) {
    market.emplace(prepared_->market_key, Tag::market_state,
                   inputs(scenario.input(ProgrammeInput::market_persistence_per_month)), grid.months_per_period());
  }
  Lanes event_costs(lanes);

  for (int t = 0; t < grid.periods(); ++t) {
    const Moment moment{lanes, first_trial, t, grid.periods(), grid.months_per_period(), grid.days_per_period()};
    if (market) market->advance(moment);
    const std::span<const double> market_state = market ? market->state() : std::span<const double>{};
    const VolumeContext volume{grid.calendar_month(t),
                               prepared_->market_moves_volume ? market_state : std::span<const double>{},
                               inputs(scenario.input(ProgrammeInput::market_volume_sd))};
    for (std::size_t p = 0; p < partners.size(); ++p) {
      flows[p].clear();
      step_quality(moment, partners[p], market_state, states[p]);
      if (states[p].ever_started) {
        step_activity(moment, partners[p], books.stop_at(), states[p], flows[p]);
        step_volume(moment, partners[p], volume, states[p], flows[p]);
      }
      step_fraud(moment, partners[p], states[p], flows[p]);
      if (!states[p].ever_started) continue;
      step_transfer(moment, partners[p], states[p], flows[p]);
      step_training(moment, partners[p], states[p], flows[p]);
      step_exchange(moment, partners[p], states[p], flows[p]);
    }
    desk.step(moment, states, flows);
    const FunnelContext funnel{desk.freshness_matters() ? desk.freshness() : std::span<const double>{}, market_state};
    for (std::size_t p = 0; p < partners.size(); ++p) {
      if (!states[p].ever_started) continue;
      step_funnel(moment, partners[p], funnel, states[p], flows[p]);
      step_customers(moment, partners[p], states[p], flows[p]);
      step_partner_money(moment, partners[p], inputs, scenario, flows[p]);
      step_exit(moment, partners[p], {market_state, books.stop_at()}, states[p], states, flows[p]);
    }
    std::fill(event_costs.begin(), event_costs.end(), 0.0);
    events.add_costs(t, event_costs);
    recorder.record_partners(moment, flows, states);
    books.step(moment, recorder.sums(), desk.managers(), event_costs);
    recorder.record_programme(moment, books, desk);
  }
  recorder.finish(books, states);
}

}  // namespace channelcast::models
