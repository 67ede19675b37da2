#include <functional>
#include <limits>

#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/rank/rank.hpp"
#include "scenarios/studies/study_file.hpp"

namespace channelcast::scenarios {

namespace {

using Column = std::vector<double>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

class FileWriter {
 public:
  explicit FileWriter(const RankResult& result) : result_(result) {}

  output::StudyFile write() {
    head();
    effects();
    ice();
    if (result_.of == RankOf::partners) matrix();
    return std::move(file_);
  }

 private:
  void put(const std::string& path, const std::string& unit, const std::string& name,
           const std::function<double(const Alternative&)>& get) {
    Column values;
    for (const Alternative& one : result_.alternatives) values.push_back(get(one));
    file_.arrays.push_back({path, {"/alternative"}, std::move(values), unit, name});
  }

  void head() {
    const ScenarioFile& scenario = *result_.file;
    file_ = study_file_of(scenario, "channelcast-ranking");
    std::vector<std::string> names;
    for (const Alternative& one : result_.alternatives) names.push_back(one.name);
    file_.axes.push_back({"/alternative", std::move(names), "1", "partner, group of partners or mix"});
    if (result_.of != RankOf::partners) return;
    std::vector<std::string> criteria;
    Column weights;
    for (const Criterion& one : scenario.ranking.criteria) {
      criteria.push_back(one.name);
      weights.push_back(one.weight);
    }
    file_.axes.push_back({"/criterion", std::move(criteria), "1", "criterion of the partner matrix"});
    file_.arrays.push_back({"/matrix/weight", {"/criterion"}, std::move(weights), "1", "weight of the criterion"});
  }

  void effects() {
    const sim::MetricSpec& spec = models::outcome_metrics()[std::size_t(result_.objective)];
    const std::string unit(spec.unit);
    const std::string name(spec.name);
    put("/effect/mean", unit, name + " with it less without it", [](const auto& one) { return one.effect.mean; });
    put("/effect/mcse", unit, "its standard error", [](const auto& one) { return one.effect.mcse; });
    put("/effect/p_positive", "1", "share of trials with an effect above 0",
        [](const auto& one) { return one.positive.value; });
    put("/effect/p_positive_low", "1", "lower end of its 95 % interval",
        [](const auto& one) { return one.positive.low; });
    put("/effect/p_positive_high", "1", "upper end of its 95 % interval",
        [](const auto& one) { return one.positive.high; });
    put("/effect/rank", "1", "rank by the effect, 1 the largest", [](const auto& one) { return one.rank_simulated; });
    put("/trials", "trials", "trials of each variant", [this](const auto&) { return double(result_.trials); });
    if (result_.of != RankOf::partners) return;
    put("/contribution/mean", "currency", "own gross profit less acquisition cost",
        [](const auto& one) { return one.contribution.mean; });
    put("/contribution/mcse", "currency", "its standard error", [](const auto& one) { return one.contribution.mcse; });
  }

  void ice() {
    put("/ice/impact", "1", "impact, 1 to 10", [](const auto& one) { return one.impact; });
    put("/ice/confidence", "1", "confidence, 1 to 10", [](const auto& one) { return one.confidence; });
    put("/ice/ease", "1", "ease as given, NaN if not", [](const auto& one) { return one.ease.value_or(kNan); });
    put("/ice/ice", "1", "impact x confidence x ease", [](const auto& one) { return one.ice ? one.ice->value : kNan; });
    put("/ice/low", "1", "lower end of its 95 % interval",
        [](const auto& one) { return one.ice ? one.ice->low : kNan; });
    put("/ice/high", "1", "upper end of its 95 % interval",
        [](const auto& one) { return one.ice ? one.ice->high : kNan; });
    put("/ice/rank", "1", "rank by ICE, NaN without ease", [](const auto& one) { return one.rank_ice; });
    put("/ice/top", "1", "1: among the top", [](const auto& one) { return one.top ? 1.0 : 0.0; });
    put("/ice/in_top", "1", "share of resamples among the top", [](const auto& one) { return one.in_top; });
  }

  void matrix() {
    put("/matrix/score", "1", "weighted mean of the known scores, NaN without any",
        [](const auto& one) { return one.matrix.value.value_or(kNan); });
    put("/matrix/low", "1", "score if unknown ones were 0", [](const auto& one) { return one.matrix.low; });
    put("/matrix/high", "1", "score if unknown ones were 10", [](const auto& one) { return one.matrix.high; });
    put("/matrix/unknown", "1", "criteria without a score", [](const auto& one) { return double(one.matrix.unknown); });
    put("/matrix/rank", "1", "rank by the score, NaN without scores", [](const auto& one) { return one.rank_matrix; });
    Column scores;
    for (const Alternative& one : result_.alternatives) {
      for (const auto& score : one.scores) scores.push_back(score.value_or(kNan));
    }
    file_.arrays.push_back(
        {"/matrix/scores", {"/alternative", "/criterion"}, std::move(scores), "1", "scores as given, NaN if not"});
  }

  const RankResult& result_;
  output::StudyFile file_;
};

}  // namespace

output::StudyFile rank_file(const RankResult& result) { return FileWriter(result).write(); }

}  // namespace channelcast::scenarios
