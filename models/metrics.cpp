#include "models/metrics.hpp"

#include <array>

namespace channelcast::models {

namespace {

using sim::MetricSpec;
using sim::MetricType;
using sim::RiskTail;

constexpr MetricSpec count(std::string_view name, std::string_view unit, std::string_view text) {
  return {name, unit, MetricType::count, RiskTail::none, text};
}
constexpr MetricSpec real(std::string_view name, std::string_view unit, std::string_view text,
                          RiskTail tail = RiskTail::none) {
  return {name, unit, MetricType::real, tail, text};
}
constexpr MetricSpec moment(std::string_view name, std::string_view text) {
  return {name, "months", MetricType::moment, RiskTail::none, text};
}

constexpr std::array<MetricSpec, kOutcomes> kOutcomeTable = {{
    count("leads", "leads", "leads brought by partners, fraud included"),
    count("lost_leads", "leads", "form leads lost for good between form and CRM"),
    count("recovered_leads", "leads", "lost form leads recovered by reconciliation"),
    count("fraud_leads", "leads", "fraudulent leads, detected or not"),
    count("rejected_leads", "leads", "fraudulent leads detected, rejected and not paid"),
    count("payable_leads", "leads", "leads that partners are paid for"),
    count("worked", "leads", "leads worked by sales, undetected fraud included"),
    count("expired_leads", "leads", "leads that waited too long and expired, fraud included"),
    count("waiting_leads", "leads", "leads still waiting at the horizon, fraud included"),
    count("contacted", "leads", "leads reached"),
    count("no_answers", "leads", "genuine form leads worked but not reached"),
    count("target_leads", "leads", "contacted leads that are target leads"),
    count("refusals", "leads", "leads that said no or were never reached, from whom some come back"),
    count("deals", "deals", "target leads that became deals"),
    count("won_deals", "deals", "deals won, signed now or later"),
    count("contracts", "contracts", "contracts signed within the horizon, reactivated ones included"),
    count("reactivated_contracts", "contracts", "contracts of refusals that came back"),
    count("churned_customers", "customers", "customers that left"),
    count("pipeline_contracts", "contracts", "won deals and returned refusals that sign after the horizon"),
    count("active_customers", "customers", "customers billed and not churned at the horizon"),
    count("unbilled_contracts", "contracts", "contracts of the last period, billed after the horizon"),
    count("leads_first_year", "leads", "leads of the first twelve months"),
    count("max_backlog", "leads", "largest number of leads waiting at a period's end"),
    count("exits", "partners", "partners that gave notice"),
    count("terminations", "partners", "partners that we gave notice"),
    real("revenue", "currency", "subscription revenue and setup fees"),
    real("gross_profit", "currency", "gross profit of customers and exchange"),
    real("partner_fees", "currency", "fees paid to partners, clawbacks deducted"),
    real("acquisition_cost", "currency", "fees, launches, training, working leads, nurturing refusals"),
    real("payroll", "currency", "sales managers"),
    real("common_cost", "currency", "payroll, fixed costs, launch and events"),
    real("tax", "currency", "taxes on revenue and profit"),
    real("interest", "currency", "interest on negative cumulative cash"),
    real("total_cost", "currency", "acquisition, common costs, tax and interest"),
    real("net_cash", "currency", "cumulative cash at the horizon", RiskTail::low_is_bad),
    real("receivable", "currency", "gross profit earned but paid after the horizon"),
    real("payable", "currency", "partner fees incurred but paid after the horizon"),
    moment("payback_months", "first moment at which cumulative cash is at least 0 again"),
    moment("discounted_payback_months", "the same for discounted cash"),
    real("npv", "currency", "net present value of cash over the horizon", RiskTail::low_is_bad),
    real("irr", "1/year", "yearly internal rate of return; undefined where there is none"),
    real("peak_funding", "currency", "largest amount of cash tied up", RiskTail::high_is_bad),
    real("peak_funding_month", "months", "end of the period of peak funding; 0 if cash was never negative"),
    real("budget_overrun", "currency", "acquisition cost above the budget", RiskTail::high_is_bad),
    moment("budget_exhausted_month", "end of the period in which acquisition cost reached the budget"),
    real("cac", "currency/contract", "acquisition cost and payroll for a contract"),
    real("ltv", "currency/customer", "lifetime value of a customer, weighted by contracts"),
    real("ltv_to_cac", "1", "lifetime value over acquisition cost of a contract"),
    count("capacity_bound_periods", "periods", "periods in which leads waited or expired for want of sales capacity"),
    count("pool_exhausted_partners", "partners", "partners whose pool of leads ran out"),
}};

constexpr std::array<MetricSpec, kPartnerOutcomes> kPartnerOutcomeTable = {{
    count("leads", "leads", "leads brought, fraud included"),
    count("lost_leads", "leads", "form leads lost for good"),
    count("fraud_leads", "leads", "fraudulent leads, detected or not"),
    count("rejected_leads", "leads", "fraudulent leads detected, rejected and not paid"),
    count("payable_leads", "leads", "leads paid for"),
    count("worked", "leads", "leads worked, undetected fraud included"),
    count("expired_leads", "leads", "leads expired, fraud included"),
    count("contacted", "leads", "leads reached"),
    count("no_answers", "leads", "genuine form leads worked but not reached"),
    count("target_leads", "leads", "contacted leads that are target leads"),
    count("refusals", "leads", "leads that said no or were never reached"),
    count("deals", "deals", "target leads that became deals"),
    count("won_deals", "deals", "deals won, signed now or later"),
    count("contracts", "contracts", "contracts signed within the horizon, reactivated ones included"),
    count("reactivated_contracts", "contracts", "contracts of refusals that came back"),
    count("churned_customers", "customers", "customers that left"),
    count("pipeline_contracts", "contracts", "contracts that sign after the horizon"),
    count("active_customers", "customers", "customers billed and not churned at the horizon"),
    count("leads_first_year", "leads", "leads of the first twelve months"),
    count("exits", "1", "whether the partner gave notice"),
    count("terminations", "1", "whether we gave notice"),
    real("revenue", "currency", "subscription revenue and setup fees"),
    real("gross_profit", "currency", "gross profit of its customers and exchange"),
    real("partner_fees", "currency", "fees paid, clawbacks deducted"),
    real("acquisition_cost", "currency", "fees, launch, training, working leads, nurturing refusals"),
    real("contribution", "currency", "gross profit less acquisition cost"),
    real("ltv", "currency/customer", "lifetime value of a customer"),
    real("cac", "currency/contract", "acquisition cost for a contract, without payroll"),
}};

constexpr std::array<MetricSpec, kSeries> kSeriesTable = {{
    count("leads", "leads", "leads of the period"),
    count("worked", "leads", "leads worked"),
    count("contacted", "leads", "leads reached"),
    count("target_leads", "leads", "target leads"),
    count("deals", "deals", "deals"),
    count("contracts", "contracts", "contracts signed"),
    count("reactivated_contracts", "contracts", "contracts of refusals that came back"),
    count("churned_customers", "customers", "customers that left"),
    count("active_customers", "customers", "customers at the period's end, billed and not churned"),
    real("acquisition_cost", "currency", "fees, launches, training, working leads, nurturing refusals"),
    real("total_cost", "currency", "acquisition, common costs, tax and interest"),
    real("gross_profit", "currency", "gross profit"),
    real("cash", "currency", "cash received less cash paid"),
    real("cumulative_cash", "currency", "cash to date"),
    count("backlog", "leads", "leads waiting at the period's end"),
    real("wait_days", "days", "days a form lead waits before it is worked"),
    count("capacity", "leads", "leads that sales can work; 0 without a limit"),
}};

constexpr std::array<MetricSpec, kPartnerSeries> kPartnerSeriesTable = {{
    count("leads", "leads", "leads of the period"),
    count("contacted", "leads", "leads reached"),
    count("target_leads", "leads", "target leads"),
    count("contracts", "contracts", "contracts signed"),
    count("active_customers", "customers", "customers at the period's end"),
    real("acquisition_cost", "currency", "acquisition cost"),
    real("gross_profit", "currency", "gross profit"),
}};

}  // namespace

std::span<const sim::MetricSpec, kOutcomes> outcome_metrics() { return kOutcomeTable; }
std::span<const sim::MetricSpec, kPartnerOutcomes> partner_outcome_metrics() { return kPartnerOutcomeTable; }
std::span<const sim::MetricSpec, kSeries> series_metrics() { return kSeriesTable; }
std::span<const sim::MetricSpec, kPartnerSeries> partner_series_metrics() { return kPartnerSeriesTable; }

std::optional<Outcome> find_outcome(std::string_view name) {
  for (std::size_t m = 0; m < kOutcomes; ++m) {
    if (kOutcomeTable[m].name == name) return Outcome(m);
  }
  return std::nullopt;
}

}  // namespace channelcast::models
