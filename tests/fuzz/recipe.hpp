// Run files as recipes: a run file that is right, and what is done to it, as lines of text. A recipe is a hundred times
// smaller than the file it stands for, survives changes of the format, and gets to what lies behind the checksums.
//
//   file BASE                        begins a file: made-up, small, scenario, shard-1, shard-2, shard-3, empty
//   number NAME VALUE                gives an attribute of the root another number
//   remove PATH                      removes a dataset or a group, or the attribute of the root if PATH is @NAME
//   data PATH OFFSET BYTES           changes bytes of a dataset
//   splice PATH OFFSET LENGTH BYTES  replaces a piece of a text or of a list of bytes by a longer or shorter one
//   json PATH POINTER VALUE          gives a value in a JSON text another one; without VALUE: removes it
//   make PATH KIND SHAPE             replaces a dataset by one of that kind and shape (4x2, or "scalar")
//   gzip PATH                        compresses a dataset, as other programs do
//   unsealed                         leaves the checksums as they were: damage
//   poke OFFSET BYTES                changes bytes of the file; OFFSET may count from the end (negative)
//   cut SIZE, append BYTES           ends the file early, or late
//   resealed                         gives the file the checksum of its structure after pokes too
//
// BYTES have escapes (\n, \\, \x1f). Lines that make no sense are left out. First everything that HDF5 does, then the
// checksums of what was changed, then pokes, cuts and appends.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace channelcast::fuzz {

struct Edit {
  std::string op;
  std::vector<std::string> words;
  std::string payload;
};

struct FileRecipe {
  std::string base;
  std::vector<Edit> edits;
};

/// An operation: how many words follow its name, and whether the rest of the line are bytes.
enum class Rest { none, bytes };
struct Operation {
  std::string_view name;
  std::size_t words;
  Rest rest;
};
inline constexpr Operation kOperations[] = {
    {"number", 2, Rest::none}, {"remove", 1, Rest::none},  {"data", 2, Rest::bytes},    {"splice", 3, Rest::bytes},
    {"json", 2, Rest::bytes},  {"make", 3, Rest::none},    {"gzip", 1, Rest::none},     {"poke", 1, Rest::bytes},
    {"cut", 1, Rest::none},    {"append", 0, Rest::bytes}, {"unsealed", 0, Rest::none}, {"resealed", 0, Rest::none},
};

/// The recipes of a text that begins with "file "; nothing for other texts.
[[nodiscard]] std::optional<std::vector<FileRecipe>> parse_recipes(const std::string& text);
[[nodiscard]] std::string to_text(const std::vector<FileRecipe>& recipes);

/// A whole number; 0 for what is none.
[[nodiscard]] std::uint64_t number_of(const std::string& word);

}  // namespace channelcast::fuzz
