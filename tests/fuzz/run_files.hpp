// The file that an input of a target stands for.
#pragma once

#include <string>

#include "tests/fuzz/recipe.hpp"

namespace channelcast::fuzz {

/// Makes the file of a recipe.
void write_file(const FileRecipe& recipe, const std::string& path);

}  // namespace channelcast::fuzz
