// The check that nothing is lost or counted twice sees every kind of mistake it is there for.
#include "models/conservation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "sim/error.hpp"
#include "tests/support/model_run.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::testing {
namespace {

using models::ConservationCheck;
using models::Flow;
using models::FlowTable;
using models::Lanes;
using models::Outcome;
using models::PartnerOutcome;
using models::PartnerState;

const std::string kNothing = "(nothing was thrown)";

// The second of three periods of one partner in which everything adds up, in each of four trials.
class ConservationCheckTest : public ::testing::Test {
 protected:
  ConservationCheckTest() {
    const std::pair<Flow, double> consistent[] = {
        {Flow::leads, 100},      {Flow::fraud, 10},          {Flow::rejected, 6},     {Flow::undetected, 4},
        {Flow::live, 20},        {Flow::form, 70},           {Flow::lost, 5},         {Flow::recovered, 3},
        {Flow::payable, 92},     {Flow::worked_live, 18},    {Flow::worked_form, 50}, {Flow::worked_fraud, 2},
        {Flow::expired_form, 1}, {Flow::contacted_form, 40}, {Flow::contacted, 58},   {Flow::no_answers, 10},
        {Flow::target, 30},      {Flow::deals, 20},          {Flow::won, 5},          {Flow::refusals, 36},
        {Flow::returned, 2}};
    for (const auto& [item, value] : consistent) {
      for (double& lane : flows_[0][item]) lane = value;
    }
    states_[0].queue_form.assign(4, 19);  // 68 arrived, 2 live ones left over, 50 worked, 1 expired
    states_[0].queue_fraud.assign(4, 2);
    states_[0].pipeline.assign(4, 1);
  }

  void set_flow(Flow item, double value) {
    for (double& lane : flows_[0][item]) lane = value;
  }
  // As the last period, in which what was won and returned is in contracts and the pipeline: 5 + 2 = 4 + 2 + 1.
  void make_last() {
    moment_.period = 2;
    set_flow(Flow::contracts_paid, 4);
    set_flow(Flow::contracts_reactivated, 2);
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
        Flow::contacted,   Flow::no_answers,   Flow::target,       Flow::won,           Flow::refusals,
        Flow::billed,      Flow::churned,      Flow::active}) {
    for (const double change : {1.0, -1.0}) {
      flows_[0][item][2] += change;
      EXPECT_NE(message().find("trial 102, period 1, partner \"alpha\" does not add up"), std::string::npos)
          << models::flow_names()[std::size_t(item)];
      flows_[0][item][2] -= change;
    }
  }
}

TEST_F(ConservationCheckTest, SeesAPartLargerThanItsWhole) {
  for (const Flow item :
       {Flow::target, Flow::deals, Flow::won, Flow::returned, Flow::clawed_back, Flow::shared_billed, Flow::closed}) {
    const double before = flows_[0][item][1];
    flows_[0][item][1] = 1000;
    EXPECT_NE(message().find("trial 101"), std::string::npos) << models::flow_names()[std::size_t(item)];
    flows_[0][item][1] = before;
  }
}

TEST_F(ConservationCheckTest, CountsLeadsThatAreNoTargetAsRefusalsWhereThePartnerWantsThem) {
  set(scenario_.partners[0], models::PartnerInput::include_non_target, 1);
  EXPECT_NE(message().find("refusals"), std::string::npos);
  set_flow(Flow::refusals, 36 + 58 - 30);
  EXPECT_EQ(message(), kNothing);
}

TEST_F(ConservationCheckTest, SeesADealThatIsLostOrSignedTwice) {
  make_last();
  EXPECT_EQ(message(), kNothing);
  for (const double change : {1.0, -1.0}) {
    for (const Flow item : {Flow::contracts_paid, Flow::contracts_reactivated, Flow::returned}) {
      flows_[0][item][3] += change;
      EXPECT_NE(message().find("trial 103, period 2, partner \"alpha\" does not add up: contracts"), std::string::npos)
          << models::flow_names()[std::size_t(item)];
      flows_[0][item][3] -= change;
    }
    states_[0].pipeline[3] += change;
    EXPECT_NE(message().find("trial 103"), std::string::npos);
    states_[0].pipeline[3] -= change;
  }
}

TEST_F(ConservationCheckTest, SeesAContractOutOfNothingBeforeTheLastPeriod) {
  set_flow(Flow::contracts_paid, 6);
  EXPECT_EQ(message(), kNothing);
  flows_[0][Flow::contracts_paid][0] = 7;
  EXPECT_NE(message().find("contracts without a deal"), std::string::npos);
}

TEST_F(ConservationCheckTest, FollowsQueuesCustomersAndContractsFromPeriodToPeriod) {
  // After a first period with two contracts comes one in which all that waits is worked and one customer leaves.
  const auto second_period = [&](double billed, double waiting) {
    ConservationCheck check(scenario_, 4);
    std::vector<FlowTable> first = flows_;
    for (double& lane : first[0][Flow::contracts_paid]) lane = 2;
    check.period(moment_, first, states_);
    std::vector<FlowTable> second(1, FlowTable(4));
    std::vector<PartnerState> states = states_;
    const std::pair<Flow, double> worked[] = {
        {Flow::worked_form, 19 - waiting}, {Flow::no_answers, 19 - waiting}, {Flow::refusals, 19 - waiting},
        {Flow::worked_fraud, 2},           {Flow::billed, billed},           {Flow::churned, 1},
        {Flow::active, billed - 1},        {Flow::contracts_paid, 4}};
    for (const auto& [item, value] : worked) {
      for (double& lane : second[0][item]) lane = value;
    }
    states[0].queue_form.assign(4, 0);
    states[0].queue_fraud.assign(4, 0);
    models::Moment last = moment_;
    last.period = 2;
    return message_of<InternalError>([&] { check.period(last, second, states); });
  };
  EXPECT_EQ(second_period(2, 0), kNothing);
  EXPECT_NE(second_period(3, 0).find("billed customers"), std::string::npos);
  EXPECT_NE(second_period(2, 1).find("waiting leads"), std::string::npos);
}

