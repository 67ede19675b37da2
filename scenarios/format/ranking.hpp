// What people think of partners and mixes: the criteria of the partner matrix, scores, ease. Nothing of it is
// simulated: it is neither part of models::Scenario nor of the scenario's sha256.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace channelcast::scenarios {

/// A criterion of the partner matrix; scores run from 0 to 10.
struct Criterion {
  std::string name;
  double weight = 1.0;
};
/// The ten that are used where the scenario names none (docs/methodology/ranking.md): criteria from sources 1 to 4,
/// weights assumed.
[[nodiscard]] std::span<const Criterion> usual_criteria();

/// What is thought of a partner, or of a group of `count` ones. What is not given is unknown, not 0.
struct PartnerScores {
  std::string partner;                        ///< name in the file
  std::optional<double> ease;                 ///< 1 to 10
  std::vector<std::optional<double>> scores;  ///< by criterion
};

/// The opinions of a scenario.
struct Ranking {
  std::vector<Criterion> criteria;
  bool given = false;                      ///< whether the scenario says anything of it at all
  double cut_off = 5.0;                    ///< a partner whose matrix score is below is not taken on
  std::size_t top = 3;                     ///< big projects at a time (source 1)
  std::vector<PartnerScores> partners;     ///< in the file's order
  std::map<std::string, double> mix_ease;  ///< by name, where given
};

}  // namespace channelcast::scenarios
