#include "output/run_layout.hpp"

#include <algorithm>
#include <array>

#include "output/run_json.hpp"
#include "sim/error.hpp"

namespace channelcast::output {

namespace {

using hdf5::DatasetSpec;
using hdf5::Element;
using hdf5::Field;

constexpr std::array<const char*, 3> kExceedanceNames = {"acquisition_cost", "budget_overrun", "peak_funding"};

/// Units as readers of the file should see them: the currency by its name; and xarray would turn a number of "days"
/// into a time span.
std::string shown_unit(std::string_view unit, const std::string& currency) {
  for (const std::string_view plural : {"days", "hours", "minutes", "seconds"}) {
    if (unit == plural) return std::string(unit.substr(0, unit.size() - 1));
  }
  std::string shown(unit);
  constexpr std::string_view kWord = "currency";
  const std::size_t at = shown.find(kWord);
  if (at != std::string::npos && !currency.empty()) shown.replace(at, kWord.size(), currency);
  return shown;
}

Element element_of(const sim::MetricSpec& metric) {
  return metric.type == sim::MetricType::count ? Element::whole : Element::real;
}

std::size_t longest(const std::vector<std::string>& texts) {
  std::size_t bytes = 1;
  for (const std::string& text : texts) bytes = std::max(bytes, text.size());
  return bytes;
}

std::vector<std::string> names_of(const std::vector<sim::MetricSpec>& metrics) {
  std::vector<std::string> names;
  for (const sim::MetricSpec& metric : metrics) names.emplace_back(metric.name);
  return names;
}

std::vector<Field> quantile_fields() {
  std::vector<Field> fields;
  for (const char* name : sim::kQuantileNames) fields.push_back({name, Element::real, 0});
  return fields;
}

std::vector<Field> with_key(std::vector<Field> keys, const std::vector<Field>& rest) {
  keys.insert(keys.end(), rest.begin(), rest.end());
  return keys;
}

std::vector<Field> summary_fields(std::vector<Field> keys) {
  keys = with_key(std::move(keys), {{"mean"}, {"mcse"}, {"sd"}});
  keys = with_key(std::move(keys), quantile_fields());
  return with_key(
      std::move(keys),
      {{"p_within_horizon"}, {"trials", Element::whole}, {"undefined", Element::whole}, {"beyond", Element::whole}});
}

class LayoutMaker {
 public:
  LayoutMaker(const RunDescription& description, const RunExtent& extent)
      : description_(description), schema_(description.schema), extent_(extent) {}

  RunLayout make() {
    axes();
    scenario();
    columns();
    for (const sim::MetricSpec& metric : schema_.series) series("/series", metric, {});
    if (description_.entity_series) {
      const std::string group = entity_path(schema_, "_series");
      for (const sim::MetricSpec& metric : schema_.entity_series) series(group, metric, {kind()});
    }
    distributions();
    tables();
    if (extent_.state_bytes > 0) shard_state();
    checksums();
    return std::move(layout_);
  }

 private:
  [[nodiscard]] std::string kind() const { return "/" + schema_.entity_kind; }

  DatasetSpec& add(DatasetSpec spec) { return layout_.structure.datasets.emplace_back(std::move(spec)); }

  void scale(DatasetSpec spec, std::uint64_t size) {
    layout_.structure.scales.push_back({spec.path, size});
    spec.axes = {spec.path};
    add(std::move(spec));
  }

  void texts(const std::string& path, std::string long_name, std::vector<std::string> content) {
    const std::uint64_t size = content.size();
    scale({.path = path, .element = Element::text, .long_name = std::move(long_name), .texts = std::move(content)},
          size);
  }

  void bare(const std::string& path, std::uint64_t size) {
    scale({.path = path, .element = Element::whole, .bare = true}, size);
  }

  void axes() {
    layout_.columns.push_back({0, 1});
    scale({.path = "/trial", .element = Element::whole, .long_name = "number of the trial in the whole run"},
          extent_.trials);
    scale({.path = "/period",
           .element = Element::whole,
           .unit = schema_.period_starts.empty() ? "1" : "days since " + schema_.period_starts.front(),
           .long_name = "first day of the period",
           .attributes = {{"calendar", "proleptic_gregorian"}, {"standard_name", "time"}}},
          schema_.periods);
    texts(kind(), "name of the " + schema_.entity_kind, schema_.entities);
    scale({.path = "/quantile", .unit = "1", .long_name = "probability of being at or below the quantile"},
          sim::kQuantiles.size());
    texts("/metric", "name of the outcome", names_of(schema_.outcomes));
    add({.path = "/period_start",
         .element = Element::text,
         .axes = {"/period"},
         .long_name = "first day of the period, ISO 8601",
         .texts = schema_.period_starts});
  }

