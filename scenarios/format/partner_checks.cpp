// Checks that concern several values of one partner.
#include <fmt/format.h>

#include <algorithm>

#include "scenarios/format/draft.hpp"
#include "scenarios/format/structure.hpp"
#include "scenarios/format/values.hpp"

namespace channelcast::scenarios {

namespace {

using models::PartnerInput;

const sim::ParameterSpec& spec_of(PartnerInput id) { return models::partner_parameters()[std::size_t(id)]; }

template <typename Spec>
std::string path_of(std::string_view prefix, const Spec& spec) {
  return joined(joined(prefix, spec.table), spec.key);
}

/// Where to complain about a setting: where it is written, or else at the partner.
const Origin& place_of(const Provenance& provenance, const PartnerDraft& partner) {
  return provenance.is_default() ? partner.origin : provenance.origin;
}

void require(const PartnerDraft& partner, PartnerInput id, const Provenance& reason_place, std::string_view reason,
             Problems& problems) {
  const Setting& setting = partner.input(id);
  if (setting.absent() && setting.provenance.is_default()) {
    problems.error(place_of(reason_place, partner), path_of(partner.path, spec_of(id)),
                   fmt::format("is missing; {}", reason));
  }
}

void check_retention_curve(const PartnerDraft& partner, Problems& problems) {
  const auto& key = structure_key("partner.customer", "retention_table");
  const std::string path = joined(partner.path, joined("customer", key.key));
  const Provenance& choice = partner.input(PartnerInput::retention).provenance;
  const auto& curve = partner.retention_table;
  if (curve.provenance.is_default()) {
    problems.error(place_of(choice, partner), path,
                   "is missing; retention = \"table\" needs it; write e.g. [[1, 0.9], [12, 0.6], [24, 0.45]]");
    return;
  }
  double last_x = -1.0;
  double last_y = 1.0;
  for (const auto& [x, y] : curve.value) {
    const bool origin_point = x == 0.0 && y == 1.0 && last_x < 0.0;
    if (!origin_point && !(x > std::max(last_x, 0.0))) {
      problems.error(curve.provenance.origin, path,
                     fmt::format("month {} does not come after the point before it; months increase from above 0", x));
      return;
    }
    if (!(y > 0.0 && y <= last_y)) {
      problems.error(curve.provenance.origin, path,
                     fmt::format("share {} at month {} is out of range; surviving shares lie above 0, start from 1 and "
                                 "never rise",
                                 y, x));
      return;
    }
    last_x = x;
    last_y = y;
  }
  if (last_x <= 0.0 && !curve.wrong) {
    problems.error(curve.provenance.origin, path, "has no point after month 0; write e.g. [[12, 0.6]]");
  }
}

void check_retention(const PartnerDraft& partner, Problems& problems) {
  const Setting& retention = partner.input(PartnerInput::retention);
  const Provenance& place = retention.provenance;
  switch (models::Retention(int(retention.fixed))) {
    case models::Retention::constant: break;
    case models::Retention::sbg:
      require(partner, PartnerInput::sbg_alpha, place, "retention = \"sbg\" needs it; write e.g. sbg_alpha = 0.7",
              problems);
      require(partner, PartnerInput::sbg_beta, place, "retention = \"sbg\" needs it; write e.g. sbg_beta = 9.3",
              problems);
      break;
    case models::Retention::weibull:
      require(partner, PartnerInput::weibull_shape, place,
              "retention = \"weibull\" needs it; write e.g. weibull_shape = 0.8", problems);
      require(partner, PartnerInput::weibull_scale_months, place,
              "retention = \"weibull\" needs it; write e.g. weibull_scale_months = 40", problems);
      break;
    case models::Retention::table: check_retention_curve(partner, problems); return;
  }
  if (!partner.retention_table.provenance.is_default() && !partner.retention_table.provenance.partner_defaults) {
    problems.warning(partner.retention_table.provenance.origin, joined(partner.path, "customer.retention_table"),
                     "is not used; it counts with retention = \"table\"");
  }
}

void check_deal_cycle(const PartnerDraft& partner, Problems& problems) {
  const auto& curve = partner.deal_cycle_table;
  const Setting& distribution = partner.input(PartnerInput::deal_cycle_distribution);
  const std::string path = joined(partner.path, joined("deal_cycle", structure_key("partner.deal_cycle", "table").key));
  if (distribution.fixed != double(models::LagDistribution::table)) {
    if (!curve.provenance.is_default() && !curve.provenance.partner_defaults) {
      problems.warning(curve.provenance.origin, path, "is not used; it counts with distribution = \"table\"");
    }
    return;
  }
  if (curve.provenance.is_default()) {
    problems.error(place_of(distribution.provenance, partner), path,
                   "is missing; distribution = \"table\" needs it; write e.g. [[30, 0.2], [90, 0.7], [180, 1]]");
    return;
  }
  double last_x = -1.0;
  double last_y = 0.0;
  for (const auto& [x, y] : curve.value) {
    if (!(x >= 0.0 && x > last_x)) {
      problems.error(
          curve.provenance.origin, path,
          fmt::format("day {} does not come after the point before it; days are at least 0 and increase", x));
      return;
    }
    if (!(y >= last_y && y <= 1.0)) {
      problems.error(curve.provenance.origin, path,
                     fmt::format("share {} at day {} is out of range; cumulative shares lie between 0 and 1 and never "
                                 "fall",
                                 y, x));
      return;
    }
    last_x = x;
    last_y = y;
  }
  if (!curve.value.empty() && last_y != 1.0) {
    problems.error(
        curve.provenance.origin, path,
        fmt::format("ends at share {}; the last share must be 1, the day by which every deal is signed", last_y));
  } else if (curve.value.empty() && !curve.wrong) {
    problems.error(curve.provenance.origin, path, "has no points; write e.g. [[30, 0.2], [90, 0.7], [180, 1]]");
  }
}

void check_returns(const PartnerDraft& partner, Problems& problems) {
  const Setting& from = partner.input(PartnerInput::from_months);
  const Setting& to = partner.input(PartnerInput::to_months);
  if (from.wrong || to.wrong || to.lower() >= from.upper()) {
    return;
  }
  const auto& spec = spec_of(PartnerInput::to_months);
  const auto& blamed = to.provenance.is_default() ? from : to;
  const std::string text =
      from.uncertain() || to.uncertain()
          ? fmt::format(
                "can be {} while {} can be {}; the latest return must not come before the earliest, narrow one "
                "of the two",
                to.lower(), spec_of(PartnerInput::from_months).key, from.upper())
          : fmt::format("{} is before {} = {}; the latest return comes after the earliest; write e.g. {} = {}",
                        to.fixed, spec_of(PartnerInput::from_months).key, from.fixed, spec.key, from.fixed + 3);
  problems.error(place_of(blamed.provenance, partner), path_of(partner.path, spec), text);
}

void check_start(const PartnerDraft& partner, const Draft& draft, Problems& problems) {
  if (!partner.start.provenance.is_default() && draft.grid.position(partner.start.value) >= draft.grid.periods()) {
    problems.warning(
        partner.start.provenance.origin, joined(partner.path, "start"),
        fmt::format("{} is after the horizon's end, so this partner never works", sim::to_string(partner.start.value)));
  }
}

}  // namespace

void check_partner(const PartnerDraft& partner, const Draft& whole, Problems& problems) {
  check_retention(partner, problems);
  check_deal_cycle(partner, problems);
  check_returns(partner, problems);
  check_start(partner, whole, problems);
}

}  // namespace channelcast::scenarios
