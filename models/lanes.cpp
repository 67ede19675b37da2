#include "models/lanes.hpp"

namespace channelcast::models {

namespace {
// Room of a table that begins to grow: little where a block has few lanes, as with many partners or one trial. (No
// power of two, at which rows would be in each other's way.)
std::size_t first_room(std::size_t lanes) { return std::min<std::size_t>(4 * lanes, 72); }
}  // namespace

void LaneTable::append(const LaneTable& more) {
  reserve(std::max(rows_, more.rows_), lanes_ + more.lanes_);
  for (std::size_t row = 0; row < more.rows_; ++row) {
    std::ranges::copy(more[row], values_.begin() + std::ptrdiff_t(row * stride_ + lanes_));
  }
  lanes_ += more.lanes_;
}

void LaneTable::widen(std::size_t more) {
  reserve(rows_, lanes_ + more);
  lanes_ += more;
}

void LaneTable::reserve(std::size_t rows, std::size_t lanes) {
  if (rows <= rows_ && lanes <= stride_) return;
  const std::size_t stride = lanes <= stride_ ? stride_ : std::max({lanes, 2 * stride_, first_room(lanes)});
  std::vector<double> values(rows * stride, 0.0);
  for (std::size_t row = 0; row < rows_; ++row) {
    std::ranges::copy((*this)[row], values.begin() + std::ptrdiff_t(row * stride));
  }
  values_ = std::move(values);
  rows_ = rows;
  stride_ = stride;
}

}  // namespace channelcast::models
