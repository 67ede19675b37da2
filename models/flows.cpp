#include "models/flows.hpp"

namespace channelcast::models {

const std::array<std::string_view, kFlows>& flow_names() {
  static constexpr std::array<std::string_view, kFlows> kNames = {"work_share",
                                                                  "active_share",
                                                                  "age",
                                                                  "mean_volume",
                                                                  "leads",
                                                                  "fraud",
                                                                  "rejected",
                                                                  "undetected",
                                                                  "live",
                                                                  "form",
                                                                  "lost",
                                                                  "recovered",
                                                                  "payable",
                                                                  "worked_live",
                                                                  "worked_form",
                                                                  "worked_fraud",
                                                                  "expired_form",
                                                                  "expired_fraud",
                                                                  "contacted_form",
                                                                  "contacted",
                                                                  "no_answers",
                                                                  "target",
                                                                  "deals",
                                                                  "won",
                                                                  "refusals",
                                                                  "returned",
                                                                  "contracts_paid",
                                                                  "contracts_reactivated",
                                                                  "billed",
                                                                  "shared_billed",
                                                                  "churned",
                                                                  "clawed_back",
                                                                  "active",
                                                                  "outbound",
                                                                  "closed",
                                                                  "trained",
                                                                  "knowledge",
                                                                  "launched",
                                                                  "noticed",
                                                                  "terminated",
                                                                  "revenue",
                                                                  "gross_profit",
                                                                  "partner_fees",
                                                                  "acquisition_cost"};
  return kNames;
}

}  // namespace channelcast::models
