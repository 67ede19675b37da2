#include "scenarios/studies/partner_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/metrics.hpp"
#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/page_text.hpp"
#include "scenarios/studies/partner_order.hpp"

namespace channelcast::scenarios {

namespace {

using models::PartnerOutcome;

constexpr std::size_t kMost = 12;
constexpr std::size_t kPageWidth = 80;
constexpr std::size_t kName = 14;
constexpr std::size_t kLeads = 14;
constexpr std::size_t kTarget = 8;
constexpr std::size_t kContracts = 13;
constexpr std::size_t kCost = 15;
constexpr std::size_t kExit = 14;
const std::vector<PartnerOutcome> kByTermination = {PartnerOutcome::terminations, PartnerOutcome::contracts,
                                                    PartnerOutcome::leads};

class PartnerTable {
 public:
  explicit PartnerTable(const output::RunReader& run)
      : run_(run), names_(run.description().schema.entities), order_(partners_by_size(run)) {}

  std::vector<std::string> lines() {
    lines_ = {"  " + padded_right("name", kName) + padded_left("leads", kLeads) + padded_left("target", kTarget) +
              padded_left("contracts", kContracts) + padded_left("cost/contract*", kCost) + padded_left("exit", kExit)};
    for (std::size_t k = 0; k < std::min(order_.size(), kMost); ++k) row(order_[k]);
    if (order_.size() > kMost) {
      lines_.push_back(fmt::format("  … and {} more with fewer contracts (--json has all)", order_.size() - kMost));
    }
    terminations();
    lines_.emplace_back("  * acquisition cost without payroll; cac, above, is with payroll");
    lines_.emplace_back("  target and cost/contract are ratios of means");
    return lines_;
  }

 private:
  [[nodiscard]] sim::ColumnSummary summary(std::size_t p, PartnerOutcome id) const {
    return run_.entity_summary(p, std::size_t(id));
  }

  /// Whether something happened, which is 0 or 1 in each trial.
  [[nodiscard]] sim::Probability share(std::size_t p, PartnerOutcome id) const {
    const sim::ColumnSummary column = summary(p, id);
    sim::Probability probability{column.mean, column.mcse, 0.0, 1.0};
    if (column.mean == 0.0 || column.mean == 1.0) {
      probability = sim::probability_of(column.mean == 0.0 ? 0 : run_.trials(), run_.trials());
    }
    return probability;
  }

  void row(std::size_t p) {
    const sim::ColumnSummary leads = summary(p, PartnerOutcome::leads);
    const sim::ColumnSummary contracts = summary(p, PartnerOutcome::contracts);
    const double contacted = summary(p, PartnerOutcome::contacted).mean;
    const double target = summary(p, PartnerOutcome::target_leads).mean;
    const double cost = summary(p, PartnerOutcome::acquisition_cost).mean;
    lines_.push_back("  " + padded_right(shortened(names_[p], kName - 1), kName) +
                     padded_left(number_with_error(leads.mean, leads.mcse, kLeads - 1), kLeads) +
                     padded_left(contacted > 0.0 ? fmt::format("{:.1f} %", 100.0 * target / contacted) : "-", kTarget) +
                     padded_left(number_with_error(contracts.mean, contracts.mcse, kContracts - 1), kContracts) +
                     padded_left(contracts.mean > 0.0 ? number_text(cost / contracts.mean) : "-", kCost) +
                     padded_left(probability_text(share(p, PartnerOutcome::exits)), kExit));
  }

  void terminations() {
    std::vector<std::string> items;
    std::size_t more = 0;
    for (const std::size_t p : partners_by(run_, kByTermination)) {
      if (!(summary(p, PartnerOutcome::terminations).mean > 0.0)) break;
      if (items.size() == kMost) {
        ++more;
        continue;
      }
      items.push_back(shortened(names_[p], 30) + " " + probability_text(share(p, PartnerOutcome::terminations)));
    }
    if (items.empty()) return;
    if (more > 0) items.push_back(fmt::format("and {} more", more));
    std::string start = "  terminated by us: ";
    for (const std::string& part : wrapped(items, kPageWidth - width_of(start))) {
      lines_.push_back(start + part);
      start.assign(width_of(start), ' ');
    }
  }

  const output::RunReader& run_;
  const std::vector<std::string>& names_;
  std::vector<std::size_t> order_;  ///< partners as they are listed
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> partner_table(const output::RunReader& run) { return PartnerTable(run).lines(); }

}  // namespace channelcast::scenarios
