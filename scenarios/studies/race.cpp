#include "scenarios/studies/race.hpp"

#include <algorithm>
#include <limits>

#include "sim/stats/confidence_sequence.hpp"
#include "sim/stats/paired.hpp"

namespace channelcast::scenarios {

namespace {

double mean_of(std::span<const double> values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / double(values.size());
}

class Race {
 public:
  Race(std::span<Evaluation> alternatives, const Objective& objective, const RaceRules& rules)
      : alternatives_(alternatives), objective_(objective), rules_(rules) {
    result_.standings.resize(alternatives.size());
    const double others = double(std::max<std::size_t>(1, alternatives.size() - 1));
    schedule_ = {(1.0 - rules.confidence) / others, rules.most};
  }

  RaceResult run(const StudyRun& run) {
    for (std::uint64_t trials = std::min(rules_.least, rules_.most);; trials = std::min(2 * trials, rules_.most)) {
      std::vector<Evaluation*> open;
      for (const std::size_t k : left()) open.push_back(&alternatives_[k]);
      extend(open, trials, run);
      look();
      if (const std::optional<RaceEnd> end = ended()) {
        result_.end = *end;
        return result_;
      }
      if (trials == rules_.most) break;
    }
    result_.end = all_equal() ? RaceEnd::equal : RaceEnd::out_of_trials;
    return result_;
  }

 private:
  [[nodiscard]] std::vector<std::size_t> left() const {
    std::vector<std::size_t> positions;
    for (std::size_t k = 0; k < alternatives_.size(); ++k) {
      if (!result_.standings[k].beaten_by) positions.push_back(k);
    }
    return positions;
  }

  // Compares everyone who is left with the leader. Of equal means the first leads.
  void look() {
    const std::vector<std::size_t> open = left();
    std::vector<std::vector<double>> values;
    std::vector<double> means;
    for (const std::size_t k : open) {
      values.push_back(objective_.values(alternatives_[k]));
      means.push_back(objective_.sign() * mean_of(values.back()));
    }
    const auto lead = std::size_t(std::max_element(means.begin(), means.end()) - means.begin());
    result_.best = open[lead];
    furthest_ = 0.0;
    for (std::size_t at = 0; at < open.size(); ++at) {
      if (at != lead) judge(open[at], values[lead], values[at]);
    }
  }

  void judge(std::size_t other, std::span<const double> best, std::span<const double> own) {
    RaceStanding& standing = result_.standings[other];
    const sim::PairedDifference ahead = sim::paired_difference(best, own);
    standing.equal_to_best = ahead.sd == 0.0 && ahead.mean == 0.0;
    if (standing.equal_to_best) {  // so far: a rare difference may still come
      furthest_ = std::numeric_limits<double>::infinity();
      return;
    }
    const double advantage = objective_.sign() * ahead.mean;
    const double width = sim::sequential_half_width(schedule_, ahead.trials, ahead.sd);
    if (advantage - width > 0.0) standing.beaten_by = result_.best;
    if (!standing.beaten_by) furthest_ = std::max(furthest_, width - advantage);
  }

  [[nodiscard]] bool all_equal() const {
    const std::vector<std::size_t> open = left();
    return std::all_of(open.begin(), open.end(),
                       [&](std::size_t k) { return k == result_.best || result_.standings[k].equal_to_best; });
  }

  [[nodiscard]] std::optional<RaceEnd> ended() const {
    const std::vector<std::size_t> open = left();
    if (open.size() == 1) return RaceEnd::decided;
    return furthest_ < rules_.indifference ? std::optional(RaceEnd::indifferent) : std::nullopt;
  }

  std::span<Evaluation> alternatives_;
  const Objective& objective_;
  RaceRules rules_;
  sim::LookSchedule schedule_;
  RaceResult result_;
  double furthest_ = 0.0;  // what the best may be behind somebody who is left, at most
};

}  // namespace

RaceResult race(std::span<Evaluation> alternatives, const Objective& objective, const RaceRules& rules,
                const StudyRun& run) {
  return Race(alternatives, objective, rules).run(run);
}

}  // namespace channelcast::scenarios
