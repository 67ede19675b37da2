// Distributions against SciPy 1.10.1 (scipy.stats.*.ppf, .mean; metalogs by solving their 3×3 system with NumPy and
// integrating the quantile), and against their own definitions.
#include "sim/inputs/distribution.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "sim/error.hpp"

namespace channelcast::sim {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::array<double, 7> kU = {1e-6, 0.01, 0.1, 0.5, 0.9, 0.99, 1.0 - 1e-6};

DistributionSpec bounded(DistributionKind kind, double min, double mode, double max) {
  DistributionSpec spec;
  spec.kind = kind;
  spec.min = min;
  spec.mode = mode;
  spec.max = max;
  return spec;
}
DistributionSpec moments(DistributionKind kind, double mean, double sd) {
  DistributionSpec spec;
  spec.kind = kind;
  spec.mean = mean;
  spec.sd = sd;
  return spec;
}
DistributionSpec normal_within(double mean, double sd, double min, double max) {
  DistributionSpec spec = moments(DistributionKind::normal, mean, sd);
  spec.min = min;
  spec.max = max;
  return spec;
}
DistributionSpec beta_shapes(double alpha, double beta) {
  DistributionSpec spec;
  spec.kind = DistributionKind::beta;
  spec.alpha = alpha;
  spec.beta = beta;
  return spec;
}
DistributionSpec through(double q10, double q50, double q90, double min = kNaN, double max = kNaN) {
  DistributionSpec spec;
  spec.kind = DistributionKind::quantiles;
  spec.q10 = q10;
  spec.q50 = q50;
  spec.q90 = q90;
  spec.min = min;
  spec.max = max;
  return spec;
}
DistributionSpec weighted(std::vector<double> values, std::vector<double> weights) {
  DistributionSpec spec;
  spec.kind = DistributionKind::discrete;
  spec.values = std::move(values);
  spec.weights = std::move(weights);
  return spec;
}

struct Reference {
  const char* name;
  DistributionSpec spec;
  std::array<double, 7> quantiles;  // at kU
  double mean;
};

std::vector<Reference> references() {
  using enum DistributionKind;
  return {
      {"triangular",
       bounded(triangular, 10, 20, 50),
       {10.02, 12.0, 16.32455532033676, 25.50510257216822, 39.045548849896676, 46.53589838486224, 49.96535898384813},
       26.666666666666668},
      {"pert",
       bounded(pert, 0.55, 0.64, 0.70),
       {0.5513894000422562, 0.5719965689849409, 0.5965165691271799, 0.6361793796996551, 0.6717071260129548,
        0.6892820720569592, 0.6997041649551348},
       0.635},
      {"normal",
       moments(normal, 3, 2),
       {-6.506848617645797, -1.6526957480816815, 0.43689686891079926, 3.0, 5.563103131089201, 7.6526957480816815,
        12.506848617634175},
       3.0},
      {"normal within 0 and 1",
       normal_within(0.9, 0.1, 0, 1),
       {0.4211782172953118, 0.6609531552247055, 0.7622212638400693, 0.8799826313833109, 0.9697356916157258,
        0.9965813718226938, 0.9999996522954233},
       0.8712400029060822},
      {"lognormal",
       moments(lognormal, 100, 50),
       {9.470411689012526, 29.80501029717115, 48.82381226083207, 89.4427190999915, 163.85447242959, 268.4112476471542,
        844.7362440705232},
       100.0},
      {"gamma",
       moments(gamma, 105, 45),
       {4.3879272203514805, 28.90277590697775, 53.01555470291425, 98.64614085757579, 165.20738974820262,
        236.80726417585734, 469.0802685002333},
       105.0},
      {"gamma of shape 1/9",
       moments(gamma, 1, 3),
       {5.511239677496049e-54, 5.5112396774961e-18, 5.5112396805335235e-09, 0.01077574244399276, 2.767987664703908,
        15.060393837156061, 86.24016724473917},
       1.0},
      {"beta by mean",
       moments(beta, 0.55, 0.05),
       {0.31677937819478863, 0.43291014576085723, 0.48548525347733645, 0.5503415116178769, 0.6140713158871458,
        0.6641039436977147, 0.7693722180293318},
       0.55},
      {"beta by shape",
       beta_shapes(2, 5),
       {0.00025828782935406356, 0.026763191142755053, 0.09259525891312873, 0.26444998329566005, 0.5103163065514917,
        0.7056863283197075, 0.9555730480299243},
       0.2857142857142857},
      {"beta of shape 1/2",
       beta_shapes(0.5, 0.5),
       {2.46740110027031e-12, 0.00024671981713422146, 0.024471741852423214, 0.5, 0.9755282581475768, 0.9997532801828658,
        0.9999999999975326},
       0.5},
      {"metalog",
       through(10, 20, 40),
       {-35.01753556416483, 1.4394536222666368, 10.0, 20.0, 40.0, 64.1793287019287, 153.61374546800644},
       22.844497583208803},
      {"metalog above 0",
       through(2500, 3200, 4500, 0),
       {729.7148078896423, 1952.3164330240363, 2500, 3200, 4500, 6674.351056654506, 29392.226183147566},
       3392.9422950916714},
      {"metalog below 1",
       through(0.5, 0.64, 0.7, kNaN, 1),
       {-2.1860434369877253, 0.2593655449513126, 0.5, 0.64, 0.7, 0.7455249837657386, 0.8716691025864983},
       0.6149851936517559},
      {"metalog within 0 and 1",
       through(0.5, 0.64, 0.7, 0, 1),
       {0.036234325947640166, 0.33196719530250535, 0.5, 0.64, 0.7, 0.7451057885020163, 0.8856159155927168},
       0.6174177110023131},
      {"uniform", bounded(uniform, 2, kNaN, 4), {2.000002, 2.02, 2.2, 3, 3.8, 3.98, 3.999998}, 3.0},
  };
}

TEST(Distribution, QuantilesAreSciPys) {
  for (const Reference& reference : references()) {
    const Distribution distribution(reference.spec);
    for (std::size_t i = 0; i < kU.size(); ++i) {
      const double expected = reference.quantiles[i];
      EXPECT_NEAR(distribution.quantile(kU[i]), expected, 4e-11 * std::abs(expected)) << reference.name << " " << kU[i];
    }
  }
}

TEST(Distribution, MeansAreSciPys) {
  for (const Reference& reference : references()) {
    EXPECT_NEAR(Distribution(reference.spec).mean(), reference.mean, 1e-9 * reference.mean) << reference.name;
  }
}

TEST(Distribution, CdfTakesQuantilesBack) {
  for (const Reference& reference : references()) {
    const Distribution distribution(reference.spec);
    double last = -kInfinity;
    for (double u = 0.001; u < 1.0; u += 0.001) {
      const double x = distribution.quantile(u);
      EXPECT_NEAR(distribution.cdf(x), u, 3e-11) << reference.name;
      EXPECT_GE(x, last) << reference.name;
      last = x;
    }
  }
}

TEST(Distribution, CdfIsZeroAndOneOutsideTheSupport) {
  for (const Reference& reference : references()) {
    const Distribution distribution(reference.spec);
    if (std::isfinite(distribution.lower())) {
      EXPECT_EQ(distribution.cdf(distribution.lower() - 1.0), 0.0) << reference.name;
    }
    if (std::isfinite(distribution.upper())) {
      EXPECT_EQ(distribution.cdf(distribution.upper() + 1.0), 1.0) << reference.name;
    }
    EXPECT_EQ(distribution.cdf(-kInfinity), 0.0);
    EXPECT_EQ(distribution.cdf(kInfinity), 1.0);
  }
}

TEST(Distribution, StaysInsideItsSupportAtTheEnds) {
  for (const Reference& reference : references()) {
    const Distribution distribution(reference.spec);
    for (const double u : {0x1p-64, 0x1p-32, 1.0 - 0x1p-53}) {
      const double x = distribution.quantile(u);
      EXPECT_TRUE(std::isfinite(x)) << reference.name << " " << u;
      EXPECT_GE(x, distribution.lower()) << reference.name;
      EXPECT_LE(x, distribution.upper()) << reference.name;
    }
  }
}

TEST(Distribution, BoostsResultsCarryFortyBits) {
  for (const auto& spec : {moments(DistributionKind::gamma, 1, 0.3), beta_shapes(2.5, 7.1)}) {
    const Distribution distribution(spec);
    const bool is_gamma = spec.kind == DistributionKind::gamma;
    const double scale = is_gamma ? 0.09 : 1.0;  // the factor the rounded quantile is multiplied by
    for (double u = 0.05; u < 1.0; u += 0.05) {
      int exponent = 0;
      const double mantissa = std::ldexp(std::frexp(distribution.quantile(u) / scale, &exponent), 40);
      EXPECT_NEAR(mantissa, std::nearbyint(mantissa), 1e-3) << u;
    }
  }
}

TEST(Distribution, ExtremesThatAreAllowedWork) {
  using enum DistributionKind;
  for (const auto& spec : {moments(gamma, 1, 1e-3), moments(gamma, 1, 100), moments(lognormal, 1, 100),
                           moments(lognormal, 1, 1e-6), moments(beta, 0.64, 1e-4), beta_shapes(1e-3, 1e-3),
                           beta_shapes(5e7, 5e7), beta_shapes(9e7, 1e-3), bounded(pert, 0, 0, 1)}) {
    ASSERT_EQ(problem_of(spec), "");
    const Distribution distribution(spec);
    double last = -kInfinity;
    for (double u = 0.005; u < 1.0; u += 0.01) {
      const double x = distribution.quantile(u);
      ASSERT_TRUE(std::isfinite(x));
      ASSERT_GE(x, last);
      last = x;
    }
    EXPECT_TRUE(std::isfinite(distribution.mean()));
  }
}

TEST(Distribution, FixedIsItsValue) {
  DistributionSpec spec;
  spec.value = 7.5;
  const Distribution distribution(spec);
  EXPECT_EQ(distribution.quantile(0.3), 7.5);
  EXPECT_EQ(distribution.mean(), 7.5);
  EXPECT_EQ(distribution.lower(), 7.5);
  EXPECT_EQ(distribution.cdf(7.4), 0.0);
  EXPECT_EQ(distribution.cdf(7.5), 1.0);
}

TEST(Distribution, DiscreteTakesItsValuesByWeight) {
  const Distribution distribution(weighted({3, 1, 2}, {1, 2, 1}));
  EXPECT_EQ(distribution.quantile(0.49), 1.0);
  EXPECT_EQ(distribution.quantile(0.51), 2.0);
  EXPECT_EQ(distribution.quantile(0.76), 3.0);
  EXPECT_DOUBLE_EQ(distribution.mean(), 1.75);
  EXPECT_DOUBLE_EQ(distribution.cdf(2.0), 0.75);
  EXPECT_DOUBLE_EQ(distribution.cdf(1.5), 0.5);
  EXPECT_EQ(distribution.lower(), 1.0);
  EXPECT_EQ(distribution.upper(), 3.0);
  const Distribution cut = distribution.truncated(1.5, 10.0);
  EXPECT_DOUBLE_EQ(cut.mean(), 2.5);
  EXPECT_EQ(cut.quantile(0.01), 2.0);
  EXPECT_THROW((void)distribution.truncated(4, 5), ScenarioError);
}

TEST(Distribution, DiscreteNeverTakesAValueOfWeightZero) {
  const Distribution distribution(weighted({1, 2, 3}, {0, 1, 0}));
  EXPECT_EQ(distribution.quantile(0x1p-60), 2.0);
  EXPECT_EQ(distribution.quantile(1.0 - 0x1p-53), 2.0);
  EXPECT_EQ(distribution.lower(), 2.0);
}

TEST(Distribution, DrawsTakesRowsInTheFilesOrder) {
  DistributionSpec spec;
  spec.kind = DistributionKind::draws;
  spec.values = {5, 1, 9, 2};
  const Distribution distribution(spec);
  EXPECT_EQ(distribution.quantile(0.1), 5.0);
  EXPECT_EQ(distribution.quantile(0.3), 1.0);
  EXPECT_EQ(distribution.quantile(0.6), 9.0);
  EXPECT_EQ(distribution.quantile(1.0 - 0x1p-53), 2.0);
  EXPECT_DOUBLE_EQ(distribution.mean(), 4.25);
  EXPECT_DOUBLE_EQ(distribution.cdf(2), 0.5);
  EXPECT_NO_THROW((void)distribution.truncated(1, 9));
  EXPECT_THROW((void)distribution.truncated(2, 9), ScenarioError);  // leaving out a row would change the joint draws
}

TEST(Distribution, TruncationRenormalises) {
  // scipy: ppf(cdf(a) + u (cdf(b) - cdf(a))) and numeric integration of x pdf(x).
  const Distribution lognormal = Distribution(moments(DistributionKind::lognormal, 100, 50)).truncated(50, 300);
  const std::array<double, 7> expected = {50.00011188214557,  51.09971258995376, 59.86758869114929, 95.13550499080807,
                                          166.69076461212717, 252.3294768662898, 299.9916261906923};
  for (std::size_t i = 0; i < kU.size(); ++i) {
    EXPECT_NEAR(lognormal.quantile(kU[i]), expected[i], 1e-9);
    EXPECT_NEAR(lognormal.cdf(expected[i]), kU[i], 1e-11);
  }
  EXPECT_NEAR(lognormal.mean(), 105.84559566574096, 1e-7);
  EXPECT_EQ(lognormal.lower(), 50.0);
  EXPECT_EQ(lognormal.upper(), 300.0);
  const Distribution gamma = Distribution(moments(DistributionKind::gamma, 105, 45)).truncated(-kInfinity, 200);
  EXPECT_NEAR(gamma.mean(), 100.56402465069944, 1e-7);
  const Distribution normal = Distribution(moments(DistributionKind::normal, 1, 1)).truncated(-1, 6);
  EXPECT_NEAR(normal.mean(), 1.0552463575541415, 1e-12);
}

TEST(Distribution, LanesHaveTheBitsOfSingleQuantiles) {
  const Distribution distributions[] = {Distribution(moments(DistributionKind::lognormal, 100, 50)).truncated(50, 300),
                                        Distribution(moments(DistributionKind::normal, 1, 1)),
                                        Distribution(normal_within(1, 1, -1, 3)),
                                        Distribution(moments(DistributionKind::gamma, 105, 45))};
  for (const Distribution& distribution : distributions) {
    std::vector<double> lanes(kU.size());
    distribution.fill_quantile(kU, lanes);
    for (std::size_t i = 0; i < kU.size(); ++i) EXPECT_EQ(lanes[i], distribution.quantile(kU[i]));
  }
}

TEST(Distribution, TruncationsCombine) {
  const Distribution once = Distribution(normal_within(1, 1, -1, 3)).truncated(0, 10);
  const Distribution same(normal_within(1, 1, 0, 3));
  for (const double u : kU) {
    EXPECT_DOUBLE_EQ(once.quantile(u), same.quantile(u));
  }
  EXPECT_THROW((void)once.truncated(5, 6), ScenarioError);
}

TEST(Distribution, ACutBeyondTheLastDigitsChangesNothing) {
  const Distribution whole(moments(DistributionKind::lognormal, 100, 20));
  const Distribution cut = whole.truncated(0, 1e15);
  EXPECT_EQ(cut.mean(), 100.0);
  for (const double u : kU) {
    EXPECT_EQ(cut.quantile(u), whole.quantile(u));
  }
}

TEST(Distribution, AMetalogGoesThroughItsQuantiles) {
  for (const auto& spec : {through(-5, 1, 4), through(3, 4, 8, 1), through(0.2, 0.3, 0.6, 0, 1)}) {
    const Distribution distribution(spec);
    EXPECT_NEAR(distribution.quantile(0.1), spec.q10, 1e-13 * 8);
    EXPECT_NEAR(distribution.quantile(0.5), spec.q50, 1e-13 * 8);
    EXPECT_NEAR(distribution.quantile(0.9), spec.q90, 1e-13 * 8);
  }
}

TEST(Distribution, AMetalogWithoutAMeanSaysSo) {
  // q90/q50 = 1000 with a bound at 0: the upper tail is heavier than 1/x.
  EXPECT_TRUE(std::isinf(Distribution(through(0.1, 1, 1000, 0)).mean()));
}

TEST(Distribution, TheFeasibleLimitIsKeelins) {
  // Keelin 2016: r = (q50 - q10)/(q90 - q10) must lie within (0.16658, 0.83342).
  EXPECT_EQ(problem_of(through(0, 0.1666, 1)), "");
  EXPECT_NE(problem_of(through(0, 0.1665, 1)), "");
  EXPECT_EQ(problem_of(through(0, 0.8334, 1)), "");
  EXPECT_NE(problem_of(through(0, 0.8335, 1)), "");
  const Distribution at_the_limit(through(0, 0.1666, 1));
  double last = -kInfinity;
  for (double u = 0.0005; u < 1.0; u += 0.0005) {
    ASSERT_GT(at_the_limit.quantile(u), last);
    last = at_the_limit.quantile(u);
  }
}

struct Wrong {
  DistributionSpec spec;
  const char* fragment;
};

TEST(Distribution, ProblemsAreNamed) {
  using enum DistributionKind;
  const std::vector<Wrong> cases = {
      {DistributionSpec(), "'value' is missing"},
      {bounded(uniform, 2, kNaN, 2), "min = 2 is not below max = 2"},
      {bounded(uniform, 2, kNaN, kInfinity), "'max' is not finite"},
      {bounded(uniform, kNaN, kNaN, 3), "'min' is missing"},
      {bounded(triangular, 1, 5, 4), "mode = 5 is outside 1 … 4"},
      {bounded(pert, 1, 0.5, 4), "mode = 0.5 is outside 1 … 4"},
      {bounded(pert, 1, kNaN, 4), "'mode' is missing"},
      {moments(normal, 0, 0), "write the plain number 0"},
      {moments(normal, 0, -1), "sd = -1 is negative"},
      {normal_within(0, 1, 2, 1), "min = 2 is not below max = 1"},
      {normal_within(0, 1, 8, 9), "of the probability lies between min and max"},
      {moments(lognormal, 0, 1), "mean = 0 is not above 0"},
      {moments(lognormal, 5, 0), "write the plain number 5"},
      {moments(gamma, -1, 1), "mean = -1 is not above 0"},
      {moments(gamma, 1, 0), "write the plain number 1"},
      {moments(gamma, 1, 1e5), "out of proportion"},
      {moments(gamma, 1, 1e-4), "for so little spread use normal"},
      {moments(lognormal, 1, 1e-7), "for so little spread use normal"},
      {moments(beta, 0.5, 0.4999), "for values at the ends use discrete"},
      {moments(beta, 0.5, 1e-9), "leave next to no spread"},
      {beta_shapes(1e300, 1e300), "leave next to no spread"},
      {beta_shapes(1e-9, 1), "both must be at least 0.001"},
      {moments(beta, 1.2, 0.1), "mean = 1.2 is not between 0 and 1"},
      {moments(beta, 0.5, 0.5), "write an sd below 0.5"},
      {beta_shapes(0, 1), "must both be above 0"},
      {beta_shapes(1, kNaN), "'beta' is missing"},
      {weighted({}, {}), "values is empty"},
      {weighted({1, 2}, {1}), "2 values and 1 weights"},
      {weighted({1, 2}, {1, -1}), "weight -1 is negative"},
      {weighted({1, 2}, {0, 0}), "sum must be above 0"},
      {weighted({1, kNaN}, {1, 1}), "write finite numbers"},
      {through(1, 1, 2), "do not increase"},
      {through(1, 1.05, 2), "are infeasible: q50 lies too close to q10"},
      {through(1, 1.95, 2), "are infeasible: q50 lies too close to q90"},
      {through(1, 2, 3, 1), "min = 1 is not below q10 = 1"},
      {through(1, 2, 3, kNaN, 3), "max = 3 is not above q90 = 3"},
  };
  for (const Wrong& wrong : cases) {
    const std::string problem = problem_of(wrong.spec);
    EXPECT_NE(problem.find(wrong.fragment), std::string::npos) << "'" << problem << "' lacks " << wrong.fragment;
    EXPECT_THROW(Distribution{wrong.spec}, ScenarioError);
  }
  for (const Reference& reference : references()) {
    EXPECT_EQ(problem_of(reference.spec), "") << reference.name;
  }
  DistributionSpec no_rows;
  no_rows.kind = DistributionKind::draws;
  EXPECT_NE(problem_of(no_rows).find("no rows"), std::string::npos);
}

TEST(Distribution, KindsHaveNames) {
  for (int i = 0; i <= int(DistributionKind::draws); ++i) {
    DistributionKind back = DistributionKind::fixed;
    EXPECT_TRUE(parse_distribution_kind(to_string(DistributionKind(i)), back));
    EXPECT_EQ(int(back), i);
  }
  DistributionKind unused{};
  EXPECT_FALSE(parse_distribution_kind("cauchy", unused));
}

}  // namespace
}  // namespace channelcast::sim
