#include "scenarios/studies/batch/batch_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "scenarios/format/csv_reader.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/toml_reader.hpp"
#include "scenarios/format/variants.hpp"
#include "scenarios/studies/forecast.hpp"
#include "sim/error.hpp"
#include "sim/scheduler.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kShownErrors = 50;
constexpr std::size_t kLargestTable = 64u << 20;

/// What all rows must share to be compared trial by trial: why, or "" if a row may set the input.
std::string shared_by_rows(const std::string& key) {
  if (key.starts_with("simulation."))
    return "trials, seed and sampling are the same for all rows; set them for the batch";
  if (key == "horizon.periods" || key == "horizon.period") {
    return "all rows have one horizon, or their totals could not be compared; run a batch for each horizon";
  }
  if (key == "currency") return "all rows have one currency";
  if (key == "format" || key == "description") return "it is no input";
  return {};
}

std::string last_part(const std::string& key) {
  const std::size_t dot = key.rfind('.');
  return dot == std::string::npos ? key : key.substr(dot + 1);
}

/// What rows without a name are called: "managers=17, budget=2e6".
std::string name_of(const BatchRows& rows, const BatchRow& row) {
  std::map<std::string, int> uses;
  for (const std::string& key : rows.keys) ++uses[last_part(key)];
  std::string name = row.mix;
  for (std::size_t k = 0; k < rows.keys.size(); ++k) {
    if (!row.values[k]) continue;
    const std::string part = last_part(rows.keys[k]);
    name += fmt::format("{}{}={}", name.empty() ? "" : ", ", uses[part] == 1 ? part : rows.keys[k], *row.values[k]);
  }
  return name.empty() ? "as the scenario" : name;
}

/// All that is wrong with a table.
class TableProblems {
 public:
  explicit TableProblems(std::string file) : file_(std::move(file)) {}
  void add(const std::string& place, const std::string& text) {
    if (told_.insert(place + text).second) lines_.push_back(place + ": " + text);
  }
  [[nodiscard]] bool empty() const { return lines_.empty(); }
  [[noreturn]] void raise() const {
    std::string message;
    for (std::size_t k = 0; k < std::min(lines_.size(), kShownErrors); ++k) message += lines_[k] + "\n";
    if (lines_.size() > kShownErrors) message += fmt::format("… and {} more\n", lines_.size() - kShownErrors);
    throw DataError(message + fmt::format("{}: {} error{}", file_, lines_.size(), lines_.size() == 1 ? "" : "s"));
  }

 private:
  std::string file_;
  std::vector<std::string> lines_;
  std::set<std::string> told_;
};

/// The columns of a table's heading.
struct Heading {
  int name = -1;
  int mix = -1;
  std::vector<int> keys;  ///< column of each key
};

/// Why there is no such input, or why a row may not set it; "" if it may.
std::string key_problem(const ScenarioFile& file, const std::string& key) {
  if (key.empty()) return "the column has no heading; name an input, \"name\" or \"mix\"";
  if (const std::string why = shared_by_rows(key); !why.empty()) return why;
  std::string reason = override_problem(file, key);
  if (reason.empty()) return reason;
  if (const std::string near = nearest(key, std::vector<std::string>{"name", "mix"}); !near.empty()) {
    reason += fmt::format("; or did you mean the column '{}'?", near);
  }
  return reason;
}

Heading read_heading(const ScenarioFile& file, const std::vector<std::string>& fields, BatchRows& rows,
                     TableProblems& problems) {
  Heading heading;
  std::set<std::string> taken;
  for (std::size_t c = 0; c < fields.size(); ++c) {
    const std::string& field = fields[c];
    const std::string place = fmt::format("{}:1: column {} '{}'", rows.table, c + 1, clipped(field));
    if (!taken.insert(field).second) {
      problems.add(place, "is there twice; remove one");
    } else if (field == "name") {
      heading.name = int(c);
    } else if (field == "mix") {
      heading.mix = int(c);
      rows.mixes = true;
    } else if (const std::string why = key_problem(file, field); !why.empty()) {
      problems.add(place, why);
    } else {
      heading.keys.push_back(int(c));
      rows.keys.push_back(field);
    }
  }
  return heading;
}

