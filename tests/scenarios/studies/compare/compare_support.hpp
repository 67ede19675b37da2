// Small programmes whose outcomes are known in closed form.
#pragma once

#include <fmt/format.h>
#include <gsl/gsl_randist.h>

#include <string>
#include <vector>

#include "tests/support/scenario_text.hpp"

namespace channelcast::testing {

/// A partner whose contracts of the only month are Poisson with mean `leads` × 0.1; each contract brings a set-up fee
/// of 100 at once, and the launch costs `launch`: npv = 100 contracts − launch − fixed costs.
struct SimplePartner {
  std::string name;
  double leads;
  double launch = 0.0;
};
[[nodiscard]] inline std::string simple_programme(const std::vector<SimplePartner>& partners) {
  std::string text =
      "format = 1\n[horizon]\nstart = 2025-06-01\nperiods = 1\n[partner_defaults.funnel]\ntarget_rate = 0.1\n"
      "deal_rate = 1\n[partner_defaults.customer]\nsetup_fee = 100\n";
  for (const SimplePartner& partner : partners) {
    text += fmt::format(
        "[[partner]]\nname = \"{}\"\n[partner.volume]\nleads_per_month = {}\n[partner.payment]\n"
        "launch_cost = {}\n",
        partner.name, partner.leads, partner.launch);
  }
  return text;
}

/// P(X > Y) and P(X = Y) of independent Poisson counts.
struct PoissonOrder {
  double greater = 0.0;
  double equal = 0.0;
};
[[nodiscard]] inline PoissonOrder poisson_order(double mean_x, double mean_y) {
  PoissonOrder order;
  double below = 0.0;  // P(Y < k)
  for (unsigned k = 0; k < 400; ++k) {
    const double x = gsl_ran_poisson_pdf(k, mean_x);
    order.greater += x * below;
    const double y = gsl_ran_poisson_pdf(k, mean_y);
    order.equal += x * y;
    below += y;
  }
  return order;
}

}  // namespace channelcast::testing
