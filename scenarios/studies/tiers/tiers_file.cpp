#include <functional>
#include <limits>

#include "scenarios/studies/tiers/tiers.hpp"

namespace channelcast::scenarios {

namespace {

using Column = std::vector<double>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

class FileWriter {
 public:
  FileWriter(const output::RunReader& run, const Tiers& tiers) : run_(run), tiers_(tiers) {}

  output::StudyFile write() {
    head();
    by_tier();
    conditions();
    if (!run_.description().inputs.empty()) inputs();
    return std::move(file_);
  }

 private:
  void add(output::StudyArray array) { file_.arrays.push_back(std::move(array)); }

  void head() {
    const output::RunDescription& description = run_.description();
    file_.filetype = "channelcast-tiers";
    file_.scenario_name = description.identity.scenario_name;
    file_.scenario_sha256 = description.identity.scenario_sha256;
    file_.seed = description.identity.seed;
    file_.sampling = description.identity.sampling;
    file_.currency = description.schema.currency;
    file_.scenario_text = description.scenario_text;
    file_.scenario_resolved = description.scenario_resolved;
    std::vector<std::string> names;
    std::vector<std::string> paths;
    std::vector<std::int64_t> conditions;
    for (const Tier& tier : tiers_.tiers) {
      names.push_back(tier.name);
      for (std::size_t c = 0; c < tier.conditions.size(); ++c) conditions.push_back(std::int64_t(conditions.size()));
    }
    for (const auto& [path, unit] : description.inputs) paths.push_back(path);
    file_.axes.push_back({"/tier", names, "1", "tier"});
    file_.axes.push_back({"/other_tier", names, "1", "tier"});
    file_.axes.push_back({"/quantile", Column(sim::kQuantiles.begin(), sim::kQuantiles.end()), "1", "probability"});
    file_.axes.push_back({"/condition", std::move(conditions), "1", "condition, tier by tier"});
    if (!paths.empty()) file_.axes.push_back({"/input", std::move(paths), "1", "path of an uncertain input"});
  }

  void put(const std::string& path, const std::string& unit, const std::string& name,
           const std::function<double(const Tier&)>& get) {
    Column values;
    for (const Tier& tier : tiers_.tiers) values.push_back(get(tier));
    add({path, {"/tier"}, std::move(values), unit, name});
  }

  void by_tier() {
    put("/probability", "1", "share of trials in the tier", [](const Tier& tier) { return tier.met.value; });
    put("/probability_mcse", "1", "its standard error", [](const Tier& tier) { return tier.met.mcse; });
    put("/probability_low", "1", "lower end of its 95 % interval", [](const Tier& tier) { return tier.met.low; });
    put("/probability_high", "1", "upper end of its 95 % interval", [](const Tier& tier) { return tier.met.high; });
    put("/inside", "trials", "trials in the tier", [](const Tier& tier) { return double(tier.inside); });
    const std::string unit = "currency/contract";
    put("/cac/mean", unit, "mean cac of trials in the tier", [](const Tier& tier) { return tier.cac.mean; });
    put("/cac/mcse", unit, "its standard error", [](const Tier& tier) { return tier.cac.mcse; });
    Column quantiles;
    Column shares;
    for (const Tier& tier : tiers_.tiers) {
      quantiles.insert(quantiles.end(), tier.cac.quantile.begin(), tier.cac.quantile.end());
      for (const sim::Probability& other : tier.also_in) shares.push_back(other.value);
    }
    add({"/cac/quantiles", {"/tier", "/quantile"}, std::move(quantiles), unit, "quantiles of cac in the tier"});
    add({"/also_in",
         {"/tier", "/other_tier"},
         std::move(shares),
         "1",
         "share of the tier's trials that are in the other tier, too"});
  }

  void conditions() {
    std::vector<std::string> texts;
    std::vector<std::string> of;
    Column met;
    Column alone;
    for (const Tier& tier : tiers_.tiers) {
      for (const TierCondition& one : tier.conditions) {
        of.push_back(tier.name);
        texts.push_back(condition_text(run_, one.condition));
        met.push_back(one.met.value);
        alone.push_back(one.fails_alone.value);
      }
    }
    const std::vector<std::string> axis = {"/condition"};
    add({"/conditions/tier", axis, std::move(of), "1", "tier of the condition"});
    add({"/conditions/text", axis, std::move(texts), "1", "the condition"});
    add({"/conditions/met", axis, std::move(met), "1", "share of trials that meet it"});
    add({"/conditions/fails_alone", axis, std::move(alone), "1", "share of trials that only it keeps out of the tier"});
  }

  void put_inputs(const std::string& path, const std::string& name,
                  const std::function<double(const TierInput&)>& get) {
    const std::size_t count = run_.description().inputs.size();
    Column values(tiers_.tiers.size() * count, kNan);
    for (std::size_t t = 0; t < tiers_.tiers.size(); ++t) {
      for (const TierInput& one : tiers_.tiers[t].inputs) values[t * count + one.input] = get(one);
    }
    add({"/inputs/" + path, {"/tier", "/input"}, std::move(values), "1", name});
  }

  void inputs() {
    put_inputs("higher_inside", "P(value inside > value outside), ties by half",
               [](const TierInput& one) { return one.higher.value; });
    put_inputs("higher_inside_mcse", "its standard error", [](const TierInput& one) { return one.higher.mcse; });
    put_inputs("p_adjusted", "p-value of no difference, adjusted for all inputs (Holm)",
               [](const TierInput& one) { return one.p_adjusted; });
    put_inputs("median_inside", "median of the trials inside",
               [](const TierInput& one) { return one.inside.quantile[3]; });
    put_inputs("median_all", "median of all trials", [](const TierInput& one) { return one.all.quantile[3]; });
    put_inputs("in_lowest_third", "share of the trials inside in the lowest third of all",
               [](const TierInput& one) { return one.in_lowest.value; });
    put_inputs("in_highest_third", "share of the trials inside in the highest third of all",
               [](const TierInput& one) { return one.in_highest.value; });
  }

  const output::RunReader& run_;
  const Tiers& tiers_;
  output::StudyFile file_;
};

}  // namespace

output::StudyFile tiers_file(const output::RunReader& run, const Tiers& tiers) {
  return FileWriter(run, tiers).write();
}

}  // namespace channelcast::scenarios
