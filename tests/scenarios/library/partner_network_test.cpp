// scenarios/library/partner_network.toml: 200 small exchange partners of very unequal volume and a locomotive, about
// 700 leads a year, 10 % commission.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "tests/scenarios/library/library_support.hpp"

namespace channelcast::testing {
namespace {

using models::PartnerInput;
using models::PartnerOutcome;

constexpr std::size_t kSmall = 200;
constexpr std::size_t kTrials = 600;
constexpr std::size_t kYear = 52;

TEST(PartnerNetwork, IsTwoHundredSmallPartnersAndALocomotive) {
  const models::Scenario scenario = library_scenario("partner_network").scenario;
  ASSERT_EQ(scenario.partners.size(), kSmall + 1);
  EXPECT_EQ(std::ranges::count(scenario.partners, "small", &models::Partner::group), std::ptrdiff_t(kSmall));
  EXPECT_EQ(scenario.partners.back().name, "locomotive");
  EXPECT_EQ(scenario.grid.kind(), sim::PeriodKind::week);
  for (const models::Partner& partner : scenario.partners) {
    EXPECT_EQ(fixed(partner, PartnerInput::revenue_share), 0.10) << partner.name;
    EXPECT_EQ(fixed(partner, PartnerInput::commission), 0.10) << partner.name;
    EXPECT_GT(fixed(partner, PartnerInput::outbound_per_month), 0.0) << partner.name;
  }
}

bool about_seven_hundred(double leads) { return std::abs(leads - 700.0) <= 0.05 * 700.0; }

// Mean leads of the first and of the second year.
std::array<double, 2> years_of(const MemoryRun& run) {
  const std::vector<double> leads = run.reader().series(std::size_t(models::Series::leads)).mean;
  const auto second = leads.begin() + std::ptrdiff_t(kYear);
  return {std::accumulate(leads.begin(), second, 0.0), std::accumulate(second, leads.end(), 0.0)};
}

TEST(PartnerNetwork, BringsSevenHundredLeadsAYear) {
  const MemoryRun run(library_scenario("partner_network", {"simulation.trials=" + std::to_string(kTrials)}));
  const double median = median_of(run.outcome(models::Outcome::leads_first_year));
  const auto [first, second] = years_of(run);
  EXPECT_TRUE(about_seven_hundred(median)) << median;
  EXPECT_TRUE(about_seven_hundred(first)) << first;
  EXPECT_TRUE(about_seven_hundred(second)) << second;
}

TEST(PartnerNetwork, ANetworkThatFadesIsNoticed) {
  const MemoryRun run(
      library_scenario("partner_network", {"simulation.trials=200", "partner.*.volume.growth_per_month=0"}));
  const auto [first, second] = years_of(run);
  EXPECT_FALSE(about_seven_hundred(first)) << first;
  EXPECT_FALSE(about_seven_hundred(second)) << second;
}

TEST(PartnerNetwork, VolumeHasAHeavyTail) {
  const MemoryRun run(library_scenario("partner_network", {"simulation.trials=" + std::to_string(kTrials)}));
  const std::vector<double> leads = run.reader().entity_outcome(std::size_t(PartnerOutcome::leads_first_year));
  ASSERT_EQ(leads.size(), kTrials * (kSmall + 1));
  double all = 0.0, top = 0.0, locomotive = 0.0, one_at_most = 0.0;
  for (std::size_t trial = 0; trial < kTrials; ++trial) {
    const auto first = leads.begin() + std::ptrdiff_t(trial * (kSmall + 1));
    std::vector<double> small(first, first + std::ptrdiff_t(kSmall));
    std::ranges::sort(small, std::greater<>());
    all += std::accumulate(small.begin(), small.end(), 0.0);
    top += std::accumulate(small.begin(), small.begin() + std::ptrdiff_t(kSmall / 10), 0.0);
    one_at_most += double(std::ranges::count_if(small, [](double count) { return count <= 1.0; }));
    locomotive += *(first + std::ptrdiff_t(kSmall));
  }
  EXPECT_NEAR(top / all, 0.50, 0.02) << "the twenty that send most";
  EXPECT_GT(one_at_most / double(kTrials * kSmall), 0.5);
  EXPECT_NEAR(locomotive / (all + locomotive), 0.20, 0.02);
}

}  // namespace
}  // namespace channelcast::testing
