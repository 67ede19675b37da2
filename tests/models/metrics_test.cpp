// The tables of what a trial reports.
#include "models/metrics.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "models/flows.hpp"

namespace channelcast::models {
namespace {

template <class Table>
std::set<std::string> names_of(const Table& table) {
  std::set<std::string> names;
  for (const sim::MetricSpec& row : table) {
    EXPECT_TRUE(names.insert(std::string(row.name)).second) << row.name << " is there twice";
    EXPECT_FALSE(row.unit.empty()) << row.name;
    EXPECT_GT(row.description.size(), 4u) << row.name;
    for (const char c : row.name) EXPECT_TRUE(std::islower(static_cast<unsigned char>(c)) != 0 || c == '_') << row.name;
    if (row.type == sim::MetricType::moment) {
      EXPECT_EQ(row.unit, "months") << row.name;
    }
  }
  return names;
}

void expect_all(const std::set<std::string>& names, const std::vector<std::string>& wanted) {
  for (const std::string& name : wanted) EXPECT_EQ(names.count(name), 1u) << name << " is missing";
}

TEST(Metrics, OutcomesHaveTheDocumentedNames) {
  expect_all(names_of(outcome_metrics()), {"leads",
                                           "lost_leads",
                                           "fraud_leads",
                                           "worked",
                                           "expired_leads",
                                           "contacted",
                                           "target_leads",
                                           "deals",
                                           "contracts",
                                           "reactivated_contracts",
                                           "churned_customers",
                                           "pipeline_contracts",
                                           "acquisition_cost",
                                           "total_cost",
                                           "gross_profit",
                                           "net_cash",
                                           "active_customers",
                                           "leads_first_year",
                                           "max_backlog",
                                           "exits",
                                           "terminations",
                                           "payback_months",
                                           "discounted_payback_months",
                                           "npv",
                                           "irr",
                                           "peak_funding",
                                           "peak_funding_month",
                                           "budget_overrun",
                                           "budget_exhausted_month",
                                           "cac",
                                           "ltv",
                                           "ltv_to_cac"});
}

TEST(Metrics, SeriesHaveTheDocumentedNames) {
  expect_all(names_of(series_metrics()),
             {"leads", "worked", "contacted", "target_leads", "deals", "contracts", "reactivated_contracts",
              "churned_customers", "active_customers", "acquisition_cost", "total_cost", "gross_profit", "cash",
              "cumulative_cash", "backlog"});
}

TEST(Metrics, PartnersHaveTheirOwn) {
  expect_all(names_of(partner_outcome_metrics()),
             {"leads", "lost_leads", "fraud_leads", "worked", "expired_leads", "contacted", "target_leads", "deals",
              "contracts", "reactivated_contracts", "churned_customers", "pipeline_contracts", "active_customers",
              "leads_first_year", "exits", "terminations", "acquisition_cost", "gross_profit"});
  expect_all(names_of(partner_series_metrics()), {"leads", "contracts", "acquisition_cost"});
}

TEST(Metrics, PositionsAreThoseOfTheEnumerations) {
  const auto outcome = [](Outcome id) { return outcome_metrics()[std::size_t(id)].name; };
  EXPECT_EQ(outcome(Outcome::leads), "leads");
  EXPECT_EQ(outcome(Outcome::contacted), "contacted");
  EXPECT_EQ(outcome(Outcome::unbilled_contracts), "unbilled_contracts");
  EXPECT_EQ(outcome(Outcome::payback_months), "payback_months");
  EXPECT_EQ(outcome(Outcome::npv), "npv");
  EXPECT_EQ(outcome(Outcome::budget_exhausted_month), "budget_exhausted_month");
  EXPECT_EQ(outcome(Outcome::pool_exhausted_partners), "pool_exhausted_partners");
  const auto partner = [](PartnerOutcome id) { return partner_outcome_metrics()[std::size_t(id)].name; };
  EXPECT_EQ(partner(PartnerOutcome::no_answers), "no_answers");
  EXPECT_EQ(partner(PartnerOutcome::terminations), "terminations");
  EXPECT_EQ(partner(PartnerOutcome::ltv), "ltv");
  EXPECT_EQ(series_metrics()[std::size_t(Series::capacity)].name, "capacity");
  EXPECT_EQ(series_metrics()[std::size_t(Series::cash)].name, "cash");
  EXPECT_EQ(partner_series_metrics()[std::size_t(PartnerSeries::gross_profit)].name, "gross_profit");
}

TEST(Metrics, AreFoundByName) {
  EXPECT_EQ(find_outcome("payback_months"), Outcome::payback_months);
  EXPECT_EQ(find_outcome("leads"), Outcome::leads);
  EXPECT_FALSE(find_outcome("payback").has_value());
  EXPECT_FALSE(find_outcome("").has_value());
  for (std::size_t m = 0; m < kOutcomes; ++m) EXPECT_EQ(find_outcome(outcome_metrics()[m].name), Outcome(m));
}

TEST(Metrics, TailsFollowWhatIsBad) {
  EXPECT_EQ(outcome_metrics()[std::size_t(Outcome::npv)].tail, sim::RiskTail::low_is_bad);
  EXPECT_EQ(outcome_metrics()[std::size_t(Outcome::budget_overrun)].tail, sim::RiskTail::high_is_bad);
  EXPECT_EQ(outcome_metrics()[std::size_t(Outcome::payback_months)].type, sim::MetricType::moment);
  EXPECT_EQ(outcome_metrics()[std::size_t(Outcome::contracts)].type, sim::MetricType::count);
}

TEST(Flows, HaveNamesInTheirOrder) {
  std::set<std::string_view> names(flow_names().begin(), flow_names().end());
  EXPECT_EQ(names.size(), kFlows);
  const auto name = [](Flow id) { return flow_names()[std::size_t(id)]; };
  EXPECT_EQ(name(Flow::work_share), "work_share");
  EXPECT_EQ(name(Flow::payable), "payable");
  EXPECT_EQ(name(Flow::contracts_paid), "contracts_paid");
  EXPECT_EQ(name(Flow::clawed_back), "clawed_back");
  EXPECT_EQ(name(Flow::acquisition_cost), "acquisition_cost");
}

}  // namespace
}  // namespace channelcast::models
