// A finished batch as text, JSON (docs/formats/batch-json.md), HDF5 and CSV tables (docs/formats/batch-table.md), page.
#pragma once

#include <string>

#include "output/study_file.hpp"
#include "scenarios/studies/batch/batch.hpp"
#include "scenarios/studies/study_page.hpp"

namespace channelcast::scenarios {

/// Text of at most 80 columns; `by` is the metric that says which row is best (position in paired_metrics()).
[[nodiscard]] std::string batch_text(const BatchResult& batch, std::size_t by);
[[nodiscard]] std::string batch_json(const BatchResult& batch, std::size_t by);
[[nodiscard]] StudyPage batch_page(const BatchResult& batch, std::size_t by);
[[nodiscard]] output::StudyFile batch_file(const BatchResult& batch);
/// One row a run under a heading.
[[nodiscard]] std::string batch_csv(const BatchResult& batch);

}  // namespace channelcast::scenarios
