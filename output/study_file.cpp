#include "output/study_file.hpp"

#include <array>
#include <type_traits>

#include "output/files.hpp"
#include "output/hdf5/attribute.hpp"
#include "output/hdf5/store.hpp"
#include "output/run_layout.hpp"
#include "sim/error.hpp"
#include "sim/rng/stream.hpp"
#include "sim/version.hpp"

namespace channelcast::output {

namespace {

using hdf5::DatasetSpec;
using hdf5::Element;

// What a dataset of these values is, and the numbers to be written into it (texts are given when it is made).
template <class Values>
DatasetSpec spec_of(const Values& part, std::vector<std::string> axes) {
  DatasetSpec spec;
  spec.path = part.path;
  spec.axes = std::move(axes);
  spec.unit = part.unit;
  spec.long_name = part.long_name;
  std::visit(
      [&](const auto& values) {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_same_v<Value, std::string>) {
          spec.element = Element::text;
          spec.texts = values;
        } else {
          spec.element = std::is_same_v<Value, double> ? Element::real : Element::whole;
        }
      },
      part.values);
  return spec;
}

hdf5::Structure structure_of(const StudyFile& study) {
  hdf5::Structure structure;
  for (const StudyAxis& axis : study.axes) {
    const std::uint64_t size = std::visit([](const auto& values) { return std::uint64_t(values.size()); }, axis.values);
    structure.scales.push_back({axis.path, size});
    structure.datasets.push_back(spec_of(axis, {axis.path}));
  }
  const auto text = [&](const char* path, const char* name, const std::string& content) {
    DatasetSpec spec;
    spec.path = path;
    spec.element = Element::text;
    spec.long_name = name;
    spec.texts = {content};
    structure.datasets.push_back(std::move(spec));
  };
  text("/scenario/text", "scenario file as read", study.scenario_text);
  text("/scenario/resolved", "every input with value, unit and provenance (JSON)", study.scenario_resolved);
  for (const StudyArray& array : study.arrays) {
    DatasetSpec spec = spec_of(array, array.axes);
    const std::uint64_t size =
        std::visit([](const auto& values) { return std::uint64_t(values.size()); }, array.values);
    if (structure.elements(spec) != size)
      throw InternalError("the length of " + array.path + " is not that of its axes");
    structure.datasets.push_back(std::move(spec));
  }
  return structure;
}

void write_attributes(const hdf5::File& file, const StudyFile& study) {
  const auto write = [&](const char* name, const auto& value) { hdf5::write_attribute(file, file.id(), name, value); };
  write("filetype", study.filetype);
  write("format_version", std::span<const std::int32_t>(std::array{kFormatMajor, kFormatMinor}));
  write("program_version", std::string(program_version()));
  write("git_revision", std::string(git_revision()));
  write("scenario_name", study.scenario_name);
  write("scenario_sha256", study.scenario_sha256);
  write("seed", study.seed);
  write("stream_version", std::uint64_t{sim::kStreamVersion});
  write("sampling", study.sampling);
  write("currency", study.currency);
  write("Conventions", std::string("CF-1.8"));
  write("complete", std::uint64_t{0});
}

template <class Part>
void write_numbers(const hdf5::File& file, const Part& part, const DatasetSpec& spec) {
  std::visit(
      [&](const auto& values) {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (!std::is_same_v<Value, std::string>) {
          if (!values.empty()) hdf5::Dataset(file, spec).write(values.data());
        }
      },
      part.values);
}

}  // namespace

void write_study_file(const std::string& path, const StudyFile& study) {
  hdf5::silence();
  check_folder(path);
  const hdf5::Structure structure = structure_of(study);
  check_room(path, structure.bytes());
  const std::string partial = path + ".partial";
  try {
    hdf5::File file = hdf5::File::create(partial);
    hdf5::make_structure(file, structure);
    write_attributes(file, study);
    std::size_t at = 0;
    for (const StudyAxis& axis : study.axes) write_numbers(file, axis, structure.datasets[at++]);
    at += 2;  // the texts of the scenario
    for (const StudyArray& array : study.arrays) write_numbers(file, array, structure.datasets[at++]);
    file.flush();
    hdf5::overwrite_attribute(file, file.id(), "complete", 1);
    file.close();
  } catch (...) {
    remove_file(partial);
    throw;
  }
  publish(partial, path);
}

}  // namespace channelcast::output
