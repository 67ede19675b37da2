// The scenario that `channelcast init` starts a user with.
#include "scenarios/format/scenario_file.hpp"

namespace channelcast::scenarios {

std::string starter_scenario() {
  return R"toml(# A starting point: two partners, one of them uncertain in most of what matters, and a reserve.
# Change names and numbers, then run `channelcast validate` on the file. docs/formats/scenario.md describes every key.
#
# A number is a plan you are sure of. Where you are not, write a distribution:
#   target_rate = {dist = "pert", min = 0.55, mode = 0.64, max = 0.70}     lowest, most likely, highest
#   answer_rate = {dist = "beta", mean = 0.55, sd = 0.05}                  a share, by mean and spread
#   revenue_per_month = {dist = "quantiles", q10 = 2500, q50 = 3200, q90 = 4500, min = 0}
# Shares are written as 0.64, not 64.

format = 1
name = "starter"
description = "Two partners and a reserve, three years"
currency = "RUB"

[horizon]
start = 2025-06-01
periods = 36                # months; with period = "week", weeks
period = "month"

[simulation]
trials = 10000
seed = 1
sampling = "random"         # or "lhs", "sobol": fewer trials for the same precision of means

[market]                    # what moves all partners together
volume_sd = 0.10
persistence_per_month = 0.8

[finance]
discount_rate = 0.18        # a year
interest_rate = 0.20        # a year, on money spent and not yet earned back
fixed_cost_per_month = 250000
launch_cost = 400000        # tender, pilots, integration
budget = 30000000           # for acquisition over the whole horizon
budget_policy = "report"    # "stop": partners stop when it is spent
customer_payment_delay_months = 1

[sales]                     # the sales team that all partners feed
managers = 9
leads_per_manager_per_month = 350
cost_per_manager_per_month = 140000
cost_per_worked_lead = 25
response_days = 1
freshness_grace_days = 2    # after this, waiting leads forget the call
freshness_half_life_days = 10

[[sales.change]]
from = 2026-01-01
managers = 11

# ---- what all partners have in common; each [[partner]] below may say otherwise --------------------------------------

[partner_defaults.volume]
dispersion = 0.03
ramp_months = 3
season = "ru-b2b"

[partner_defaults.transfer]
loss_rate = 0.02
outages_per_year = 2
outage_severity = 0.3
reconciled_share = 0.9      # the weekly reconciliation of reports finds nine of ten lost leads

[partner_defaults.contact]
answer_rate = {dist = "beta", mean = 0.55, sd = 0.05}
attempts = 3

[partner_defaults.funnel]
target_rate = {dist = "pert", min = 0.58, mode = 0.64, max = 0.70}
deal_rate = {dist = "beta", mean = 0.45, sd = 0.05}
win_rate = {dist = "beta", mean = 0.30, sd = 0.04}

[partner_defaults.quality]
target_sd = 0.08
persistence_per_month = 0.5

[partner_defaults.deal_cycle]
distribution = "gamma"
mean_days = 105
sd_days = 45

[partner_defaults.reactivation]
rate = 0.09
from_months = 3
to_months = 6

[partner_defaults.customer]
revenue_per_month = {dist = "quantiles", q10 = 2500, q50 = 3200, q90 = 4500, min = 0}
gross_margin = 0.6
retention = "constant"
churn_per_month = {dist = "pert", min = 0.010, mode = 0.018, max = 0.035}

[partner_defaults.exit]
exits_per_year = 0.15
notice_days = 40
notice_volume = 0.5

# ---- the partners ----------------------------------------------------------------------------------------------------

[[partner]]
name = "alpha"
start = 2025-06-01

[partner.volume]
leads_per_month = {dist = "pert", min = 1400, mode = 1800, max = 2200}

[partner.fraud]
share = 0.03
detection_rate = 0.6

[partner.payment]
per_target = 550

[partner.reserve]
partner = "backup"
lead_time_months = 1.5

[[partner]]
name = "beta"
start = 2025-09-01

[partner.volume]
leads_per_month = {dist = "pert", min = 400, mode = 700, max = 900}

[partner.transfer]
live_share = 0.5            # half of the leads are handed over while the client is on the line

[partner.payment]
per_contract = 4000
revenue_share = 0.05
revenue_share_months = 12
launch_cost = 100000
clawback_months = 3

[[partner]]
name = "backup"
standby = true              # starts only when alpha gives notice

[partner.volume]
leads_per_month = {dist = "pert", min = 800, mode = 1200, max = 1500}

[partner.payment]
per_target = 650
launch_cost = 150000

# ---- what may happen -------------------------------------------------------------------------------------------------

[[event]]
name = "call-labelling"
target = "partner.*.contact"
start = 2025-09-01
probability = 0.8
factor = {dist = "uniform", min = 0.60, max = 0.95}

[[event]]
name = "data-fine"
per_year = 0.05
cost = 1000000

# ---- how it hangs together, and what counts as success ---------------------------------------------------------------

[[correlation]]
a = "partner.alpha.funnel.target_rate"
b = "partner.alpha.funnel.win_rate"
rank = 0.4

[[target]]
name = "satisfactory"
all = [{metric = "payback_months", at_most = 30}]

[[target]]
name = "good"
all = [{metric = "payback_months", at_most = 24}, {metric = "npv", at_least = 0}]

[[target]]
name = "excellent"
all = [{metric = "payback_months", at_most = 19}, {metric = "ltv_to_cac", at_least = 3}]

[[mix]]
name = "alpha only"
partners = ["alpha", "backup"]
scale = {alpha = 1.3}

[[sweep]]
key = "sales.managers"
values = [7, 9, 11, 13]
)toml";
}

}  // namespace channelcast::scenarios
