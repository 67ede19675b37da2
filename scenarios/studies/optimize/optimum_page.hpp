// The page of an optimum.
#pragma once

#include "scenarios/studies/optimize/optimize.hpp"
#include "scenarios/studies/study_page.hpp"

namespace channelcast::scenarios {

[[nodiscard]] StudyPage optimum_page(const Optimum& optimum);

}  // namespace channelcast::scenarios
