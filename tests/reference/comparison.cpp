#include "tests/reference/comparison.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <numeric>

namespace channelcast::reference {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSame = 1e-9;  // sums of equal amounts in another order are equal to this
constexpr std::array kQuantiles = {0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95};

double mean_of(std::span<const double> values) {
  return values.empty() ? 0.0 : std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

double squares_about(std::span<const double> values, double centre) {
  double sum = 0.0;
  for (const double value : values) sum += (value - centre) * (value - centre);
  return sum;
}

template <typename Keep>
Column only(std::span<const double> values, Keep keep) {
  Column kept;
  std::copy_if(values.begin(), values.end(), std::back_inserter(kept), keep);
  return kept;
}

bool alike(double a, double b) { return a == b || std::abs(a - b) <= kSame * std::max(std::abs(a), std::abs(b)); }

Column sorted_pool(std::span<const double> left, std::span<const double> right) {
  Column pool(left.size() + right.size());
  std::copy(right.begin(), right.end(), std::copy(left.begin(), left.end(), pool.begin()));
  std::sort(pool.begin(), pool.end());
  return pool;
}

// Mean and z of the shares hits/n.
Finding share_finding(std::string what, std::array<double, 2> hits, std::array<double, 2> n) {
  Finding finding{std::move(what), hits[0] / n[0], hits[1] / n[1], 0.0};
  const double share = (hits[0] + hits[1]) / (n[0] + n[1]);
  const double error = std::sqrt(share * (1.0 - share) * (1.0 / n[0] + 1.0 / n[1]));
  if (error > 0.0) finding.z = (finding.left - finding.right) / error;
  return finding;
}

template <typename Test>
Finding compare_hits(std::string what, std::span<const double> left, std::span<const double> right, Test test) {
  const double in_left = double(std::count_if(left.begin(), left.end(), test));
  const double in_right = double(std::count_if(right.begin(), right.end(), test));
  return share_finding(std::move(what), {in_left, in_right}, {double(left.size()), double(right.size())});
}

// Place of each value in the pool of both sides, from -1 to 1; values alike to rounding share the middle of their
// places.
std::array<Column, 2> pooled_places(std::span<const double> left, std::span<const double> right) {
  const Column pool = sorted_pool(left, right);
  std::vector<double> place(pool.size());
  for (std::size_t first = 0; first < pool.size();) {
    std::size_t end = first + 1;
    while (end < pool.size() && alike(pool[end - 1], pool[end])) ++end;
    const double middle = double(first + end) / double(pool.size()) - 1.0;
    std::fill(place.begin() + std::ptrdiff_t(first), place.begin() + std::ptrdiff_t(end), middle);
    first = end;
  }
  std::array<Column, 2> places;
  for (const std::size_t side : {0, 1}) {
    for (const double value : side == 0 ? left : right) {
      places[side].push_back(place[std::size_t(std::lower_bound(pool.begin(), pool.end(), value) - pool.begin())]);
    }
  }
  return places;
}

// Fisher's z of a correlation and its variance, from the correlation's influence function (no normality assumed).
struct FisherZ {
  double correlation = 0.0;
  double z = 0.0;
  double variance = 0.0;
};
FisherZ fisher_z(const Column& a, const Column& b) {
  const double n = double(a.size());
  const double mean_a = mean_of(a);
  const double mean_b = mean_of(b);
  const double sd_a = std::sqrt(squares_about(a, mean_a) / n);
  const double sd_b = std::sqrt(squares_about(b, mean_b) / n);
  FisherZ result;
  Column products;
  for (std::size_t i = 0; i < a.size(); ++i) products.push_back((a[i] - mean_a) / sd_a * (b[i] - mean_b) / sd_b);
  const double r = result.correlation = mean_of(products);
  double squares = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double u = (a[i] - mean_a) / sd_a;
    const double v = (b[i] - mean_b) / sd_b;
    const double influence = products[i] - r * (u * u + v * v) / 2.0;
    squares += influence * influence;
  }
  result.z = std::atanh(r);
  result.variance = squares / n / n / ((1.0 - r * r) * (1.0 - r * r));
  return result;
}

bool varies(const Column& column) {
  return std::any_of(column.begin(), column.end(), [&](double value) { return value != column.front(); });
}

}  // namespace

