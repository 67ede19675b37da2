#include "bench/breakdown/hooks.hpp"

#include "models/capacity.hpp"
#include "models/exchange.hpp"
#include "models/exit.hpp"
#include "models/finance.hpp"
#include "models/fraud.hpp"
#include "models/funnel.hpp"
#include "models/outcomes.hpp"
#include "models/training.hpp"
#include "models/transfer.hpp"
#include "models/volume.hpp"
#include "sim/inputs/input_plan.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::bench {

namespace {

using Clock = std::chrono::steady_clock;

struct State {
  Hooks hooks = Hooks::off;
  std::map<std::string, ProcessRecord> records;
  std::vector<ProcessRecord*> stack;
  Clock::time_point since;
};

State& state() {
  static State all;
  return all;
}

// Books the time since the last change of process.
void book_time() {
  const auto now = Clock::now();
  State& all = state();
  if (!all.stack.empty()) all.stack.back()->seconds += std::chrono::duration<double>(now - all.since).count();
  all.since = now;
}

}  // namespace

// Where to record draws; null unless asked to.
DrawList* list_of(Draw draw, double shared = 0.0);

DrawList* list_of(Draw draw, double shared) {
  State& all = state();
  if (all.hooks != Hooks::record || all.stack.empty()) return nullptr;
  return &all.stack.back()->draws[{draw, shared}];
}

void set_hooks(Hooks hooks) {
  state() = State{};
  state().hooks = hooks;
}

const std::map<std::string, ProcessRecord>& records() { return state().records; }

ProcessScope::ProcessScope(const char* name) : active_(state().hooks != Hooks::off) {
  if (!active_) return;
  book_time();
  ProcessRecord& record = state().records[name];
  ++record.calls;
  state().stack.push_back(&record);
}

ProcessScope::~ProcessScope() {
  if (!active_) return;
  book_time();
  state().stack.pop_back();
}

DrawingScope::DrawingScope() : record_(nullptr) {
  const State& all = state();
  if (all.hooks != Hooks::clocks || all.stack.empty()) return;
  record_ = all.stack.back();
  start_ = Clock::now();
}

DrawingScope::~DrawingScope() {
  if (record_ != nullptr) record_->drawing += std::chrono::duration<double>(Clock::now() - start_).count();
}

}  // namespace channelcast::bench

// The names below are the mangled ones; CMakeLists.txt reads them from here and has the linker wrap them. A process
// whose signature has changed shows as one that is never called (tests/bench/breakdown_test.py).
// NOLINTBEGIN
namespace cb = channelcast::bench;
namespace cm = channelcast::models;
namespace cs = channelcast::sim;
using In = std::span<const double>;
using Out = std::span<double>;

#define PROCESS(label, name, parameters, arguments) \
  extern "C" void __real_##name parameters;         \
  extern "C" void __wrap_##name parameters;         \
  void __wrap_##name parameters {                   \
    const cb::ProcessScope scope(label);            \
    __real_##name arguments;                        \
  }

