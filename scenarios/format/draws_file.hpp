// The files behind {dist="draws"}: comma-separated tables of a calibration's draws.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace channelcast::scenarios {

/// Reads draws files once each; paths are relative to the scenario's folder.
class DrawsFiles {
 public:
  explicit DrawsFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The numbers of a column, by row. Returns nothing with the reason (file, line, column) if it cannot be read.
  [[nodiscard]] std::optional<std::vector<double>> column(const std::string& file, const std::string& name,
                                                          std::string& reason);

  /// The files asked for so far.
  [[nodiscard]] std::vector<std::string> paths() const;

 private:
  /// Cells stand one after the other in one text: a file of millions of numbers needs little more than its own size.
  struct Table {
    std::string problem;
    std::vector<std::string> header;
    std::string cells;
    std::vector<std::size_t> ends;  ///< end of each cell in `cells`, row by row
    std::vector<int> lines;         ///< line of each row

    void add_row(const std::vector<std::string>& fields, int line);
    [[nodiscard]] std::string_view cell(std::size_t row, std::size_t column) const;
  };
  const Table& table(const std::string& file);

  std::filesystem::path folder_;
  std::map<std::string, Table> tables_;
};

}  // namespace channelcast::scenarios
