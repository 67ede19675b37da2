// The file of a study (comparison, sensitivity, batch …): tables and columns of numbers in HDF5, with units, names and
// where they come from; read with the same tools as a run file (docs/formats/study-file.md).
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace channelcast::output {

/// An axis: the path of its dimension scale and what stands along it.
struct StudyAxis {
  std::string path;  ///< "/alternative"
  std::variant<std::vector<std::string>, std::vector<double>, std::vector<std::int64_t>> values;
  std::string unit = "1";
  std::string long_name;
};

/// An array along axes, the last one fastest. Its length must be the product of theirs.
struct StudyArray {
  std::string path;  ///< "/outcomes/npv"
  std::vector<std::string> axes;
  std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>> values;
  std::string unit = "1";
  std::string long_name;
};

/// What a study's file holds.
struct StudyFile {
  std::string filetype;  ///< "channelcast-comparison"
  std::string scenario_name;
  std::string scenario_sha256;
  std::uint64_t seed = 0;
  std::string sampling;
  std::string currency;
  std::string scenario_text;      ///< /scenario/text
  std::string scenario_resolved;  ///< /scenario/resolved, JSON
  std::vector<StudyAxis> axes;
  std::vector<StudyArray> arrays;
};

/// Writes the file under a temporary name and renames it when it is whole, `complete` set last. Throws IoError.
void write_study_file(const std::string& path, const StudyFile& study);

}  // namespace channelcast::output
