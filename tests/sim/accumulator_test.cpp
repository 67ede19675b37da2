#include "sim/accumulator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "sim/error.hpp"

namespace channelcast::sim {
namespace {

using ::testing::HasSubstr;
constexpr double kInf = std::numeric_limits<double>::infinity();

Schema small_schema() {
  Schema schema;
  schema.outcomes = {{"npv", "currency", MetricType::real, RiskTail::none, ""}};
  schema.entity_outcomes = {{"cac", "currency", MetricType::real, RiskTail::none, ""}};
  schema.series = {{"cash", "currency", MetricType::real, RiskTail::none, ""}};
  schema.entity_series = {{"leads", "leads", MetricType::count, RiskTail::none, ""}};
  schema.entity_kind = "partner";
  schema.entities = {"a", "b"};
  schema.periods = 2;
  return schema;
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const NumericError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

class BlockAccumulatorTest : public ::testing::Test {
 protected:
  void deliver_series(BlockAccumulator& to, const std::vector<double>& values) {
    for (std::size_t t = 0; t < 2; ++t) {
      to.add(0, t, values);
      for (std::size_t e = 0; e < 2; ++e) to.add_entity(e, 0, t, std::span(values));
    }
  }

  Schema schema_ = small_schema();
  CellLayout layout_{schema_, true};
  std::vector<LogHistogram> histograms_;
  BlockResult result_{schema_, 0, 4};
  std::vector<double> values_ = {1.0, 2.0, 3.0, 6.0};
};

TEST_F(BlockAccumulatorTest, GathersMomentsAndCounts) {
  BlockAccumulator accumulator(schema_, layout_, histograms_);
  result_.reset({5, 20, 4});
  for (int block = 0; block < 2; ++block) {  // it is ready for the next block by itself
    deliver_series(accumulator, values_);
    const MomentNode node = accumulator.finish(result_);
    EXPECT_EQ(node.count, 4.0);
    EXPECT_TRUE(node.cell_count.empty());
    const Moments moments = node.cell(layout_.entity_series(1, 0, 1));
    EXPECT_EQ(moments.mean, 3.0);
    EXPECT_EQ(moments.m2, 14.0);
    EXPECT_EQ(node.cell(layout_.entity_outcome(1, 0)).mean, 0.0);
  }
  EXPECT_EQ(histograms_[layout_.series(0, 1)].total(), 8U);
  EXPECT_EQ(histograms_[layout_.series(0, 1)].quantile(1.0, MetricType::real), 6.0);
}

TEST_F(BlockAccumulatorTest, RefusesSeriesThatAreNoNumbersAndSaysWhere) {
  BlockAccumulator accumulator(schema_, layout_, histograms_);
  values_[2] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(message_of([&] { accumulator.add(0, 1, values_); }),
            "trial 2: cash of period 1 is not a finite number (not a number)");
  values_[2] = -kInf;
  EXPECT_EQ(message_of([&] { accumulator.add_entity(1, 0, 1, std::span<const double>(values_)); }),
            "trial 2: partner b: leads of period 1 is not a finite number (-infinity)");
  values_[2] = 1e200;
  EXPECT_EQ(message_of([&] { accumulator.add(0, 0, values_); }),
            "trial 2: cash of period 0 is so large (1e+200) that its spread over trials is no number");
}

TEST_F(BlockAccumulatorTest, RefusesOutcomesWithoutSpreadByTheirTrial) {
  result_.reset({0, 0, 4});
  BlockAccumulator accumulator(schema_, layout_, histograms_);
  deliver_series(accumulator, values_);
  const std::span<double> cac = result_.entity_outcome(1, 0);
  cac[0] = kInf;  // allowed: money was spent for nothing
  cac[2] = 1e200;
  EXPECT_EQ(message_of([&] { (void)accumulator.finish(result_); }),
            "trial 2: partner b: cac is so large (1e+200) that its spread over trials is no number");
}

// A sample as the list of its lanes that are not 0.
TEST_F(BlockAccumulatorTest, SeriesOfSomeLanesAreZeroInTheOthers) {
  const std::vector<double> listed = {6.0, 2.0};
  const std::vector<std::uint64_t> lanes = {3, 1};
  const LaneValues some(listed, lanes.data(), 4);
  EXPECT_EQ(some.in_order(), (std::vector<double>{0.0, 2.0, 0.0, 6.0}));
  EXPECT_EQ(LaneValues({}, nullptr, 2).in_order(), (std::vector<double>{0.0, 0.0}));
  BlockAccumulator accumulator(schema_, layout_, histograms_);
  result_.reset({0, 0, 4});
  for (std::size_t t = 0; t < 2; ++t) {
    accumulator.add(0, t, values_);
    accumulator.add_entity(0, 0, t, some);
    accumulator.add_entity(1, 0, t, {{}, nullptr, 4});  // nobody takes part
  }
  const MomentNode node = accumulator.finish(result_);
  const std::size_t cell = layout_.entity_series(0, 0, 1);
  EXPECT_EQ(node.cell(cell).count, 4.0);
  EXPECT_EQ(node.cell(cell).mean, 2.0);
  EXPECT_EQ(node.cell(cell).m2, 24.0);
  EXPECT_EQ(histograms_[cell].total(), 4U);
  EXPECT_EQ(histograms_[cell].quantile(0.5, MetricType::count), 1.0);
  const std::size_t nobody = layout_.entity_series(1, 0, 1);
  EXPECT_EQ(node.cell(nobody).mean, 0.0);
  EXPECT_EQ(node.cell(nobody).m2, 0.0);
  EXPECT_EQ(histograms_[nobody].total(), 4U);
  EXPECT_EQ(histograms_[nobody].maximum(), 0.0);
}

TEST_F(BlockAccumulatorTest, RefusesAListedValueByItsTrial) {
  BlockAccumulator accumulator(schema_, layout_, histograms_, 100);
  const std::vector<double> listed = {6.0, kInf};
  const std::vector<std::uint64_t> lanes = {0, 3};
  EXPECT_EQ(message_of([&] {
              accumulator.add_entity(1, 0, 1, {listed, lanes.data(), 4});
            }),
            "trial 103: partner b: leads of period 1 is not a finite number (+infinity)");
}

TEST_F(BlockAccumulatorTest, KeepsInfiniteOutcomesOfEntitiesApart) {
  BlockAccumulator accumulator(schema_, layout_, histograms_);
  result_.reset({0, 0, 4});
  const std::size_t cell = layout_.entity_outcome(1, 0);
  const std::vector<double> outcomes = {2.0, kInf, 4.0, std::numeric_limits<double>::quiet_NaN()};
  std::copy(outcomes.begin(), outcomes.end(), result_.entity_outcome(1, 0).begin());
  deliver_series(accumulator, values_);
  const MomentNode node = accumulator.finish(result_);
  EXPECT_EQ(node.cell(cell).count, 2.0);
  EXPECT_EQ(node.cell(cell).mean, 3.0);
  EXPECT_EQ(node.cell(layout_.entity_outcome(0, 0)).count, 4.0);
  EXPECT_EQ(histograms_[cell].infinite(), 1U);
  EXPECT_EQ(histograms_[cell].undefined(), 1U);
}

TEST_F(BlockAccumulatorTest, CellsHaveNames) {
  EXPECT_EQ(layout_.name(schema_, layout_.series(0, 1)), "cash of period 1");
  EXPECT_EQ(layout_.name(schema_, layout_.entity_series(0, 0, 1)), "partner a: leads of period 1");
  EXPECT_EQ(layout_.name(schema_, layout_.entity_outcome(1, 0)), "partner b: cac");
}

TEST_F(BlockAccumulatorTest, NoticesWhatWasNotDelivered) {
  BlockAccumulator accumulator(schema_, layout_, histograms_);
  result_.reset({0, 0, 4});
  accumulator.add(0, 0, values_);
  EXPECT_THROW(static_cast<void>(accumulator.finish(result_)), InternalError);
}

TEST_F(BlockAccumulatorTest, WithoutEntitySeriesWantsNone) {
  const CellLayout layout(schema_, false);
  BlockAccumulator accumulator(schema_, layout, histograms_);
  EXPECT_FALSE(accumulator.wants_entities());
  EXPECT_THROW(accumulator.add_entity(0, 0, 0, std::span<const double>(values_)), InternalError);
  EXPECT_EQ(layout.size(), 2U + 2U);
}

TEST_F(BlockAccumulatorTest, MergedAccumulationsAreThatOfAllBlocks) {
  const auto gather = [&](std::uint64_t first, std::uint64_t end) {
    Accumulated part{layout_, {}, std::vector<LogHistogram>(layout_.size())};
    BlockAccumulator accumulator(schema_, layout_, part.histograms);
    for (std::uint64_t b = first; b < end; ++b) {
      result_.reset({b, 4 * b, 4});
      deliver_series(accumulator, {0.1 * double(b), 1.0 / double(b + 1), std::sqrt(double(b)), -3.0});
      part.moments.insert(0, b, accumulator.finish(result_));
    }
    return part;
  };
  const Accumulated whole = gather(0, 11);
  Accumulated merged = gather(7, 11);
  merged.merge(gather(0, 3));
  merged.merge(gather(3, 7));
  for (std::size_t c = 0; c < layout_.size(); ++c) {
    EXPECT_EQ(whole.moments.cell(c).mean, merged.moments.cell(c).mean);
    EXPECT_EQ(whole.moments.cell(c).m2, merged.moments.cell(c).m2);
    EXPECT_EQ(whole.histograms[c].bins(), merged.histograms[c].bins());
  }
  Accumulated other;
  EXPECT_THROW(merged.merge(other), InternalError);
}

TEST(BlockResult, KeepsLanesTogether) {
  BlockResult result(small_schema(), 3, 8);
  result.reset({2, 16, 5});
  EXPECT_EQ(result.block().first_trial, 16U);
  EXPECT_EQ(result.outcome(0).size(), 5U);
  EXPECT_EQ(result.entity_outcome(1, 0).data(), result.entity_outcome(0, 0).data() + 5);
  EXPECT_EQ(result.inputs().size(), 15U);
  result.input(2)[4] = 7.0;
  EXPECT_EQ(result.inputs()[14], 7.0);
  result.outcome(0)[0] = 1.0;
  result.reset({3, 24, 8});
  EXPECT_EQ(result.outcome(0)[0], 0.0);
  EXPECT_EQ(result.input(2)[4], 0.0);
}

}  // namespace
}  // namespace channelcast::sim
