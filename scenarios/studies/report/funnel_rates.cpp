#include "scenarios/studies/report/funnel_rates.hpp"

#include <limits>

namespace channelcast::scenarios {

namespace {

using models::Outcome;
using models::PartnerOutcome;

template <class Id>
struct RateOf {
  const char* key;
  Id part;
  Id whole;
};

constexpr RateOf<Outcome> kRates[] = {
    {"contact", Outcome::contacted, Outcome::worked}, {"target", Outcome::target_leads, Outcome::contacted},
    {"deal", Outcome::deals, Outcome::target_leads},  {"win", Outcome::won_deals, Outcome::deals},
    {"contract", Outcome::contracts, Outcome::leads},
};
constexpr RateOf<PartnerOutcome> kPartnerRates[] = {
    {"contact", PartnerOutcome::contacted, PartnerOutcome::worked},
    {"target", PartnerOutcome::target_leads, PartnerOutcome::contacted},
    {"deal", PartnerOutcome::deals, PartnerOutcome::target_leads},
    {"win", PartnerOutcome::won_deals, PartnerOutcome::deals},
    {"contract", PartnerOutcome::contracts, PartnerOutcome::leads},
};

/// One partner's column of a [trial × entity] table.
std::vector<double> column_of(const std::vector<double>& table, std::size_t entity, std::size_t entities) {
  std::vector<double> column;
  column.reserve(table.size() / entities);
  for (std::size_t at = entity; at < table.size(); at += entities) column.push_back(table[at]);
  return column;
}

sim::Ratio ratio_of_means(const output::RunReader& run, std::size_t partner, const RateOf<PartnerOutcome>& rate) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const double whole = run.entity_summary(partner, std::size_t(rate.whole)).mean;
  const double part = run.entity_summary(partner, std::size_t(rate.part)).mean;
  return {whole > 0.0 ? part / whole : kNan, kNan, {kNan, kNan, kNan}};
}

}  // namespace

std::vector<FunnelRate> funnel_rates(const output::RunReader& run) {
  std::vector<FunnelRate> rates;
  for (const auto& rate : kRates) {
    rates.push_back(
        {rate.key, sim::ratio_of(run.outcome(std::size_t(rate.part)), run.outcome(std::size_t(rate.whole)))});
  }
  return rates;
}

std::vector<std::vector<FunnelRate>> partner_funnel_rates(const output::RunReader& run,
                                                          const std::vector<std::size_t>& partners) {
  std::vector<std::vector<FunnelRate>> rates(partners.size());
  const std::size_t entities = run.description().schema.entities.size();
  for (const auto& rate : kPartnerRates) {
    std::vector<double> part;
    std::vector<double> whole;
    if (run.description().keep_entity_outcomes) {
      part = run.entity_outcome(std::size_t(rate.part));
      whole = run.entity_outcome(std::size_t(rate.whole));
    }
    for (std::size_t k = 0; k < partners.size(); ++k) {
      const sim::Ratio ratio =
          part.empty() ? ratio_of_means(run, partners[k], rate)
                       : sim::ratio_of(column_of(part, partners[k], entities), column_of(whole, partners[k], entities));
      rates[k].push_back({rate.key, ratio});
    }
  }
  return rates;
}

}  // namespace channelcast::scenarios
