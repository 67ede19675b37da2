// The page of a comparison.
#pragma once

#include "scenarios/studies/compare/comparison.hpp"
#include "scenarios/studies/study_page.hpp"

namespace channelcast::scenarios {

[[nodiscard]] StudyPage comparison_page(const Comparison& comparison);

}  // namespace channelcast::scenarios
