// Draws of the reference, from the standard library only.
#pragma once

#include <cmath>
#include <random>
#include <vector>

#include "tests/reference/lead_by_lead.hpp"

namespace channelcast::reference {

class Chance {
 public:
  explicit Chance(Generator& generator) : generator_(generator) {}

  /// In (0, 1).
  double uniform() {
    double u = 0.0;
    while (u == 0.0) u = std::generate_canonical<double, 53>(generator_);
    return u;
  }
  bool happens(double probability) { return uniform() < probability; }
  /// With mean 1.
  double exponential() { return -std::log(uniform()); }
  double normal() { return normal_(generator_); }
  double gamma(double shape, double scale) { return std::gamma_distribution<double>(shape, scale)(generator_); }
  double weibull(double shape, double scale) { return std::weibull_distribution<double>(shape, scale)(generator_); }
  double lognormal(double log_mean, double log_sd) {
    return std::lognormal_distribution<double>(log_mean, log_sd)(generator_);
  }
  /// Takes `count` of the items, any of them equally likely, out of `items`.
  template <typename Item>
  std::vector<Item> take(std::vector<Item>& items, std::size_t count) {
    std::vector<Item> taken;
    for (; taken.size() < count; items.pop_back()) {
      const auto at = std::uniform_int_distribution<std::size_t>(0, items.size() - 1)(generator_);
      std::swap(items[at], items.back());
      taken.push_back(items.back());
    }
    return taken;
  }

 private:
  Generator& generator_;
  std::normal_distribution<double> normal_;
};

}  // namespace channelcast::reference
