// Run files: whatever is in one, it is refused with a message or everything in it can be read. The input is a recipe
// (tests/fuzz/recipe.hpp) or, if it does not begin like one, the file itself.
#include <nlohmann/json.hpp>

#include "output/run_file.hpp"
#include "scenarios/studies/decision_summary.hpp"
#include "scenarios/studies/report/report_data.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/run_files.hpp"

namespace {

using namespace channelcast;
using fuzz::expect_documented_errors;

void read_trials(const output::RunReader& run) {
  const sim::Schema& schema = run.description().schema;
  for (std::size_t m = 0; m < schema.outcomes.size(); ++m) {
    expect_documented_errors([&] { static_cast<void>(run.outcome(m)); });
  }
  for (std::size_t m = 0; m < schema.entity_outcomes.size(); ++m) {
    expect_documented_errors([&] { static_cast<void>(run.entity_outcome(m)); });
  }
  for (std::size_t k = 0; k < run.description().inputs.size(); ++k) {
    expect_documented_errors([&] { static_cast<void>(run.input(k)); });
  }
}

void read_statistics(const output::RunReader& run) {
  const sim::Schema& schema = run.description().schema;
  for (std::size_t m = 0; m < schema.outcomes.size(); ++m) {
    expect_documented_errors([&] { static_cast<void>(run.summary(m)); });
    expect_documented_errors([&] { static_cast<void>(run.moment_distribution(m)); });
    expect_documented_errors([&] { static_cast<void>(run.exceedance(m)); });
  }
  for (std::size_t m = 0; m < schema.series.size(); ++m) {
    expect_documented_errors([&] { static_cast<void>(run.series(m)); });
  }
  for (std::size_t k = 0; k < run.description().targets.size(); ++k) {
    expect_documented_errors([&] { static_cast<void>(run.target(k)); });
  }
  expect_documented_errors([&] { static_cast<void>(run.risks()); });
}

void read_entities(const output::RunReader& run) {
  const sim::Schema& schema = run.description().schema;
  for (std::size_t e = 0; e < schema.entities.size(); ++e) {
    for (std::size_t m = 0; m < schema.entity_outcomes.size(); ++m) {
      expect_documented_errors([&] { static_cast<void>(run.entity_summary(e, m)); });
    }
    for (std::size_t m = 0; m < schema.entity_series.size(); ++m) {
      expect_documented_errors([&] { static_cast<void>(run.entity_series(e, m)); });
    }
  }
}

void report(const output::RunReader& run) {
  expect_documented_errors([&] {
    if (!nlohmann::json::accept(scenarios::report_data(run))) {
      fuzz::finding("report data that are no JSON", run.description().identity.scenario_name);
    }
  });
}

void summarise(const output::RunReader& run) {
  expect_documented_errors([&] {
    static_cast<void>(scenarios::decision_summary_text(run, scenarios::Colour::always));
    if (!nlohmann::json::accept(scenarios::decision_summary_json(run))) {
      fuzz::finding("a summary that is no JSON", run.description().identity.scenario_name);
    }
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::text_of(data, size);
  const std::string path = fuzz::folder().file("run.h5");
  if (const auto recipes = fuzz::parse_recipes(text)) {
    fuzz::write_file(recipes->front(), path);
  } else {
    testing::write_bytes(path, text);
  }
  expect_documented_errors([&] {
    const output::RunReader run(path);
    read_trials(run);
    read_statistics(run);
    read_entities(run);
    summarise(run);
    report(run);
    run.verify();
  });
  return 0;
}
