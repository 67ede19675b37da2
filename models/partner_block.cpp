#include "models/partner_block.hpp"

#include "sim/rng/samplers.hpp"

namespace channelcast::models {

void draw_part(const PartnerPeriod& at, const PartDraw& draw, std::span<const double> whole, std::span<double> part) {
  const PartnerView& partner = at.partner;
  const sim::DrawSite site = at.moment.site(partner.key, draw.tag);
  if (partner.spec.input(draw.share).uncertain < 0) {
    sim::fill_binomial(site, whole, partner.plain(draw.share), part);
  } else {
    sim::fill_binomial(site, whole, partner(draw.share), part);
  }
}

}  // namespace channelcast::models