// Sums of rounded numbers prove nothing; the outcomes refuse such totals with a message of their own.
TEST_F(ConservationCheckTest, LeavesTotalsBeyondExactNumbersAlone) {
  make_last();
  for (const double factor : {0x1p52, 1e300, std::numeric_limits<double>::infinity()}) {
    const auto kept = flows_;
    for (std::size_t k = 0; k < models::kFlows; ++k) {
      for (double& lane : flows_[0][Flow(k)]) lane = lane > 0.0 ? lane * factor : 0.0;
    }
    flows_[0][Flow::leads][1] *= 1.001;
    flows_[0][Flow::contracts_paid][1] *= 0.999;
    EXPECT_EQ(message(), kNothing) << factor;
    flows_ = kept;
  }
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
  for (const PartnerOutcome id : {PartnerOutcome::revenue, PartnerOutcome::gross_profit, PartnerOutcome::partner_fees,
                                  PartnerOutcome::acquisition_cost}) {
    result.entity_outcome(0, std::size_t(id))[5] += 1;
    EXPECT_THROW(ConservationCheck::horizon(result), InternalError)
        << models::partner_outcome_metrics()[std::size_t(id)].name;
    result.entity_outcome(0, std::size_t(id))[5] -= 1;
  }
}

// Totals that are worked out from others cannot contradict them: they are held against the flows of every period.
TEST(ConservationOfTheHorizon, SeesATotalThatIsNotTheSumOfItsPeriods) {
  models::Scenario scenario = plain_scenario(2);
  scenario.partners.push_back(plain_partner("alpha"));
  std::vector<FlowTable> flows(1, FlowTable(4));
  std::vector<PartnerState> states(1);
  for (Lanes* const lanes : {&states[0].queue_form, &states[0].queue_fraud, &states[0].pipeline}) lanes->assign(4, 0.0);
  for (double& lane : flows[0][Flow::revenue]) lane = 7.5;
  for (const Flow item : {Flow::leads, Flow::live, Flow::payable, Flow::worked_live, Flow::contacted}) {
    for (double& lane : flows[0][item]) lane = 3;
  }
  ConservationCheck check(scenario, 4);
  for (const int period : {0, 1}) check.period({4, 100, period, 2}, flows, states);
  ModelRun run(scenario, 4);
  sim::BlockResult& result = run.result();
  for (std::size_t id = 0; id < models::kPartnerOutcomes; ++id) std::ranges::fill(result.entity_outcome(0, id), 0.0);
  for (const PartnerOutcome id :
       {PartnerOutcome::leads, PartnerOutcome::payable_leads, PartnerOutcome::worked, PartnerOutcome::contacted}) {
    std::ranges::fill(result.entity_outcome(0, std::size_t(id)), 6.0);
  }
  std::ranges::fill(result.entity_outcome(0, std::size_t(PartnerOutcome::revenue)), 15.0);
  EXPECT_NO_THROW(check.totals(result));
  for (const PartnerOutcome id : {PartnerOutcome::leads,
                                  PartnerOutcome::lost_leads,
                                  PartnerOutcome::fraud_leads,
                                  PartnerOutcome::rejected_leads,
                                  PartnerOutcome::payable_leads,
                                  PartnerOutcome::worked,
                                  PartnerOutcome::expired_leads,
                                  PartnerOutcome::contacted,
                                  PartnerOutcome::no_answers,
                                  PartnerOutcome::target_leads,
                                  PartnerOutcome::refusals,
                                  PartnerOutcome::deals,
                                  PartnerOutcome::won_deals,
                                  PartnerOutcome::contracts,
                                  PartnerOutcome::reactivated_contracts,
                                  PartnerOutcome::churned_customers,
                                  PartnerOutcome::exits,
                                  PartnerOutcome::terminations,
                                  PartnerOutcome::revenue,
                                  PartnerOutcome::gross_profit,
                                  PartnerOutcome::partner_fees,
                                  PartnerOutcome::acquisition_cost}) {
    result.entity_outcome(0, std::size_t(id))[2] += 1;
    EXPECT_THROW(check.totals(result), InternalError) << models::partner_outcome_metrics()[std::size_t(id)].name;
    result.entity_outcome(0, std::size_t(id))[2] -= 1;
  }
}

TEST(ConservationOfTheHorizon, LeavesTotalsBeyondExactNumbersAlone) {
  models::Scenario scenario = plain_scenario(2);
  scenario.partners.push_back(plain_partner("alpha"));
  ModelRun run(scenario, 4);
  sim::BlockResult& result = run.result();
  result.outcome(std::size_t(Outcome::leads))[1] = 0x1p54;
  result.outcome(std::size_t(Outcome::worked))[1] = 0x1p54 + 4;
  result.outcome(std::size_t(Outcome::contracts))[1] = 0x1p54;
  EXPECT_NO_THROW(ConservationCheck::horizon(result));
  result.outcome(std::size_t(Outcome::leads))[1] = 0x1p51;
  result.outcome(std::size_t(Outcome::worked))[1] = 0x1p51 + 4;
  EXPECT_THROW(ConservationCheck::horizon(result), InternalError);
}

}  // namespace
}  // namespace channelcast::testing
