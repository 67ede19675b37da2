// Whether a page of a study is one: what a study forgets is found where the page is made, not in a reader's browser.
#pragma once

#include "scenarios/studies/study_page.hpp"

namespace channelcast::scenarios {

/// Throws InternalError, naming the place, if an id is not one or occurs twice, a phrase is missing in one of
/// the languages, a place {k} has no value or a value no place, a row has not a cell a column, or the vectors of a
/// series do not fit together or the categories.
void check_page(const StudyPage& page);

}  // namespace channelcast::scenarios
