// Sobol' indices against functions where they are known, their intervals over many seeds, and biased twins.
#include "sim/stats/sobol_indices.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>

#include "sim/error.hpp"
#include "tests/sim/stats/known_functions.hpp"

namespace channelcast::sim {
namespace {

using testing::design_of;
using testing::ishigami;
using testing::KnownDesign;
using testing::KnownFunction;
using testing::sobol_g;

constexpr std::size_t kReplicates = 16;

/// The furthest estimate from the truth, in units of its error (which has a floor where it is all but zero).
double worst_deviation(const KnownFunction& function, const KnownDesign& design) {
  const PickFreeze freeze(design.a, design.b, kReplicates);
  double worst = 0.0;
  for (std::size_t i = 0; i < design.ab.size(); ++i) {
    const SobolIndices indices = freeze.indices(design.ab[i]);
    const auto off = [&](const Replicated& estimate, double truth) {
      worst = std::max(worst, std::abs(estimate.value - truth) / std::max(estimate_of(estimate).error, 1e-5));
    };
    off(indices.first, function.first[i]);
    off(indices.total, function.total[i]);
  }
  return worst;
}

TEST(SobolIndices, AreThoseOfIshigamisFunction) {
  const KnownFunction function = ishigami();
  EXPECT_NEAR(function.first[0], 0.3139, 5e-5);
  EXPECT_NEAR(function.total[2], 0.2437, 5e-5);
  const KnownDesign design = design_of(function, 16384, kReplicates, 5);
  EXPECT_LT(worst_deviation(function, design),
            4.5);  // one of six beyond by chance: 1 in 400 (t with 15 degrees of freedom)
  const PickFreeze freeze(design.a, design.b, kReplicates);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_LT(estimate_of(freeze.indices(design.ab[i]).first).error, 0.01);
    EXPECT_LT(estimate_of(freeze.indices(design.ab[i]).total).error, 0.01);
  }
  EXPECT_NEAR(freeze.mean().value, 3.5, 0.01);
}

TEST(SobolIndices, AreThoseOfSobolsGFunction) {
  const KnownFunction function = sobol_g({0.0, 1.0, 4.5, 9.0, 99.0, 99.0});
  EXPECT_LT(worst_deviation(function, design_of(function, 16384, kReplicates, 6)), 4.5);
}

TEST(SobolIndices, ABiasedTwinIsFound) {
  const KnownFunction function = ishigami();
  // What one mistake in the design or in a formula gives: the column of another input, A and B exchanged, Jansen's
  // formula without its half.
  KnownDesign wrong_column = design_of(function, 16384, kReplicates, 5);
  std::swap(wrong_column.ab[0], wrong_column.ab[1]);
  EXPECT_GT(worst_deviation(function, wrong_column), 4.5);
  KnownDesign swapped = design_of(function, 16384, kReplicates, 5);
  std::swap(swapped.a, swapped.b);
  EXPECT_GT(worst_deviation(function, swapped), 4.5);
  KnownFunction doubled = function;
  for (double& total : doubled.total) total *= 2.0;
  EXPECT_GT(worst_deviation(doubled, design_of(function, 16384, kReplicates, 5)), 4.5);
}

/// Share of 95 % intervals over many scramblings that hold the truth.
double coverage(const KnownFunction& function, std::size_t rows, const std::function<void(Estimate&)>& spoil) {
  constexpr int kSeeds = 150;
  double held = 0.0;
  double all = 0.0;
  for (int seed = 0; seed < kSeeds; ++seed) {
    const KnownDesign design = design_of(function, rows, kReplicates, 1000 + std::uint64_t(seed));
    const PickFreeze freeze(design.a, design.b, kReplicates);
    for (std::size_t i = 0; i < design.ab.size(); ++i) {
      const SobolIndices indices = freeze.indices(design.ab[i]);
      for (const auto& [estimate, truth] :
           {std::pair(&indices.first, function.first[i]), std::pair(&indices.total, function.total[i])}) {
        Estimate interval = estimate_of(*estimate);
        spoil(interval);
        held += interval.low <= truth && truth <= interval.high ? 1.0 : 0.0;
        all += 1.0;
      }
    }
  }
  return held / all;
}

TEST(SobolIndices, IntervalsHoldTheTruthAsOftenAsTheySay) {
  const auto as_is = [](Estimate&) {};
  // 900 intervals, not independent: ± 3 %.
  EXPECT_NEAR(coverage(ishigami(), 1024, as_is), 0.95, 0.03);
  EXPECT_NEAR(coverage(sobol_g({0.0, 1.0, 4.5}), 1024, as_is), 0.95, 0.03);
  // A twin: errors as if the sixteen replicates were one.
  const auto too_narrow = [](Estimate& interval) {
    const double half = (interval.high - interval.low) / 4.0;
    interval.low = interval.value - half;
    interval.high = interval.value + half;
  };
  EXPECT_LT(coverage(ishigami(), 1024, too_narrow), 0.85);
}

TEST(SobolIndices, AFactorThatIsEverythingOrNothing) {
  const std::vector<double> a = {1, 2, 3, 4, 5, 6, 7, 9};
  const std::vector<double> b = {4, 2, 9, 7, 1, 1, 3, 5};
  const PickFreeze freeze(a, b, 4);
  EXPECT_EQ(freeze.indices(a).first.value, 0.0);  // changes nothing
  EXPECT_EQ(freeze.indices(a).total.value, 0.0);
  EXPECT_EQ(estimate_of(freeze.indices(a).total).error, 0.0);
  EXPECT_EQ(freeze.indices(b).first.value, 1.0);  // is all there is
  const PickFreeze constant(std::vector<double>(8, 0.1), std::vector<double>(8, 0.1), 4);
  EXPECT_FALSE(constant.varies());
  EXPECT_TRUE(std::isnan(constant.indices(std::vector<double>(8, 0.1)).first.value));
  EXPECT_TRUE(std::isnan(estimate_of(constant.indices(std::vector<double>(8, 0.1)).total).low));
}

TEST(SobolIndices, DoNotLoseDigitsFarFromZero) {
  const KnownFunction function = ishigami();
  KnownDesign design = design_of(function, 1024, kReplicates, 5);
  const PickFreeze near(design.a, design.b, kReplicates);
  const double first = near.indices(design.ab[0]).first.value;
  for (auto* column : {&design.a, &design.b, &design.ab[0]}) {
    for (double& y : *column) y += 0x1p30;  // an exact shift but for the last bits of y
  }
  const PickFreeze far(design.a, design.b, kReplicates);
  EXPECT_NEAR(far.indices(design.ab[0]).first.value, first, 1e-6);
}

TEST(SobolIndices, TheJackknifeOfAMeanIsItsStandardError) {
  const std::vector<double> column = {1, 3, 2, 6, 4, 8, 5, 3};
  const Estimate estimate = estimate_of(mean_of(column, 8));
  EXPECT_DOUBLE_EQ(estimate.value, 4.0);
  EXPECT_NEAR(estimate.error, std::sqrt(36.0 / 7.0 / 8.0), 1e-12);
  EXPECT_NEAR(estimate.high - estimate.value, 2.364624 * estimate.error, 1e-5);  // t(7)
  EXPECT_THROW((void)mean_of(column, 3), InternalError);
  EXPECT_THROW((void)mean_of(column, 1), InternalError);
  EXPECT_THROW(PickFreeze(column, std::vector<double>(4), 2), InternalError);
  EXPECT_THROW((void)weighted_sum(std::vector<Replicated>{}, std::vector<double>{}), InternalError);
}

Replicated worth(double value) { return {value, {value, value}}; }

TEST(ShapleyValues, AreThoseOfAGameWorkedByHand) {
  // Three players: v(1) = 1, v(2) = 2, v(3) = 0, v(12) = 5, v(13) = 1, v(23) = 2, v(123) = 6.
  const std::vector<Replicated> game = {worth(0), worth(1), worth(2), worth(5), worth(0), worth(1), worth(2), worth(6)};
  const std::vector<Replicated> values = shapley_values(game);
  ASSERT_EQ(values.size(), 3u);
  EXPECT_NEAR(values[0].value, (2 * 1.0 + 3.0 + 1.0 + 2 * 4.0) / 6.0, 1e-12);
  EXPECT_NEAR(values[1].value, (2 * 2.0 + 4.0 + 2.0 + 2 * 5.0) / 6.0, 1e-12);
  EXPECT_NEAR(values[2].value, (2 * 0.0 + 0.0 + 0.0 + 2 * 1.0) / 6.0, 1e-12);
  EXPECT_NEAR(values[0].without[1] + values[1].without[1] + values[2].without[1], 6.0, 1e-12);
  EXPECT_THROW((void)shapley_values(std::vector<Replicated>(3, worth(1))), InternalError);
}

}  // namespace
}  // namespace channelcast::sim
