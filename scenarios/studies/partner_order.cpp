#include "scenarios/studies/partner_order.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace channelcast::scenarios {

std::vector<std::size_t> partners_by(const output::RunReader& run,
                                     const std::vector<models::PartnerOutcome>& outcomes) {
  std::vector<std::size_t> order(run.description().schema.entities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<std::vector<double>> keys;
  for (const models::PartnerOutcome outcome : outcomes) {
    std::vector<double>& means = keys.emplace_back();
    for (const std::size_t p : order) {
      const double mean = run.entity_summary(p, std::size_t(outcome)).mean;
      means.push_back(std::isnan(mean) ? 0.0 : mean);  // a damaged run's; an order needs numbers
    }
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    for (const std::vector<double>& key : keys) {
      if (key[a] != key[b]) return key[a] > key[b];
    }
    return false;
  });
  return order;
}

std::vector<std::size_t> partners_by_size(const output::RunReader& run) {
  return partners_by(run, {models::PartnerOutcome::contracts, models::PartnerOutcome::leads});
}

}  // namespace channelcast::scenarios
