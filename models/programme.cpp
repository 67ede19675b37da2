#include "models/programme.hpp"

#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "models/block_inputs.hpp"
#include "models/capacity.hpp"
#include "models/conservation.hpp"
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
  sim::TimeGrid grid;
  FixedInputs fixed{};
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
  bool events_cost = false;
};

namespace {

PreparedPartner prepare_partner(const Scenario& scenario, const Partner& partner, sim::StreamKey key,
                                const BlockInputs& fixed) {
  PreparedPartner prepared{key,          customer_rules(partner, scenario.grid), nullptr, std::nullopt, std::nullopt, 0,
                           scenario.grid};
  for (std::size_t k = 0; k < kPartnerInputs; ++k) {
    const InputValue& input = partner.inputs[k];
    prepared.fixed[k] = input.uncertain < 0 ? fixed(input).data() : nullptr;
  }
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

// What a partner begins with. It has no lanes yet.
PartnerState initial_state(const PartnerView& partner, const PreparedPartner& prepared, const sim::TimeGrid& grid) {
  const auto periods = std::size_t(grid.periods());
  PartnerState state;
  const auto rows_for = [&](const std::optional<LagTable>& lags) {
    return lags ? std::min(periods, lags->lags()) : periods;
  };
  state.arriving = LaneTable(rows_for(prepared.deal_lags), 0);
  state.arriving_reactivated = LaneTable(rows_for(prepared.return_lags), 0);
  state.window_target = LaneTable(prepared.termination_window, 0);
  state.window_contacted = LaneTable(prepared.termination_window, 0);
  if (!partner.off(PartnerInput::target_sd) || !partner.off(PartnerInput::win_sd)) {
    state.own_quality.emplace(partner.key, Tag::quality_state, std::span<const double>{}, grid.months_per_period());
  }
  if (prepared.deal_lags) state.deal_lags = *prepared.deal_lags;
  if (prepared.return_lags) state.return_lags = *prepared.return_lags;
  state.customers.emplace(prepared.rules, prepared.hazards, grid.periods());
  return state;
}

// Adds lanes to a partner, in which nothing has happened so far: those that its inputs have got in addition, and which
// `added` holds by themselves.
void add_lanes(const PartnerView& partner, const PreparedPartner& prepared, const BlockInputs& added,
               PartnerState& state) {
  const std::size_t first = state.start.size();
  const std::size_t more = added.lanes();
  const sim::TimeGrid& grid = prepared.grid;
  state.start.resize(first + more, partner.spec.standby ? kNever : partner.spec.start);
  state.exit_at.resize(first + more, kNever);
  state.noticed_at.resize(first + more, kNever);
  if (!partner.absent(PartnerInput::pool)) {
    state.pool_left.resize(first + more, std::floor(partner.plain(PartnerInput::pool)));
  }
  for (Lanes* zero : {&state.queue_form, &state.queue_fraud, &state.pipeline, &state.leads_to_date,
                      &state.outbound_to_date, &state.quality, &state.refreshed}) {
    zero->resize(first + more, 0.0);
  }
  for (LaneTable* table :
       {&state.arriving, &state.arriving_reactivated, &state.window_target, &state.window_contacted}) {
    table->widen(more);
  }
  if (state.own_quality) {
    state.own_quality->add_lanes(added(partner.spec.input(PartnerInput::quality_persistence_per_month)));
  }
  if (!prepared.deal_lags) state.deal_lags.append(deal_cycle_lags(partner.spec, grid, added));
  if (!prepared.return_lags) state.return_lags.append(reactivation_lags(partner.spec, grid, added));
  state.customers->add_lanes(more, prepared.hazards ? HazardTable() : churn_table(partner.spec, grid, added));
  prepare_volume(partner, state, first);
  prepare_episodes(partner, grid.months_per_period(), state, first);
  prepare_transfer(partner, grid.months_per_period(), state, first);
  prepare_funnel(partner, state, first);
  prepare_exit(partner, grid.months_per_period(), state, first);
}

void step_customers(const PartnerPeriod& at) {
  const auto& [moment, partner, state, flows] = at;
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
    const double by_lane = double(!deal_cycle_is_fixed(partner)) + double(!reactivation_is_fixed(partner)) +
                           double(!retention_is_fixed(partner) && rules.by_cohort);  // tables with a row a period
    values += double(kFlows) + double(kPartnerOutcomes) + 20.0 + (2.0 + cohorts + by_lane) * periods;
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
  prepared->events_cost = std::any_of(scenario.events.begin(), scenario.events.end(), [](const Event& event) {
    return !is_fixed_at(event.input(EventInput::cost), 0.0);
  });
  prepared_ = std::move(prepared);
}

Programme::~Programme() = default;

const sim::Schema& Programme::schema() const { return prepared_->schema; }

void Programme::simulate(sim::BlockResult& result, sim::SeriesSink& series) const { simulate(result, series, nullptr); }

namespace {

#ifdef CHANNELCAST_ASSERTIONS
constexpr bool kChecked = true;
#else
constexpr bool kChecked = false;
#endif

// What a standby partner is given, in the lanes where it was called.
struct Selection {
  BlockInputs inputs;
  EventEffects events;
};

// One block of trials on its way through the horizon.
class BlockRun {
 public:
  BlockRun(const Programme::Prepared& prepared, sim::BlockResult& result, const OutcomeSinks& sinks)
      : prepared_(prepared),
        lanes_(result.block().lanes),
        first_trial_(std::uint32_t(result.block().first_trial)),
        inputs_(prepared.constants, result.inputs(), lanes_),
        programme_(prepared.scenario, inputs_),
        events_(prepared.scenario, inputs_, prepared.event_keys, first_trial_),
        desk_(prepared.scenario, inputs_),
        books_(prepared.scenario, inputs_),
        recorder_(prepared.scenario, inputs_, result, sinks),
        event_costs_(lanes_),
        result_(result) {
    if constexpr (kChecked) conservation_.emplace(prepared.scenario, lanes_);
    const Scenario& scenario = prepared.scenario;
    selections_.resize(scenario.partners.size());
    for (std::size_t p = 0; p < scenario.partners.size(); ++p) add_partner(p);
    if (!prepared.needs_market) return;
    market_.emplace(prepared.market_key, Tag::market_state, programme_(ProgrammeInput::market_persistence_per_month),
                    scenario.grid.months_per_period());
  }

  void run() {
    const sim::TimeGrid& grid = prepared_.scenario.grid;
    for (int t = 0; t < grid.periods(); ++t) {
      step({lanes_, first_trial_, t, grid.periods(), grid.months_per_period(), grid.days_per_period()});
    }
    recorder_.finish(books_, states_);
    if constexpr (kChecked) {
      conservation_->totals(result_);
      ConservationCheck::horizon(result_);
    }
  }

 private:
  [[nodiscard]] std::span<const double> market() const {
    return market_ ? market_->state() : std::span<const double>{};
  }

  // A standby partner has no lanes until it is called.
  void add_partner(std::size_t p) {
    const Partner& spec = prepared_.scenario.partners[p];
    const PreparedPartner& prepared = prepared_.partners[p];
    const LaneSubset lanes = spec.standby ? LaneSubset(std::vector<std::uint64_t>()) : LaneSubset();
    if (spec.standby)
      selections_[p] = std::make_unique<Selection>(Selection{inputs_.in(lanes, spec), events_.in(lanes)});
    partners_.push_back({spec, int(p), prepared.key, spec.standby ? selections_[p]->inputs : inputs_,
                         spec.standby ? selections_[p]->events : events_, prepared.fixed});
    states_.push_back(initial_state(partners_[p], prepared, prepared_.scenario.grid));
    states_[p].lanes = lanes;
    if (!spec.standby) add_lanes(partners_[p], prepared, inputs_, states_[p]);
    flows_.emplace_back(lanes.size(lanes_));
    calls_.push_back({Lanes(spec.standby ? lanes_ : 0, kNever), {}, kNever});
  }

  // A standby partner begins in the lanes where it was called, as if it had been simulated there all along. Adding
  // lanes has its price, so calls wait until the first of them starts in the coming period, and all are answered then.
  void answer_calls(const Moment& block, std::size_t p) {
    Calls& calls = calls_[p];
    const int coming = block.period + 1;
    if (calls.first_start >= coming + 1 || coming == block.periods) return;
    const LaneSubset lanes(calls.waiting);
    calls.waiting.clear();
    calls.first_start = kNever;
    const BlockInputs added = inputs_.in(lanes, partners_[p].spec);
    selections_[p]->inputs.append(added);
    selections_[p]->events.append(events_.in(lanes));
    PartnerState& state = states_[p];
    const std::size_t first = state.start.size();
    add_lanes(partners_[p], prepared_.partners[p], added, state);
    flows_[p].widen(added.lanes());
    state.lanes.append(lanes);
    for (std::size_t i = first; i < state.start.size(); ++i) state.start[i] = calls.start[state.lanes.lane(i)];
    // Quality and fraud episodes go on moving also where the partner has not started.
    const Moment past = of_lanes(block, lanes);
    if (state.own_quality) state.own_quality->catch_up(past, first);
    catch_up_episodes(past, partners_[p], state, first);
  }

  [[nodiscard]] static Moment of_lanes(const Moment& block, const LaneSubset& lanes) {
    Moment moment = block;
    moment.lanes = lanes.size(block.lanes);
    moment.some_lanes = lanes.list();
    return moment;
  }

  // A programme's input in some lanes; what all lanes share is not picked out one by one.
  [[nodiscard]] std::span<const double> programme_in(const LaneSubset& lanes, ProgrammeInput id, Lanes& scratch) const {
    const auto of_block = programme_(id);
    if (prepared_.scenario.input(id).uncertain < 0) return of_block.first(lanes.size(lanes_));
    return lanes.take(of_block, scratch);
  }
  // Likewise where no trial is stopped.
  [[nodiscard]] std::span<const double> stop_in(const LaneSubset& lanes, Lanes& scratch) const {
    return books_.may_stop() ? lanes.take(books_.stop_at(), scratch) : books_.stop_at().first(lanes.size(lanes_));
  }

  // The order of a period: leads of all partners, the shared desk, what becomes of the leads, the books.
  void step(const Moment& moment) {
    if (market_) market_->advance(moment);
    bring_leads(moment);
    desk_.step(moment, states_, flows_);
    work_leads(moment);
    if (prepared_.events_cost) {
      std::fill(event_costs_.begin(), event_costs_.end(), 0.0);
      events_.add_costs(moment.period, event_costs_);
    }
    recorder_.record_partners(moment, flows_, states_);
    books_.step(moment, recorder_.sums(), desk_.managers(), event_costs_);
    recorder_.record_programme(moment, books_, desk_);
    for (std::size_t p = 0; p < partners_.size(); ++p) answer_calls(moment, p);
    if constexpr (kChecked) conservation_->period(moment, flows_, states_);
  }

  void bring_leads(const Moment& block) {
    for (std::size_t p = 0; p < partners_.size(); ++p) {
      flows_[p].clear();
      const LaneSubset& lanes = states_[p].lanes;
      const Moment moment = of_lanes(block, lanes);
      if (moment.lanes == 0) continue;
      const auto market_state = lanes.take(market(), scratch_[0]);
      const auto stop_at = stop_in(lanes, scratch_[1]);
      const PartnerPeriod at{moment, partners_[p], states_[p], flows_[p]};
      step_quality(at, market_state);
      step_activity(at, stop_at);
      step_volume(at, {prepared_.scenario.grid.calendar_month(moment.period),
                       prepared_.market_moves_volume ? market_state : std::span<const double>{},
                       programme_in(lanes, ProgrammeInput::market_volume_sd, scratch_[2])});
      step_fraud(at);
      step_transfer(at);
      step_training(at, stop_at);
      step_exchange(at);
    }
  }

  void work_leads(const Moment& block) {
    const auto freshness = desk_.freshness_matters() ? desk_.freshness() : std::span<const double>{};
    for (std::size_t p = 0; p < partners_.size(); ++p) {
      const LaneSubset& lanes = states_[p].lanes;
      const Moment moment = of_lanes(block, lanes);
      if (moment.lanes == 0) continue;
      const PartnerPeriod at{moment, partners_[p], states_[p], flows_[p]};
      step_funnel(at, lanes.take(freshness, scratch_[0]));
      step_customers(at);
      step_partner_money(at, programme_in(lanes, ProgrammeInput::cost_per_worked_lead, scratch_[0]));
      step_exit(at, {lanes.take(market(), scratch_[0]), stop_in(lanes, scratch_[1])}, calls_);
    }
  }

  const Programme::Prepared& prepared_;
  std::size_t lanes_;
  std::uint32_t first_trial_;
  BlockInputs inputs_;
  ProgrammeLanes programme_;
  EventEffects events_;
  std::vector<std::unique_ptr<Selection>> selections_;  // by partner; null where it is in all lanes
  std::vector<PartnerView> partners_;
  std::vector<PartnerState> states_;
  std::vector<FlowTable> flows_;
  std::vector<Calls> calls_;  // by partner
  SalesDesk desk_;
  Books books_;
  OutcomeRecorder recorder_;
  std::optional<Autoregression> market_;
  Lanes event_costs_;
  std::array<Lanes, 3> scratch_;  // what a standby partner takes of the block's lanes
  const sim::BlockResult& result_;
  std::optional<ConservationCheck> conservation_;
};

}  // namespace

void Programme::simulate(sim::BlockResult& result, sim::SeriesSink& series, PeriodObserver* observer) const {
  BlockRun(*prepared_, result, {series, observer}).run();
}

}  // namespace channelcast::models
