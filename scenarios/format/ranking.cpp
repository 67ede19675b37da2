// Reading criteria, scores and ease.
#include "scenarios/format/ranking.hpp"

#include <fmt/format.h>

#include <array>
#include <set>

#include "scenarios/format/draft.hpp"
#include "scenarios/format/structure.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/values.hpp"

namespace channelcast::scenarios {

namespace {

constexpr double kMostScore = 10.0;

/// A number from `least` to `most`, or nothing with the problem reported.
std::optional<double> read_within(const Node& node, std::string_view path, double least, double most,
                                  Problems& problems) {
  const auto value = read_number(node, path, problems);
  if (value && (*value < least || *value > most)) {
    problems.error(node.origin, path, fmt::format("{} is out of range; it must be from {} to {}", *value, least, most));
    return std::nullopt;
  }
  return value;
}

void read_criteria(const Node& root, Ranking& ranking, Problems& problems) {
  std::set<std::string> taken;
  for (const Node* node : tables_in(root.find("criterion"), "criterion", problems)) {
    check_keys(*node, "criterion", "criterion", problems);
    Criterion criterion;
    criterion.name = read_unique_name(*node, "criterion", taken, problems).value_or("?");
    const Node& place = node->find("name") != nullptr ? *node->find("name") : *node;
    if (criterion.name == "ease") {
      problems.error(place.origin, "criterion.name",
                     "'ease' is no criterion: it stands beside them in [partner.score]");
    } else if (criterion.name != "?" && !is_name(criterion.name)) {
      problems.error(place.origin, "criterion.name",
                     fmt::format("'{}' cannot be a key of [partner.score]; use letters, digits, _ and -",
                                 clipped(criterion.name)));
    }
    if (const Node* weight = node->find("weight")) {
      criterion.weight = read_within(*weight, "criterion.weight", 0.0, 1000.0, problems).value_or(1.0);
      if (criterion.weight == 0.0) {
        problems.error(weight->origin, "criterion.weight", "is 0: the criterion would not count; remove it");
      }
    }
    ranking.criteria.push_back(std::move(criterion));
  }
  ranking.given = !ranking.criteria.empty();
  if (!ranking.given) ranking.criteria.assign(usual_criteria().begin(), usual_criteria().end());
}

void read_settings(const Node& root, Ranking& ranking, Problems& problems) {
  const Node* node = root.find("ranking");
  if (node == nullptr || !is_table(*node, "ranking", problems)) return;
  ranking.given = true;
  check_keys(*node, "ranking", "ranking", problems);
  if (const Node* cut = node->find("cut_off")) {
    ranking.cut_off = read_within(*cut, "ranking.cut_off", 0.0, kMostScore, problems).value_or(ranking.cut_off);
  }
  if (const Node* top = node->find("top")) {
    ranking.top = std::size_t(read_whole(*top, "ranking.top", 1, 1000, problems).value_or(ranking.top));
  }
}

PartnerScores read_scores(const Node& node, const PartnerDraft& partner, const Ranking& ranking, Problems& problems) {
  PartnerScores scores{partner.name, {}, std::vector<std::optional<double>>(ranking.criteria.size())};
  const std::string path = joined(partner.path, "score");
  std::vector<std::string> names = {"ease"};
  for (const Criterion& criterion : ranking.criteria) names.push_back(criterion.name);
  for (const Member& member : node.members) {
    const std::string key_path = joined(path, member.key);
    if (member.key == "ease") {
      scores.ease = read_within(member.value, key_path, 1.0, kMostScore, problems);
      continue;
    }
    std::size_t k = 1;
    while (k < names.size() && names[k] != member.key) ++k;
    if (k == names.size()) {
      problems.error(member.key_origin, key_path,
                     fmt::format("there is no criterion '{}'; {}", clipped(member.key), suggestion(member.key, names)));
      continue;
    }
    scores.scores[k - 1] = read_within(member.value, key_path, 0.0, kMostScore, problems);
  }
  return scores;
}

void read_partner_scores(const Node& root, const Draft& draft, Ranking& ranking, Problems& problems) {
  const std::vector<const Node*> nodes = tables_in(root.find("partner"), "partner", problems);
  for (std::size_t p = 0; p < std::min(nodes.size(), draft.partners.size()); ++p) {
    const PartnerDraft& partner = draft.partners[p];
    const Node* node = nodes[p]->find("score");
    if (node == nullptr || !is_table(*node, joined(partner.path, "score"), problems)) {
      ranking.partners.push_back({partner.name, {}, std::vector<std::optional<double>>(ranking.criteria.size())});
      continue;
    }
    ranking.given = true;
    ranking.partners.push_back(read_scores(*node, partner, ranking, problems));
  }
}

void read_mix_ease(const Node& root, Ranking& ranking, Problems& problems) {
  for (const Node* node : tables_in(root.find("mix"), "mix", problems)) {
    const Node* name = node->find("name");
    const Node* ease = node->find("ease");
    if (ease == nullptr || name == nullptr || name->kind != NodeKind::text) continue;
    const auto value = read_within(*ease, joined("mix." + name->text, "ease"), 1.0, kMostScore, problems);
    ranking.given = true;
    if (value) ranking.mix_ease[name->text] = *value;
  }
}

}  // namespace

std::span<const Criterion> usual_criteria() {
  static const std::array<Criterion, 10> criteria = {{
      {"strategic_fit", 2.0},  // source 4: which partners to invest in, by strategic fit …
      {"engagement", 2.0},     // … balanced with engagement
      {"throughput", 1.5},     // source 2: a locomotive has a large throughput of what you need
      {"lead_quality", 1.5},   // source 1: target rate
      {"terms", 1.0},          // source 1: price, notice, who bears rejected leads
      {"transfer", 1.0},       // source 1: live or by form, reconciled
      {"fraud_control", 1.0},  // source 1: fraud is part of partner sales
      {"reliability", 1.0},    // sources 1 and 2: partners leave, agreements break
      {"knowledge", 1.0},      // sources 1 and 3: partners forget without training
      {"reporting", 1.0},      // sources 1 and 3: reconciliation, KPI
  }};
  return criteria;
}

void read_ranking(const Node& root, Draft& draft, Problems& problems) {
  Ranking& ranking = draft.ranking;
  read_criteria(root, ranking, problems);
  read_settings(root, ranking, problems);
  read_partner_scores(root, draft, ranking, problems);
  read_mix_ease(root, ranking, problems);
}

}  // namespace channelcast::scenarios
