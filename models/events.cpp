#include "models/events.hpp"

#include <limits>

#include "sim/lane_math.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::models {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr std::size_t kKinds = std::size_t(EventWhat::revenue) + 1;

std::size_t target_index(int partner, EventWhat what) { return std::size_t(partner) * kKinds + std::size_t(what); }

// One event in a block, and where its draws come from.
struct EventDraw {
  const Event& event;
  const BlockInputs& inputs;
  const Moment& origin;
  sim::StreamKey key;
};

// Start in periods: a date, or exponential from the horizon's start at `per_year`.
void draw_start(const EventDraw& draw, std::span<double> start) {
  const auto& [event, inputs, origin, key] = draw;
  if (event.start) {
    std::fill(start.begin(), start.end(), *event.start);
    return;
  }
  const auto rate = inputs(event.input(EventInput::per_year));
  sim::fill_uniform(origin.site(key, Tag::event_start), start);
  for (std::size_t i = 0; i < start.size(); ++i) {
    start[i] = rate[i] > 0.0 ? -sim::exact_log(start[i]) / rate[i] * sim::kMonthsPerYear / origin.months : kNever;
  }
}

void draw_whether(const EventDraw& draw, std::span<double> start) {
  const auto& [event, inputs, origin, key] = draw;
  if (is_fixed_at(event.input(EventInput::probability), 1.0)) return;
  const auto probability = inputs(event.input(EventInput::probability));
  thread_local Lanes scratch;
  const auto uniform = room_for(scratch, start.size());
  sim::fill_uniform(origin.site(key, Tag::event_occurs), uniform);
  for (std::size_t i = 0; i < start.size(); ++i) {
    if (!(uniform[i] < probability[i])) start[i] = kNever;
  }
}

void set_end(const EventDraw& draw, std::span<const double> start, std::span<double> end) {
  const auto& [event, inputs, origin, key] = draw;
  if (event.end) {
    std::fill(end.begin(), end.end(), *event.end);
  } else if (is_absent(event.input(EventInput::duration_months))) {
    std::fill(end.begin(), end.end(), kNever);
  } else {
    const auto duration = inputs(event.input(EventInput::duration_months));
    for (std::size_t i = 0; i < end.size(); ++i) end[i] = start[i] + duration[i] / origin.months;
  }
}

}  // namespace

EventEffects::EventEffects(const Scenario& scenario, const BlockInputs& inputs, std::span<const sim::StreamKey> keys,
                           std::uint32_t first_trial)
    : by_target_(scenario.partners.size() * kKinds) {
  const std::size_t lanes = inputs.lanes();
  const Moment origin{lanes,
                      first_trial,
                      0,
                      scenario.grid.periods(),
                      scenario.grid.months_per_period(),
                      scenario.grid.days_per_period()};
  occurrences_.reserve(scenario.events.size());
  for (std::size_t e = 0; e < scenario.events.size(); ++e) {
    const Event& event = scenario.events[e];
    const auto factor = inputs(event.input(EventInput::factor));
    Occurrence occurrence{&event, Lanes(lanes), Lanes(lanes), Lanes(factor.begin(), factor.end()),
                          inputs(event.input(EventInput::cost))};
    const EventDraw draw{event, inputs, origin, keys[e]};
    draw_start(draw, occurrence.start);
    draw_whether(draw, occurrence.start);
    set_end(draw, occurrence.start, occurrence.end);
    if (event.what != EventWhat::none) {
      for (const int partner : event.partners) by_target_[target_index(partner, event.what)].push_back(int(e));
    }
    occurrences_.push_back(std::move(occurrence));
  }
}

EventEffects EventEffects::in(const LaneSubset& lanes) const {
  EventEffects some;
  some.by_target_ = by_target_;
  Lanes scratch;
  const auto selection = [&](const Lanes& of_block) {
    const auto taken = lanes.take(of_block, scratch);
    return Lanes(taken.begin(), taken.end());
  };
  for (const Occurrence& o : occurrences_) {
    some.occurrences_.push_back({o.event, selection(o.start), selection(o.end), selection(o.factor), {}});
  }
  return some;
}

void EventEffects::append(const EventEffects& more) {
  for (std::size_t e = 0; e < occurrences_.size(); ++e) {
    models::append(occurrences_[e].start, more.occurrences_[e].start);
    models::append(occurrences_[e].end, more.occurrences_[e].end);
    models::append(occurrences_[e].factor, more.occurrences_[e].factor);
  }
}

bool EventEffects::touches(int partner, EventWhat what) const {
  return !by_target_[target_index(partner, what)].empty();
}

bool EventEffects::apply(int partner, EventWhat what, int period, std::span<double> values) const {
  bool touched = false;
  for (const int e : by_target_[target_index(partner, what)]) {
    const Occurrence& occurrence = occurrences_[std::size_t(e)];
    if (occurrence.event->start && *occurrence.event->start >= period + 1) continue;
    if (occurrence.event->end && *occurrence.event->end <= period) continue;
    touched = true;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double from = std::max(double(period), occurrence.start[i]);
      const double to = std::min(double(period + 1), occurrence.end[i]);
      const double covered = std::max(0.0, to - from);
      values[i] *= 1.0 + covered * (occurrence.factor[i] - 1.0);
    }
  }
  return touched;
}

void EventEffects::add_costs(int period, std::span<double> cost) const {
  for (const Occurrence& occurrence : occurrences_) {
    if (is_fixed_at(occurrence.event->input(EventInput::cost), 0.0)) continue;
    for (std::size_t i = 0; i < cost.size(); ++i) {
      const bool starts_here = occurrence.start[i] >= period && occurrence.start[i] < period + 1;
      cost[i] += starts_here ? occurrence.cost[i] : 0.0;
    }
  }
}

}  // namespace channelcast::models
