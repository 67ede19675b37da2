#include "models/exchange.hpp"

#include "sim/rng/samplers.hpp"

namespace channelcast::models {

void step_exchange(const PartnerPeriod& at) {
  const auto& [moment, partner, state, flows] = at;
  const auto active = flows[Flow::active_share];
  if (partner.off(PartnerInput::outbound_per_month) || !any_positive(active)) return;
  const auto rate = partner(PartnerInput::outbound_per_month);
  const auto outbound = flows[Flow::outbound];
  for (std::size_t i = 0; i < moment.lanes; ++i) outbound[i] = rate[i] * moment.months * active[i];
  sim::fill_poisson(moment.site(partner.key, Tag::exchange_sent), outbound, outbound);
  add_to(state.outbound_to_date, outbound);
  if (partner.off(PartnerInput::close_rate)) return;
  draw_part(at, {Tag::exchange_closed, PartnerInput::close_rate}, outbound, flows[Flow::closed]);
}

}  // namespace channelcast::models
