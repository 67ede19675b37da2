// What many trials report, by column, from the engine and from the reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/reference/lead_by_lead.hpp"

namespace channelcast::reference {

using Column = std::vector<double>;  ///< one value a trial

struct Columns {
  std::vector<Column> outcomes;               ///< by models::Outcome
  std::vector<std::vector<Column>> partners;  ///< by partner and models::PartnerOutcome
  std::vector<std::vector<Column>> series;    ///< by period and models::Series
  /// By period, partner and models::PartnerSeries.
  std::vector<std::vector<std::vector<Column>>> partner_series;
};

/// Trials of the engine, run block by block in memory. Whole blocks: `trials` is rounded up to a multiple of 256.
[[nodiscard]] Columns engine_columns(const models::Scenario& scenario, std::size_t trials);
/// Trials of the reference.
[[nodiscard]] Columns reference_columns(const models::Scenario& scenario, std::size_t trials, std::uint64_t seed,
                                        Bias bias = Bias::none);

}  // namespace channelcast::reference
