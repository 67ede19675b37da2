// The files behind {dist="draws"}: comma-separated tables of a calibration's draws.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace channelcast::scenarios {

/// Reads draws files once each; paths are relative to the scenario's folder.
class DrawsFiles {
 public:
  explicit DrawsFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The numbers of a column, by row. Returns nothing with the reason (file, line, column) if it cannot be read.
  [[nodiscard]] std::optional<std::vector<double>> column(const std::string& file, const std::string& name,
                                                          std::string& reason);

 private:
  struct Table {
    std::string problem;
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
    std::vector<int> lines;  ///< line of each row
  };
  const Table& table(const std::string& file);

  std::filesystem::path folder_;
  std::map<std::string, Table> tables_;
};

}  // namespace channelcast::scenarios
