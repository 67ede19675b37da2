#include "output/run_copy.hpp"

#include <algorithm>

#include "sim/error.hpp"

namespace channelcast::output {

void copy_columns(RunStore& from, RunStore& to) {
  const std::uint64_t rows = to.extent().trials;
  std::vector<std::byte> piece;
  for (std::size_t c = 0; c < to.layout().columns.size(); ++c) {
    const std::uint64_t step = piece_rows(to.layout().columns[c].width);
    for (std::uint64_t row = 0; row < rows; row += step) {
      const std::uint64_t count = std::min(step, rows - row);
      from.read_rows(c, row, count, piece);
      to.append(c, count, piece);
    }
    if (from.rows(c) == rows && from.checksum(c) != to.checksum(c)) {
      throw IoError(from.file().name() + ": " + from.layout().dataset(from.layout().columns[c]).path +
                    " does not read back as it was written: check the disk");
    }
  }
}

}  // namespace channelcast::output
