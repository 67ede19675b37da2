// Reading a scenario file: parse, validate, resolve (docs/formats/scenario.md).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/scenario.hpp"
#include "scenarios/format/ranking.hpp"

namespace channelcast::scenarios {

/// One `--set KEY=VALUE`: an input path ("partner.alpha.funnel.target_rate", "finance.budget",
/// "simulation.trials") and the text of a TOML value (bare words are taken as strings).
struct Override {
  std::string key;
  std::string value;
};

/// Splits "KEY=VALUE"; throws UsageError saying what would be right.
[[nodiscard]] Override parse_override(const std::string& text);

/// A scenario as read and as resolved.
struct ScenarioFile {
  models::Scenario scenario;
  std::string path;                   ///< as given
  std::string text;                   ///< as read
  std::vector<Override> overrides;    ///< as given
  std::string resolved_json;          ///< every input with value, unit and provenance (file:line, default, --set)
  std::string sha256;                 ///< of the resolved scenario without trials, seed, path, provenance and ranking
  Ranking ranking;                    ///< what people think of partners and mixes; nothing of it is simulated
  std::vector<std::string> draws;     ///< the files that it reads draws from
  std::vector<std::string> warnings;  ///< e.g. a distribution whose tail was cut at an input's bounds
};

/// Reads, validates and resolves a scenario file. Throws IoError if it cannot be read and ScenarioError with all
/// errors of the file, one a line block: FILE:LINE:COLUMN: KEY PATH: what is wrong; why; what would be right.
[[nodiscard]] ScenarioFile load_scenario(const std::string& path, std::span<const Override> overrides);

/// The same from text; `path` names it in messages and its folder resolves the files of `draws`.
[[nodiscard]] ScenarioFile parse_scenario(const std::string& text, const std::string& path,
                                          std::span<const Override> overrides);

/// JSON Schema (2020-12) of scenario files, for editors with TOML support; made from the parameter tables.
[[nodiscard]] std::string scenario_schema_json();

/// A commented starting scenario that is valid as it stands.
[[nodiscard]] std::string starter_scenario();

}  // namespace channelcast::scenarios