BatchRow read_row(const std::vector<std::string>& fields, const Heading& heading, int line) {
  BatchRow row;
  row.line = line;
  if (heading.name >= 0) row.name = fields[std::size_t(heading.name)];
  if (heading.mix >= 0) row.mix = fields[std::size_t(heading.mix)];
  for (const int column : heading.keys) {
    const std::string& value = fields[std::size_t(column)];
    row.values.push_back(value.empty() ? std::nullopt : std::optional(value));
  }
  return row;
}

void check_names(const BatchRows& rows, TableProblems& problems) {
  std::map<std::string, int> lines;
  for (const BatchRow& row : rows.rows) {
    if (row.name.empty()) continue;
    const auto [first, is_new] = lines.emplace(row.name, row.line);
    if (is_new) continue;
    problems.add(
        fmt::format("{}:{}: column 'name'", rows.table, row.line),
        fmt::format("'{}' is the name of line {} already; give each row its own", clipped(row.name), first->second));
  }
}

std::vector<Override> overrides_of_row(const BatchRows& rows, const BatchRow& row) {
  std::vector<Override> overrides;
  for (std::size_t k = 0; k < rows.keys.size(); ++k) {
    if (row.values[k]) overrides.push_back({rows.keys[k], *row.values[k]});
  }
  return overrides;
}

/// What is wrong with a row's scenario, each with its place in the table.
std::vector<std::pair<std::string, std::string>> row_problems(const BatchRows& rows, std::size_t at,
                                                              const std::string& message) {
  const BatchRow& row = rows.rows[at];
  const std::string place =
      row.line > 0 ? fmt::format("{}:{}", rows.table, row.line) : fmt::format("row {} ({})", at + 1, clipped(row.name));
  std::vector<std::pair<std::string, std::string>> problems;
  for (std::size_t begin = 0; begin < message.size();) {
    const std::size_t end = std::min(message.find('\n', begin), message.size());
    if (end == message.size() && begin > 0) break;  // the line that counts the errors
    std::string line = message.substr(begin, end - begin);
    std::string where = place;
    for (const std::string& key : rows.keys) {
      const std::string start = fmt::format("--set {}: ", key);
      if (!line.starts_with(start)) continue;
      where += row.line > 0 ? fmt::format(": column '{}'", key) : ": " + key;
      line.erase(0, start.size());
      break;
    }
    problems.emplace_back(std::move(where), std::move(line));
    begin = end + 1;
  }
  return problems;
}

}  // namespace

models::Sweep parse_sweep(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw UsageError(
        fmt::format("--sweep: '{}' is not KEY=V1,V2,…; write e.g. sales.managers=17,19,21", clipped(text)));
  }
  std::string reason;
  const auto list = parse_toml_value("[" + text.substr(equals + 1) + "]", {}, reason);
  models::Sweep sweep{text.substr(0, equals), {}};
  for (std::size_t k = 0; list && k < list->items.size(); ++k) {
    const Node& item = list->items[k];
    if (item.kind == NodeKind::whole || item.kind == NodeKind::number) sweep.values.push_back(item.number);
  }
  if (!list || list->items.empty() || sweep.values.size() != list->items.size()) {
    throw UsageError(fmt::format("--sweep {}: '{}' is no list of numbers; write e.g. 17,19,21", sweep.key,
                                 clipped(text.substr(equals + 1))));
  }
  return sweep;
}