Finding compare_means(std::string what, std::span<const double> left, std::span<const double> right) {
  Finding finding{std::move(what), mean_of(left), mean_of(right), 0.0};
  const double n = double(left.size() + right.size());
  const double centre = (finding.left * double(left.size()) + finding.right * double(right.size())) / n;
  const double sd = std::sqrt((squares_about(left, centre) + squares_about(right, centre)) / n);
  const double scale = std::max(std::abs(finding.left), std::abs(finding.right));
  if (sd <= kSame * scale) {
    if (std::abs(finding.left - finding.right) > 1e-7 * scale) finding.z = kInfinity;
    return finding;
  }
  finding.z = (finding.left - finding.right) / (sd * std::sqrt(1.0 / double(left.size()) + 1.0 / double(right.size())));
  return finding;
}

Finding compare_variances(std::string what, std::span<const double> left, std::span<const double> right) {
  const double n = double(left.size() + right.size());
  const double centre = (mean_of(left) * double(left.size()) + mean_of(right) * double(right.size())) / n;
  const double scale = std::max(std::abs(mean_of(left)), std::abs(mean_of(right)));
  Column squares[2];
  for (const std::size_t side : {0, 1}) {
    for (const double value : side == 0 ? left : right) {
      const double distance = std::abs(value - centre) <= kSame * scale ? 0.0 : value - centre;
      squares[side].push_back(distance * distance);
    }
  }
  return compare_means(std::move(what), squares[0], squares[1]);
}

Finding compare_quantiles(std::string what, std::span<const double> left, std::span<const double> right,
                          double probability) {
  const Column pool = sorted_pool(left, right);
  const double quantile = pool[std::size_t(probability * double(pool.size() - 1))];
  const auto below = [&](double value) { return value < quantile || alike(value, quantile); };
  return compare_hits(std::move(what), left, right, below);
}

Comparison::Comparison(const Columns& left, const Columns& right) {
  for (std::size_t m = 0; m < models::kOutcomes; ++m) {
    // Which of several internal rates is taken may differ: agreement_test.cpp checks them against the engine's own
    // cash.
    if (models::Outcome(m) == models::Outcome::irr) continue;
    compare_column(std::string(models::outcome_metrics()[m].name), left.outcomes[m], right.outcomes[m]);
  }
  compare_partners(left, right);
  compare_series(left, right);
  compare_correlations(left, right);
}

void Comparison::compare_partners(const Columns& left, const Columns& right) {
  const auto finite = [](double value) { return std::isfinite(value); };
  for (std::size_t p = 0; p < left.partners.size(); ++p) {
    for (std::size_t m = 0; m < models::kPartnerOutcomes; ++m) {
      const std::string name =
          "partner " + std::to_string(p) + " " + std::string(models::partner_outcome_metrics()[m].name);
      const Column a = only(left.partners[p][m], finite);
      const Column b = only(right.partners[p][m], finite);
      findings_.push_back(compare_hits(name + " finite", left.partners[p][m], right.partners[p][m], finite));
      if (a.empty() || b.empty()) continue;
      findings_.push_back(compare_means(name + " mean", a, b));
      findings_.push_back(compare_variances(name + " variance", a, b));
    }
  }
}

void Comparison::compare_series(const Columns& left, const Columns& right) {
  for (std::size_t t = 0; t < left.series.size(); ++t) {
    const std::string when = " in period " + std::to_string(t) + " mean";
    for (std::size_t m = 0; m < models::kSeries; ++m) {
      const std::string name = std::string(models::series_metrics()[m].name) + when;
      findings_.push_back(compare_means(name, left.series[t][m], right.series[t][m]));
    }
    for (std::size_t p = 0; p < left.partners.size(); ++p) {
      for (std::size_t m = 0; m < models::kPartnerSeries; ++m) {
        const std::string name =
            "partner " + std::to_string(p) + " " + std::string(models::partner_series_metrics()[m].name) + when;
        findings_.push_back(compare_means(name, left.partner_series[t][p][m], right.partner_series[t][p][m]));
      }
    }
  }
}

