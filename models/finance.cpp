#include "models/finance.hpp"

#include <utility>

#include "sim/lane_loop.hpp"

namespace channelcast::models {

namespace {

// Revenue and gross profit; returns what a customer pays in this period, [lane].
CHANNELCAST_LANE_LOOP std::span<const double> book_revenue(const PartnerPeriod& at) {
  const auto& [moment, partner, state, flows] = at;
  thread_local Lanes scratch;
  const auto price = room_for(scratch, moment.lanes);
  const auto revenue_per_month = partner(PartnerInput::revenue_per_month);
  for (std::size_t i = 0; i < moment.lanes; ++i) price[i] = revenue_per_month[i] * moment.months;
  partner.events.apply(partner.position, EventWhat::revenue, moment.period, price);
  const auto margin = partner(PartnerInput::gross_margin);
  const auto billed = flows[Flow::billed];
  const auto revenue = flows[Flow::revenue];
  const auto gross = flows[Flow::gross_profit];
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    revenue[i] = billed[i] * price[i];
    gross[i] = revenue[i] * margin[i];
  }
  if (!partner.off(PartnerInput::setup_fee)) {
    const auto setup_fee = partner(PartnerInput::setup_fee);
    const auto paid = flows[Flow::contracts_paid];
    const auto reactivated = flows[Flow::contracts_reactivated];
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < moment.lanes; ++i) {
      const double setup = (paid[i] + reactivated[i]) * setup_fee[i];
      revenue[i] += setup;
      gross[i] += setup;
    }
  }
  if (!partner.off(PartnerInput::outbound_per_month)) {
    const auto closed = flows[Flow::closed];
    const auto deal_value = partner(PartnerInput::deal_value);
    const auto commission = partner(PartnerInput::commission);
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < moment.lanes; ++i) gross[i] += closed[i] * (deal_value[i] * commission[i]);
  }
  return price;
}

// Adds what a partner is paid or costs by an input, each times an item of the period; most inputs are 0.
CHANNELCAST_LANE_LOOP void add_each(const PartnerPeriod& at, PartnerInput price, Flow item, std::span<double> total) {
  if (at.partner.off(price)) return;
  const auto each = at.partner(price);
  const std::span<const double> count = std::as_const(at.flows)[item];
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < total.size(); ++i) total[i] += each[i] * count[i];
}

CHANNELCAST_LANE_LOOP void book_fees(const PartnerPeriod& at, std::span<const double> price) {
  const auto& [moment, partner, state, flows] = at;
  const auto fees = flows[Flow::partner_fees];
  if (partner.off(PartnerInput::per_lead)) {
    std::ranges::fill(fees, 0.0);
  } else {
    const auto per_lead = partner(PartnerInput::per_lead);
    const std::span<const double> payable = std::as_const(flows)[Flow::payable];
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < fees.size(); ++i) fees[i] = per_lead[i] * payable[i];
  }
  add_each(at, PartnerInput::per_target, Flow::target, fees);
  if (!partner.off(PartnerInput::per_contract)) {
    const auto per_contract = partner(PartnerInput::per_contract);
    const auto paid = flows[Flow::contracts_paid];
    const auto clawed = flows[Flow::clawed_back];
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < moment.lanes; ++i) fees[i] += per_contract[i] * (paid[i] - clawed[i]);
  }
  if (!partner.off(PartnerInput::revenue_share)) {
    const auto revenue_share = partner(PartnerInput::revenue_share);
    const auto shared = flows[Flow::shared_billed];
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < moment.lanes; ++i) fees[i] += revenue_share[i] * (shared[i] * price[i]);
  }
  if (!partner.off(PartnerInput::fixed_per_month)) {
    const auto fixed = partner(PartnerInput::fixed_per_month);
    const auto work = flows[Flow::work_share];
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < moment.lanes; ++i) fees[i] += fixed[i] * moment.months * work[i];
  }
}

CHANNELCAST_LANE_LOOP void book_acquisition(const PartnerPeriod& at, std::span<const double> cost_per_worked_lead) {
  const auto& [moment, partner, state, flows] = at;
  const auto acquisition = flows[Flow::acquisition_cost];
  const FlowTable& known = flows;
  const auto live = known[Flow::worked_live];
  const auto form = known[Flow::worked_form];
  const auto fraud = known[Flow::worked_fraud];
  std::span<const double> so_far = known[Flow::partner_fees];
  const auto add_rare = [&](PartnerInput price, Flow item) {
    if (partner.off(price) || !any_positive(known[item])) return;
    if (so_far.data() != acquisition.data()) std::ranges::copy(so_far, acquisition.begin());
    so_far = acquisition;
    add_each(at, price, item, acquisition);
  };
  add_rare(PartnerInput::partner_launch_cost, Flow::launched);
  add_rare(PartnerInput::training_cost, Flow::trained);
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    acquisition[i] = so_far[i] + cost_per_worked_lead[i] * (live[i] + form[i] + fraud[i]);
  }
  add_each(at, PartnerInput::cost_per_refusal, Flow::refusals, acquisition);
}

}  // namespace

void step_partner_money(const PartnerPeriod& at, std::span<const double> cost_per_worked_lead) {
  const auto price = book_revenue(at);
  book_fees(at, price);
  book_acquisition(at, cost_per_worked_lead);
}

}  // namespace channelcast::models
