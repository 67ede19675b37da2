#include "scenarios/studies/optimize/local_search.hpp"

#include <algorithm>
#include <optional>

#include "sim/rng/samplers.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::uint32_t kRestartTag = 0x20002;  // append-only

class Search {
 public:
  Search(const SearchSpace& space, const LocalSearchRules& rules, const Assess& assess)
      : space_(space), rules_(rules), assess_(assess), key_(sim::stream_key(rules.seed, "study/optimize")) {}

  std::map<Choice, Merit> run() {
    climb_from(singles());
    for (std::size_t k = 0; k < rules_.restarts && !is_over(); ++k) climb_from({start(k)});
    return known_;
  }

 private:
  [[nodiscard]] bool is_over() const { return known_.size() >= rules_.most_candidates; }

  // Every partner alone (with those that are always in), at every volume and number of managers.
  [[nodiscard]] std::vector<Choice> singles() const {
    std::vector<Choice> choices;
    const std::size_t units = space_.units().size();
    for (std::size_t unit = 0; unit < units; ++unit) {
      std::vector<double> uniforms(units + 2, 0.5);
      uniforms[unit] = 0.1;
      choices.push_back(space_.random(1, uniforms));
    }
    std::sort(choices.begin(), choices.end());
    choices.erase(std::unique(choices.begin(), choices.end()), choices.end());
    return choices;
  }

  [[nodiscard]] Choice start(std::size_t restart) const {
    const std::size_t units = space_.units().size();
    std::vector<double> uniforms(units + 3);
    sim::fill_uniform({key_, 0, kRestartTag, std::uint32_t(restart), 0}, uniforms);
    const double size = uniforms.back() * double(space_.options().most_partners);
    return space_.random(1 + std::size_t(size), uniforms);
  }

  void learn(const std::vector<Choice>& choices) {
    std::vector<Choice> unknown;
    for (const Choice& choice : choices) {
      const bool asked = std::find(unknown.begin(), unknown.end(), choice) != unknown.end();
      if (!asked && !known_.contains(choice) && known_.size() + unknown.size() < rules_.most_candidates) {
        unknown.push_back(choice);
      }
    }
    const std::vector<Merit> merits = assess_(unknown);
    for (std::size_t k = 0; k < unknown.size(); ++k) known_.emplace(unknown[k], merits[k]);
  }

  // The best known one of these.
  [[nodiscard]] std::optional<Choice> best_of(const std::vector<Choice>& choices) const {
    std::optional<Choice> best;
    for (const Choice& choice : choices) {
      const auto at = known_.find(choice);
      if (at == known_.end()) continue;
      if (!best || at->second.better_than(known_.at(*best))) best = choice;
    }
    return best;
  }

  void climb_from(const std::vector<Choice>& starts) {
    learn(starts);
    std::optional<Choice> at = best_of(starts);
    while (at && !is_over()) {
      const std::vector<Choice> near = space_.neighbours(*at);
      learn(near);
      const std::optional<Choice> next = best_of(near);
      if (!next || !known_.at(*next).better_than(known_.at(*at))) return;
      at = next;
    }
  }

  const SearchSpace& space_;
  LocalSearchRules rules_;
  const Assess& assess_;
  sim::StreamKey key_;
  std::map<Choice, Merit> known_;
};

}  // namespace

std::map<Choice, Merit> local_search(const SearchSpace& space, const LocalSearchRules& rules, const Assess& assess) {
  return Search(space, rules, assess).run();
}

}  // namespace channelcast::scenarios
