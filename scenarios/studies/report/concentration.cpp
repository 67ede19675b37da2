#include "scenarios/studies/report/concentration.hpp"

#include "models/metrics.hpp"
#include "scenarios/studies/partner_order.hpp"

namespace channelcast::scenarios {

namespace {

using models::Outcome;
using models::PartnerOutcome;

/// The values of trials in which the partner left, and of those in which it stayed.
struct Divided {
  std::vector<double> gone;
  std::vector<double> stays;
};

class Partition {
 public:
  Partition(const output::RunReader& run, std::size_t partner) : run_(run) {
    const std::size_t entities = run.description().schema.entities.size();
    const std::vector<double> exits = run.entity_outcome(std::size_t(PartnerOutcome::exits));
    const std::vector<double> terminations = run.entity_outcome(std::size_t(PartnerOutcome::terminations));
    for (std::size_t at = partner; at < exits.size(); at += entities) {
      gone_.push_back(exits[at] + terminations[at] > 0.0);
    }
  }

  void fill(Concentration& concentration) const {
    column(Outcome::payback_months, &TrialGroup::payback_months, concentration);
    column(Outcome::npv, &TrialGroup::npv, concentration);
    column(Outcome::contracts, &TrialGroup::contracts, concentration);
    concentration.gone.trials = concentration.gone.npv.trials;
    concentration.stays.trials = concentration.stays.npv.trials;
    concentration.leaves = sim::probability_of(concentration.gone.trials, gone_.size());
  }

 private:
  void column(Outcome id, sim::ColumnSummary TrialGroup::*member, Concentration& concentration) const {
    const std::vector<double> values = run_.outcome(std::size_t(id));
    Divided divided;
    for (std::size_t i = 0; i < values.size(); ++i) (gone_[i] ? divided.gone : divided.stays).push_back(values[i]);
    concentration.gone.*member = sim::summarize(divided.gone);
    concentration.stays.*member = sim::summarize(divided.stays);
  }

  const output::RunReader& run_;
  std::vector<bool> gone_;  ///< [trial]
};

sim::ColumnSummary share_of(const output::RunReader& run, std::size_t partner) {
  const std::size_t entities = run.description().schema.entities.size();
  const std::vector<double> contracts = run.entity_outcome(std::size_t(PartnerOutcome::contracts));
  std::vector<double> shares;
  for (std::size_t row = 0; row + entities <= contracts.size(); row += entities) {
    double all = 0.0;
    for (std::size_t p = 0; p < entities; ++p) all += contracts[row + p];
    if (all > 0.0) shares.push_back(contracts[row + partner] / all);
  }
  return sim::summarize(shares);
}

}  // namespace

std::optional<Concentration> concentration_of(const output::RunReader& run) {
  const output::RunDescription& description = run.description();
  if (!description.keep_entity_outcomes || description.schema.entities.empty()) return std::nullopt;
  Concentration concentration;
  concentration.largest = partners_by_size(run).front();
  concentration.share = share_of(run, concentration.largest);
  Partition(run, concentration.largest).fill(concentration);
  if (description.schema.entities.size() == 1 && concentration.gone.trials == 0) return std::nullopt;
  return concentration;
}

}  // namespace channelcast::scenarios
