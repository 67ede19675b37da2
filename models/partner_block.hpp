// One partner in one block: its inputs as lanes, its streams, and what it carries from period to period.
#pragma once

#include <limits>
#include <optional>

#include "models/block_inputs.hpp"
#include "models/customers.hpp"
#include "models/events.hpp"
#include "models/flows.hpp"
#include "models/lag_table.hpp"
#include "models/market.hpp"

namespace channelcast::models {

inline constexpr double kNever = std::numeric_limits<double>::infinity();

/// A partner's inputs in a block.
struct PartnerView {
  const Partner& spec;
  int position;        ///< in Scenario::partners
  sim::StreamKey key;  ///< entity "partner/NAME"
  const BlockInputs& inputs;
  const EventEffects& events;
  const FixedInputs& fixed;  ///< found once a run: a period asks for dozens of them

  [[nodiscard]] std::span<const double> operator()(PartnerInput id) const {
    const double* constant = fixed[std::size_t(id)];
    return constant != nullptr ? std::span(constant, inputs.lanes()) : inputs(spec.input(id));
  }
  [[nodiscard]] bool fixed_at(PartnerInput id, double value) const { return is_fixed_at(spec.input(id), value); }
  [[nodiscard]] bool off(PartnerInput id) const { return fixed_at(id, 0.0); }
  [[nodiscard]] bool absent(PartnerInput id) const { return is_absent(spec.input(id)); }
  /// Value of an input that is never uncertain.
  [[nodiscard]] double plain(PartnerInput id) const { return spec.input(id).fixed; }
};

/// What a partner carries from period to period: a value for each of its lanes, unless said.
struct PartnerState {
  LaneSubset lanes;  // in which of the block's lanes it is simulated: a standby partner only where it was called
  Lanes start;       // in periods; +infinity for a standby partner not activated
  Lanes exit_at;     // +infinity while no notice has been given
  Lanes noticed_at;
  Lanes exit_hazard;       // of a period, before market and imbalance; empty without exits
  Lanes dispersion_shape;  // of the Gamma factor of volume; empty without dispersion
  Lanes dispersion_scale;
  Lanes pool_left;       // empty without a pool
  Lanes in_episode;      // fraud; empty without episodes
  Lanes episode_begins;  // probability in a period
  Lanes episode_ends;
  Lanes refreshed;   // the latest period in which it knew all: that of a training, else its first
  Lanes outage;      // probability in a period; empty without outages
  Lanes queue_form;  // genuine leads waiting
  Lanes queue_fraud;
  LaneTable arriving;              // [period modulo rows]: contracts to be signed, not reactivated
  LaneTable arriving_reactivated;  // likewise
  Lanes pipeline;                  // contracts past the horizon
  Lanes leads_to_date;
  Lanes outbound_to_date;
  LaneTable window_target;  // [period of the window], termination; empty if never
  LaneTable window_contacted;
  Lanes logit_target;  // empty without quality
  Lanes logit_win;
  Lanes quality;      // Q_t
  Lanes own_loading;  // of its own state in Q_t
  Lanes target_rate;  // of the period
  Lanes win_rate;
  Lanes contact_rate;  // c without events
  std::optional<Autoregression> own_quality;
  std::optional<Customers> customers;
  LagTable deal_lags;
  LagTable return_lags;
};

/// Where a standby partner is wanted.
struct Calls {
  Lanes start;  // [lane of the block]: when it begins, in periods; +infinity where nobody called it
  std::vector<std::uint64_t> waiting;  // lanes of the block where it was called, but is not simulated yet
  double first_start = kNever;         // the earliest in the lanes that wait
};

/// One partner in one period of a block: what every step of its funnel reads and writes.
struct PartnerPeriod {
  const Moment& moment;
  const PartnerView& partner;
  PartnerState& state;
  FlowTable& flows;
};

/// A draw of a period by an input of the partner.
struct PartDraw {
  Tag tag;
  PartnerInput share;
};
/// part = Bin(whole, share) in every lane; a share that is fixed is worked on once for all lanes. `part` may be
/// `whole`.
void draw_part(const PartnerPeriod& at, const PartDraw& draw, std::span<const double> whole, std::span<double> part);

}  // namespace channelcast::models
