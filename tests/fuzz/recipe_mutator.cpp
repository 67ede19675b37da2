// Mutations of recipes for libFuzzer: by the line and the word, with the names that a run file has. Bytes within a line
// are left to libFuzzer's own mutations.
#include <algorithm>
#include <array>
#include <cstring>
#include <random>

#include <nlohmann/json.hpp>

#include "tests/fuzz/base_files.hpp"
#include "tests/fuzz/file_editor.hpp"
#include "tests/fuzz/fuzz_target.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t maximum);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t maximum,
                                               unsigned seed);

namespace channelcast::fuzz {

namespace {

using Random = std::mt19937;

constexpr std::array kBases = {"made-up", "small", "scenario", "shard-1", "shard-2", "shard-3", "empty"};
constexpr std::array kAttributes = {"seed",   "stream_version", "planned_trials", "block_trials", "shard",
                                    "shards", "first_trial",    "trials",         "complete",     "format_version"};
constexpr std::array kNumbers = {"0",
                                 "1",
                                 "2",
                                 "3",
                                 "7",
                                 "8",
                                 "16",
                                 "40",
                                 "127",
                                 "128",
                                 "255",
                                 "4096",
                                 "65535",
                                 "1000000",
                                 "2147483648",
                                 "4294967295",
                                 "4294967296",
                                 "1000000000000",
                                 "2305843009213693952",
                                 "9223372036854775807",
                                 "18446744073709551615"};
constexpr std::array kShapes = {"scalar",
                                "0",
                                "1",
                                "2",
                                "3",
                                "6",
                                "7",
                                "8",
                                "13",
                                "40",
                                "41",
                                "3x6",
                                "7x6",
                                "7x3x6",
                                "40x3",
                                "4294967296",
                                "1152921504606846976",
                                "4294967296x4294967296"};
constexpr std::array kKinds = {"int64", "int32", "float64", "float32",    "uint8",
                               "note",  "text",  "record",  "text-record"};
constexpr std::array kValues = {"null",
                                "0",
                                "-1",
                                "1e308",
                                "1e400",
                                "true",
                                "\"\"",
                                "\"leads\"",
                                "\"/\"",
                                "\"a/b\"",
                                "\"trial\"",
                                "\"count\"",
                                "\"moment\"",
                                "\"high_is_bad\"",
                                "[]",
                                "{}",
                                "[0]",
                                "[\"\"]",
                                "[\"2025-01-01\"]",
                                "\"2025-13-01\"",
                                "\"\\u0000\"",
                                "\"\\u001b[2J\"",
                                "18446744073709551615",
                                ""};
constexpr std::array kReals = {std::string_view("\0\0\0\0\0\0\xf8\x7f", 8),
                               std::string_view("\0\0\0\0\0\0\xf0\x7f", 8),
                               std::string_view("\0\0\0\0\0\0\xf0\xff", 8),
                               std::string_view("\xff\xff\xff\xff\xff\xff\xef\x7f", 8),
                               std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff", 8),
                               std::string_view("\0\0\0\0\0\0\0\0", 8),
                               std::string_view("\x80\xff\xff\xff\xff\x01", 6)};

template <class List>
std::string one_of(const List& list, Random& random) {
  return std::string(list[random() % std::size(list)]);
}

/// Names that a base has.
struct Names {
  std::vector<std::string> paths;
  std::vector<std::string> pointers;  ///< into its schema
};

Names names_in(const std::string& base) {
  const std::string path = folder().file("names.h5");
  testing::write_bytes(path, base_file(base));
  const FileEditor editor(path);
  std::remove(path.c_str());
  Names names{editor.paths(), {}};
  const nlohmann::json schema = nlohmann::json::parse(editor.text("/scenario/schema"), nullptr, false);
  if (schema.is_discarded()) return names;
  const nlohmann::json flat = schema.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    // Their parents too: a whole list, a whole metric.
    for (std::string at = pointer; !at.empty(); at.resize(at.rfind('/'))) names.pointers.push_back(at);
  }
  return names;
}

const Names& names_of(const std::string& base) {
  static const Names made_up = names_in("made-up");
  static const Names shard = names_in("shard-1");
  static const Names scenario = names_in("scenario");
  return base == "scenario" ? scenario : base.starts_with("shard") ? shard : made_up;
}

std::string path_in(const std::string& base, Random& random) {
  constexpr std::array kImportant = {"/scenario/schema", "/checksums", "/shard_state/accumulated", "/trial",
                                     "/scenario/text"};
  return random() % 3 == 0 ? one_of(kImportant, random) : one_of(names_of(base).paths, random);
}

std::string some_number(Random& random) {
  return random() % 2 == 0 ? one_of(kNumbers, random) : std::to_string(random() % 2000);
}

std::string mutated(std::string bytes, Random& random) {
  if (random() % 4 == 0) return one_of(kReals, random);
  const std::size_t most = bytes.size() + 16;
  const std::size_t size = bytes.size();
  bytes.resize(most);
  bytes.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(bytes.data()), size, most));
  return bytes;
}

