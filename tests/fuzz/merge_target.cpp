// Merging: up to four files, each by a recipe (tests/fuzz/recipe.hpp), are refused with a message or become one run
// file that is whole. Whatever happens, nothing else is left beside.
#include "output/run_file.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/run_files.hpp"

namespace {

using namespace channelcast;

std::vector<std::string> write_shards(const std::vector<fuzz::FileRecipe>& recipes) {
  std::vector<std::string> paths;
  for (const fuzz::FileRecipe& recipe : recipes) {
    paths.push_back(fuzz::folder().file("shard" + std::to_string(paths.size() + 1) + ".h5"));
    fuzz::write_file(recipe, paths.back());
  }
  return paths;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto recipes = fuzz::parse_recipes(fuzz::text_of(data, size));
  if (!recipes) return 0;
  const std::vector<std::string> shards = write_shards(*recipes);
  const std::string merged = fuzz::folder().file("merged.h5");
  bool done = false;
  fuzz::expect_documented_errors([&] {
    output::merge_shards(shards, merged);
    done = true;
  });
  if (done) {
    try {
      output::RunReader(merged).verify();
    } catch (const Error& error) {
      fuzz::finding("a merged file that cannot be read", error.what());
    }
  }
  std::remove(merged.c_str());
  for (const std::string& shard : shards) std::remove(shard.c_str());
  if (const std::string left = fuzz::folder().content(); !left.empty()) fuzz::finding("left beside", left);
  return 0;
}
