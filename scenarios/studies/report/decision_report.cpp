#include "scenarios/studies/report/decision_report.hpp"

#include "scenarios/studies/report/report_data.hpp"

namespace channelcast::scenarios {

std::string decision_report(const output::RunReader& run, output::PageLanguage language) {
  return output::report_page({run.description().identity.scenario_name, report_data(run), language});
}

}  // namespace channelcast::scenarios