// clang-format off
PROCESS("market and quality", _ZN11channelcast6models14Autoregression7advanceERKNS0_6MomentE, (cm::Autoregression* self, const cm::Moment& moment), (self, moment))
PROCESS("market and quality", _ZN11channelcast6models14Autoregression8catch_upERKNS0_6MomentEm, (cm::Autoregression* self, const cm::Moment& moment, std::size_t first), (self, moment, first))
PROCESS("market and quality", _ZN11channelcast6models12step_qualityERKNS0_13PartnerPeriodESt4spanIKdLm18446744073709551615EE, (const cm::PartnerPeriod& at, In market), (at, market))
PROCESS("volume", _ZN11channelcast6models13step_activityERKNS0_13PartnerPeriodESt4spanIKdLm18446744073709551615EE, (const cm::PartnerPeriod& at, In stop), (at, stop))
PROCESS("volume", _ZN11channelcast6models11step_volumeERKNS0_13PartnerPeriodERKNS0_13VolumeContextE, (const cm::PartnerPeriod& at, const cm::VolumeContext& context), (at, context))
PROCESS("fraud", _ZN11channelcast6models10step_fraudERKNS0_13PartnerPeriodE, (const cm::PartnerPeriod& at), (at))
PROCESS("transfer", _ZN11channelcast6models13step_transferERKNS0_13PartnerPeriodE, (const cm::PartnerPeriod& at), (at))
PROCESS("training", _ZN11channelcast6models13step_trainingERKNS0_13PartnerPeriodESt4spanIKdLm18446744073709551615EE, (const cm::PartnerPeriod& at, In stop), (at, stop))
PROCESS("exchange", _ZN11channelcast6models13step_exchangeERKNS0_13PartnerPeriodE, (const cm::PartnerPeriod& at), (at))
PROCESS("sales capacity", _ZN11channelcast6models9SalesDesk4stepERKNS0_6MomentESt4spanINS0_12PartnerStateELm18446744073709551615EES5_INS0_9FlowTableELm18446744073709551615EE, (cm::SalesDesk* self, const cm::Moment& moment, std::span<cm::PartnerState> states, std::span<cm::FlowTable> flows), (self, moment, states, flows))
PROCESS("funnel", _ZN11channelcast6models11step_funnelERKNS0_13PartnerPeriodESt4spanIKdLm18446744073709551615EE, (const cm::PartnerPeriod& at, In freshness), (at, freshness))
PROCESS("deal cycle, return lag", _ZNK11channelcast6models8LagTable7scatterERKNS0_6MomentERKNS0_8LagDrawsESt4spanIKdLm18446744073709551615EERKNS0_10LagTargetsE, (const cm::LagTable* self, const cm::Moment& moment, const cm::LagDraws& draws, In count, const cm::LagTargets& to), (self, moment, draws, count, to))
PROCESS("customers", _ZN11channelcast6models9Customers4stepERKNS0_6MomentENS_3sim9StreamKeyESt4spanIKdLm18446744073709551615EERNS0_9FlowTableE, (cm::Customers* self, const cm::Moment& moment, cs::StreamKey key, In factor, cm::FlowTable& flows), (self, moment, key, factor, flows))
PROCESS("partner's money", _ZN11channelcast6models18step_partner_moneyERKNS0_13PartnerPeriodESt4spanIKdLm18446744073709551615EE, (const cm::PartnerPeriod& at, In cost), (at, cost))
PROCESS("exit", _ZN11channelcast6models9step_exitERKNS0_13PartnerPeriodERKNS0_11ExitContextESt4spanINS0_5CallsELm18446744073709551615EE, (const cm::PartnerPeriod& at, const cm::ExitContext& context, std::span<cm::Calls> calls), (at, context, calls))
PROCESS("books", _ZN11channelcast6models5Books4stepERKNS0_6MomentERKNS0_10PeriodSumsESt4spanIKdLm18446744073709551615EESA_, (cm::Books* self, const cm::Moment& moment, const cm::PeriodSums& sums, In managers, In costs), (self, moment, sums, managers, costs))
PROCESS("outcomes", _ZN11channelcast6models15OutcomeRecorder15record_partnersERKNS0_6MomentESt4spanIKNS0_9FlowTableELm18446744073709551615EES5_IKNS0_12PartnerStateELm18446744073709551615EE, (cm::OutcomeRecorder* self, const cm::Moment& moment, std::span<const cm::FlowTable> flows, std::span<const cm::PartnerState> states), (self, moment, flows, states))
PROCESS("outcomes", _ZN11channelcast6models15OutcomeRecorder16record_programmeERKNS0_6MomentERKNS0_5BooksERKNS0_9SalesDeskE, (cm::OutcomeRecorder* self, const cm::Moment& moment, const cm::Books& books, const cm::SalesDesk& desk), (self, moment, books, desk))
PROCESS("outcomes", _ZN11channelcast6models15OutcomeRecorder6finishERKNS0_5BooksESt4spanIKNS0_12PartnerStateELm18446744073709551615EE, (cm::OutcomeRecorder* self, const cm::Books& books, std::span<const cm::PartnerState> states), (self, books, states))
PROCESS("uncertain inputs", _ZNK11channelcast3sim9InputPlan4drawEmmSt4spanIdLm18446744073709551615EE, (const cs::InputPlan* self, std::uint64_t first, std::size_t lanes, Out out), (self, first, lanes, out))

#define SAMPLER(name, parameters, arguments, recording) \
  extern "C" void __real_##name parameters;             \
  extern "C" void __wrap_##name parameters;             \
  void __wrap_##name parameters {                       \
    recording;                                          \
    const cb::DrawingScope drawing;                     \
    __real_##name arguments;                            \
  }

