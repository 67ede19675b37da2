// Events: what share of a period they cover, how factors multiply, when they start and what they cost.
#include "models/events.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/support/model_run.hpp"

namespace channelcast::models {
namespace {

using testing::check_mean;
using testing::kBadZ;
using testing::kGoodZ;
using testing::ModelRun;
using testing::plain_event;
using testing::plain_partner;
using testing::plain_scenario;
using testing::set;

// A partner of 1000 leads a month: the mean volume shows factors on it exactly.
Scenario with_events(int periods, std::vector<Event> events) {
  Scenario scenario = plain_scenario(periods);
  Partner partner = plain_partner("alpha");
  set(partner, PartnerInput::leads_per_month, 1000);
  scenario.partners = {partner, plain_partner("beta")};
  set(scenario.partners[1], PartnerInput::leads_per_month, 1000);
  scenario.events = std::move(events);
  return scenario;
}

std::vector<double> volumes(const ModelRun& run, std::size_t partner = 0, std::size_t lane = 0) {
  std::vector<double> values;
  for (int t = 0; t < run.periods(); ++t) values.push_back(run.flow(t, partner, Flow::mean_volume)[lane]);
  return values;
}

Event dated(const std::string& name, double start, double end, double factor) {
  Event event = plain_event(name, EventWhat::volume);
  event.start = start;
  event.end = end;
  set(event, EventInput::factor, factor);
  return event;
}

TEST(Events, ActByTheShareOfThePeriodTheyCover) {
  const ModelRun run(with_events(5, {dated("ban", 1.25, 3.5, 0.4)}), 2);
  const std::vector<double> expected = {1000, 1000 * (1 + 0.75 * -0.6), 400, 1000 * (1 + 0.5 * -0.6), 1000};
  for (std::size_t t = 0; t < 5; ++t) EXPECT_NEAR(volumes(run)[t], expected[t], 1e-10) << t;
  EXPECT_EQ(volumes(run, 1), std::vector<double>(5, 1000.0)) << "another partner is left alone";
}

TEST(Events, OneThatBeganBeforeTheHorizonIsThereFromTheStart) {
  const ModelRun run(with_events(3, {dated("old", -10.5, 1.5, 2.0)}), 1);
  EXPECT_EQ(volumes(run), (std::vector<double>{2000, 1500, 1000}));
}

TEST(Events, WithoutEndOrDurationTheyLast) {
  Event event = plain_event("new law", EventWhat::volume);
  event.start = 1.0;
  set(event, EventInput::factor, 0.5);
  EXPECT_EQ(volumes(ModelRun(with_events(4, {event}), 1)), (std::vector<double>{1000, 500, 500, 500}));
}

TEST(Events, DurationsAreInMonths) {
  Event event = plain_event("strike", EventWhat::volume);
  event.start = 1.0;
  set(event, EventInput::factor, 0.0);
  set(event, EventInput::duration_months, 1.5);
  EXPECT_EQ(volumes(ModelRun(with_events(4, {event}), 1)), (std::vector<double>{1000, 0, 500, 1000}));
  Scenario weeks = with_events(10, {event});
  weeks.grid = sim::TimeGrid(weeks.grid.start(), 10, sim::PeriodKind::week);
  const ModelRun run(weeks, 1);
  const double week = 7.0 / 30.4375;
  const double end = 1.0 + 1.5 / week;  // 7.52 weeks
  EXPECT_NEAR(volumes(run)[6], 0.0, 1e-9);
  EXPECT_NEAR(volumes(run)[7], 1000 * week * (1 - (end - 7)), 1e-9);
  EXPECT_NEAR(volumes(run)[8], 1000 * week, 1e-9);
}

TEST(Events, FactorsMultiply) {
  const ModelRun run(with_events(3, {dated("a", 0, 2, 0.5), dated("b", 1, 2.5, 0.4)}), 1);
  EXPECT_NEAR(volumes(run)[0], 500, 1e-10);
  EXPECT_NEAR(volumes(run)[1], 1000 * 0.5 * 0.4, 1e-10);
  EXPECT_NEAR(volumes(run)[2], 1000 * 0.7, 1e-10);
}

TEST(Events, ActOnEveryPartnerNamed) {
  Event event = dated("all", 0, 2, 0.5);
  event.partners = {0, 1};
  const ModelRun run(with_events(2, {event}), 1);
  EXPECT_EQ(volumes(run, 0), volumes(run, 1));
  EXPECT_EQ(volumes(run, 0)[0], 500);
}

TEST(Events, HappenWithTheirProbability) {
  Event event = dated("maybe", 0, 2, 0.5);
  set(event, EventInput::probability, 0.3);
  const ModelRun run(with_events(2, {event}), 10000);
  std::vector<double> happened;
  for (const double volume : run.flow(1, 0, Flow::mean_volume)) happened.push_back(volume == 500 ? 1 : 0);
  for (std::size_t i = 0; i < happened.size(); ++i) {
    EXPECT_EQ(run.flow(0, 0, Flow::mean_volume)[i], happened[i] == 1 ? 500 : 1000) << "once a trial";
  }
  EXPECT_LT(std::fabs(check_mean(happened, 0.3).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(happened, 0.35).z), kBadZ);
}

TEST(Events, ARateGivesAnExponentialStart) {
  Event event = plain_event("some day", EventWhat::none);
  set(event, EventInput::per_year, 0.8);
  set(event, EventInput::cost, 1.0);
  const ModelRun run(with_events(18, {event}), 10000);
  const auto total = run.outcome(Outcome::common_cost);  // 1 where it started within 18 months
  EXPECT_LT(std::fabs(check_mean(total, 1 - std::exp(-0.8 * 1.5)).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(total, 0.8).z), kBadZ);
}

TEST(Events, ARateOfNoughtNeverHappens) {
  Event event = plain_event("never", EventWhat::volume);
  set(event, EventInput::per_year, 0.0);
  set(event, EventInput::factor, 0.0);
  set(event, EventInput::cost, 1000.0);
  const ModelRun run(with_events(6, {event}), 500);
  for (std::size_t i = 0; i < 500; ++i) {
    EXPECT_EQ(volumes(run, 0, i), std::vector<double>(6, 1000.0));
    EXPECT_EQ(run.outcome(Outcome::total_cost)[i], 0.0);
  }
}

TEST(Events, CostsFallIntoThePeriodOfTheStartOnce) {
  Event event = plain_event("tender", EventWhat::none);
  event.start = 2.75;
  set(event, EventInput::cost, 900);
  const ModelRun run(with_events(5, {event}), 1);
  for (int t = 0; t < 5; ++t) EXPECT_EQ(run.series(t, Series::total_cost)[0], t == 2 ? 900 : 0) << t;
  event.start = -1.0;
  EXPECT_EQ(ModelRun(with_events(5, {event}), 1).outcome(Outcome::total_cost)[0], 0) << "paid before the horizon";
}

TEST(Events, UncertainFactorsAreDrawnOnceATrial) {
  Event event = dated("unsure", 0, 3, 1.0);
  Scenario scenario = with_events(3, {event});
  sim::DistributionSpec spec;
  spec.kind = sim::DistributionKind::uniform;
  spec.min = 0.2;
  spec.max = 0.8;
  scenario.events[0].inputs[std::size_t(EventInput::factor)] = {0.0, 0};
  scenario.uncertain.push_back({"event.unsure.factor", "1", sim::Distribution(spec)});
  const ModelRun run(scenario, 50);
  for (std::size_t i = 0; i < 50; ++i) {
    const double expected = 1000 * run.input(0)[i];
    for (const double volume : volumes(run, 0, i)) EXPECT_NEAR(volume, expected, 1e-9);
  }
  EXPECT_NE(run.input(0)[0], run.input(0)[1]);
}

// What else events act on, seen where it shows without noise: factor 0 or clipping at 1.
TEST(Events, ReachEveryRate) {
  const auto run_with = [](EventWhat what, double factor) {
    Event event = plain_event("it", what);
    event.start = 0.0;
    set(event, EventInput::factor, factor);
    Scenario scenario = with_events(4, {event});
    Partner& partner = scenario.partners[0];
    set(partner, PartnerInput::fraud_share, 0.5);
    set(partner, PartnerInput::answer_rate, 0.5);
    set(partner, PartnerInput::target_rate, 0.5);
    set(partner, PartnerInput::deal_rate, 0.5);
    set(partner, PartnerInput::win_rate, 0.5);
    set(partner, PartnerInput::churn_per_month, 0.5);
    set(partner, PartnerInput::revenue_per_month, 10);
    return ModelRun(scenario, 1);
  };
  const auto sum = [](const ModelRun& run, Flow id) { return run.total(0, id, 0); };
  EXPECT_EQ(sum(run_with(EventWhat::fraud, 0), Flow::fraud), 0);
  const ModelRun all_fraud = run_with(EventWhat::fraud, 5);
  EXPECT_EQ(sum(all_fraud, Flow::fraud), sum(all_fraud, Flow::leads)) << "clipped at 1";
  EXPECT_EQ(sum(run_with(EventWhat::contact, 0), Flow::contacted), 0);
  const ModelRun all_answer = run_with(EventWhat::contact, 5);
  EXPECT_EQ(sum(all_answer, Flow::contacted), sum(all_answer, Flow::worked_form));
  EXPECT_EQ(sum(run_with(EventWhat::target, 0), Flow::target), 0);
  const ModelRun all_target = run_with(EventWhat::target, 5);
  EXPECT_EQ(sum(all_target, Flow::target), sum(all_target, Flow::contacted));
  EXPECT_EQ(sum(run_with(EventWhat::deal, 0), Flow::deals), 0);
  const ModelRun all_deals = run_with(EventWhat::deal, 5);
  EXPECT_EQ(sum(all_deals, Flow::deals), sum(all_deals, Flow::target));
  EXPECT_EQ(sum(run_with(EventWhat::win, 0), Flow::won), 0);
  const ModelRun all_won = run_with(EventWhat::win, 5);
  EXPECT_EQ(sum(all_won, Flow::won), sum(all_won, Flow::deals));
  EXPECT_EQ(sum(run_with(EventWhat::churn, 0), Flow::churned), 0);
  const ModelRun all_leave = run_with(EventWhat::churn, 5);
  EXPECT_EQ(sum(all_leave, Flow::churned), sum(all_leave, Flow::billed));
  EXPECT_GT(sum(all_leave, Flow::billed), 0);
  EXPECT_EQ(sum(run_with(EventWhat::revenue, 0), Flow::revenue), 0);
  const ModelRun thrice = run_with(EventWhat::revenue, 3);
  EXPECT_EQ(sum(thrice, Flow::revenue), 30 * sum(thrice, Flow::billed));
}

}  // namespace
}  // namespace channelcast::models
