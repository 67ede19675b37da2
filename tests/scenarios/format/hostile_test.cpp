// Files nobody wrote on purpose: each ends in a clear error, none in a crash.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "tests/scenarios/format/format_support.hpp"

namespace channelcast::scenarios {
namespace {

using test::contains;
using test::errors_of;
using test::kSmall;

std::string repeated(const std::string& text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) {
    result += text;
  }
  return result;
}

TEST(HostileFiles, Syntax) {
  EXPECT_TRUE(contains(errors_of("[horizon\n"), "test.toml:1:9: this is not valid TOML"));
  EXPECT_TRUE(contains(errors_of(""), "test.toml: the file is empty"));
  EXPECT_TRUE(contains(errors_of("\r\n \t\n"), "the file is empty"));
  EXPECT_TRUE(contains(errors_of("name = \"\xff\xfe\"\n"), "invalid utf-8"));
  EXPECT_TRUE(contains(errors_of(std::string("a = 1\0b", 7)), "not valid TOML"));
  EXPECT_TRUE(contains(errors_of("a = 1\na = 2\n"), "not valid TOML"));
  EXPECT_TRUE(contains(errors_of("a = 99999999999999999999\n"), "not valid TOML"));
}

TEST(HostileFiles, DeepNesting) {
  EXPECT_TRUE(contains(errors_of("a" + repeated(".a", 1'000'000) + " = 1\n"), "more than 64 parts"));
  EXPECT_TRUE(contains(errors_of("[a" + repeated(".a", 1'000'000) + "]\n"), "more than 64 parts"));
  EXPECT_TRUE(contains(errors_of("a = {" + repeated("\"b\" . ", 100'000) + "c = 1}\n"), "more than 64 parts"));
  EXPECT_TRUE(contains(errors_of("a = " + repeated("[", 100'000) + repeated("]", 100'000)), "not valid TOML"));
  EXPECT_TRUE(contains(errors_of("a = " + repeated("{a=", 100'000) + "1" + repeated("}", 100'000)), "not valid TOML"));
  EXPECT_TRUE(contains(
      errors_of(kSmall + "[partner.funnel]\nwin_rate = " + repeated("{dist=", 200) + "1" + repeated("}", 200) + "\n"),
      "partner.alpha.funnel.win_rate.dist"));
}

TEST(HostileFiles, DotsInTextAreNoNesting) {
  EXPECT_EQ(errors_of("description = \"" + repeated(".", 500) + "\"\nname = '''\n" + repeated(".", 99) + "\n'''\n#" +
                      repeated(".", 99) + "\n" + kSmall),
            "");
}

TEST(HostileFiles, ControlCharactersDoNotReachTheTerminal) {
  EXPECT_FALSE(contains(errors_of(kSmall + "\"\\u001b[2J\" = 1\n"), "\x1b"));
}

TEST(HostileFiles, RandomBytesAndCutFiles) {
  std::mt19937 random(7);
  const std::string starter = starter_scenario();
  for (int round = 0; round < 200; ++round) {
    std::string text = starter;
    switch (round % 3) {
      case 0: text.resize(random() % text.size()); break;
      case 1:
        for (int i = 0; i < 20; ++i) {
          text[random() % text.size()] = char(random() % 256);
        }
        break;
      default:
        text.resize(random() % 3000);
        std::generate(text.begin(), text.end(), [&] { return char(random() % 256); });
    }
    try {
      (void)test::parse(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.exit_code(), 3) << error.what();
    }
  }
}

/// Every value of the starter replaced by values of other kinds: an error or a scenario, no crash.
TEST(HostileFiles, WrongValuesEverywhere) {
  const std::vector<std::string> values = {"-1",
                                           "1e308",
                                           "nan",
                                           "\"x\"",
                                           "true",
                                           "[]",
                                           "{}",
                                           "2025-01-01",
                                           "[[1]]",
                                           "{dist = \"pert\"}",
                                           "9223372036854775807"};
  const std::string starter = starter_scenario();
  std::size_t lines = 0;
  for (std::size_t at = 0; at < starter.size(); at = starter.find('\n', at) + 1) {
    const std::size_t end = starter.find('\n', at);
    const std::size_t equals = starter.find(" = ", at);
    if (starter[at] == '#' || equals > end) {
      continue;
    }
    const std::string& value = values[lines++ % values.size()];
    const std::string text = starter.substr(0, equals + 3) + value + starter.substr(end);
    try {
      (void)test::parse(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.exit_code(), 3) << error.what();
    }
  }
  EXPECT_GT(lines, 80u);
}

TEST(HostileFiles, FilesThatCannotBeRead) {
  const auto folder = std::filesystem::temp_directory_path() / ("channelcast-hostile-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto failure = [](const std::string& path) {
    try {
      (void)load_scenario(path, {});
    } catch (const IoError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_TRUE(contains(failure((folder / "none.toml").string()), "there is no such file"));
  EXPECT_TRUE(contains(failure(folder.string()), "is a folder"));
  const auto large = folder / "large.toml";
  std::ofstream(large) << "a = 1\n";
  std::filesystem::resize_file(large, 200u << 20);
  EXPECT_TRUE(contains(failure(large.string()), "is larger than 16 MB"));
  EXPECT_TRUE(contains(failure("/dev/zero"), "is larger than 16 MB"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace channelcast::scenarios
