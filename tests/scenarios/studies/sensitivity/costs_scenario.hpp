// A programme without leads: its npv is minus its costs, exactly, and nothing in it is luck.
#pragma once

#include <string>

#include "tests/support/scenario_text.hpp"

namespace channelcast::testing {

/// npv = −launch − 12 fixed − pilot.
[[nodiscard]] inline std::string costs_text(const std::string& launch, const std::string& fixed,
                                            const std::string& pilot = "0", const std::string& more = "") {
  return "format = 1\nname = \"costs\"\n[horizon]\nstart = 2025-06-01\nperiods = 12\n[simulation]\nseed = 3\n"
         "[finance]\nlaunch_cost = " +
         launch + "\nfixed_cost_per_month = " + fixed + "\n[[partner]]\nname = \"alpha\"\n[partner.payment]\n" +
         "launch_cost = " + pilot + "\n" + more;
}

/// Leads alone: a year of Poisson counts whose mean a month is `volume`.
[[nodiscard]] inline std::string leads_text(const std::string& volume) {
  return "format = 1\nname = \"leads\"\n[horizon]\nstart = 2025-06-01\nperiods = 12\n[simulation]\nseed = 5\n"
         "[[partner]]\nname = \"alpha\"\n[partner.volume]\nleads_per_month = " +
         volume + "\n";
}

}  // namespace channelcast::testing