Edit new_edit(const std::string& base, Random& random) {
  const Operation& operation = kOperations[random() % std::size(kOperations)];
  Edit edit{std::string(operation.name), {}, {}};
  const std::string path = path_in(base, random);
  if (edit.op == "number") {
    edit.words = {one_of(kAttributes, random), some_number(random)};
  } else if (edit.op == "remove") {
    edit.words = {random() % 3 == 0 ? "@" + one_of(kAttributes, random) : path};
  } else if (edit.op == "data") {
    edit.words = {path, some_number(random)};
  } else if (edit.op == "splice") {
    edit.words = {path, some_number(random), std::to_string(random() % 20)};
  } else if (edit.op == "json") {
    edit.words = {"/scenario/schema", one_of(names_of(base).pointers, random)};
    edit.payload = one_of(kValues, random);
  } else if (edit.op == "make") {
    edit.words = {path, one_of(kKinds, random), one_of(kShapes, random)};
  } else if (edit.op == "gzip") {
    edit.words = {path};
  } else if (edit.op == "poke" || edit.op == "cut") {
    edit.words = {std::to_string(random() % (random() % 2 == 0 ? 200'000 : 8000))};
  }
  if (operation.rest == Rest::bytes && edit.op != "json") edit.payload = mutated({}, random);
  return edit;
}

const Operation& operation_of(const Edit& edit) {
  return *std::find_if(std::begin(kOperations), std::end(kOperations),
                       [&](const Operation& candidate) { return candidate.name == edit.op; });
}

void change(Edit& edit, const std::string& base, Random& random) {
  const bool has_bytes = operation_of(edit).rest == Rest::bytes;
  const std::size_t parts = edit.words.size() + (has_bytes ? 2 : 0);
  if (parts == 0) return;
  const std::size_t part = random() % parts;
  if (part >= edit.words.size()) {
    edit.payload = edit.op == "json" && random() % 2 == 0 ? one_of(kValues, random) : mutated(edit.payload, random);
    return;
  }
  std::string& word = edit.words[part];
  if (word.starts_with("/")) {
    word = edit.op == "json" && part == 1 ? one_of(names_of(base).pointers, random) : path_in(base, random);
  } else if (edit.op == "make") {
    word = part == 1 ? one_of(kKinds, random) : one_of(kShapes, random);
  } else if (edit.op == "number" && part == 0) {
    word = one_of(kAttributes, random);
  } else {
    word = random() % 2 == 0 ? some_number(random) : std::to_string(number_of(word) + random() % 16 - 8);
  }
}

void mutate(FileRecipe& recipe, Random& random) {
  std::vector<Edit>& edits = recipe.edits;
  const unsigned what = random() % 16;
  if (edits.empty() || what < 5) {
    edits.insert(edits.begin() + std::ptrdiff_t(random() % (edits.size() + 1)), new_edit(recipe.base, random));
  } else if (what < 12) {
    change(edits[random() % edits.size()], recipe.base, random);
  } else if (what < 14) {
    edits.erase(edits.begin() + std::ptrdiff_t(random() % edits.size()));
  } else if (what < 15) {
    std::swap(edits[random() % edits.size()], edits[random() % edits.size()]);
  } else {
    recipe.base = one_of(kBases, random);
  }
}

void mutate(std::vector<FileRecipe>& recipes, Random& random) {
  const bool several = recipes.size() > 1;
  const std::vector<Edit>& edits = recipes[random() % recipes.size()].edits;
  if (several && !edits.empty() && random() % 8 == 0) {  // what is the same in all files is not noticed by comparing
    const Edit same = edits[random() % edits.size()];
    for (FileRecipe& recipe : recipes) recipe.edits.push_back(same);
  } else if (several && random() % 16 == 0) {
    std::swap(recipes[random() % recipes.size()], recipes[random() % recipes.size()]);
  } else if (several && random() % 32 == 0) {
    recipes.erase(recipes.begin() + std::ptrdiff_t(random() % recipes.size()));
  } else if (several && random() % 32 == 0) {
    recipes.push_back(recipes[random() % recipes.size()]);
  } else {
    mutate(recipes[random() % recipes.size()], random);
  }
}

}  // namespace

}  // namespace channelcast::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t maximum,
                                               unsigned seed) {
  using namespace channelcast::fuzz;
  std::mt19937 random(seed);
  auto recipes = parse_recipes(text_of(data, size));
  if (!recipes) {
    if (random() % 8 != 0) return LLVMFuzzerMutate(data, size, maximum);
    recipes = parse_recipes(FUZZ_FIRST_RECIPE);
  }
  for (unsigned times = 1 + random() % 3; times > 0; --times) mutate(*recipes, random);
  const std::string text = to_text(*recipes);
  if (text.size() > maximum) return LLVMFuzzerMutate(data, size, maximum);
  std::memcpy(data, text.data(), text.size());
  return text.size();
}
