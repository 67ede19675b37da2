// Speed of a chain of exact draws (bench/chain_model.hpp) by the engine's samplers on each instruction set, and by
// the distributions of Boost.Random and of the standard library: trials a second, as one JSON document.
//   bench_chain [--seconds 1] [--only engine:AVX3 boost …]
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <functional>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>
#include <CLI/CLI.hpp>
#include <Random123/conventional/Engine.hpp>
#include <Random123/philox.h>
#include <boost/random/binomial_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <nlohmann/json.hpp>

#include "bench/chain_model.hpp"
#include "sim/lane_loop.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::bench {

namespace {

// Lanes of the engine's largest blocks; what stays in the nearest caches for the others too.
constexpr std::size_t kTrials = 1024;
constexpr std::uint64_t kSeed = 1;

// One loop for each instruction set, so that a forced one has no better sums than its samplers.
[[gnu::always_inline]] inline void add_lanes(double sign, std::span<const double> of, std::span<double> to) {
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += sign * of[i];
}
void add_plain(double sign, std::span<const double> of, std::span<double> to) { add_lanes(sign, of, to); }
#if defined(__x86_64__)
[[gnu::target("avx2")]] void add_avx2(double sign, std::span<const double> of, std::span<double> to) {
  add_lanes(sign, of, to);
}
[[gnu::target("avx512f")]] void add_avx3(double sign, std::span<const double> of, std::span<double> to) {
  add_lanes(sign, of, to);
}
AddLanes sums_on(const std::string& target) {
  return target == "AVX3" ? add_avx3 : target == "AVX2" ? add_avx2 : add_plain;
}
#else
AddLanes sums_on(const std::string&) { return add_plain; }
#endif

AddLanes sums = add_plain;  // of the side measured now

// Samplers and sums on an instruction set, or on the best one.
void force_target(const std::string& name) {
  sim::force_sampler_target(name);
  sums = sums_on(sim::sampler_target());
}

class EngineDraws {
 public:
  explicit EngineDraws(std::uint64_t block) : first_trial_(static_cast<std::uint32_t>(block * kTrials)) {
    for (std::size_t partner = 0; partner < kLeadsPerMonth.size(); ++partner) {
      keys_[partner] = sim::stream_key(kSeed, std::string("partner/") + char('a' + partner));
    }
  }
  void uniform(Place place, std::span<double> out) { sim::fill_uniform(site(place), out); }
  void poisson(Place place, std::span<const double> mean, std::span<double> out) {
    sim::fill_poisson(site(place), mean, out);
  }
  void binomial(Place place, std::span<const double> n, std::span<const double> p, std::span<double> out) {
    sim::fill_binomial(site(place), n, p, out);
  }
  void binomial(Place place, std::span<const double> n, double p, std::span<double> out) {
    sim::fill_binomial(site(place), n, p, out);
  }

 private:
  [[nodiscard]] sim::DrawSite site(Place place) const {
    return {keys_[place.partner], first_trial_, place.step, place.month, 0};
  }

  std::uint32_t first_trial_;
  std::array<sim::StreamKey, kLeadsPerMonth.size()> keys_;
};

// A distribution made anew for each draw, as parameters that change every time ask for.
template <class Engine, template <class...> class Poisson, template <class...> class Binomial, class Uniform>
class ScalarDraws {
 public:
  explicit ScalarDraws(std::uint64_t block) : engine_(static_cast<std::uint32_t>(kSeed + block)) {}
  void uniform(Place, std::span<double> out) {
    for (double& u : out) u = Uniform()(engine_);
  }
  void poisson(Place, std::span<const double> mean, std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = double(Poisson<std::int64_t>(mean[i])(engine_));
  }
  void binomial(Place, std::span<const double> n, std::span<const double> p, std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = draw(n[i], p[i]);
  }
  void binomial(Place, std::span<const double> n, double p, std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = draw(n[i], p);
  }

 private:
  double draw(double n, double p) {
    return n == 0.0 ? 0.0 : double(Binomial<std::int64_t>(std::int64_t(n), p)(engine_));
  }

