// Which runs a sensitivity study is made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/scenario.hpp"
#include "scenarios/studies/sensitivity/sensitivity.hpp"

namespace channelcast::scenarios {

/// The factors before anything is known of their strength.
[[nodiscard]] std::vector<Factor> candidates(const models::Scenario& scenario, const SensitivityOptions& options);
/// Whether there are too many of them, so that the strongest have to be found first.
[[nodiscard]] bool has_to_screen(const std::vector<Factor>& factors, const SensitivityOptions& options);
/// Rows of the design: the power of two that is asked for or the next one.
[[nodiscard]] std::uint64_t rows_of(const SensitivityOptions& options);

/// Whether a group's own effect can be divided among its inputs: correlated, continuous, at most five.
[[nodiscard]] bool can_be_divided(const Factor& factor, const models::Scenario& scenario);

/// Quantile of an input; of draws over the file's rows (type 7).
[[nodiscard]] double input_quantile(const sim::Distribution& distribution, double p);
/// A bar for each input of the factors, one for all members of a group, none for the inputs that are not looked at.
[[nodiscard]] std::vector<TornadoBar> bars_of(const std::vector<Factor>& factors, const models::Scenario& scenario);

}  // namespace channelcast::scenarios