  void scenario() {
    const auto text = [&](const char* path, const char* long_name, std::string content) {
      add({.path = path, .element = Element::note, .long_name = long_name, .texts = {std::move(content)}});
    };
    text("/scenario/text", "scenario file as read", description_.scenario_text);
    text("/scenario/resolved", "every input with value, unit and provenance (JSON)", description_.scenario_resolved);
    text("/scenario/schema", "metrics, inputs and targets of this run (JSON)", run_json(description_));
  }

  void column(const std::string& path, const sim::MetricSpec& metric, const std::vector<std::string>& axes,
              std::size_t width) {
    layout_.columns.push_back({layout_.structure.datasets.size(), width});
    add({.path = path,
         .element = element_of(metric),
         .axes = axes,
         .unit = shown_unit(metric.unit, schema_.currency),
         .long_name = std::string(metric.description)});
  }

  void columns() {
    for (const sim::MetricSpec& metric : schema_.outcomes) {
      column("/outcomes/" + std::string(metric.name), metric, {"/trial"}, 1);
    }
    layout_.first_entity_outcome = layout_.columns.size();
    if (description_.keep_entity_outcomes) {
      const std::string group = entity_path(schema_, "_outcomes/");
      for (const sim::MetricSpec& metric : schema_.entity_outcomes) {
        column(group + std::string(metric.name), metric, {"/trial", kind()}, schema_.entities.size());
      }
    }
    layout_.first_input = layout_.columns.size();
    for (const auto& [path, unit] : description_.inputs) {
      layout_.columns.push_back({layout_.structure.datasets.size(), 1});
      add({.path = "/inputs/" + path,
           .axes = {"/trial"},
           .unit = shown_unit(unit, schema_.currency),
           .long_name = "uncertain input " + path + " as drawn"});
    }
  }

  void series(const std::string& group, const sim::MetricSpec& metric, std::vector<std::string> axes) {
    axes.emplace_back("/period");
    const std::string path = group + "/" + std::string(metric.name) + "/";
    const std::string unit = shown_unit(metric.unit, schema_.currency);
    const std::string name(metric.description);
    add({.path = path + "mean", .axes = axes, .unit = unit, .long_name = name + ": mean over trials"});
    add({.path = path + "mcse", .axes = axes, .unit = unit, .long_name = name + ": standard error of the mean"});
    axes.insert(axes.begin(), "/quantile");
    add({.path = path + "quantiles", .axes = axes, .unit = unit, .long_name = name + ": quantiles over trials"});
  }

  void distributions() {
    for (const sim::MetricSpec& metric : schema_.outcomes) {
      if (metric.type != sim::MetricType::moment) continue;
      const std::string path = "/distributions/" + std::string(metric.name) + "/";
      const auto share = [&](const char* name, const std::vector<std::string>& axes, const char* text) {
        add({.path = path + name, .axes = axes, .unit = "1", .long_name = std::string(metric.name) + ": " + text});
      };
      share("probability", {"/period"}, "probability that it falls into the period");
      share("mcse", {"/period"}, "standard error of probability");
      share("cumulative", {"/period"}, "probability that it comes by the end of the period");
      share("cumulative_mcse", {"/period"}, "standard error of cumulative");
      share("at_once", {}, "probability of the value 0");
      share("beyond_horizon", {}, "probability that it does not come within the horizon");
      share("beyond_horizon_mcse", {}, "standard error of beyond_horizon");
    }
    for (const std::size_t m : exceedance_metrics(schema_)) {
      const sim::MetricSpec& metric = schema_.outcomes[m];
      const std::string path = "/distributions/budget_risk/" + std::string(metric.name) + "/";
      const std::string name(metric.name);
      scale({.path = path + "amount",
             .unit = shown_unit(metric.unit, schema_.currency),
             .long_name = "amount of " + name},
            kExceedanceAmounts);
      add({.path = path + "probability",
           .axes = {path + "amount"},
           .unit = "1",
           .long_name = "probability that " + name + " exceeds the amount"});
      add({.path = path + "mcse",
           .axes = {path + "amount"},
           .unit = "1",
           .long_name = "standard error of probability"});
    }
  }