  Engine engine_;
};

template <class... T>
using BoostPoisson = boost::random::poisson_distribution<T..., double>;
template <class... T>
using BoostBinomial = boost::random::binomial_distribution<T..., double>;
using BoostDraws =
    ScalarDraws<r123::Engine<r123::Philox4x32>, BoostPoisson, BoostBinomial, boost::random::uniform_01<double>>;
template <class... T>
using StdPoisson = std::poisson_distribution<T...>;
template <class... T>
using StdBinomial = std::binomial_distribution<T...>;
using StdDraws = ScalarDraws<std::mt19937_64, StdPoisson, StdBinomial, std::uniform_real_distribution<double>>;

struct Result {
  double trials_per_second = 0.0;
  double mean = 0.0;  // contracts of a trial
  double sd = 0.0;
  std::size_t trials = 0;
};

// Blocks until the time is over, in one or more threads.
template <class Draws>
Result measure(double seconds, int threads) {
  using Clock = std::chrono::steady_clock;
  std::atomic<std::uint64_t> next{0};
  std::vector<std::vector<double>> totals(static_cast<std::size_t>(threads));
  const Clock::time_point begin = Clock::now();
  const auto taken = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  const auto work = [&](std::vector<double>& found) {
    while (taken() < seconds) {
      Draws draws(next++);
      Chain<Draws> chain(draws, sums, kTrials);
      const std::span<const double> total = chain.run();
      found.insert(found.end(), total.begin(), total.end());
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t thread = 1; thread < totals.size(); ++thread)
      others.emplace_back([&, thread] { work(totals[thread]); });
    work(totals[0]);
  }
  Result result;
  const double elapsed = taken();
  for (const auto& found : totals) {
    for (const double value : found) result.mean += value;
    result.trials += found.size();
  }
  result.mean /= double(result.trials);
  for (const auto& found : totals) {
    for (const double value : found) result.sd += (value - result.mean) * (value - result.mean);
  }
  result.sd = std::sqrt(result.sd / double(result.trials - 1));
  result.trials_per_second = double(result.trials) / elapsed;
  return result;
}

struct Side {
  std::string name;
  std::string target;  // of samplers and sums; empty: the best
  std::function<Result(double seconds)> measure;
};

std::vector<Side> all_sides() {
  std::vector<Side> sides;
  std::istringstream names(sim::available_sampler_targets());
  for (std::string name; names >> name;) {
    sides.push_back({"engine:" + name, name, [](double seconds) { return measure<EngineDraws>(seconds, 1); }});
  }
  sides.push_back({"engine:2-threads", "", [](double seconds) { return measure<EngineDraws>(seconds, 2); }});
  sides.push_back({"boost", "", [](double seconds) { return measure<BoostDraws>(seconds, 1); }});
  sides.push_back({"std", "", [](double seconds) { return measure<StdDraws>(seconds, 1); }});
  return sides;
}

void run(double seconds, const std::vector<std::string>& only) {
  nlohmann::json results = nlohmann::json::object();
  for (const Side& side : all_sides()) {
    if (!only.empty() && std::find(only.begin(), only.end(), side.name) == only.end()) continue;
    force_target(side.target);
    const Result result = side.measure(seconds);
    results[side.name] = {{"trials_per_second", result.trials_per_second},
                          {"mean", result.mean},
                          {"sd", result.sd},
                          {"trials", result.trials}};
  }
  std::printf("%s\n", results.dump(1).c_str());
}

}  // namespace

}  // namespace channelcast::bench

int main(int argc, char** argv) {
  double seconds = 1.0;
  std::vector<std::string> only;
  CLI::App app("Trials a second of a chain of exact draws, as JSON.");
  app.add_option("--seconds", seconds, "Time for each side")->check(CLI::PositiveNumber);
  app.add_option("--only", only, "Sides: engine:TARGET, engine:2-threads, boost, std");
  CLI11_PARSE(app, argc, argv);
  try {
    channelcast::bench::run(seconds, only);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_chain: %s\n", error.what());
    return 1;
  }
  return 0;
}
