// The estimators beside those of OpenTURNS (Debian: python3-openturns) on the same design.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iomanip>

#include "sim/stats/moments.hpp"
#include "sim/stats/sobol_indices.hpp"
#include "tests/sim/stats/known_functions.hpp"
#include "tests/support/temporary_folder.hpp"

namespace channelcast::sim {
namespace {

using testing::KnownDesign;
using testing::KnownFunction;

constexpr std::size_t kReplicates = 16;

/// [input]: Saltelli's first-order index, Jansen's first-order and total index.
std::vector<std::array<double, 3>> by_openturns(const KnownDesign& design) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.file("outputs.txt");
  std::ofstream out(path);
  out << std::setprecision(17) << design.a.size() << '\n' << design.ab.size() << '\n';
  const auto write = [&](const std::vector<double>& column) {
    for (const double y : column) out << y << '\n';
  };
  write(design.a);
  write(design.b);
  for (const auto& column : design.ab) write(column);
  out.close();
  const std::string command = std::string("PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 ") + CHANNELCAST_SOURCE_DIR +
                              "/tests/sim/stats/openturns_indices.py " + path;
  FILE* const pipe = ::popen(command.c_str(), "r");
  std::vector<std::array<double, 3>> rows;
  std::array<double, 3> row{};
  while (std::fscanf(pipe, "%lf %lf %lf", &row[0], &row[1], &row[2]) == 3) rows.push_back(row);
  EXPECT_EQ(::pclose(pipe), 0);
  return rows;
}

void compare(const KnownFunction& function) {
  const KnownDesign design = testing::design_of(function, 4096, kReplicates, 3);
  const auto theirs = by_openturns(design);
  ASSERT_EQ(theirs.size(), function.first.size());
  const PickFreeze freeze(design.a, design.b, kReplicates);
  // OpenTURNS divides by the variance of A alone, and by 2n − 1 where we divide by 2n.
  const Moments a = moments_of(design.a);
  const double n = double(design.a.size());
  const double scale = freeze.variance().value / (a.m2 / (a.count - 1.0)) * 2.0 * n / (2.0 * n - 1.0);
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    const SobolIndices indices = freeze.indices(design.ab[i]);
    EXPECT_NEAR(indices.total.value * scale, theirs[i][2], 1e-9) << i;
    const bool jansen = std::abs(1.0 - (1.0 - indices.first.value) * scale - theirs[i][1]) < 1e-9;
    // Saltelli's formula of 2002 that OpenTURNS has differs from that of 2010 by the covariance of A and B in the
    // sample, which has the mean 0.
    const double noise = 4.0 / std::sqrt(n);
    EXPECT_TRUE(jansen || std::abs(indices.first.value - theirs[i][0]) < noise)
        << i << ": " << indices.first.value << " against " << theirs[i][0] << " and " << theirs[i][1];
  }
}

TEST(OpenTurns, AgreesOnTheSameDesign) {
  if (std::system("/usr/bin/python3 -c 'import openturns' 2>/dev/null") != 0) GTEST_SKIP() << "no OpenTURNS here";
  compare(testing::ishigami());
  compare(testing::sobol_g({0.0, 1.0, 4.5, 9.0}));
}

}  // namespace
}  // namespace channelcast::sim
