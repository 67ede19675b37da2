// What every run file says about itself at its root, and its calendar.
#include <array>
#include <charconv>
#include <chrono>

#include "output/hdf5/attribute.hpp"
#include "output/run_layout.hpp"
#include "sim/error.hpp"
#include "sim/version.hpp"

namespace channelcast::output {

void write_root_attributes(const hdf5::File& file, const RunDescription& description, const RunExtent& extent) {
  const hid_t root = file.id();
  const RunIdentity& identity = description.identity;
  const auto write = [&](const char* name, const auto& value) { hdf5::write_attribute(file, root, name, value); };
  write("filetype", std::string(kFileType));
  write("format_version", std::span<const std::int32_t>(std::array{kFormatMajor, kFormatMinor}));
  write("program_version", std::string(program_version()));
  write("git_revision", std::string(git_revision()));
  write("scenario_name", identity.scenario_name);
  write("scenario_sha256", identity.scenario_sha256);
  write("seed", identity.seed);
  write("stream_version", std::uint64_t{identity.stream_version});
  write("sampling", identity.sampling);
  write("planned_trials", identity.trials);
  write("block_trials", identity.block_lanes);
  write("first_trial", extent.first_trial);
  write("trials", extent.trials);
  write("shard", description.shard);
  write("shards", description.shards);
  write("currency", description.schema.currency);
  write("Conventions", std::string("CF-1.8"));
  write("complete", std::uint64_t{0});
}

std::vector<std::int64_t> period_days(const sim::Schema& schema) {
  if (schema.period_starts.size() != schema.periods) throw InternalError("a start is needed for every period");
  std::vector<std::int64_t> days;
  for (const std::string& text : schema.period_starts) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    const auto read = [&](std::size_t at, std::size_t length, auto& value) {
      if (at + length > text.size()) throw InternalError("not an ISO date: " + text);
      std::from_chars(text.data() + at, text.data() + at + length, value);
    };
    read(0, 4, year);
    read(5, 2, month);
    read(8, 2, day);
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (!date.ok()) throw InternalError("not an ISO date: " + text);
    days.push_back(std::chrono::sys_days(date).time_since_epoch().count());
  }
  for (std::size_t i = days.size(); i-- > 0;) days[i] -= days.front();
  return days;
}

}  // namespace channelcast::output
