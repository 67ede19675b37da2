// Uncertain inputs of one trial, drawn independently or through a Gaussian copula.
#pragma once

#include <vector>

#include "tests/reference/chance.hpp"

namespace channelcast::reference {

/// A value for each of Scenario::uncertain.
[[nodiscard]] std::vector<double> draw_inputs(const models::Scenario& scenario, Chance& chance);

}  // namespace channelcast::reference
