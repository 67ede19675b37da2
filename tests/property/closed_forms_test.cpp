// Whole runs against distributions that are known in closed form: thinned Poisson arrivals, negative binomial arrivals,
// customers of an infinite-server queue, and the backlog of a queue with fixed capacity in its steady state.
#include <gsl/gsl_cdf.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/support/goodness_of_fit.hpp"
#include "tests/support/scenario_text.hpp"

namespace channelcast::testing {
namespace {

using models::Outcome;

// One partner of 40 leads a month with everything that splits counts independently: fraud, form and live, losses,
// attempts, target, deal, win, a deal cycle of exactly 1.5 months, shifted beta-geometric retention.
const std::string kThinned = R"(format = 1
name = "thinned"
[horizon]
start = 2025-06-01
periods = 6
[simulation]
trials = 20000
seed = 7
[[partner]]
name = "alpha"
[partner.volume]
leads_per_month = 40
[partner.fraud]
share = 0.1
detection_rate = 0.6
[partner.transfer]
live_share = 0.3
loss_rate = 0.05
reconciled_share = 0.4
[partner.contact]
answer_rate = 0.4
attempts = 2
[partner.funnel]
target_rate = 0.6
deal_rate = 0.7
win_rate = 0.5
[partner.deal_cycle]
mean_days = 45.65625
[partner.customer]
retention = "sbg"
sbg_alpha = 0.668
sbg_beta = 3.806
)";
constexpr double kPeriods = 6;
constexpr double kMean = 40;
constexpr double kGenuine = 0.9;
constexpr double kFormArrives = 0.7 * (1 - 0.05 * (1 - 0.4));
constexpr double kContact = 1 - 0.6 * 0.6;
constexpr double kContacted = kGenuine * (0.3 + kFormArrives * kContact);  // of a lead
constexpr double kWon = kContacted * 0.6 * 0.7 * 0.5;

double poisson_p(const std::vector<double>& sample, double mean) {
  return chi_square_whole_p(
      sample, [=](double k) { return k < 0 ? 0.0 : gsl_cdf_poisson_P(unsigned(k), mean); }, 0,
      mean + 40 * std::sqrt(mean));
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const auto mean = [](const std::vector<double>& v) {
    double sum = 0;
    for (const double value : v) sum += value;
    return sum / double(v.size());
  };
  const double mx = mean(x);
  const double my = mean(y);
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
  }
  return xy / std::sqrt(xx * yy);
}

std::vector<double> difference(std::vector<double> a, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
  return a;
}

// A Poisson number of leads, each of which goes its own way with the same probabilities: every count is Poisson, and
// counts of leads that went different ways are independent.
TEST(ClosedForms, ThinnedArrivalsArePoisson) {
  const MemoryRun run(scenario_of(kThinned));
  const struct {
    Outcome id;
    double share;
    double biased = 1.02;
  } counts[] = {{Outcome::leads, 1},
                {Outcome::fraud_leads, 0.1},
                {Outcome::lost_leads, kGenuine * 0.7 * 0.05 * 0.6, 1.1},
                {Outcome::contacted, kContacted},
                {Outcome::target_leads, kContacted * 0.6},
                {Outcome::deals, kContacted * 0.6 * 0.7},
                {Outcome::won_deals, kWon}};
  for (const auto& [id, share, biased] : counts) {
    const std::vector<double> sample = run.outcome(id);
    EXPECT_GT(poisson_p(sample, kPeriods * kMean * share), kPlausible)
        << models::outcome_metrics()[std::size_t(id)].name;
    EXPECT_LT(poisson_p(sample, kPeriods * kMean * share * biased), kImpossible)
        << models::outcome_metrics()[std::size_t(id)].name << ": a few per cent more must be noticed";
  }
  const std::vector<double> target = run.outcome(Outcome::target_leads);
  const std::vector<double> refused = difference(run.outcome(Outcome::contacted), target);
  const std::vector<double> fraud = run.outcome(Outcome::fraud_leads);
  const double limit = 4.0 / std::sqrt(double(target.size()));
  EXPECT_LT(std::fabs(correlation(target, refused)), limit);
  EXPECT_LT(std::fabs(correlation(target, fraud)), limit);
  EXPECT_GT(correlation(target, run.outcome(Outcome::contacted)), 0.7) << "a part and its whole";
}

// A deal cycle of exactly one and a half periods from a moment spread evenly over its own ends one or two periods later
// with even chances. Contracts are signed by then, customers stay by the beta-geometric survival: an infinite-server
// queue, so both numbers are Poisson.
TEST(ClosedForms, ContractsAndCustomersAreThoseOfAnInfiniteServerQueue) {
  const MemoryRun run(scenario_of(kThinned));
  const auto survival = [](int months) {
    double product = 1;
    for (int k = 1; k <= months; ++k) product *= (3.806 + k - 1) / (0.668 + 3.806 + k - 1);
    return product;
  };
  double contracts = 0;
  double active = 0;
  for (int signed_in = 1; signed_in < 6; ++signed_in) {
    const double mean = kMean * kWon * (signed_in == 1 ? 0.5 : 1.0);
    contracts += mean;
    if (signed_in < 5) active += mean * survival(5 - signed_in);  // billed from the next period
  }
  EXPECT_GT(poisson_p(run.outcome(Outcome::contracts), contracts), kPlausible);
  EXPECT_LT(poisson_p(run.outcome(Outcome::contracts), contracts * 1.03), kImpossible);
  EXPECT_GT(poisson_p(run.outcome(Outcome::pipeline_contracts), 1.5 * kMean * kWon), kPlausible);
  const std::vector<double> customers = run.outcome(Outcome::active_customers);
  EXPECT_GT(poisson_p(customers, active), kPlausible);
  EXPECT_LT(poisson_p(customers, active * 1.03), kImpossible);
}