BatchRows grid_rows(const ScenarioFile& file, std::span<const models::Sweep> sweeps) {
  std::vector<models::Sweep> axes;
  for (const models::Sweep& sweep : sweeps) {
    const auto same = std::find_if(axes.begin(), axes.end(), [&](const auto& axis) { return axis.key == sweep.key; });
    if (same != axes.end()) {
      *same = sweep;
    } else {
      axes.push_back(sweep);
    }
  }
  if (axes.empty()) {
    throw UsageError(
        fmt::format("{} has no [[sweep]]: nothing says what the rows are; add one, or give --sweep "
                    "KEY=V1,V2,… or --csv OVERRIDES.csv",
                    file.path));
  }
  BatchRows rows;
  double count = 1.0;
  for (const models::Sweep& axis : axes) {
    if (const std::string why = shared_by_rows(axis.key); !why.empty()) {
      throw UsageError(fmt::format("sweep over {}: {}", axis.key, why));
    }
    rows.keys.push_back(axis.key);
    count *= double(axis.values.size());
  }
  if (count > double(kMostBatchRows)) {
    throw UsageError(
        fmt::format("the grid has {:.0f} rows; at most {} are run: take fewer values, or the rows that "
                    "matter as a table (--csv)",
                    count, kMostBatchRows));
  }
  for (std::size_t at = 0; at < std::size_t(count); ++at) {
    BatchRow row;
    row.values.resize(axes.size());
    std::size_t rest = at;
    for (std::size_t k = axes.size(); k-- > 0;) {
      row.values[k] = fmt::format("{}", axes[k].values[rest % axes[k].values.size()]);
      rest /= axes[k].values.size();
    }
    row.name = name_of(rows, row);
    rows.rows.push_back(std::move(row));
  }
  return rows;
}

BatchRows table_rows(const ScenarioFile& file, const std::string& path) {
  const std::string text = read_file(path, kLargestTable);
  CsvReader reader(text);
  BatchRows rows;
  rows.table = path;
  std::vector<std::string> fields;
  int line = 0;
  TableProblems problems(path);
  if (!reader.next(fields, line)) throw DataError(path + ": is empty; its first line must name inputs");
  const std::size_t columns = fields.size();
  if (columns == 1 && fields[0].find(';') != std::string::npos) {
    throw DataError(path + ":1: fields are divided by semicolons; save it with commas (CSV, comma-separated)");
  }
  const Heading heading = read_heading(file, fields, rows, problems);
  while (reader.next(fields, line)) {
    if (fields.size() != columns) {
      problems.add(fmt::format("{}:{}", path, line),
                   fmt::format("has {} fields, but the heading names {} columns; quote values that hold commas",
                               fields.size(), columns));
      continue;
    }
    rows.rows.push_back(read_row(fields, heading, line));
  }
  if (reader.unclosed()) problems.add(fmt::format("{}:{}", path, line), "a quoted field is not closed; add the quote");
  check_names(rows, problems);
  if (!problems.empty()) problems.raise();
  if (rows.rows.empty()) throw DataError(path + ": has no rows below its heading");
  if (rows.rows.size() > kMostBatchRows) {
    throw DataError(fmt::format("{}: has {} rows; at most {} are run", path, rows.rows.size(), kMostBatchRows));
  }
  for (BatchRow& row : rows.rows) {
    if (row.name.empty()) row.name = name_of(rows, row);
  }
  return rows;
}

ScenarioFile row_scenario(const ScenarioFile& file, const BatchRows& rows, std::size_t row) {
  const BatchRow& one = rows.rows.at(row);
  const std::vector<Override> own = overrides_of_row(rows, one);
  ScenarioFile changed = own.empty() ? file : with_values(file, own);
  if (one.mix.empty()) return changed;
  models::Mix mix = mix_named(changed, one.mix);
  if (mix.set.empty()) return with_mix(changed, mix);
  for (const Override& value : own) mix.set.emplace_back(value.key, value.value);  // they win
  return with_mix(changed, mix);
}

void check_rows(const ScenarioFile& file, const BatchRows& rows, const StudyRun& run) {
  std::vector<std::string> messages(rows.rows.size());
  const auto check = [&](std::size_t row) {
    try {
      check_can_run(row_scenario(file, rows, row));
    } catch (const UsageError& error) {
      messages[row] = error.what();  // of a mix
    } catch (const ScenarioError& error) {
      messages[row] = error.what();
    }
  };
  if (sim::run_tasks(rows.rows.size(), run.threads, run.interrupted, check) == sim::TasksEnd::interrupted) {
    throw Interrupted("interrupted; no row was run");
  }
  TableProblems problems(rows.table.empty() ? file.path : rows.table);
  for (std::size_t row = 0; row < messages.size(); ++row) {
    if (messages[row].empty()) continue;
    for (const auto& [place, text] : row_problems(rows, row, messages[row])) problems.add(place, text);
  }
  if (!problems.empty()) problems.raise();
}

}  // namespace channelcast::scenarios
