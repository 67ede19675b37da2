// The independent factors behind a scenario's uncertain inputs: what a variance can be divided among.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "models/scenario.hpp"

namespace channelcast::scenarios {

/// Inputs that are drawn independently of all others, but not of each other, or that are looked at as one.
struct Factor {
  enum class Kind {
    single,      ///< one input
    correlated,  ///< inputs tied by [[correlation]], perhaps over files of draws
    draws,       ///< inputs that share the rows of one file
    members,     ///< one parameter of all members of a `count`ed group, each with a draw of its own
    others,      ///< every input that is not looked at by itself
  };
  Kind kind = Kind::single;
  std::string name;                 ///< the path; for several inputs what they have in common
  std::vector<std::size_t> inputs;  ///< positions in Scenario::uncertain, ascending
};

/// The name of a kind in files: "single", "correlated" …
[[nodiscard]] const char* name_of(Factor::Kind kind);

/// The factors of a scenario, in the order of their first inputs. Inputs that are correlated or share a file of draws
/// are one; so is one parameter of a `count`ed group (as "partner.GROUP.TABLE.KEY") if it is independent.
[[nodiscard]] std::vector<Factor> factors_of(const models::Scenario& scenario);

/// Those with an input whose path matches a pattern (* and ? as in a shell; a dot is a character like any other), each
/// input by itself where it is independent; all others as one factor at the end. Throws UsageError that names the
/// option and the pattern that matches nothing.
[[nodiscard]] std::vector<Factor> factors_matching(const models::Scenario& scenario,
                                                   const std::vector<std::string>& patterns);

/// The `most` factors of the highest weight, in the order given, and all others as one factor at the end.
[[nodiscard]] std::vector<Factor> strongest_factors(const std::vector<Factor>& factors,
                                                    const std::vector<double>& weights, std::size_t most);

}  // namespace channelcast::scenarios
