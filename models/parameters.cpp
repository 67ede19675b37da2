#include "models/parameters.hpp"

#include <array>

namespace channelcast::models {

namespace {

using sim::Bound;
using sim::ValueKind;

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();
constexpr double kNoLimit = std::numeric_limits<double>::infinity();
constexpr double kMany = 1e15;  // amounts, counts: far above any plan, far below what a double holds exactly

constexpr ParameterSpec share(std::string_view table, std::string_view key, double fallback, std::string_view text) {
  return {table, key, ValueKind::uncertain, "share", 0, Bound::inclusive, 1, fallback, "", text};
}
constexpr ParameterSpec amount(std::string_view table, std::string_view key, std::string_view unit, double fallback,
                               std::string_view text, double maximum = kMany) {
  return {table, key, ValueKind::uncertain, unit, 0, Bound::inclusive, maximum, fallback, "", text};
}
constexpr ParameterSpec positive(std::string_view table, std::string_view key, std::string_view unit, double fallback,
                                 std::string_view text, double maximum = kMany) {
  return {table, key, ValueKind::uncertain, unit, 0, Bound::exclusive, maximum, fallback, "", text};
}
constexpr ParameterSpec plain(std::string_view table, std::string_view key, std::string_view unit, double fallback,
                              std::string_view text, double maximum = kMany) {
  return {table, key, ValueKind::number, unit, 0, Bound::inclusive, maximum, fallback, "", text};
}
constexpr ParameterSpec choice(std::string_view table, std::string_view key, std::string_view choices,
                               std::string_view text) {
  return {table, key, ValueKind::choice, "choice", 0, Bound::inclusive, kNoLimit, 0, choices, text};
}

constexpr std::array<ParameterSpec, kProgrammeInputs> kProgramme = {{
    share("market", "persistence_per_month", 0, "how much of the market's deviation is still there a month later"),
    amount("market", "volume_sd", "log", 0, "standard deviation of the market's effect on the log of lead volume", 10),
    {"finance", "discount_rate", ValueKind::uncertain, "1/year", -1, Bound::exclusive, 100, 0, "",
     "yearly rate at which future cash is discounted (npv, ltv)"},
    amount("finance", "interest_rate", "1/year", 0, "yearly rate paid on negative cumulative cash", 100),
    amount("finance", "fixed_cost_per_month", "currency/month", 0, "fixed cost of the programme"),
    amount("finance", "launch_cost", "currency", 0, "one-off cost of the programme in its first period"),
    share("finance", "revenue_tax_rate", 0, "tax on revenue"),
    share("finance", "profit_tax_rate", 0, "tax on a period's positive profit"),
    amount("finance", "budget", "currency", kAbsent, "acquisition budget over the horizon"),
    choice("finance", "budget_policy", "report|stop", "what happens when the budget is reached"),
    plain("finance", "customer_payment_delay_months", "months", 0, "delay of customers' payments, in whole periods",
          1200),
    plain("finance", "partner_payment_delay_months", "months", 0, "delay of payments to partners, in whole periods",
          1200),
    amount("sales", "managers", "managers", kAbsent, "sales managers shared by all partners; absent: no limit", 1e9),
    amount("sales", "leads_per_manager_per_month", "leads/month", 0, "leads one manager works in a month", 1e9),
    amount("sales", "cost_per_manager_per_month", "currency/month", 0, "payroll of one manager"),
    amount("sales", "cost_per_worked_lead", "currency/lead", 0, "cost of working one lead (telephony, labelling)"),
    amount("sales", "response_days", "days", 0, "days until a lead is worked when there is no backlog", 36525),
    amount("sales", "freshness_grace_days", "days", 2, "days of waiting that cost no freshness", 36525),
    positive("sales", "freshness_half_life_days", "days", kAbsent,
             "days of further waiting that halve the target rate; absent: no decay"),
    amount("sales", "max_wait_days", "days", 30, "leads that would wait longer expire", 36525),
}};

constexpr std::array<ParameterSpec, kPartnerInputs> kPartner = {{
    amount("volume", "leads_per_month", "leads/month", 0, "mean leads a month at full work", 1e12),
    amount("volume", "dispersion", "1", 0, "variance of the gamma factor on a period's mean volume; 0: Poisson", 1e6),
    amount("volume", "ramp_months", "months", 0, "months until full volume, rising linearly", 1200),
    {"volume", "growth_per_month", ValueKind::uncertain, "1/month", -1, Bound::exclusive, 10, 0, "",
     "relative growth of volume a month"},
    {"volume", "market_sensitivity", ValueKind::uncertain, "1", -100, Bound::inclusive, 100, 1, "",
     "how strongly the market moves this partner's volume"},
    plain("volume", "pool", "leads", kAbsent, "all leads this partner can ever bring; absent: no limit", 9e15),
    share("transfer", "live_share", 0, "share of genuine leads handed over live, while the client is on the line"),
    share("transfer", "loss_rate", 0, "share of form leads lost between form and CRM"),
    amount("transfer", "outages_per_year", "1/year", 0, "rate of outages of the form-to-CRM link", 1e6),
    share("transfer", "outage_severity", 0, "share of form leads lost in a period with an outage"),
    share("transfer", "reconciled_share", 0, "share of lost leads that reconciliation with the partner recovers"),
    share("fraud", "share", 0, "share of leads that are fraudulent outside episodes"),
    share("fraud", "detection_rate", 0, "share of fraudulent leads detected, rejected and not paid"),
    amount("fraud", "episodes_per_year", "1/year", 0, "rate at which fraud episodes begin", 1e6),
    share("fraud", "episode_share", 0, "share of leads that are fraudulent in an episode"),
    positive("fraud", "episode_months", "months", 1, "mean length of a fraud episode"),
    share("contact", "answer_rate", 1, "probability that one call attempt is answered"),
    amount("contact", "attempts", "attempts", 1, "call attempts for a lead", 1e6),
    share("funnel", "target_rate", 1, "share of contacted leads that are target leads"),
    share("funnel", "deal_rate", 1, "share of target leads that become deals"),
    share("funnel", "win_rate", 1, "share of deals that are won"),
    share("quality", "persistence_per_month", 0, "how much of lead quality's deviation is still there a month later"),
    amount("quality", "target_sd", "logit", 0, "standard deviation of the target rate on the logit scale", 100),
    amount("quality", "win_sd", "logit", 0, "standard deviation of the win rate on the logit scale", 100),
    {"quality", "market_loading", ValueKind::uncertain, "1", -1, Bound::inclusive, 1, 0, "",
     "correlation of this partner's lead quality with the market"},
    choice("deal_cycle", "distribution", "gamma|lognormal|table", "shape of the time from deal to contract"),
    amount("deal_cycle", "mean_days", "days", 0, "mean time from deal to contract; 0: at once", 1e6),
    amount("deal_cycle", "sd_days", "days", 0, "standard deviation of the time from deal to contract", 1e6),
    share("reactivation", "rate", 0, "share of refusals that come back and sign"),
    amount("reactivation", "from_months", "months", 3, "earliest return of a refusal", 1200),
    amount("reactivation", "to_months", "months", 6, "latest return of a refusal", 1200),
    {"reactivation", "include_non_target", ValueKind::flag, "flag", 0, Bound::inclusive, 1, 0, "",
     "whether contacted leads that were no target can come back too"},
    amount("reactivation", "cost_per_refusal", "currency/lead", 0, "cost of nurturing one refusal"),
    amount("customer", "revenue_per_month", "currency/month", 0, "revenue of one active customer"),
    share("customer", "gross_margin", 1, "gross profit per unit of subscription revenue"),
    amount("customer", "setup_fee", "currency", 0, "one-off gross profit of a contract at signing"),
    choice("customer", "retention", "constant|sbg|weibull|table", "how customers stay"),
    share("customer", "churn_per_month", 0, "share of customers that leave in a month (constant retention)"),
    positive("customer", "sbg_alpha", "1", kAbsent, "alpha of the shifted beta-geometric retention", 1e9),
    positive("customer", "sbg_beta", "1", kAbsent, "beta of the shifted beta-geometric retention", 1e9),
    positive("customer", "weibull_shape", "1", kAbsent, "shape of Weibull retention", 1e3),
    positive("customer", "weibull_scale_months", "months", kAbsent, "scale of Weibull retention", 1e9),
    plain("customer", "ltv_months", "months", 60, "months of a customer's life that its lifetime value counts", 12000),
    amount("exit", "exits_per_year", "1/year", 0, "rate at which the partner gives notice", 1e6),
    {"exit", "market_sensitivity", ValueKind::uncertain, "1", -100, Bound::inclusive, 100, 0, "",
     "how strongly a bad market raises the rate of exit"},
    amount("exit", "notice_days", "days", 0, "days between notice and exit", 36525),
    share("exit", "notice_volume", 1, "share of its volume at which the partner works during notice"),
    {"termination", "target_share_below", ValueKind::number, "share", 0, Bound::inclusive, 1, kAbsent, "",
     "we give notice when target/contacted over the window is below this; absent: never"},
    {"termination", "window_months", ValueKind::number, "months", 0, Bound::exclusive, 1200, 3, "",
     "length of the window judged"},
    plain("termination", "min_contacted", "leads", 50, "contacted leads in the window below which nothing is judged"),
    amount("payment", "per_lead", "currency/lead", 0, "paid for each payable lead"),
    amount("payment", "per_target", "currency/lead", 0, "paid for each target lead"),
    amount("payment", "per_contract", "currency/contract", 0, "paid for each contract that is not a reactivation"),
    share("payment", "revenue_share", 0, "share of the subscription revenue of the partner's active customers"),
    plain("payment", "revenue_share_months", "months", kAbsent,
          "months of billing that share revenue; absent: for life", 12000),
    amount("payment", "fixed_per_month", "currency/month", 0, "fixed fee while the partner works"),
    amount("payment", "launch_cost", "currency", 0, "one-off cost when the partner starts"),
    plain("payment", "clawback_months", "months", 0, "a customer that leaves within these months returns per_contract",
          12000),
    amount("training", "decay_per_month", "1/month", 0, "rate at which the partner's knowledge fades", 1e3),
    share("training", "effect", 0, "share of the target rate that depends on knowledge"),
    plain("training", "every_months", "months", 0, "months between trainings; 0: never", 12000),
    amount("training", "cost", "currency", 0, "cost of one training"),
    amount("exchange", "outbound_per_month", "leads/month", 0, "leads we send to the partner", 1e12),
    share("exchange", "close_rate", 0, "share of leads sent that the partner closes"),
    amount("exchange", "deal_value", "currency", 0, "value of a deal the partner closes"),
    share("exchange", "commission", 0, "our share of that value"),
    amount("exchange", "imbalance_exit_sensitivity", "1", 0, "how strongly an unequal exchange raises the rate of exit",
           100),
}};

constexpr std::array<ParameterSpec, kEventInputs> kEvent = {{
    amount("event", "factor", "1", 1, "what the target is multiplied by while the event lasts", 1e6),
    amount("event", "cost", "currency", 0, "one-off cost in the period in which the event starts"),
    share("event", "probability", 1, "probability that the event happens at all"),
    amount("event", "per_year", "1/year", kAbsent, "yearly rate of the event's start, instead of a start date", 1e6),
    positive("event", "duration_months", "months", kAbsent, "how long the event lasts; absent: to the end", 12000),
}};

}  // namespace

std::span<const ParameterSpec, kProgrammeInputs> programme_parameters() { return kProgramme; }
std::span<const ParameterSpec, kPartnerInputs> partner_parameters() { return kPartner; }
std::span<const ParameterSpec, kEventInputs> event_parameters() { return kEvent; }

}  // namespace channelcast::models
