#include "models/partner_block.hpp"

namespace channelcast::models {

void PartnerState::append(const PartnerState& more) {
  static constexpr Lanes PartnerState::*kLanes[] = {&PartnerState::start,         &PartnerState::exit_at,
                                                    &PartnerState::noticed_at,    &PartnerState::pool_left,
                                                    &PartnerState::in_episode,    &PartnerState::queue_form,
                                                    &PartnerState::queue_fraud,   &PartnerState::pipeline,
                                                    &PartnerState::leads_to_date, &PartnerState::outbound_to_date,
                                                    &PartnerState::logit_target,  &PartnerState::logit_win,
                                                    &PartnerState::quality,       &PartnerState::target_rate,
                                                    &PartnerState::win_rate,      &PartnerState::contact_rate};
  static constexpr LaneTable PartnerState::*kTables[] = {&PartnerState::arriving, &PartnerState::arriving_reactivated,
                                                         &PartnerState::window_target, &PartnerState::window_contacted};
  lanes.append(more.lanes);
  for (const auto member : kLanes) models::append(this->*member, more.*member);
  for (const auto member : kTables) (this->*member).widen(more.start.size());
  if (own_quality) own_quality->append(*more.own_quality);
  customers->append(*more.customers);
  deal_lags.append(more.deal_lags);
  return_lags.append(more.return_lags);
}

}  // namespace channelcast::models
