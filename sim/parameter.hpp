// The description of one parameter of a model. Parser, validator, JSON schema, resolved scenario,
// documentation and file attributes all iterate tables of these.
#pragma once

#include <string_view>

namespace channelcast::sim {

/// What a parameter's value may be in a scenario file.
enum class ValueKind {
  uncertain,  ///< a number or a distribution, drawn once a trial
  number,     ///< a plain number
  whole,      ///< a whole number
  flag,       ///< true or false, held as 1 or 0
  choice,     ///< one of `choices`, held as its position
};

/// How a bound is meant.
enum class Bound { inclusive, exclusive };

/// One row of a parameter table. A default of NaN means "absent unless given".
struct ParameterSpec {
  std::string_view table;  ///< scenario table, e.g. "funnel"
  std::string_view key;    ///< key in that table, e.g. "target_rate"
  ValueKind kind;
  std::string_view unit;  ///< "share", "leads/month", "currency", "1" …
  double minimum;
  Bound minimum_bound;
  double maximum;                ///< infinity where there is none
  double default_value;          ///< NaN: absent
  std::string_view choices;      ///< "gamma|lognormal|table" for choices, else empty
  std::string_view description;  ///< one plain sentence for a planner
};

}  // namespace channelcast::sim