void Comparison::compare_column(const std::string& name, const Column& left, const Column& right) {
  const auto number = [](double value) { return !std::isnan(value); };
  const auto finite = [](double value) { return std::isfinite(value); };
  findings_.push_back(compare_hits(name + " is a number", left, right, number));
  findings_.push_back(compare_hits(name + " is finite", left, right, finite));
  const Column a = only(left, finite);
  const Column b = only(right, finite);
  if (!a.empty() && !b.empty()) {
    findings_.push_back(compare_means(name + " mean", a, b));
    findings_.push_back(compare_variances(name + " variance", a, b));
  }
  const Column numbers_left = only(left, number);
  const Column numbers_right = only(right, number);
  if (numbers_left.empty() || numbers_right.empty()) return;
  for (const double probability : kQuantiles) {
    char label[16];
    std::snprintf(label, sizeof label, " q%02.0f", 100.0 * probability);
    findings_.push_back(compare_quantiles(name + label, numbers_left, numbers_right, probability));
  }
}

void Comparison::compare_correlations(const Columns& left, const Columns& right) {
  using models::Outcome;
  constexpr std::array kPairwise = {Outcome::leads,          Outcome::contracts,        Outcome::net_cash,
                                    Outcome::payback_months, Outcome::acquisition_cost, Outcome::max_backlog};
  std::vector<std::array<Column, 2>> places;
  std::vector<std::string> names;
  for (const Outcome id : kPairwise) {
    places.push_back(pooled_places(left.outcomes[std::size_t(id)], right.outcomes[std::size_t(id)]));
    names.emplace_back(models::outcome_metrics()[std::size_t(id)].name);
  }
  for (std::size_t a = 0; a < places.size(); ++a) {
    for (std::size_t b = a + 1; b < places.size(); ++b) {
      const auto& x = places[a];
      const auto& y = places[b];
      if (!varies(x[0]) || !varies(x[1]) || !varies(y[0]) || !varies(y[1])) continue;
      const FisherZ first = fisher_z(x[0], y[0]);
      const FisherZ second = fisher_z(x[1], y[1]);
      Finding finding{"correlation of " + names[a] + " and " + names[b], first.correlation, second.correlation, 0.0};
      const double gap = first.correlation - second.correlation;
      const bool rigid = std::min(1.0 - std::abs(first.correlation), 1.0 - std::abs(second.correlation)) < 1e-6;
      if (rigid) {
        finding.z = std::abs(gap) < 1e-3 ? 0.0 : kInfinity;
      } else {
        finding.z = (first.z - second.z) / std::sqrt(first.variance + second.variance);
      }
      findings_.push_back(finding);
    }
  }
}

double Comparison::threshold(double level) const {
  const double tail = level / double(findings_.size());
  double low = 0.0;
  double high = 40.0;
  for (int k = 0; k < 100; ++k) {
    const double middle = (low + high) / 2.0;
    (std::erfc(middle / std::sqrt(2.0)) > tail ? low : high) = middle;
  }
  return high;
}

const Finding& Comparison::worst() const {
  return *std::max_element(findings_.begin(), findings_.end(),
                           [](const Finding& a, const Finding& b) { return std::abs(a.z) < std::abs(b.z); });
}

std::string Comparison::disagreement(double level) const {
  const double limit = threshold(level);
  std::vector<Finding> beyond;
  for (const Finding& finding : findings_) {
    if (!(std::abs(finding.z) <= limit)) beyond.push_back(finding);
  }
  std::sort(beyond.begin(), beyond.end(),
            [](const Finding& a, const Finding& b) { return std::abs(a.z) > std::abs(b.z); });
  std::string text;
  for (const Finding& finding : beyond) {
    char line[256];
    std::snprintf(line, sizeof line, "%s: engine %.9g, reference %.9g, z %+.2f (limit %.2f of %zu comparisons)\n",
                  finding.what.c_str(), finding.left, finding.right, finding.z, limit, findings_.size());
    text += line;
  }
  return text;
}

}  // namespace channelcast::reference