namespace {

void keep_number(cb::Draw draw, std::size_t count) {
  if (cb::DrawList* list = cb::list_of(draw)) list->first.insert(list->first.end(), count, 0.0);
}
void keep_gamma(In shape, In scale) {
  cb::DrawList* list = cb::list_of(cb::Draw::gamma);
  if (list == nullptr) return;
  list->first.insert(list->first.end(), shape.begin(), shape.end());
  list->second.insert(list->second.end(), scale.begin(), scale.end());
}
void keep_poisson(In mean) {
  cb::DrawList* list = cb::list_of(cb::Draw::poisson);
  if (list == nullptr) return;
  for (const double value : mean) {
    if (value > 0.0) list->first.push_back(value);
  }
}
void keep_binomial(In n, In p) {
  cb::DrawList* list = cb::list_of(cb::Draw::binomial);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < n.size(); ++i) {
    if (!(n[i] > 0.0 && p[i] > 0.0 && p[i] < 1.0)) continue;
    list->first.push_back(n[i]);
    list->second.push_back(p[i]);
  }
}
void keep_binomial(In n, double p) {
  if (!(p > 0.0 && p < 1.0)) return;
  cb::DrawList* list = cb::list_of(cb::Draw::binomial_one_p, p);
  if (list == nullptr) return;
  for (const double value : n) {
    if (value > 0.0) list->first.push_back(value);
  }
}

}  // namespace

SAMPLER(_ZN11channelcast3sim12fill_uniformERKNS0_8DrawSiteESt4spanIdLm18446744073709551615EE, (const cs::DrawSite& site, Out out), (site, out), keep_number(cb::Draw::uniform, out.size()))
SAMPLER(_ZN11channelcast3sim11fill_normalERKNS0_8DrawSiteESt4spanIdLm18446744073709551615EE, (const cs::DrawSite& site, Out out), (site, out), keep_number(cb::Draw::normal, out.size()))
SAMPLER(_ZN11channelcast3sim20fill_uniform_historyERKNS0_8DrawSiteESt4spanIdLm18446744073709551615EE, (const cs::DrawSite& site, Out out), (site, out), keep_number(cb::Draw::uniform, out.size()))
SAMPLER(_ZN11channelcast3sim19fill_normal_historyERKNS0_8DrawSiteESt4spanIdLm18446744073709551615EE, (const cs::DrawSite& site, Out out), (site, out), keep_number(cb::Draw::normal, out.size()))
SAMPLER(_ZN11channelcast3sim10fill_gammaERKNS0_8DrawSiteESt4spanIKdLm18446744073709551615EES6_S4_IdLm18446744073709551615EE, (const cs::DrawSite& site, In shape, In scale, Out out), (site, shape, scale, out), keep_gamma(shape, scale))
SAMPLER(_ZN11channelcast3sim12fill_poissonERKNS0_8DrawSiteESt4spanIKdLm18446744073709551615EES4_IdLm18446744073709551615EE, (const cs::DrawSite& site, In mean, Out out), (site, mean, out), keep_poisson(mean))
SAMPLER(_ZN11channelcast3sim13fill_binomialERKNS0_8DrawSiteESt4spanIKdLm18446744073709551615EES6_S4_IdLm18446744073709551615EE, (const cs::DrawSite& site, In n, In p, Out out), (site, n, p, out), keep_binomial(n, p))
SAMPLER(_ZN11channelcast3sim13fill_binomialERKNS0_8DrawSiteESt4spanIKdLm18446744073709551615EEdS4_IdLm18446744073709551615EE, (const cs::DrawSite& site, In n, double p, Out out), (site, n, p, out), keep_binomial(n, p))

namespace {

// The binomials of a split, one after the other.
void keep_split(cs::DrawSite site, In n, std::span<const cs::SplitWay> ways) {
  if (cb::list_of(cb::Draw::binomial) == nullptr) return;
  std::vector<double> left(n.begin(), n.end());
  std::vector<double> now(n.size());
  for (const cs::SplitWay& way : ways) {
    const bool shared = way.probability.size() == 1;
    if (shared) {
      __wrap__ZN11channelcast3sim13fill_binomialERKNS0_8DrawSiteESt4spanIKdLm18446744073709551615EEdS4_IdLm18446744073709551615EE(site, left, way.probability[0], now);
    } else {
      __wrap__ZN11channelcast3sim13fill_binomialERKNS0_8DrawSiteESt4spanIKdLm18446744073709551615EES6_S4_IdLm18446744073709551615EE(site, left, way.probability, now);
    }
    for (std::size_t i = 0; i < left.size(); ++i) left[i] -= now[i];
    ++site.index;
  }
}

}  // namespace

SAMPLER(_ZN11channelcast3sim12split_countsERKNS0_8DrawSiteESt4spanIKdLm18446744073709551615EES4_IKNS0_8SplitWayELm18446744073709551615EES4_IdLm18446744073709551615EE, (const cs::DrawSite& site, In n, std::span<const cs::SplitWay> ways, Out rest), (site, n, ways, rest), keep_split(site, n, ways))
// clang-format on
// NOLINTEND
