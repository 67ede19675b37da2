#include "scenarios/studies/statistics_json.hpp"

#include <cmath>
#include <utility>

namespace channelcast::scenarios {

using Json = nlohmann::ordered_json;

// JSON has no infinity and no NaN: what lies beyond the horizon or is undefined is null. Nothing is written as -0.0.
Json number_json(double value) { return std::isfinite(value) ? Json(value == 0.0 ? 0.0 : value) : Json(nullptr); }

Json numbers_json(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(number_json(value));
  return list;
}

Json summary_json(const sim::ColumnSummary& summary) {
  Json json;
  json["mean"] = number_json(summary.mean);
  json["mcse"] = number_json(summary.mcse);
  json["sd"] = number_json(summary.sd);
  for (std::size_t q = 0; q < sim::kQuantiles.size(); ++q)
    json[sim::kQuantileNames[q]] = number_json(summary.quantile[q]);
  json["p_within_horizon"] = number_json(summary.within_horizon.value);
  json["p_within_horizon_mcse"] = number_json(summary.within_horizon.mcse);
  json["undefined"] = summary.undefined;
  Json errors;
  for (std::size_t q = 0; q < sim::kQuantiles.size(); ++q) {
    // The interval of a quantile that is beyond the horizon has no width: that is no error of 0.
    const bool finite = std::isfinite(summary.quantile[q]);
    errors[sim::kQuantileNames[q]] = finite ? number_json(summary.quantile_mcse[q]) : Json(nullptr);
  }
  json["quantile_mcse"] = std::move(errors);
  return json;
}

Json probability_json(const sim::Probability& probability) {
  return {{"probability", probability.value},
          {"mcse", probability.mcse},
          {"low", probability.low},
          {"high", probability.high}};
}

Json series_json(const output::SeriesStatistics& series) {
  Json json;
  json["mean"] = numbers_json(series.mean);
  json["mcse"] = numbers_json(series.mcse);
  for (std::size_t q = 0; q < sim::kQuantiles.size(); ++q)
    json[sim::kQuantileNames[q]] = numbers_json(series.quantiles[q]);
  return json;
}

Json tail_json(const sim::TailRisk& tail) {
  return {{"level", tail.level},
          {"var", number_json(tail.var)},
          {"cvar", number_json(tail.cvar)},
          {"cvar_mcse", number_json(tail.cvar_mcse)}};
}

}  // namespace channelcast::scenarios
