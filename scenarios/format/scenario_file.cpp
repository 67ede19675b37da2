#include "scenarios/format/scenario_file.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "scenarios/format/draft.hpp"
#include "scenarios/format/overrides.hpp"
#include "scenarios/format/resolved_json.hpp"
#include "scenarios/format/toml_reader.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

Draft read_document(const Document& document, Context& context, DocumentPart part) {
  Draft draft;
  read_programme(document.root, draft, context);
  read_partners(document, draft, context);
  read_events(document.root, draft, context);
  check_draft(draft, context);
  read_studies(document, draft, context, part);
  return draft;
}

namespace {

/// The last check, on the whole set of correlations; it needs a scenario that is otherwise right.
void check_correlations(const Draft& draft, const models::Scenario& scenario, Problems& problems) {
  if (scenario.correlations.empty()) {
    return;
  }
  const std::string problem = sim::correlation_problem(scenario.uncertain, scenario.correlations);
  if (!problem.empty()) {
    problems.error(draft.correlations.front().origin, "correlation", problem);
  }
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

}  // namespace

ScenarioFile parse_scenario(const std::string& text, const std::string& path, std::span<const Override> overrides) {
  Problems problems(path);
  if (is_blank(text)) {
    problems.error({}, "", "the file is empty; a scenario needs at least [horizon] with a start and one [[partner]]");
    problems.raise();
  }
  auto root = parse_toml(text, problems);
  if (!root) {
    problems.raise();
  }
  Document document{std::move(*root), {}};
  apply_overrides(document, overrides, problems);
  DrawsFiles draws(std::filesystem::path(path).parent_path());
  Context context{problems, draws};
  const Draft draft = read_document(document, context, DocumentPart::all);
  if (!problems.empty()) {
    problems.raise();
  }
  ScenarioFile file;
  file.scenario = build_scenario(draft);
  if (file.scenario.name.empty()) file.scenario.name = std::filesystem::path(path).stem().string();
  check_correlations(draft, file.scenario, problems);
  if (!problems.empty()) {
    problems.raise();
  }
  ResolvedJson resolved = resolved_json(draft, path);
  file.path = path;
  file.text = text;
  file.overrides.assign(overrides.begin(), overrides.end());
  file.resolved_json = std::move(resolved.text);
  file.sha256 = std::move(resolved.sha256);
  file.ranking = draft.ranking;
  file.draws = draws.paths();
  file.warnings = problems.warnings();
  return file;
}

ScenarioFile load_scenario(const std::string& path, std::span<const Override> overrides) {
  return parse_scenario(read_file(path, kMaximumFileBytes), path, overrides);
}

}  // namespace channelcast::scenarios
