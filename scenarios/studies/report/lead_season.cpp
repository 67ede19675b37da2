#include "scenarios/studies/report/lead_season.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string>
#include <nlohmann/json.hpp>

#include "models/metrics.hpp"

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMonths = 12;
constexpr double kNothing = 1e-6;  // less than that is rounding

/// Which season each partner of a resolved scenario has.
std::map<std::string, std::string> seasons_of_partners(const Json& scenario) {
  const Json::json_pointer season("/inputs/volume/season/value");
  std::map<std::string, std::string> seasons;
  for (const Json& partner : scenario.at("partners")) {
    const std::string name = partner.at("name");
    // Members of a group that are as one before them are not listed again.
    seasons[name] =
        partner.contains("same_as") ? seasons.at(partner["same_as"]) : partner.at(season).get<std::string>();
  }
  return seasons;
}

std::vector<double> weighted(const output::RunReader& run, const Json& scenario) {
  const auto seasons = seasons_of_partners(scenario);
  const auto& partners = run.description().schema.entities;
  std::vector<double> sum(kMonths, 0.0);
  for (std::size_t p = 0; p < partners.size(); ++p) {
    const double leads = run.entity_summary(p, std::size_t(models::PartnerOutcome::leads)).mean;
    const auto factors = scenario.at("seasons").at(seasons.at(partners[p])).at("factors").get<std::vector<double>>();
    const double all = std::accumulate(factors.begin(), factors.end(), 0.0);
    if (factors.size() != kMonths || !(all > 0.0) || !(leads > 0.0)) continue;
    for (std::size_t month = 0; month < kMonths; ++month) sum[month] += leads * factors[month] * double(kMonths) / all;
  }
  return sum;
}

}  // namespace

std::vector<double> lead_season(const output::RunReader& run) {
  const Json scenario = Json::parse(run.description().scenario_resolved, nullptr, false);
  if (!scenario.is_object()) return {};
  try {
    std::vector<double> season = weighted(run, scenario);
    const double mean = std::accumulate(season.begin(), season.end(), 0.0) / double(kMonths);
    if (!(mean > 0.0) || !std::isfinite(mean)) return {};
    for (double& factor : season) factor /= mean;
    const auto [low, high] = std::minmax_element(season.begin(), season.end());
    return *high - *low > kNothing ? season : std::vector<double>{};
  } catch (const Json::exception&) {  // a resolved scenario of another shape
    return {};
  } catch (const std::out_of_range&) {
    return {};
  }
}

}  // namespace channelcast::scenarios
