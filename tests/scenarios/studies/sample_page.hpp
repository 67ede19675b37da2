// A made-up page of a study with every kind of item, value and chart, for the tests of its JSON and of its looks.
#pragma once

#include "scenarios/studies/study_page.hpp"

namespace channelcast::scenarios {

/// Figures of no scenario. Among them is what is hard to show: numbers that are none, open intervals, long and hostile
/// names, labels at one place.
[[nodiscard]] StudyPage sample_page();

}  // namespace channelcast::scenarios
