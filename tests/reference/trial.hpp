// One trial of the reference: its state and its steps, called period by period in the order of the methodology.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "tests/reference/chance.hpp"
#include "tests/reference/retention.hpp"

namespace channelcast::reference {

inline constexpr double kNever = std::numeric_limits<double>::infinity();

/// A lead on its way to sales.
struct Lead {
  bool fraud = false;
};

/// A signed contract and the customer behind it.
struct Customer {
  int signed_in = 0;
  bool reactivated = false;
  double lifetime_months = kNever;
};

/// What happened to one partner in one period, or over the horizon.
struct Tally {
  std::int64_t leads = 0, lost = 0, recovered = 0, fraud = 0, rejected = 0, payable = 0;
  std::int64_t worked = 0, expired = 0, contacted = 0, no_answers = 0, targets = 0, refusals = 0, deals = 0, won = 0;
  std::int64_t contracts = 0, reactivated = 0, churned = 0, clawed_back = 0, pipeline = 0;
  std::int64_t trainings = 0, launches = 0, exits = 0, terminations = 0;
  double subscription = 0.0, shared_subscription = 0.0, exchange_profit = 0.0;
  double revenue = 0.0, gross_profit = 0.0, fees = 0.0, acquisition = 0.0;

  Tally& operator+=(const Tally& other);
};

/// Chances of one partner's leads in one period.
struct Rates {
  double target = 0.0, deal = 0.0, win = 0.0, answer = 0.0;
};

struct PartnerTrial {
  const models::Partner* spec = nullptr;
  int position = 0;
  std::array<double, models::kPartnerInputs> terms{};
  double start = kNever;  ///< in periods, as all positions here
  double exit_at = kNever;
  bool noticed = false;
  double pool_left = kNever;
  bool in_episode = false;
  double own_quality = 0.0, quality = 0.0;
  Rates rates;
  StayRule stay;
  bool churn_has_events = false;
  std::vector<Lead> live, form_queue, fraud_queue;
  std::vector<int> due, due_reactivated;  ///< contracts by the period that signs them
  std::vector<Customer> customers;        ///< that have not left
  double leads_to_date = 0.0, outbound_to_date = 0.0;
  std::vector<std::int64_t> contacted, targets;  ///< by period
  std::int64_t leads_first_year = 0;
  Tally now, total;

  [[nodiscard]] double operator()(models::PartnerInput id) const { return terms[std::size_t(id)]; }
};

struct EventTrial {
  const models::Event* spec = nullptr;
  bool happens = false;
  double start = kNever, end = kNever, factor = 1.0, cost = 0.0;
};

/// Money of one period of the programme.
struct PeriodMoney {
  double revenue = 0.0, gross_profit = 0.0, fees = 0.0, acquisition = 0.0, payroll = 0.0, common = 0.0;
  double tax = 0.0, interest = 0.0, cash = 0.0, cumulative = 0.0;
};

class Trial {
 public:
  Trial(const models::Scenario& scenario, Generator& generator, Bias bias);
  [[nodiscard]] TrialResult run();

 private:
  struct Stretch {
    double from = 0.0, to = 0.0;
    [[nodiscard]] double length() const { return to - from; }
  };

  // trial_start.cpp
  [[nodiscard]] double value(const models::InputValue& input) const;
  [[nodiscard]] double value(models::ProgrammeInput id) const { return value(scenario_.input(id)); }
  [[nodiscard]] PartnerTrial draw_partner(const models::Partner& spec, int position);
  [[nodiscard]] EventTrial draw_event(const models::Event& spec);
  [[nodiscard]] double event_factor(const PartnerTrial& partner, models::EventWhat what) const;

  // trial_leads.cpp
  void move_market();
  void move_quality(PartnerTrial& partner);
  [[nodiscard]] Stretch active_stretch(const PartnerTrial& partner) const;
  [[nodiscard]] double volume_share(const PartnerTrial& partner) const;
  [[nodiscard]] double mean_volume(const PartnerTrial& partner) const;
  void move_fraud_episode(PartnerTrial& partner);
  void receive_leads(PartnerTrial& partner);

  // trial_sales.cpp
  void work_period();
  void set_wait(std::int64_t backlog);
  std::int64_t serve_live();
  void serve_queues(std::int64_t capacity);
  void expire();
  [[nodiscard]] std::int64_t waiting() const;

  // trial_funnel.cpp
  [[nodiscard]] Rates rates_of(const PartnerTrial& partner) const;
  [[nodiscard]] double knowledge(const PartnerTrial& partner) const;
  [[nodiscard]] bool trains_in(const PartnerTrial& partner, int period) const;
  [[nodiscard]] bool answers(const PartnerTrial& partner);
  void work_live_lead(PartnerTrial& partner);
  void work_queued_lead(PartnerTrial& partner, const Lead& lead);
  void talk(PartnerTrial& partner, double target_rate);
  void refuse(PartnerTrial& partner);
  void sign_later(PartnerTrial& partner, double days, bool reactivated);
  [[nodiscard]] double deal_cycle_days(const PartnerTrial& partner);

  // trial_partners.cpp
  void train_and_exchange(PartnerTrial& partner);
  void bill_customers(PartnerTrial& partner);
  [[nodiscard]] bool leaves(const PartnerTrial& partner, const Customer& customer, double churn_factor);
  void sign_contracts(PartnerTrial& partner);
  void settle(PartnerTrial& partner);
  void judge(PartnerTrial& partner);
  [[nodiscard]] bool judged_too_weak(const PartnerTrial& partner) const;
  void give_notice(PartnerTrial& partner);

  // trial_money.cpp
  void close_books();
  void record_series();
  void record_partner_series();

  // trial_outcomes.cpp
  [[nodiscard]] TrialResult report();
  void report_counts(TrialResult& result) const;
  void report_money(TrialResult& result) const;
  void report_unit_economics(TrialResult& result) const;
  void report_partner(std::size_t position, TrialResult& result) const;
  [[nodiscard]] double lifetime_value(const PartnerTrial& partner) const;

  const models::Scenario& scenario_;
  Bias bias_;
  Chance chance_;
  double months_;  // a period's length
  double days_;
  int periods_;
  int t_ = 0;
  std::vector<double> inputs_;
  std::vector<EventTrial> events_;
  std::vector<PartnerTrial> partners_;
  double market_ = 0.0;
  double managers_ = 0.0;
  std::int64_t capacity_ = 0;  // without managers: as many as there are
  bool limited_ = false;
  double wait_days_ = 0.0;
  double freshness_ = 1.0;
  bool capacity_bound_ = false;
  std::int64_t capacity_bound_periods_ = 0;
  std::int64_t max_backlog_ = 0;
  double stop_at_ = kNever;
  double acquisition_to_date_ = 0.0;
  double exhausted_month_ = kNever;
  std::vector<PeriodMoney> money_;
  std::vector<std::array<double, models::kSeries>> series_;
  std::vector<std::vector<std::array<double, models::kPartnerSeries>>> partner_series_;
};

}  // namespace channelcast::reference
