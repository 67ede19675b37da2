// The check that nothing is lost or counted twice sees every kind of mistake it is there for.
#include "models/conservation.hpp"

#include <gtest/gtest.h>

#include "sim/error.hpp"
#include "tests/support/model_run.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::testing {
namespace {

using models::ConservationCheck;
using models::Flow;
using models::FlowTable;
using models::Outcome;
using models::PartnerState;

// A period of one partner in which everything adds up, in each of four trials.
class ConservationCheckTest : public ::testing::Test {
 protected:
  ConservationCheckTest() {
    const std::pair<Flow, double> consistent[] = {
        {Flow::leads, 100},      {Flow::fraud, 10},          {Flow::rejected, 6},     {Flow::undetected, 4},
        {Flow::live, 20},        {Flow::form, 70},           {Flow::lost, 5},         {Flow::recovered, 3},
        {Flow::payable, 92},     {Flow::worked_live, 18},    {Flow::worked_form, 50}, {Flow::worked_fraud, 2},
        {Flow::expired_form, 1}, {Flow::contacted_form, 40}, {Flow::contacted, 58},   {Flow::no_answers, 10},
        {Flow::target, 30},      {Flow::deals, 20},          {Flow::won, 5},          {Flow::refusals, 36},
        {Flow::returned, 2},     {Flow::billed, 7},          {Flow::churned, 1},      {Flow::active, 6}};
    for (const auto& [item, value] : consistent) {
      for (double& lane : flows_[0][item]) lane = value;
    }
    states_[0].queue_form.assign(4, 19);  // 68 arrived, 2 live ones left over, 50 worked, 1 expired
    states_[0].queue_fraud.assign(4, 2);
  }

  std::string message() {
    ConservationCheck check(scenario_, 4);
    return message_of<InternalError>([&] { check.period(moment_, flows_, states_); });
  }

  models::Scenario scenario_ = [] {
    models::Scenario scenario = plain_scenario(3);
    scenario.partners.push_back(plain_partner("alpha"));
    return scenario;
  }();
  models::Moment moment_{4, 100, 1, 3};
  std::vector<FlowTable> flows_ = std::vector<FlowTable>(1, FlowTable(4));
  std::vector<PartnerState> states_ = std::vector<PartnerState>(1);
};

TEST_F(ConservationCheckTest, AcceptsWhatAddsUp) {
  ConservationCheck check(scenario_, 4);
  EXPECT_NO_THROW(check.period(moment_, flows_, states_));
}

TEST_F(ConservationCheckTest, SeesALeadTooManyOrTooFewAnywhere) {
  for (const Flow item :
       {Flow::leads,       Flow::fraud,        Flow::rejected,     Flow::undetected,    Flow::live,
        Flow::form,        Flow::lost,         Flow::recovered,    Flow::payable,       Flow::worked_live,
        Flow::worked_form, Flow::worked_fraud, Flow::expired_form, Flow::expired_fraud, Flow::contacted_form,
        Flow::contacted,   Flow::no_answers,   Flow::billed,       Flow::churned,       Flow::active}) {
    for (const double change : {1.0, -1.0}) {
      flows_[0][item][2] += change;
      EXPECT_NE(message().find("trial 102, period 1, partner \"alpha\" does not add up"), std::string::npos)
          << models::flow_names()[std::size_t(item)];
      flows_[0][item][2] -= change;
    }
  }
}

TEST_F(ConservationCheckTest, SeesAPartLargerThanItsWhole) {
  for (const Flow item : {Flow::target, Flow::deals, Flow::won, Flow::returned}) {
    const double before = flows_[0][item][1];
    flows_[0][item][1] = 1000;
    EXPECT_NE(message().find("trial 101"), std::string::npos) << models::flow_names()[std::size_t(item)];
    flows_[0][item][1] = before;
  }
}

TEST_F(ConservationCheckTest, SeesAQueueThatForgets) {
  ConservationCheck check(scenario_, 4);
  check.period(moment_, flows_, states_);
  // The next period brings the same, so the queue has to be twice as long.
  EXPECT_THROW(check.period(moment_, flows_, states_), InternalError);
}

TEST(ConservationOfTheHorizon, SeesEveryLineOfATrialThatIsMoved) {
  models::Scenario scenario = plain_scenario(12);
  scenario.partners.push_back(plain_partner("alpha"));
  set(scenario.partners[0], models::PartnerInput::leads_per_month, 50);
  set(scenario.partners[0], models::PartnerInput::per_lead, 10);
  set(scenario.partners[0], models::PartnerInput::revenue_per_month, 30);
  ModelRun run(scenario, 8);
  sim::BlockResult& result = run.result();
  EXPECT_NO_THROW(ConservationCheck::horizon(result));
  for (const Outcome id :
       {Outcome::leads, Outcome::rejected_leads, Outcome::lost_leads, Outcome::worked, Outcome::expired_leads,
        Outcome::waiting_leads, Outcome::contracts, Outcome::active_customers, Outcome::churned_customers,
        Outcome::unbilled_contracts, Outcome::total_cost, Outcome::acquisition_cost, Outcome::common_cost, Outcome::tax,
        Outcome::interest, Outcome::net_cash, Outcome::gross_profit, Outcome::receivable, Outcome::payable}) {
    result.outcome(std::size_t(id))[5] += 1;
    EXPECT_THROW(ConservationCheck::horizon(result), InternalError) << models::outcome_metrics()[std::size_t(id)].name;
    result.outcome(std::size_t(id))[5] -= 1;
  }
}

}  // namespace
}  // namespace channelcast::testing