// Gamma times Poisson is negative binomial; thinning keeps its shape.
TEST(ClosedForms, DispersedArrivalsAreNegativeBinomial) {
  constexpr double kDispersion = 0.2;
  const MemoryRun run(scenario_of(kThinned, {"partner.alpha.volume.dispersion=0.2", "horizon.periods=1"}));
  const auto negative_binomial_p = [&](Outcome id, double mean) {
    const double p = 1 / (1 + kDispersion * mean);
    return chi_square_whole_p(
        run.outcome(id),
        [=](double k) { return k < 0 ? 0.0 : gsl_cdf_negative_binomial_P(unsigned(k), p, 1 / kDispersion); }, 0, 2000);
  };
  EXPECT_GT(negative_binomial_p(Outcome::leads, kMean), kPlausible);
  EXPECT_GT(negative_binomial_p(Outcome::contacted, kMean * kContacted), kPlausible);
  EXPECT_GT(negative_binomial_p(Outcome::won_deals, kMean * kWon), kPlausible);
  EXPECT_LT(poisson_p(run.outcome(Outcome::leads), kMean), kImpossible) << "Poisson arrivals are less dispersed";
}

// ---- the backlog of a desk that works C leads a period, Poisson arrivals
// ----------------------------------------------

const std::string kQueue = R"(format = 1
name = "queue"
[horizon]
start = 2025-06-01
periods = 150
[simulation]
trials = 20000
seed = 3
[sales]
managers = 1
max_wait_days = 36525
[[partner]]
name = "alpha"
)";

std::vector<double> backlog_of(double load, int capacity) {
  return MemoryRun(scenario_of(kQueue, {"sales.leads_per_manager_per_month=" + std::to_string(capacity),
                                        "partner.alpha.volume.leads_per_month=" + std::to_string(load * capacity)}))
      .outcome(Outcome::waiting_leads);
}

// Q' = max(0, Q + A - C): its distribution after many periods, by powers of the transition matrix.
std::vector<double> stationary_backlog(double mean, int capacity) {
  constexpr int kSize = 400;
  std::vector<double> arrivals(kSize);
  for (int a = 0; a < kSize; ++a) {
    arrivals[std::size_t(a)] =
        gsl_cdf_poisson_P(unsigned(a), mean) - (a > 0 ? gsl_cdf_poisson_P(unsigned(a - 1), mean) : 0);
  }
  std::vector<double> now(kSize);
  now[0] = 1;
  for (int step = 0; step < 150; ++step) {
    std::vector<double> next(kSize);
    for (int q = 0; q < kSize; ++q) {
      if (now[std::size_t(q)] < 1e-18) continue;
      for (int a = 0; a < 60; ++a) {
        const int to = std::clamp(q + a - capacity, 0, kSize - 1);
        next[std::size_t(to)] += now[std::size_t(q)] * arrivals[std::size_t(a)];
      }
    }
    now = next;
  }
  return now;
}

double backlog_p(const std::vector<double>& sample, const std::vector<double>& probability) {
  std::vector<double> observed(probability.size());
  for (const double value : sample) ++observed[std::size_t(value)];
  return chi_square_p(observed, probability);
}

TEST(ClosedForms, TheBacklogOfOneLeadAPeriodIsPollaczekAndKhinchines) {
  // A desk that works one lead a period is M/D/1: λ²/(2(1−λ)) leads wait on average.
  for (const double load : {0.3, 0.6, 0.8}) {
    const std::vector<double> backlog = backlog_of(load, 1);
    double sum = 0;
    double squares = 0;
    for (const double value : backlog) {
      sum += value;
      squares += value * value;
    }
    const double n = double(backlog.size());
    const double error = std::sqrt((squares / n - sum / n * sum / n) / n);
    const double expected = load * load / (2 * (1 - load));
    EXPECT_LT(std::fabs(sum / n - expected), 4 * error) << load;
    EXPECT_GT(std::fabs(sum / n - load * load / (1 - load)), 8 * error) << "that of M/M/1 must be told apart";
  }
}

TEST(ClosedForms, TheBacklogOfALargerDeskIsThatOfItsMarkovChain) {
  for (const auto& [load, capacity] : {std::pair{0.9, 5}, std::pair{0.8, 12}, std::pair{0.95, 3}}) {
    const std::vector<double> backlog = backlog_of(load, capacity);
    EXPECT_GT(backlog_p(backlog, stationary_backlog(load * capacity, capacity)), kPlausible) << load << " " << capacity;
    EXPECT_LT(backlog_p(backlog, stationary_backlog(load * capacity * 1.03, capacity)), kImpossible)
        << load << " " << capacity << ": three per cent more arrivals must be noticed";
  }
}

}  // namespace
}  // namespace channelcast::testing
