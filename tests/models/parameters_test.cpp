// The parameter tables: rows stand where their enumerators point, and are complete.
#include "models/parameters.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

namespace channelcast::models {
namespace {

struct Named {
  std::size_t position;
  std::string_view table;
  std::string_view key;
};

TEST(Parameters, ProgrammeRowsStandWhereTheirEnumeratorsPoint) {
  constexpr Named kRows[] = {
      {std::size_t(ProgrammeInput::market_persistence_per_month), "market", "persistence_per_month"},
      {std::size_t(ProgrammeInput::market_volume_sd), "market", "volume_sd"},
      {std::size_t(ProgrammeInput::discount_rate), "finance", "discount_rate"},
      {std::size_t(ProgrammeInput::interest_rate), "finance", "interest_rate"},
      {std::size_t(ProgrammeInput::fixed_cost_per_month), "finance", "fixed_cost_per_month"},
      {std::size_t(ProgrammeInput::launch_cost), "finance", "launch_cost"},
      {std::size_t(ProgrammeInput::revenue_tax_rate), "finance", "revenue_tax_rate"},
      {std::size_t(ProgrammeInput::profit_tax_rate), "finance", "profit_tax_rate"},
      {std::size_t(ProgrammeInput::budget), "finance", "budget"},
      {std::size_t(ProgrammeInput::budget_policy), "finance", "budget_policy"},
      {std::size_t(ProgrammeInput::customer_payment_delay_months), "finance", "customer_payment_delay_months"},
      {std::size_t(ProgrammeInput::partner_payment_delay_months), "finance", "partner_payment_delay_months"},
      {std::size_t(ProgrammeInput::managers), "sales", "managers"},
      {std::size_t(ProgrammeInput::leads_per_manager_per_month), "sales", "leads_per_manager_per_month"},
      {std::size_t(ProgrammeInput::cost_per_manager_per_month), "sales", "cost_per_manager_per_month"},
      {std::size_t(ProgrammeInput::cost_per_worked_lead), "sales", "cost_per_worked_lead"},
      {std::size_t(ProgrammeInput::response_days), "sales", "response_days"},
      {std::size_t(ProgrammeInput::freshness_grace_days), "sales", "freshness_grace_days"},
      {std::size_t(ProgrammeInput::freshness_half_life_days), "sales", "freshness_half_life_days"},
      {std::size_t(ProgrammeInput::max_wait_days), "sales", "max_wait_days"},
  };
  ASSERT_EQ(std::size(kRows), programme_parameters().size());
  for (const Named& row : kRows) {
    EXPECT_EQ(programme_parameters()[row.position].table, row.table) << row.key;
    EXPECT_EQ(programme_parameters()[row.position].key, row.key);
  }
}

TEST(Parameters, PartnerRowsStandWhereTheirEnumeratorsPoint) {
  constexpr Named kRows[] = {
      {std::size_t(PartnerInput::leads_per_month), "volume", "leads_per_month"},
      {std::size_t(PartnerInput::dispersion), "volume", "dispersion"},
      {std::size_t(PartnerInput::ramp_months), "volume", "ramp_months"},
      {std::size_t(PartnerInput::growth_per_month), "volume", "growth_per_month"},
      {std::size_t(PartnerInput::market_sensitivity), "volume", "market_sensitivity"},
      {std::size_t(PartnerInput::pool), "volume", "pool"},
      {std::size_t(PartnerInput::live_share), "transfer", "live_share"},
      {std::size_t(PartnerInput::loss_rate), "transfer", "loss_rate"},
      {std::size_t(PartnerInput::outages_per_year), "transfer", "outages_per_year"},
      {std::size_t(PartnerInput::outage_severity), "transfer", "outage_severity"},
      {std::size_t(PartnerInput::reconciled_share), "transfer", "reconciled_share"},
      {std::size_t(PartnerInput::fraud_share), "fraud", "share"},
      {std::size_t(PartnerInput::detection_rate), "fraud", "detection_rate"},
      {std::size_t(PartnerInput::episodes_per_year), "fraud", "episodes_per_year"},
      {std::size_t(PartnerInput::episode_share), "fraud", "episode_share"},
      {std::size_t(PartnerInput::episode_months), "fraud", "episode_months"},
      {std::size_t(PartnerInput::answer_rate), "contact", "answer_rate"},
      {std::size_t(PartnerInput::attempts), "contact", "attempts"},
      {std::size_t(PartnerInput::target_rate), "funnel", "target_rate"},
      {std::size_t(PartnerInput::deal_rate), "funnel", "deal_rate"},
      {std::size_t(PartnerInput::win_rate), "funnel", "win_rate"},
      {std::size_t(PartnerInput::quality_persistence_per_month), "quality", "persistence_per_month"},
      {std::size_t(PartnerInput::target_sd), "quality", "target_sd"},
      {std::size_t(PartnerInput::win_sd), "quality", "win_sd"},
      {std::size_t(PartnerInput::market_loading), "quality", "market_loading"},
      {std::size_t(PartnerInput::deal_cycle_distribution), "deal_cycle", "distribution"},
      {std::size_t(PartnerInput::mean_days), "deal_cycle", "mean_days"},
      {std::size_t(PartnerInput::sd_days), "deal_cycle", "sd_days"},
      {std::size_t(PartnerInput::reactivation_rate), "reactivation", "rate"},
      {std::size_t(PartnerInput::from_months), "reactivation", "from_months"},
      {std::size_t(PartnerInput::to_months), "reactivation", "to_months"},
      {std::size_t(PartnerInput::include_non_target), "reactivation", "include_non_target"},
      {std::size_t(PartnerInput::cost_per_refusal), "reactivation", "cost_per_refusal"},
      {std::size_t(PartnerInput::revenue_per_month), "customer", "revenue_per_month"},
      {std::size_t(PartnerInput::gross_margin), "customer", "gross_margin"},
      {std::size_t(PartnerInput::setup_fee), "customer", "setup_fee"},
      {std::size_t(PartnerInput::retention), "customer", "retention"},
      {std::size_t(PartnerInput::churn_per_month), "customer", "churn_per_month"},
      {std::size_t(PartnerInput::sbg_alpha), "customer", "sbg_alpha"},
      {std::size_t(PartnerInput::sbg_beta), "customer", "sbg_beta"},
      {std::size_t(PartnerInput::weibull_shape), "customer", "weibull_shape"},
      {std::size_t(PartnerInput::weibull_scale_months), "customer", "weibull_scale_months"},
      {std::size_t(PartnerInput::ltv_months), "customer", "ltv_months"},
      {std::size_t(PartnerInput::exits_per_year), "exit", "exits_per_year"},
      {std::size_t(PartnerInput::exit_market_sensitivity), "exit", "market_sensitivity"},
      {std::size_t(PartnerInput::notice_days), "exit", "notice_days"},
      {std::size_t(PartnerInput::notice_volume), "exit", "notice_volume"},
      {std::size_t(PartnerInput::target_share_below), "termination", "target_share_below"},
      {std::size_t(PartnerInput::window_months), "termination", "window_months"},
      {std::size_t(PartnerInput::min_contacted), "termination", "min_contacted"},
      {std::size_t(PartnerInput::per_lead), "payment", "per_lead"},
      {std::size_t(PartnerInput::per_target), "payment", "per_target"},
      {std::size_t(PartnerInput::per_contract), "payment", "per_contract"},
      {std::size_t(PartnerInput::revenue_share), "payment", "revenue_share"},
      {std::size_t(PartnerInput::revenue_share_months), "payment", "revenue_share_months"},
      {std::size_t(PartnerInput::fixed_per_month), "payment", "fixed_per_month"},
      {std::size_t(PartnerInput::partner_launch_cost), "payment", "launch_cost"},
      {std::size_t(PartnerInput::clawback_months), "payment", "clawback_months"},
      {std::size_t(PartnerInput::decay_per_month), "training", "decay_per_month"},
      {std::size_t(PartnerInput::training_effect), "training", "effect"},
      {std::size_t(PartnerInput::every_months), "training", "every_months"},
      {std::size_t(PartnerInput::training_cost), "training", "cost"},
      {std::size_t(PartnerInput::outbound_per_month), "exchange", "outbound_per_month"},
      {std::size_t(PartnerInput::close_rate), "exchange", "close_rate"},
      {std::size_t(PartnerInput::deal_value), "exchange", "deal_value"},
      {std::size_t(PartnerInput::commission), "exchange", "commission"},
      {std::size_t(PartnerInput::imbalance_exit_sensitivity), "exchange", "imbalance_exit_sensitivity"},
  };
  ASSERT_EQ(std::size(kRows), partner_parameters().size());
  for (const Named& row : kRows) {
    EXPECT_EQ(partner_parameters()[row.position].table, row.table) << row.key;
    EXPECT_EQ(partner_parameters()[row.position].key, row.key);
  }
}

TEST(Parameters, EventRowsStandWhereTheirEnumeratorsPoint) {
  constexpr Named kRows[] = {
      {std::size_t(EventInput::factor), "event", "factor"},
      {std::size_t(EventInput::cost), "event", "cost"},
      {std::size_t(EventInput::probability), "event", "probability"},
      {std::size_t(EventInput::per_year), "event", "per_year"},
      {std::size_t(EventInput::duration_months), "event", "duration_months"},
  };
  ASSERT_EQ(std::size(kRows), event_parameters().size());
  for (const Named& row : kRows) {
    EXPECT_EQ(event_parameters()[row.position].table, row.table) << row.key;
    EXPECT_EQ(event_parameters()[row.position].key, row.key);
  }
}

template <class Table>
void expect_sound(const Table& table) {
  std::set<std::string> seen;
  for (const ParameterSpec& row : table) {
    const std::string name = std::string(row.table) + "." + std::string(row.key);
    EXPECT_TRUE(seen.insert(name).second) << name << " is there twice";
    EXPECT_FALSE(row.unit.empty()) << name;
    EXPECT_GT(row.description.size(), 10u) << name;
    EXPECT_LT(row.minimum, row.maximum) << name;
    EXPECT_EQ(row.kind == sim::ValueKind::choice, !row.choices.empty()) << name;
    if (std::isnan(row.default_value)) continue;
    EXPECT_LE(row.default_value, row.maximum) << name;
    const bool above =
        row.minimum_bound == sim::Bound::inclusive ? row.default_value >= row.minimum : row.default_value > row.minimum;
    EXPECT_TRUE(above) << name << ": the default is out of bounds";
    if (row.unit == "share") {
      EXPECT_EQ(row.maximum, 1.0) << name;
    }
  }
}

TEST(Parameters, EveryRowIsSound) {
  expect_sound(programme_parameters());
  expect_sound(partner_parameters());
  expect_sound(event_parameters());
}

TEST(Parameters, DefaultsAreTheDocumentedOnes) {
  const auto partner = [](PartnerInput id) { return partner_parameters()[std::size_t(id)].default_value; };
  EXPECT_EQ(partner(PartnerInput::market_sensitivity), 1);
  EXPECT_EQ(partner(PartnerInput::episode_months), 1);
  EXPECT_EQ(partner(PartnerInput::answer_rate), 1);
  EXPECT_EQ(partner(PartnerInput::from_months), 3);
  EXPECT_EQ(partner(PartnerInput::to_months), 6);
  EXPECT_EQ(partner(PartnerInput::ltv_months), 60);
  EXPECT_EQ(partner(PartnerInput::notice_volume), 1);
  EXPECT_EQ(partner(PartnerInput::window_months), 3);
  EXPECT_EQ(partner(PartnerInput::min_contacted), 50);
  EXPECT_TRUE(std::isnan(partner(PartnerInput::pool)));
  EXPECT_TRUE(std::isnan(partner(PartnerInput::target_share_below)));
  const auto programme = [](ProgrammeInput id) { return programme_parameters()[std::size_t(id)].default_value; };
  EXPECT_EQ(programme(ProgrammeInput::freshness_grace_days), 2);
  EXPECT_EQ(programme(ProgrammeInput::max_wait_days), 30);
  EXPECT_TRUE(std::isnan(programme(ProgrammeInput::managers)));
  EXPECT_TRUE(std::isnan(programme(ProgrammeInput::budget)));
  EXPECT_TRUE(std::isnan(programme(ProgrammeInput::freshness_half_life_days)));
}

}  // namespace
}  // namespace channelcast::models
