// Why the rejection samplers are exact: the density in the acceptance test is right to 1e-13, the hat lies above it
// and the squeeze below it. Looks inside the samplers, on one lane of the build's baseline target.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#if CHANNELCAST_HAS_QUADMATH
#include <quadmath.h>
#endif

#include "sim/rng/gamma-inl.hpp"
#include "sim/rng/inversion-inl.hpp"
#include "sim/rng/transformed-inl.hpp"

namespace channelcast::sim {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using OneLane = hn::CappedTag<double, 1>;
using V = hn::Vec<OneLane>;
constexpr OneLane kLane;

V lane(double x) { return hn::Set(kLane, x); }
bool yes(hn::Mask<OneLane> mask) { return hn::AllTrue(kLane, mask); }

#if CHANNELCAST_HAS_QUADMATH

using Quad = __float128;

Quad binomial_probability(Quad n, Quad p, Quad k) {
  return expq(lgammaq(n + 1) - lgammaq(k + 1) - lgammaq(n - k + 1) + k * logq(p) + (n - k) * log1pq(-p));
}

Quad poisson_probability(Quad mean, Quad k) { return expq(k * logq(mean) - mean - lgammaq(k + 1)); }

double relative_error(HWY_NAMESPACE::Density<OneLane> density, Quad truth) {
  const Quad two_pi = 8 * atanq(1);
  const Quad value = Quad(hn::GetLane(HWY_NAMESPACE::exp_clamped(kLane, density.exponent))) /
                     (Quad(hn::GetLane(density.root)) * sqrtq(two_pi));
  return static_cast<double>(fabsq(value / truth - 1));
}

TEST(Density, BinomialIsRightTo1em13) {
  double worst = 0;
  for (const double n : {50.0, 81.0, 100.0, 1000.0, 1e5, 1e7, 0x1p31, 0x1p40, 0x1p50}) {
    for (const double p : {0.5, 0.4999, 0.3, 0.1, 1e-3, 1e-6, 1e-9, 1e-13}) {
      const double mean = n * p;
      if (mean < 20) continue;
      for (double z = -9; z <= 9; z += 0.37) {
        const double k = std::floor(mean + z * std::sqrt(mean * (1 - p)));
        if (k < 0 || k > n) continue;
        const V parameter[2] = {lane(n), lane(p)};
        const double error = relative_error(HWY_NAMESPACE::BinomialModel::density(kLane, parameter, lane(k)),
                                            binomial_probability(n, p, k));
        EXPECT_LT(error, 1e-13) << n << " " << p << " " << k;
        worst = std::max(worst, error);
      }
    }
  }
  RecordProperty("worst", std::to_string(worst * 1e16) + "e-16");
}

TEST(Density, BinomialIsRightAtBothEnds) {
  for (const double n : {10.0, 41.0, 90.0}) {
    for (double k = 0; k <= n; ++k) {
      const V parameter[2] = {lane(n), lane(0.47)};
      EXPECT_LT(relative_error(HWY_NAMESPACE::BinomialModel::density(kLane, parameter, lane(k)),
                               binomial_probability(n, 0.47, k)),
                1e-13)
          << n << " " << k;
    }
  }
}

TEST(Density, PoissonIsRightTo1em13) {
  for (const double mean : {10.0, 36.5, 50.0, 123.4, 1e3, 1e5 + 0.1, 1e7, 3e9, 0x1p40 + 0.25, 0x1p50}) {
    for (double z = -9; z <= 9; z += 0.37) {
      const double k = std::floor(mean + z * std::sqrt(mean));
      if (k < 0) continue;
      const V parameter[1] = {lane(mean)};
      EXPECT_LT(
          relative_error(HWY_NAMESPACE::PoissonModel::density(kLane, parameter, lane(k)), poisson_probability(mean, k)),
          1e-13)
          << mean << " " << k;
    }
  }
}

#endif  // CHANNELCAST_HAS_QUADMATH

template <class Model, std::size_t N>
auto proposal_at(const V (&parameter)[N], double u, double v) {
  V first = lane(u);
  if constexpr (Model::kTakesNormals) first = HWY_NAMESPACE::quantile<false>(kLane, first);
  const HWY_NAMESPACE::UniformPair<OneLane> uniform{first, lane(v)};
  return Model::proposal(kLane, parameter, uniform, Model::setup(kLane, parameter, uniform));
}

// The highest v (within 2^-50) that the squeeze takes at u; 0 if none.
template <class Model, std::size_t N>
double squeeze_at(const V (&parameter)[N], double u) {
  const auto inside = [&](double v) { return yes(proposal_at<Model>(parameter, u, v).inside_squeeze); };
  if (!inside(0x1p-53)) return 0;
  double low = 0x1p-53;
  double high = 1;
  if (inside(high)) return high;
  for (int i = 0; i < 50; ++i) {
    const double middle = (low + high) / 2;
    (inside(middle) ? low : high) = middle;
  }
  return low;
}

// What the quick test decides must be what the exact test finds: up to its lower bound every height is accepted, from
// its upper bound on none. Its height goes with the square of v.
template <class Model, std::size_t N>
const char* quick_fault_at(const V (&parameter)[N], double u) {
  if constexpr (Model::kHasQuickTest) {
    const auto proposal = proposal_at<Model>(parameter, u, 1.0);
    const auto quick = Model::quick_test(kLane, parameter, proposal.value, proposal.height);
    const auto passes_at = [&](V bound) {
      const V v = hn::Sqrt(bound / quick.height);
      return yes(
          HWY_NAMESPACE::passes(kLane, Model::exact_test(kLane, parameter, proposal.value, proposal.height * v)));
    };
    if (hn::GetLane(quick.lower) > 0 && !passes_at(quick.lower)) return "the quick test accepts too much";
    if (hn::GetLane(quick.upper) >= 0 && passes_at(quick.upper)) return "the quick test rejects too much";
  }
  return nullptr;
}

enum class Hat { checked, unchecked };

// At u: nothing in the squeeze may be rejected, and the density must not exceed the hat, which is v = 1. What is wrong,
// or null.
template <class Model, std::size_t N>
const char* fault_at(const V (&parameter)[N], double u, Hat hat) {
  const double v = squeeze_at<Model>(parameter, u);
  if (v > 0) {
    const auto proposal = proposal_at<Model>(parameter, u, v);
    const auto test = Model::exact_test(kLane, parameter, proposal.value, proposal.height);
    if (std::isnan(hn::GetLane(test.bound))) return "the squeeze holds what is impossible";
    if (!yes(HWY_NAMESPACE::passes(kLane, test))) return "the squeeze is too wide";
  }
  if (const char* fault = quick_fault_at<Model>(parameter, u)) return fault;
  if (hat == Hat::unchecked) return nullptr;
  // Where v = 1 is accepted, the density sticks out of the hat (or touches it).
  const auto proposal = proposal_at<Model>(parameter, u, 1.0);
  const auto test = Model::exact_test(kLane, parameter, proposal.value, proposal.height);
  return yes(HWY_NAMESPACE::passes(kLane, test)) ? "the hat is too low" : nullptr;
}

// Twins that are wrong on purpose: a hat one per cent too low, a squeeze one per cent too wide, a quick test whose
// bounds of the density lie too close to each other from below or from above.
using Pair = HWY_NAMESPACE::UniformPair<OneLane>;
using Setup = HWY_NAMESPACE::ProposalSetup<OneLane>;
template <class Model>
struct LowHat : Model {
  template <std::size_t N>
  static auto proposal(OneLane d, const V (&parameter)[N], Pair uniform, const Setup& setup) {
    auto out = Model::proposal(d, parameter, uniform, setup);
    out.height = out.height * lane(0.99);
    return out;
  }
};
template <class Model>
struct WideSqueeze : Model {
  template <std::size_t N>
  static auto proposal(OneLane d, const V (&parameter)[N], Pair uniform, const Setup& setup) {
    auto out = Model::proposal(d, parameter, uniform, setup);
    out.inside_squeeze =
        Model::proposal(d, parameter, {uniform.first, uniform.second / lane(1.01)}, setup).inside_squeeze;
    return out;
  }
};

template <class Model, int kSide>
struct NarrowBracket : Model {
  template <std::size_t N>
  static auto quick_test(OneLane d, const V (&parameter)[N], V k, V height) {
    auto out = Model::quick_test(d, parameter, k, height);
    const V step = (out.upper - out.lower) * lane(0.45);
    if (kSide < 0) out.lower = out.lower + step;
    if (kSide > 0) out.upper = out.upper - step;
    return out;
  }
};

std::vector<double> grid_of_u() {
  std::vector<double> grid;
  for (double u = 0x1p-12; u < 1; u += 0x1p-12) grid.push_back(u);
  for (double tail = 0.07; tail > 1e-15; tail *= 0.97) {
    grid.push_back(tail);
    grid.push_back(1 - tail);
  }
  return grid;
}

// The first fault over parameters and u; empty if there is none.
template <class Model>
std::string binomial_fault() {
  const auto grid = grid_of_u();
  for (const double p : {0.5, 0.45, 0.3, 0.1, 0.01, 1e-4, 1e-9}) {
    // From half of the switch on: the margin is not at the edge of what is used.
    for (double mean = HWY_NAMESPACE::kBinomialInversionMean / 2; mean < 1e6; mean *= mean < 90 ? 1.013 : 2.7) {
      const V parameter[2] = {lane(std::ceil(mean / p)), lane(p)};
      for (const double u : grid) {
        const char* fault = fault_at<Model>(parameter, u, Hat::checked);
        if (fault) return std::string(fault) + ": " + std::to_string(p) + ", mean " + std::to_string(mean);
      }
    }
  }
  return "";
}

template <class Model>
std::string poisson_fault() {
  const auto grid = grid_of_u();
  for (double mean = HWY_NAMESPACE::kPoissonInversionMean / 2; mean < 1e8; mean *= mean < 90 ? 1.0037 : 2.7) {
    const V parameter[1] = {lane(mean)};
    for (const double u : grid) {
      const char* fault = fault_at<Model>(parameter, u, Hat::checked);
      if (fault) return std::string(fault) + ": mean " + std::to_string(mean);
    }
  }
  return "";
}

// Its hat is the normal proposal itself.
template <class Model>
std::string gamma_fault() {
  const auto grid = grid_of_u();
  for (double shape = 1; shape < 1e9; shape *= shape < 10 ? 1.05 : 3.7) {
    const V parameter[2] = {lane(shape), lane(1.0)};
    for (const double u : grid) {
      const char* fault = fault_at<Model>(parameter, u, Hat::unchecked);
      if (fault) return std::string(fault) + ": shape " + std::to_string(shape);
    }
  }
  return "";
}

TEST(HatAndSqueeze, HoldForTheBinomial) { EXPECT_EQ(binomial_fault<HWY_NAMESPACE::BinomialModel>(), ""); }
TEST(HatAndSqueeze, HoldForPoisson) { EXPECT_EQ(poisson_fault<HWY_NAMESPACE::PoissonModel>(), ""); }
TEST(HatAndSqueeze, HoldForGamma) { EXPECT_EQ(gamma_fault<HWY_NAMESPACE::GammaModel>(), ""); }

// A bracket too wide would be right and useless: near the mean it decides all but 2 % of the heights.
TEST(QuickTest, DecidesNearTheMean) {
  for (const double p : {0.5, 0.3, 0.01, 1e-9}) {
    for (double mean = HWY_NAMESPACE::kBinomialInversionMean; mean < 1e12; mean *= 1.7) {
      const V parameter[2] = {lane(std::ceil(mean / p)), lane(p)};
      for (double z = -1.5; z <= 1.5; z += 0.25) {
        const V k = lane(std::floor(std::ceil(mean / p) * p + z * std::sqrt(mean * (1 - p))));
        const auto test = HWY_NAMESPACE::BinomialModel::quick_test(kLane, parameter, k, lane(0.1));
        EXPECT_LT(hn::GetLane(test.upper) / hn::GetLane(test.lower), 1.04) << p << " " << mean << " " << z;
      }
    }
  }
}

TEST(HatAndSqueeze, TheTestSeesBiasedTwins) {
  const auto sees = [](const std::string& fault, const char* expected) {
    EXPECT_EQ(fault.substr(0, fault.find(':')), expected) << fault;
  };
  sees(binomial_fault<LowHat<HWY_NAMESPACE::BinomialModel>>(), "the hat is too low");
  sees(poisson_fault<LowHat<HWY_NAMESPACE::PoissonModel>>(), "the hat is too low");
  sees(binomial_fault<WideSqueeze<HWY_NAMESPACE::BinomialModel>>(), "the squeeze is too wide");
  sees(poisson_fault<WideSqueeze<HWY_NAMESPACE::PoissonModel>>(), "the squeeze is too wide");
  sees(binomial_fault<NarrowBracket<HWY_NAMESPACE::BinomialModel, -1>>(), "the quick test accepts too much");
  sees(binomial_fault<NarrowBracket<HWY_NAMESPACE::BinomialModel, 1>>(), "the quick test rejects too much");
  sees(gamma_fault<WideSqueeze<HWY_NAMESPACE::GammaModel>>(), "the squeeze is too wide");
}

}  // namespace
}  // namespace channelcast::sim