  void table(const std::string& path, const std::string& axis, std::vector<Field> fields, std::string long_name) {
    add({.path = path,
         .element = Element::record,
         .axes = {axis},
         .long_name = std::move(long_name),
         .fields = std::move(fields)});
  }

  void tables() {
    const Field metric{"metric", Element::text, longest(names_of(schema_.outcomes))};
    table("/summary", "/metric", summary_fields({metric}), "outcomes: mean, its standard error and quantiles (R-7)");
    table("/quantile_errors", "/metric", with_key({metric}, quantile_fields()), "standard errors of the quantiles");
    entity_tables();
    std::uint64_t tails = 0;
    for (const sim::MetricSpec& m : schema_.outcomes) tails += m.tail != sim::RiskTail::none ? 1 : 0;
    if (tails > 0) {
      bare("/risk_row", tails * std::size(kRiskLevels));
      table("/risk", "/risk_row", {metric, {"tail", Element::text, 7}, {"level"}, {"var"}, {"cvar"}, {"cvar_mcse"}},
            "value at risk, and the mean of the worst trials");
    }
    if (!description_.targets.empty()) {
      std::vector<std::string> names;
      for (const TargetRow& target : description_.targets) names.push_back(target.name);
      const std::size_t width = longest(names);
      texts("/target", "name of the target", std::move(names));
      table("/targets", "/target",
            {{"name", Element::text, width}, {"probability"}, {"mcse"}, {"low"}, {"high"}, {"hits", Element::whole}},
            "probability of each target, its standard error and 95 % interval (Wilson)");
    }
  }

  void entity_tables() {
    const std::uint64_t rows = schema_.entities.size() * schema_.entity_outcomes.size();
    if (rows == 0) return;
    const std::vector<Field> keys = {{schema_.entity_kind, Element::text, longest(schema_.entities)},
                                     {"metric", Element::text, longest(names_of(schema_.entity_outcomes))}};
    bare(kind() + "_metric", rows);
    table(entity_path(schema_, "_summary"), kind() + "_metric", summary_fields(keys),
          "outcomes of each " + schema_.entity_kind +
              (description_.keep_entity_outcomes ? "" : "; quantiles within 0.2 %"));
    table(entity_path(schema_, "_quantile_errors"), kind() + "_metric", with_key(keys, quantile_fields()),
          "standard errors of the quantiles");
  }

  void shard_state() {
    bare("/shard_state/offset", extent_.state_bytes);
    add({.path = "/shard_state/accumulated",
         .element = Element::byte,
         .axes = {"/shard_state/offset"},
         .long_name = "statistics in progress, for channelcast merge"});
  }

  /// One row for every other dataset, one for all else in the file, and a last one for the rows before it.
  void checksums() {
    std::size_t width = std::string_view(kStructure).size();
    std::uint64_t rows = 2;
    for (const DatasetSpec& dataset : layout_.structure.datasets) {
      width = std::max(width, dataset.path.size());
      rows += dataset.bare ? 0 : 1;
    }
    bare("/checksum_row", rows);
    table(kChecksums, "/checksum_row", {{"dataset", Element::text, width}, {"crc32", Element::whole}},
          "CRC-32 of the bytes of each dataset (of texts: each with a zero byte after it)");
  }

  const RunDescription& description_;
  const sim::Schema& schema_;
  const RunExtent& extent_;
  RunLayout layout_;
};

}  // namespace

std::size_t RunLayout::find(const std::string& path) const {
  for (std::size_t i = 0; i < structure.datasets.size(); ++i) {
    if (structure.datasets[i].path == path) return i;
  }
  throw InternalError("a run file has no dataset " + path);
}

bool RunLayout::contains(const std::string& path) const {
  return std::any_of(structure.datasets.begin(), structure.datasets.end(),
                     [&](const DatasetSpec& dataset) { return dataset.path == path; });
}

RunLayout make_layout(const RunDescription& description, const RunExtent& extent) {
  return LayoutMaker(description, extent).make();
}

std::vector<std::size_t> exceedance_metrics(const sim::Schema& schema) {
  std::vector<std::size_t> found;
  for (const char* name : kExceedanceNames) {
    for (std::size_t m = 0; m < schema.outcomes.size(); ++m) {
      if (schema.outcomes[m].name == name) found.push_back(m);
    }
  }
  return found;
}

std::string entity_path(const sim::Schema& schema, const char* suffix) { return "/" + schema.entity_kind + suffix; }

}  // namespace channelcast::output
